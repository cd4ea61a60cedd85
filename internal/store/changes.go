package store

import (
	"context"
	"database/sql"
	"math/rand/v2"

	"sipas/internal/civil"
	"sipas/internal/db"
)

// slots are in how many rows the changes of a half month are counted. Each
// transaction raises one of them, so that those of several writers and instances
// seldom wait for each other's commit.
const slots = 16

// noteChanges raises the changes of some half months. It comes last in a transaction,
// so that the rows are locked no longer than a commit takes.
func (s tallier) noteChanges(ctx context.Context, tx *db.Tx, halves []civil.HalfMonth) error {
	if len(halves) == 0 {
		return nil
	}
	slot := rand.Int64N(slots)
	query, args := s.db.InsertSet("half_month_changes", []db.Column{
		{Name: "half_month", Type: "integer", Values: mapSlice(halves, func(h civil.HalfMonth) int64 { return int64(h) })},
		{Name: "slot", Type: "integer", Values: mapSlice(halves, func(civil.HalfMonth) int64 { return slot })},
		{Name: "changes", Type: "bigint", Values: mapSlice(halves, func(civil.HalfMonth) int64 { return 1 })},
	}, "ON CONFLICT (half_month, slot) DO UPDATE SET changes = half_month_changes.changes + excluded.changes")
	_, err := tx.ExecContext(ctx, query, args...)
	return err
}

// Changes tells how often the shown tallies of each half month of a span have
// changed. Whoever asks before reading tallies, and finds the same later, would
// read the same again, whichever instance wrote in between.
func (f Figures) Changes(ctx context.Context, from, before civil.HalfMonth) (map[civil.HalfMonth]int64, error) {
	changes := map[civil.HalfMonth]int64{}
	query := "SELECT half_month, CAST(SUM(changes) AS BIGINT) FROM half_month_changes WHERE half_month >= $1 AND half_month < $2 GROUP BY half_month"
	err := f.from.Query(ctx, query, []any{from, before}, func(rows *sql.Rows) error {
		var half civil.HalfMonth
		var n int64
		if err := rows.Scan(&half, &n); err != nil {
			return err
		}
		changes[half] = n
		return nil
	})
	return changes, db.Failed("count the changes of tallies", err)
}
