package store

import (
	"context"
	"database/sql"
)

// ExecForTest runs a statement that no part of the program would.
func (s *Store) ExecForTest(ctx context.Context, statement string, args ...any) error {
	_, err := s.write.ExecContext(ctx, statement, args...)
	return err
}

// DBForTest is the reading pool.
func (s *Store) DBForTest() *sql.DB { return s.read }

// WriterForTest is the writing pool.
func (s *Store) WriterForTest() *sql.DB { return s.write }

// DownForTest takes every migration back.
func (s *Store) DownForTest(ctx context.Context) error { return s.DownToForTest(ctx, 0) }

// DownToForTest takes the migrations after a number back.
func (s *Store) DownToForTest(ctx context.Context, number int64) error {
	p, err := s.dialect.migrations(s.write)
	if err != nil {
		return err
	}
	_, err = p.DownTo(ctx, number)
	return err
}
