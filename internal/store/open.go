package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// Store is an open database. It is safe for concurrent use.
type Store struct {
	dialect dialect
	// On SQLite writes go through one connection, because a second writer
	// would only wait or fail; on Postgres read and write are the same pool.
	read, write *sql.DB
	orm         *gorm.DB // reads
	ormWrite    *gorm.DB
}

// Open connects to the database named by a URL: `sqlite:PATH` or
// `postgres://...`. It does not touch the schema: see Migrate and CheckSchema.
func Open(ctx context.Context, url string) (*Store, error) {
	d, read, write, err := connect(url)
	if err != nil {
		return nil, err
	}
	s := &Store{dialect: d, read: read, write: write}
	if s.orm, err = openORM(d, read); err == nil {
		s.ormWrite, err = openORM(d, write)
	}
	if err == nil {
		err = s.Ping(ctx)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open database: %w", explained(err)), s.Close())
	}
	return s, nil
}

func openORM(d dialect, db *sql.DB) (*gorm.DB, error) {
	return gorm.Open(d.dialector(db), &gorm.Config{
		Logger:                 logger.Discard, // errors are returned, and logged where they are handled
		SkipDefaultTransaction: true,
		TranslateError:         true,
		DisableAutomaticPing:   true,
	})
}

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.write.PingContext(ctx); err != nil {
		return fmt.Errorf("ping database: %w", err)
	}
	return nil
}

// Close closes every connection.
func (s *Store) Close() error {
	if s.read == s.write {
		return s.write.Close()
	}
	return errors.Join(s.read.Close(), s.write.Close())
}

// Dialect names the database: "sqlite" or "postgres".
func (s *Store) Dialect() string { return string(s.dialect) }

// SingleWriter tells whether the database takes one writing transaction at a
// time, so that further writers would only wait.
func (s *Store) SingleWriter() bool { return s.dialect.singleWriter() }

// inTx runs f in one writing transaction and commits it, or rolls back.
func (s *Store) inTx(ctx context.Context, f func(tx *sql.Tx) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := f(tx); err != nil {
		return errors.Join(err, ignoreDone(tx.Rollback()))
	}
	return tx.Commit()
}

func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}
