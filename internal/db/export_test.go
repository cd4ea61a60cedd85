package db

import (
	"context"
	"database/sql"
)

// ReaderForTest is the reading pool.
func (d *DB) ReaderForTest() *sql.DB { return d.read }

// WriterForTest is the writing pool.
func (d *DB) WriterForTest() *sql.DB { return d.write }

// DownForTest takes every migration back.
func (d *DB) DownForTest(ctx context.Context) error { return d.DownToForTest(ctx, 0) }

// DownToForTest takes the migrations after a number back.
func (d *DB) DownToForTest(ctx context.Context, number int64) error {
	p, err := d.dialect.migrations(d.write)
	if err != nil {
		return err
	}
	_, err = p.DownTo(ctx, number)
	return err
}
