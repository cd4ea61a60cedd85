package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// DB is an open database. It is safe for concurrent use.
type DB struct {
	dialect
	// On SQLite writes go through one connection, because a second writer
	// would only wait or fail; on Postgres read and write are the same pool.
	read, write *sql.DB
	file        *databaseFile // nil: a server
	orm         *gorm.DB      // over read; a Tx lends it itself
	unlock      func() error  // nil: not claimed
}

// Open connects to the database named by a URL: `sqlite:PATH` or
// `postgres://...`. It does not touch the schema: see Migrate and CheckSchema.
func Open(ctx context.Context, url string) (*DB, error) {
	c, err := connect(url)
	if err != nil {
		return nil, err
	}
	d := &DB{dialect: c.dialect, read: c.read, write: c.write, file: c.file}
	if d.orm, err = openORM(c.dialect, c.read); err == nil {
		err = d.greet(ctx)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open database: %w", explained(err)), d.Close())
	}
	return d, nil
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
func (d *DB) greet(ctx context.Context) error {
	patient, cancel := context.WithTimeout(ctx, busyPatience)
	defer cancel()
	for {
		var tables int
		err := d.write.PingContext(ctx)
		if err == nil && d.file != nil {
			// Reading is what makes the log.
			if err = d.write.QueryRowContext(ctx, "SELECT COUNT(*) FROM sqlite_schema").Scan(&tables); err == nil {
				err = d.file.remember()
			}
		}
		if err == nil || d.file == nil || !Transient(err) || patient.Err() != nil {
			return err
		}
		select {
		case <-patient.Done():
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Claim makes this process the only one that serves a database that is a file,
// until Close or its end. ErrInUse: another one does, or changes the schema. A
// server of its own, such as Postgres, needs no claim.
func (d *DB) Claim(ctx context.Context) (err error) {
	if d.file != nil && d.unlock == nil {
		d.unlock, err = d.file.lock(ctx, claimPatience)
	}
	return err
}

// claimPatience outlasts the end of the server before this one, or a migration
// of a moment.
const claimPatience = 3 * time.Second

// Encoding is how the database stores texts, by Postgres's name: UTF8 is the
// one that holds every answer.
func (d *DB) Encoding(ctx context.Context) (string, error) {
	name, err := d.encoding(ctx)
	return name, Failed("encoding", err)
}

// Close closes every connection.
func (d *DB) Close() error {
	err := d.write.Close()
	if d.read != d.write {
		err = errors.Join(err, d.read.Close())
	}
	if d.unlock != nil {
		err = errors.Join(err, d.unlock())
	}
	return err
}

// Dialect names the database: "sqlite" or "postgres".
func (d *DB) Dialect() string { return string(d.dialect) }

// SingleWriter tells whether the database takes one writing transaction at a
// time, so that further writers would only wait.
func (d *DB) SingleWriter() bool { return d.dialect.singleWriter() }
