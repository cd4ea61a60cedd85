package store

import (
	"context"
	"database/sql"
	"math/rand/v2"
	"slices"

	"sipas/internal/db"
)

// slots are in how many rows the changes of a month are counted. Each
// transaction raises one of them, so that those of several writers and instances
// seldom wait for each other's commit.
const slots = 16

// noteChanges raises the changes of the months of some tallies. It comes last in
// a transaction, so that the rows are locked no longer than a commit takes.
func (s *Store) noteChanges(ctx context.Context, tx *db.Tx, all ...*tallies) error {
	var months []int64
	for _, t := range all {
		for c := range t.people {
			months = append(months, int64(c.month))
		}
		for c := range t.scale {
			months = append(months, int64(c.month))
		}
		for c := range t.choice {
			months = append(months, int64(c.month))
		}
	}
	if len(months) == 0 {
		return nil
	}
	slices.Sort(months)
	months = slices.Compact(months)
	slot := rand.Int64N(slots)
	query, args := s.db.InsertSet("month_changes", []db.Column{
		{Name: "month", Type: "integer", Values: months},
		{Name: "slot", Type: "integer", Values: mapSlice(months, func(int64) int64 { return slot })},
		{Name: "changes", Type: "bigint", Values: mapSlice(months, func(int64) int64 { return 1 })},
	}, "ON CONFLICT (month, slot) DO UPDATE SET changes = month_changes.changes + excluded.changes")
	_, err := tx.ExecContext(ctx, query, args...)
	return err
}

// ChangesIn tells how often the tallies of each month of a year have changed,
// January first. Whoever asks before reading tallies, and finds the same later,
// would read the same again, whichever instance wrote in between.
func (s *Store) ChangesIn(ctx context.Context, year int) (months [12]int64, err error) {
	query := "SELECT month, changes FROM month_changes WHERE month BETWEEN $1 AND $2"
	err = s.db.Query(ctx, query, []any{year*100 + 1, year*100 + 12}, func(rows *sql.Rows) error {
		var month int
		var n int64
		if err := rows.Scan(&month, &n); err != nil {
			return err
		}
		months[month%100-1] += n
		return nil
	})
	return months, db.Failed("count the changes of a year", err)
}
