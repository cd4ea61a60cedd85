package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// Store is an open database. It is safe for concurrent use.
type Store struct {
	dialect dialect
	// On SQLite writes go through one connection, because a second writer
	// would only wait or fail; on Postgres read and write are the same pool.
	read, write *sql.DB
	file        *databaseFile // nil: a server
	orm         *gorm.DB      // reads
	ormWrite    *gorm.DB
	unlock      func() error // nil: not claimed
}

// Open connects to the database named by a URL: `sqlite:PATH` or
// `postgres://...`. It does not touch the schema: see Migrate and CheckSchema.
func Open(ctx context.Context, url string) (*Store, error) {
	c, err := connect(url)
	if err != nil {
		return nil, err
	}
	s := &Store{dialect: c.dialect, read: c.read, write: c.write, file: c.file}
	if s.orm, err = openORM(c.dialect, c.read); err == nil {
		s.ormWrite, err = openORM(c.dialect, c.write)
	}
	if err == nil {
		err = s.greet(ctx)
	}
	if err == nil {
		err = s.guardORM()
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

// greet waits until the database answers. The first connections to a new file
// get into each other's way without waiting.
func (s *Store) greet(ctx context.Context) error {
	patient, cancel := context.WithTimeout(ctx, busyPatience)
	defer cancel()
	for {
		var tables int
		err := s.write.PingContext(ctx)
		if err == nil && s.file != nil {
			// Reading is what makes the log.
			if err = s.write.QueryRowContext(ctx, "SELECT COUNT(*) FROM sqlite_schema").Scan(&tables); err == nil {
				err = s.file.remember()
			}
		}
		if err == nil || s.file == nil || !Transient(err) || patient.Err() != nil {
			return err
		}
		select {
		case <-patient.Done():
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// guardORM keeps what administrators write out of a file that nobody will find
// again, as inTx does for everything else.
func (s *Store) guardORM() error {
	if s.file == nil {
		return nil
	}
	check := func(tx *gorm.DB) { _ = tx.AddError(s.file.check()) } // it is the statement's error
	callbacks := s.ormWrite.Callback()
	return errors.Join(
		callbacks.Create().Before("*").Register("sipas:file", check),
		callbacks.Update().Before("*").Register("sipas:file", check),
		callbacks.Delete().Before("*").Register("sipas:file", check),
	)
}

// Claim makes this process the only one that serves a database that is a file,
// until Close or its end. ErrInUse: another one does, or changes the schema. A
// server of its own, such as Postgres, needs no claim.
func (s *Store) Claim(ctx context.Context) (err error) {
	if s.file != nil && s.unlock == nil {
		s.unlock, err = s.file.lock(ctx, claimPatience)
	}
	return err
}

// claimPatience outlasts the end of the server before this one, or a migration
// of a moment.
const claimPatience = 3 * time.Second

// Probe finds out whether answers can be kept, by writing.
func (s *Store) Probe(ctx context.Context) error {
	err := s.inTx(ctx, func(tx *sql.Tx) error { return s.dialect.probe(ctx, tx) })
	return failed("probe", err)
}

// Encoding is how the database stores texts, by Postgres's name: UTF8 is the
// one that holds every answer.
func (s *Store) Encoding(ctx context.Context) (string, error) {
	name, err := s.encoding(ctx)
	return name, failed("encoding", err)
}

// Close closes every connection.
func (s *Store) Close() error {
	err := s.write.Close()
	if s.read != s.write {
		err = errors.Join(err, s.read.Close())
	}
	if s.unlock != nil {
		err = errors.Join(err, s.unlock())
	}
	return err
}

// Dialect names the database: "sqlite" or "postgres".
func (s *Store) Dialect() string { return string(s.dialect) }

// SingleWriter tells whether the database takes one writing transaction at a
// time, so that further writers would only wait.
func (s *Store) SingleWriter() bool { return s.dialect.singleWriter() }

// inTx runs f in one writing transaction and commits it, or rolls back. Its
// success means that what was written will be there after a restart.
func (s *Store) inTx(ctx context.Context, f func(tx *sql.Tx) error) error {
	tx, done, err := s.begin(ctx)
	if err != nil {
		return err
	}
	defer done()
	if err := f(tx); err != nil {
		return errors.Join(err, ignoreDone(tx.Rollback()))
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	return s.file.check()
}

func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}
