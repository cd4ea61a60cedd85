package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"sipas/internal/archive"
)

// archiveTable is one table of an archive.
type archiveTable struct {
	name  string
	order string // the columns that order its rows; parents come before children
	// identity tells whether the database numbers new rows itself.
	identity bool
}

// archiveTables are all tables in the order in which rows may be inserted:
// what is referred to comes first. Sessions are left out, everybody signs in
// again, and so are the place where readiness is tried, and the migration
// tool's own table, whose number is in the header.
var archiveTables = []archiveTable{
	{"settings", "name", false},
	// An agency has more ancestors than its parent.
	{"agencies", `(WITH RECURSIVE up (id) AS (SELECT agencies.parent_id UNION SELECT a.parent_id FROM agencies a JOIN up ON a.id = up.id)
		SELECT COUNT(id) FROM up), id`, true},
	{"successions", "from_id, to_id", false},
	{"service_fields", "key", false},
	{"service_points", "id", true},
	{"service_point_fields", "service_point_id, sort, field_key", false},
	{"survey_versions", "id", true},
	{"indicators", "id", true},
	{"targets", "id", true},
	{"responses", "service_point_id, id", false},
	{"response_texts", "service_point_id, response_id, question", false},
	{"spent_submissions", "service_point_id, id", false},
	{"tally_people", "month, version_id, field_key, agency_id, channel, service_point_id", false},
	{"tally_scale", "month, version_id, item, field_key, agency_id, channel, service_point_id", false},
	{"tally_choice", "month, version_id, question, choice, field_key, agency_id, channel, service_point_id", false},
	{"users", "id", true},
	{"api_tokens", "id", true},
	{"entry_links", "id", true},
	{"publications", "id", true},
}

// Dump writes everything but sessions, as of one moment, as an archive that
// Load reads on either database. Passwords and tokens are in it as hashes, free
// texts as they are: it is to be kept like the database itself. It returns the
// number of rows; progress is called now and then with those written so far.
func (s *Store) Dump(ctx context.Context, w io.Writer, created time.Time, progress func(int64)) (int64, error) {
	schema, err := s.schema(ctx)
	if err != nil {
		return 0, fmt.Errorf("dump: %w", err)
	}
	out := archive.NewWriter(w)
	out.Line(archive.Header{Format: archive.Format, Version: archive.Version, Schema: schema, Created: created.UTC().Format(time.RFC3339)})
	err = s.inSnapshot(ctx, func(tx *sql.Tx) error {
		for _, t := range archiveTables {
			if err := dumpTable(ctx, tx, t, out, progress); err != nil {
				return fmt.Errorf("%s: %w", t.name, err)
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
func (s *Store) schema(ctx context.Context) (int64, error) {
	p, err := s.dialect.migrations(s.write)
	if err != nil {
		return 0, err
	}
	return p.GetDBVersion(ctx)
}

func dumpTable(ctx context.Context, tx *sql.Tx, t archiveTable, out *archive.Writer, progress func(int64)) error {
	rows, err := tx.QueryContext(ctx, "SELECT * FROM "+t.name+" ORDER BY "+t.order)
	if err != nil {
		return err
	}
	columns, err := rows.Columns()
	if err != nil {
		return closing(rows, err)
	}
	out.Line(archive.Section{Table: t.name, Columns: columns})
	values, places := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		places[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(places...); err != nil {
			return closing(rows, err)
		}
		if err := out.Row(values); err != nil {
			return closing(rows, err)
		}
		if out.Rows()%progressEvery == 0 && progress != nil {
			progress(out.Rows())
		}
	}
	return closing(rows, rows.Err())
}

// ErrNotEmpty says that an archive cannot be loaded, for the database holds
// something already.
var ErrNotEmpty = errors.New("the database is not empty; restore into a new one, made with `sipas migrate up`")

// Load reads an archive into an empty database of the same schema, all or
// nothing, and returns the number of rows. Errors: ErrNotEmpty, *archive.Error,
// ErrInUse.
func (s *Store) Load(ctx context.Context, r io.Reader, progress func(int64)) (int64, error) {
	schema, err := s.schema(ctx)
	if err != nil {
		return 0, fmt.Errorf("load: %w", err)
	}
	var n int64
	load := func(tx *sql.Tx) error {
		if err := empty(ctx, tx); err != nil {
			return err
		}
		l := loader{dialect: s.dialect, tx: tx, schema: schema, progress: progress}
		err := archive.Read(r, func(part any) error { return l.take(ctx, part) })
		if err != nil {
			return err
		}
		n = l.rows
		return s.finishLoad(ctx, &l)
	}
	err = s.alone(ctx, claimPatience, func() error { return s.inTx(ctx, load) })
	if err != nil {
		return 0, fmt.Errorf("load: %w", err)
	}
	return n, nil
}

func empty(ctx context.Context, tx *sql.Tx) error {
	for _, t := range archiveTables {
		var found bool
		if err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM "+t.name+")").Scan(&found); err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
		if found {
			return fmt.Errorf("table %s has rows: %w", t.name, ErrNotEmpty)
		}
	}
	return nil
}

// loader puts what archive.Read finds into the database.
type loader struct {
	dialect  dialect
	tx       *sql.Tx
	schema   int64
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
		if l.tables != len(archiveTables) {
			return archive.Errorf("it holds %d tables of %d", l.tables, len(archiveTables))
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

// section begins the next table, which must be the next of archiveTables with
// the very columns that the database has, in any order.
func (l *loader) section(ctx context.Context, sec archive.Section) error {
	if err := l.flush(ctx); err != nil {
		return err
	}
	if l.tables == len(archiveTables) || archiveTables[l.tables].name != sec.Table {
		return archive.Errorf("table %.40q was not expected here", sec.Table)
	}
	rows, err := l.tx.QueryContext(ctx, "SELECT * FROM "+sec.Table+" WHERE 1 = 0")
	if err != nil {
		return err
	}
	have, err := rows.Columns()
	if err := closing(rows, err); err != nil {
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
	if l.rows++; l.rows%progressEvery == 0 && l.progress != nil {
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
	table := archiveTables[l.tables-1].name
	_, err := l.tx.ExecContext(ctx, "INSERT INTO "+table+" ("+strings.Join(l.columns, ", ")+") VALUES "+
		l.dialect.places(len(l.waiting)/len(l.columns), len(l.columns)), l.waiting...)
	if err != nil {
		return fmt.Errorf("table %s: %w", table, err)
	}
	l.waiting = l.waiting[:0]
	return nil
}

// finishLoad writes the last rows and lets new ids follow those that were loaded.
func (s *Store) finishLoad(ctx context.Context, l *loader) error {
	if err := l.flush(ctx); err != nil {
		return err
	}
	for _, t := range archiveTables {
		if !t.identity {
			continue
		}
		if err := s.dialect.resetIdentity(ctx, l.tx, t.name); err != nil {
			return fmt.Errorf("table %s: %w", t.name, err)
		}
	}
	return nil
}
