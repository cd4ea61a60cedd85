package db

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"sipas/internal/archive"
)

// Table is a table as its owner hands it to Dump and Load.
type Table struct {
	Name  string
	Order string // the columns that order its rows; parents come before children
	// Identity tells whether the database numbers new rows itself.
	Identity bool
}

// Dump writes tables as of one moment, as an archive that Load reads on either
// database. It returns the number of rows; progress is called now and then with
// those written so far.
func (d *DB) Dump(ctx context.Context, w io.Writer, tables []Table, created time.Time, progress func(int64)) (int64, error) {
	schema, err := d.schema(ctx)
	if err != nil {
		return 0, fmt.Errorf("dump: %w", err)
	}
	out := archive.NewWriter(w)
	out.Line(archive.Header{Format: archive.Format, Version: archive.Version, Schema: schema, Created: created.UTC().Format(time.RFC3339)})
	err = d.Snapshot(ctx, func(tx *Tx) error {
		for _, t := range tables {
			if err := dumpTable(ctx, tx, t, out, progress); err != nil {
				return fmt.Errorf("%s: %w", t.Name, err)
			}
		}
		return nil
	})
	if err == nil {
		err = out.Close()
	}
	if err != nil {
		return 0, fmt.Errorf("dump: %w", err)
	}
	return out.Rows(), nil
}

// schema is the number of the newest migration applied.
func (d *DB) schema(ctx context.Context) (int64, error) {
	p, err := d.dialect.migrations(d.write)
	if err != nil {
		return 0, err
	}
	return p.GetDBVersion(ctx)
}

func dumpTable(ctx context.Context, tx *Tx, t Table, out *archive.Writer, progress func(int64)) error {
	rows, err := tx.QueryContext(ctx, "SELECT * FROM "+t.Name+" ORDER BY "+t.Order)
	if err != nil {
		return err
	}
	columns, err := rows.Columns()
	if err != nil {
		return Closing(rows, err)
	}
	out.Line(archive.Section{Table: t.Name, Columns: columns})
	values, places := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		places[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(places...); err != nil {
			return Closing(rows, err)
		}
		if err := out.Row(values); err != nil {
			return Closing(rows, err)
		}
		if out.Rows()%ProgressEvery == 0 && progress != nil {
			progress(out.Rows())
		}
	}
	return Closing(rows, rows.Err())
}

// ProgressEvery is how many rows are read or written between two reports of
// progress.
const ProgressEvery = 50_000

// ErrNotEmpty says that an archive cannot be loaded, for the database holds
// something already.
var ErrNotEmpty = errors.New("the database is not empty; restore into a new one, made with `sipas migrate up`")

// Load reads an archive of the same tables into an empty database of the same
// schema, all or nothing, and returns the number of rows. The tables come in the
// order in which rows may be inserted: what is referred to comes first. Errors:
// ErrNotEmpty, *archive.Error, ErrInUse.
func (d *DB) Load(ctx context.Context, r io.Reader, tables []Table, progress func(int64)) (int64, error) {
	schema, err := d.schema(ctx)
	if err != nil {
		return 0, fmt.Errorf("load: %w", err)
	}
	var n int64
	load := func(tx *Tx) error {
		if err := empty(ctx, tx, tables); err != nil {
			return err
		}
		l := loader{db: d, tx: tx, schema: schema, all: tables, progress: progress}
		err := archive.Read(r, func(part any) error { return l.take(ctx, part) })
		if err != nil {
			return err
		}
		n = l.rows
		return l.finish(ctx)
	}
	err = d.alone(ctx, claimPatience, func() error { return d.Change(ctx, load) })
	if err != nil {
		return 0, fmt.Errorf("load: %w", err)
	}
	return n, nil
}

func empty(ctx context.Context, tx *Tx, tables []Table) error {
	for _, t := range tables {
		var found bool
		if err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM "+t.Name+")").Scan(&found); err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
		if found {
			return fmt.Errorf("table %s has rows: %w", t.Name, ErrNotEmpty)
		}
	}
	return nil
}

// loader puts what archive.Read finds into the database.
type loader struct {
	db       *DB
	tx       *Tx
	schema   int64
	all      []Table
	progress func(int64)

	tables  int // begun so far
	columns []string
	rows    int64
	waiting []any // the values of rows not inserted yet
}

// loadRows is how many rows one statement inserts at most.
const loadRows = 500

// take takes the next part of an archive.
func (l *loader) take(ctx context.Context, part any) error {
	switch part := part.(type) {
	case archive.Header:
		return l.header(part)
	case archive.Section:
		return l.section(ctx, part)
	case []any:
		return l.row(ctx, part)
	case archive.Trailer:
		if l.tables != len(l.all) {
			return archive.Errorf("it holds %d tables of %d", l.tables, len(l.all))
		}
	}
	return nil
}

func (l *loader) header(h archive.Header) error {
	switch {
	case h.Schema > l.schema:
		return archive.Errorf("it is of schema %d, newer than this program's (%d): install the newer program", h.Schema, l.schema)
	case h.Schema < l.schema:
		return archive.Errorf("it is of schema %d, this program works with %d: restore it with the program that made it, then run `sipas migrate up` with this one", h.Schema, l.schema)
	}
	return nil
}

// section begins the next table, which must be the next one with
// the very columns that the database has, in any order.
func (l *loader) section(ctx context.Context, sec archive.Section) error {
	if err := l.flush(ctx); err != nil {
		return err
	}
	if l.tables == len(l.all) || l.all[l.tables].Name != sec.Table {
		return archive.Errorf("table %.40q was not expected here", sec.Table)
	}
	rows, err := l.tx.QueryContext(ctx, "SELECT * FROM "+sec.Table+" WHERE 1 = 0")
	if err != nil {
		return err
	}
	have, err := rows.Columns()
	if err := Closing(rows, err); err != nil {
		return err
	}
	// Only names that the database gave get into a statement.
	if !slices.Equal(slices.Sorted(slices.Values(have)), slices.Sorted(slices.Values(sec.Columns))) {
		return archive.Errorf("table %s has other columns than in this database", sec.Table)
	}
	l.tables++
	l.columns = sec.Columns
	return nil
}

func (l *loader) row(ctx context.Context, values []any) error {
	l.waiting = append(l.waiting, values...)
	if l.rows++; l.rows%ProgressEvery == 0 && l.progress != nil {
		l.progress(l.rows)
	}
	if len(l.waiting) == loadRows*len(l.columns) {
		return l.flush(ctx)
	}
	return nil
}

func (l *loader) flush(ctx context.Context) error {
	if len(l.waiting) == 0 {
		return nil
	}
	table := l.all[l.tables-1].Name
	_, err := l.tx.ExecContext(ctx, "INSERT INTO "+table+" ("+strings.Join(l.columns, ", ")+") VALUES "+
		l.db.Places(len(l.waiting)/len(l.columns), len(l.columns)), l.waiting...)
	if err != nil {
		return fmt.Errorf("table %s: %w", table, err)
	}
	l.waiting = l.waiting[:0]
	return nil
}

// finish writes the last rows and lets new ids follow those that were loaded.
func (l *loader) finish(ctx context.Context) error {
	if err := l.flush(ctx); err != nil {
		return err
	}
	for _, t := range l.all {
		if !t.Identity {
			continue
		}
		if err := l.tx.resetIdentity(ctx, t.Name); err != nil {
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
	}
	return nil
}
