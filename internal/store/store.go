package store

import (
	"context"

	"sipas/internal/db"
)

// Store keeps answers in a database. It is safe for concurrent use.
type Store struct {
	db *db.DB
}

// New makes a Store on an open database.
func New(d *db.DB) *Store { return &Store{db: d} }

// Probe finds out whether answers can be kept, by writing.
func (s *Store) Probe(ctx context.Context) error { return s.db.Probe(ctx, "readiness") }

// SingleWriter tells whether the database takes one writing transaction at a
// time, so that further writers would only wait.
func (s *Store) SingleWriter() bool { return s.db.SingleWriter() }

// Tables are those of the package, in the order in which rows may be inserted.
func Tables() []db.Table {
	return []db.Table{
		{Name: "responses", Order: "service_point_id, id"},
		{Name: "response_texts", Order: "service_point_id, response_id, question"},
		{Name: "spent_submissions", Order: "service_point_id, id"},
		{Name: "tally_people", Order: "month, version_id, field_key, agency_id, channel, service_point_id"},
		{Name: "tally_scale", Order: "month, version_id, item, field_key, agency_id, channel, service_point_id"},
		{Name: "tally_choice", Order: "month, version_id, question, choice, field_key, agency_id, channel, service_point_id"},
		{Name: "month_changes", Order: "month, slot"},
	}
}

func mapSlice[T, U any](in []T, f func(T) U) []U {
	out := make([]U, len(in))
	for i, v := range in {
		out[i] = f(v)
	}
	return out
}
