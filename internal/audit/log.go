package audit

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"sipas/internal/db"
)

// Tables are those of the package for dump and restore.
func Tables() []db.Table {
	return []db.Table{{Name: "audit_entries", Order: "number"}, {Name: "audit_seal", Order: "id"}}
}

// Append writes entries in the transaction of the change, in their order; many at
// once cost a fraction of one by one. Whoever appends keeps others from it until the
// transaction ends, so that numbers have no gap; it is best done last.
func Append(ctx context.Context, tx *db.Tx, entries ...Entry) error {
	rows := make([]row, len(entries))
	for i, e := range entries {
		var err error
		if rows[i], err = e.row(); err != nil {
			return db.Failed("audit "+e.Action, err)
		}
	}
	if len(rows) == 0 {
		return nil
	}
	doing := "audit " + entries[0].Action
	var last int64
	var hash string
	err := tx.QueryRowContext(ctx, "INSERT INTO audit_seal (id, entries, hash) VALUES (1, $1, '') "+
		"ON CONFLICT (id) DO UPDATE SET entries = audit_seal.entries + excluded.entries RETURNING entries, hash", len(rows)).Scan(&last, &hash)
	if err != nil {
		return db.Failed(doing, err)
	}
	for i := range rows {
		rows[i].Number = last - int64(len(rows)-1-i)
		rows[i].Hash = rows[i].hashed(hash)
		hash = rows[i].Hash
	}
	if err := insert(ctx, tx, rows); err != nil {
		return db.Failed(doing, err)
	}
	_, err = tx.ExecContext(ctx, "UPDATE audit_seal SET hash = $1", hash)
	return db.Failed(doing, err)
}

// insert writes rows. A set has no NULL, so those that say nothing of before or
// after are a set of their own.
func insert(ctx context.Context, tx *db.Tx, rows []row) error {
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && n < tx.DB().MaxSetRows(textColumns) && rows[n].alike(rows[0]) {
			n++
		}
		statement, args := tx.DB().InsertSet("audit_entries", columns(rows[:n]), "")
		if _, err := tx.ExecContext(ctx, statement, args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// Log reads the entries.
type Log struct{ db *db.DB }

// New reads those of a database.
func New(d *db.DB) *Log { return &Log{d} }

// Filter says which entries are asked for; its zero value asks for all.
type Filter struct {
	After  int64     // only those with a higher number
	Below  int64     // only those with a lower number, 0: all
	From   time.Time // only those from then on; zero: all
	Until  time.Time // only those before; zero: all
	Action string    // only actions that begin so: "service-point", "user.add"
	Author string    // only those of this name
	About  []About   // only those that one of these is about; nil: all
	Limit  int       // at most so many, 0: all
	Newest bool      // of more than Limit the newest, else the oldest
}

// About tells which entries are about one thing.
type About struct {
	Subject string
	Saying  string // how Before or After begins as it is stored; "": every entry of the subject
}

// holds is the condition on entries to be about one of some things.
func holds(some []About) (condition string, args []any) {
	var whole []string
	var parts []string
	for _, a := range some {
		if a.Saying == "" {
			whole = append(whole, a.Subject)
			continue
		}
		n := utf8.RuneCountInString(a.Saying)
		parts = append(parts, "subject = ? AND (SUBSTR(before, 1, ?) = ? OR SUBSTR(after, 1, ?) = ?)")
		args = append(args, a.Subject, n, a.Saying, n, a.Saying)
	}
	return strings.Join(append(parts, "subject IN ?"), " OR "), append(args, whole)
}

// List gives entries in the order of their numbers.
func (l *Log) List(ctx context.Context, f Filter) ([]Entry, error) {
	q := l.db.Rows(ctx).Where("number > ?", f.After)
	if f.Action != "" {
		q = q.Where("SUBSTR(action, 1, ?) = ?", utf8.RuneCountInString(f.Action), f.Action)
	}
	if f.Author != "" {
		q = q.Where("author = ?", f.Author)
	}
	if f.About != nil {
		condition, args := holds(f.About)
		q = q.Where("("+condition+")", args...)
	}
	if f.Below > 0 {
		q = q.Where("number < ?", f.Below)
	}
	if !f.From.IsZero() {
		q = q.Where("at >= ?", db.Micros(f.From))
	}
	if !f.Until.IsZero() {
		q = q.Where("at < ?", db.Micros(f.Until))
	}
	if f.Limit > 0 {
		q = q.Limit(f.Limit)
	}
	order := "number"
	if f.Newest {
		order = "number DESC"
	}
	entries, err := db.List("list audit", q.Order(order), row.domain)
	if f.Newest {
		slices.Reverse(entries)
	}
	return entries, err
}

// Verify goes over all entries as of one moment and returns their seal. What was
// changed, removed or added since it was written is a *Broken; so is an audit
// that does not continue the seals that were noted somewhere else.
func (l *Log) Verify(ctx context.Context, noted ...Seal) (Seal, error) {
	check := checker{noted: noted}
	err := l.db.Snapshot(ctx, func(tx *db.Tx) error {
		err := db.ScanAll(ctx, tx, "SELECT number, format, at, user_id, author, via, action, subject, before, after, hash "+
			"FROM audit_entries ORDER BY number", nil, func(rows *sql.Rows) error {
			var r row
			err := rows.Scan(&r.Number, &r.Format, &r.At, &r.UserID, &r.Author, &r.Via, &r.Action, &r.Subject, &r.Before, &r.After, &r.Hash)
			if err != nil {
				return err
			}
			return check.next(r)
		})
		if err != nil {
			return err
		}
		stored, found, err := seal(tx.QueryRowContext(ctx, selectSeal))
		if err != nil {
			return err
		}
		return check.end(stored, found)
	})
	return check.at, db.Failed("verify audit", err)
}

const selectSeal = "SELECT entries, hash FROM audit_seal"

// Seal is how far the audit goes, as the database says; Verify proves it.
func (l *Log) Seal(ctx context.Context) (Seal, error) {
	s, _, err := seal(l.db.QueryRow(ctx, selectSeal))
	return s, db.Failed("seal of the audit", err)
}

func seal(stored *sql.Row) (s Seal, found bool, err error) {
	err = stored.Scan(&s.Entries, &s.Hash)
	if errors.Is(err, sql.ErrNoRows) {
		return Seal{}, false, nil
	}
	return s, err == nil, err
}
