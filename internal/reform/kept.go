package reform

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"sipas/internal/audit"
	"sipas/internal/db"
	"sipas/internal/fault"
)

// Reform is what was done.
type Reform struct {
	ID       int64
	Kind     Kind
	Day      string // the first civil day without the agencies that ended
	At       time.Time
	By       string // who made it
	Revision int64  // of what administrators keep, that it was made of
	Steps    Steps
	UndoneAt time.Time // zero while it holds
}

// Undone tells whether it was undone.
func (r Reform) Undone() bool { return !r.UndoneAt.IsZero() }

type reformRow struct {
	ID       int64
	Kind     string
	Day      string
	MadeAt   int64
	MadeBy   string
	Revision int64
	Done     string
	UndoneAt *int64
}

func (reformRow) TableName() string { return "reforms" }

func (r reformRow) domain() (Reform, error) {
	one := Reform{
		ID: r.ID, Kind: Kind(r.Kind), Day: r.Day, At: db.FromMicros(r.MadeAt), By: r.MadeBy, Revision: r.Revision, UndoneAt: db.Moment(r.UndoneAt),
	}
	if err := json.Unmarshal([]byte(r.Done), &one.Steps); err != nil {
		return one, fmt.Errorf("reform %d: %w", r.ID, err)
	}
	return one, nil
}

// All lists every reform, the newest first, undone ones too.
func (r *Reforms) All(ctx context.Context) ([]Reform, error) { return readReforms(r.db.Rows(ctx)) }

func readReforms(rows *gorm.DB) ([]Reform, error) {
	return db.List("list reforms", rows.Order("id DESC"), reformRow.domain)
}

// Find finds a reform. Without it, it is fault.ErrNotFound.
func (r *Reforms) Find(ctx context.Context, id int64) (Reform, error) {
	return db.One("find reform", r.db.Rows(ctx).Where("id = ?", id), reformRow.domain)
}

// among finds a reform in a list.
func among(all []Reform, id int64) (Reform, error) {
	at := slices.IndexFunc(all, func(one Reform) bool { return one.ID == id })
	if at < 0 {
		return Reform{}, fmt.Errorf("reform %d: %w", id, fault.ErrNotFound)
	}
	return all[at], nil
}

// With lists the reforms that an agency takes part in, as one that ends, takes over or
// stood below one that ended; undone ones too.
func (r *Reforms) With(ctx context.Context, agencyID int64) ([]Reform, error) {
	all, err := r.All(ctx)
	return slices.DeleteFunc(all, func(one Reform) bool { return !one.Steps.touched()[agencyID] }), err
}

// Entries tells which entries of the audit are about the reform as a whole.
func (r Reform) Entries() audit.About { return audit.About{Subject: subject(r.ID)} }

// Said reads what an entry of the audit tells of a reform: which agencies end, by their
// codes, who takes over, and from which day; ok is false where it tells of none.
func Said(told any) (asked Asked, ok bool) {
	raw, _ := told.(json.RawMessage)
	var e entry
	ok = json.Unmarshal(raw, &e) == nil
	return Asked{From: e.From, Into: e.Into, Day: e.Day}, ok
}
