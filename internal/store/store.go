package store

import (
	"context"
	"strings"
	"sync"
	"time"

	"sipas/internal/db"
	"sipas/internal/score"
	"sipas/internal/shelf"
)

// Options are what a deployment decides about its tallies.
type Options struct {
	// K says, at any moment, how many people's answers are shown together at least; nil
	// is score.DefaultK, less than score.MinK is raised to it. It may change at any time:
	// what was shown in smaller groups stays.
	K func() int64
	// Daily: what is complete is shown by Show, once a day, and not at once.
	Daily bool
	// Zone is where the civil days are; nil is UTC.
	Zone *time.Location
}

// never is more people than there are.
const never = 1 << 40

// atOnce is how many people must wait for a write to show them.
func (o Options) atOnce() int64 {
	if o.Daily {
		return never
	}
	return o.K()
}

// Store keeps answers in a database. It is safe for concurrent use.
type Store struct {
	Figures
	tallier
	shelf.Shelf
}

// tallier counts what is kept.
type tallier struct {
	db      *db.DB
	options Options
	batches *sync.Pool // of *tallies: rows of a batch are many and large, and the next one needs as much
}

// New makes a Store on an open database.
func New(d *db.DB, o Options) *Store {
	asked := o.K
	if o.K = func() int64 { return score.DefaultK }; asked != nil {
		o.K = func() int64 { return max(asked(), score.MinK) }
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	return &Store{Figures{d}, tallier{d, o, &sync.Pool{New: func() any { return newTallies() }}}, shelf.New(d)}
}

// Probe finds out whether answers can be kept, by writing.
func (s *Store) Probe(ctx context.Context) error { return s.db.Probe(ctx, "readiness") }

// Tables are those of the package, in the order in which rows may be inserted.
// Whether the tallies were made is left out: no backup is written before.
func Tables() []db.Table {
	tables := []db.Table{
		{Name: "responses", Order: "service_point_id, id"},
		{Name: "spent_submissions", Order: "service_point_id, id"},
		{Name: "half_month_changes", Order: "half_month, slot"},
		{Name: "half_months_over", Order: "half_month"},
	}
	for _, t := range tallyTables {
		tables = append(tables, db.Table{Name: t.name, Order: strings.Join(t.keys(), ", ")})
	}
	return tables
}

func mapSlice[T, U any](in []T, f func(T) U) []U {
	out := make([]U, len(in))
	for i, v := range in {
		out[i] = f(v)
	}
	return out
}
