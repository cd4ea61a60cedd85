package store

import (
	"cmp"
	"context"
	"database/sql"
	"maps"
	"slices"

	"sipas/internal/civil"
	"sipas/internal/db"
)

// Slots is over how many the agencies are dealt, by their ids, where changes are
// counted: after an answer only the tallies of one slot are to be read again.
const Slots = 16

// SlotOf is the slot of an agency.
func SlotOf(agencyID int64) int { return int(agencyID % Slots) }

// Changes is how often what is shown of the agencies of each slot has changed. It
// only ever rises.
type Changes [Slots]int64

// Sum is how often all of it has changed.
func (c Changes) Sum() (n int64) {
	for _, slot := range c {
		n += slot
	}
	return n
}

// writing is what a transaction wrote of the tallies, by half month and slot, and
// whether it changed what is shown there.
type writing map[written]bool

type written struct {
	half civil.HalfMonth
	slot int
}

// row says that a row was written.
func (w writing) row(k tallyKey, shown bool) {
	at := written{k.half, SlotOf(k.agency)}
	w[at] = w[at] || shown
}

// noteChanges counts what was written. It comes last in a transaction, so that its
// rows are locked no longer than a commit takes.
func (s tallier) noteChanges(ctx context.Context, tx *db.Tx, w writing) error {
	if len(w) == 0 {
		return nil
	}
	rows := slices.SortedFunc(maps.Keys(w), func(a, b written) int { return cmp.Or(cmp.Compare(a.half, b.half), cmp.Compare(a.slot, b.slot)) })
	query, args := s.db.InsertSet("half_month_changes", []db.Column{
		{Name: "half_month", Type: "integer", Values: mapSlice(rows, func(at written) int64 { return int64(at.half) })},
		{Name: "slot", Type: "integer", Values: mapSlice(rows, func(at written) int64 { return int64(at.slot) })},
		{Name: "writes", Type: "bigint", Values: mapSlice(rows, func(written) int64 { return 1 })},
		{Name: "changes", Type: "bigint", Values: mapSlice(rows, func(at written) int64 {
			if w[at] {
				return 1
			}
			return 0
		})},
	}, "ON CONFLICT (half_month, slot) DO UPDATE SET writes = half_month_changes.writes + excluded.writes, changes = half_month_changes.changes + excluded.changes")
	_, err := tx.ExecContext(ctx, query, args...)
	return err
}

// Changes tells how often what is shown of each half month of a span has changed.
// Whoever asks before reading tallies, and finds the same later, would read the same
// again, whichever instance wrote in between. Answers that wait change nothing.
func (f Figures) Changes(ctx context.Context, from, before civil.HalfMonth) (map[civil.HalfMonth]Changes, error) {
	all := map[civil.HalfMonth]Changes{}
	query := "SELECT half_month, slot, changes FROM half_month_changes WHERE half_month >= $1 AND half_month < $2"
	err := f.from.Query(ctx, query, []any{from, before}, func(rows *sql.Rows) error {
		var half civil.HalfMonth
		var slot int
		var n int64
		err := rows.Scan(&half, &slot, &n)
		changes := all[half]
		changes[slot%Slots] += n
		all[half] = changes
		return err
	})
	return all, db.Failed("count the changes of tallies", err)
}
