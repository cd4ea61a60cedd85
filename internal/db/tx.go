package db

import (
	"context"
	"database/sql"
	"errors"

	"gorm.io/gorm"
)

// Tx is a transaction. What is done in it is seen by nobody until it is
// committed, all together.
type Tx struct {
	*sql.Tx
	db *DB
}

// Change runs f in one writing transaction and commits it, or rolls back. Its
// success means that what was written will be there after a restart.
func (d *DB) Change(ctx context.Context, f func(tx *Tx) error) error {
	tx, done, err := d.begin(ctx)
	if err != nil {
		return err
	}
	defer done()
	defer func() { _ = tx.Rollback() }() // of a panic in f; else it is over by then
	if err := f(&Tx{tx, d}); err != nil {
		return errors.Join(err, ignoreDone(tx.Rollback()))
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	return d.file.check()
}

// Snapshot runs f in a reading transaction that sees one moment.
func (d *DB) Snapshot(ctx context.Context, f func(tx *Tx) error) error {
	tx, err := d.read.BeginTx(ctx, d.dialect.snapshot())
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	return f(&Tx{tx, d})
}

// Rows reads rows, as of now.
func (d *DB) Rows(ctx context.Context) *gorm.DB { return d.orm.WithContext(ctx) }

// Query runs a query and hands over each row.
func (d *DB) Query(ctx context.Context, query string, args []any, row func(*sql.Rows) error) error {
	return ScanAll(ctx, d.read, query, args, row)
}

// QueryRow runs a query for one row.
func (d *DB) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	return d.read.QueryRowContext(ctx, query, args...)
}

// Exec runs a statement that is a transaction by itself.
func (d *DB) Exec(ctx context.Context, statement string, args ...any) (sql.Result, error) {
	if err := d.file.check(); err != nil {
		return nil, err
	}
	return d.write.ExecContext(ctx, statement, args...)
}

// Rows reads and writes rows in the transaction.
func (tx *Tx) Rows(ctx context.Context) *gorm.DB {
	rows := tx.db.orm.Session(&gorm.Session{NewDB: true, Context: ctx})
	rows.Statement.ConnPool = tx.Tx
	return rows
}

// DB is the database that the transaction is in.
func (tx *Tx) DB() *DB { return tx.db }

func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}
