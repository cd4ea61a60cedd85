// Package arrival counts what comes: how many answers came to each service point in
// each half month, and on which day the last did. It knows nothing of what was
// answered, so its counts are shown at once and one by one.
package arrival

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"sipas/internal/civil"
	"sipas/internal/db"
	"sipas/internal/survey"
)

// Tables are those of the package for dump and restore.
func Tables() []db.Table {
	return []db.Table{{Name: "arrivals", Order: "half_month, service_point_id"}}
}

// place is a row: what came to a service point in a half month.
type place struct {
	half  civil.HalfMonth
	point int64
}

type came struct{ answers, last int64 }

// Count counts responses that are new, in the transaction that keeps them and by one
// statement for a batch. What is taken out of the responses later stays counted: it
// came. Rows are written in the order of their keys, so that batches of several
// instances wait for each other and do not deadlock.
func Count(ctx context.Context, tx *db.Tx, fresh []*survey.Response) error {
	counts := map[place]came{}
	for _, r := range fresh {
		if r.Mark == survey.Trial { // nobody was served
			continue
		}
		at := place{civil.HalfMonthOf(r.Day), r.ServicePointID}
		counts[at] = came{counts[at].answers + 1, max(counts[at].last, number(r.Day))}
	}
	rows := slices.SortedFunc(maps.Keys(counts), func(a, b place) int {
		return cmp.Or(cmp.Compare(a.half, b.half), cmp.Compare(a.point, b.point))
	})
	for some := range slices.Chunk(rows, tx.DB().MaxSetRows(0)) {
		statement, args := tx.DB().InsertSet("arrivals", []db.Column{
			db.Numbers("half_month", some, func(at place) int64 { return int64(at.half) }),
			db.Numbers("service_point_id", some, func(at place) int64 { return at.point }),
			db.Numbers("answers", some, func(at place) int64 { return counts[at].answers }),
			db.Numbers("last_day", some, func(at place) int64 { return counts[at].last }),
		}, "ON CONFLICT (half_month, service_point_id) DO UPDATE SET answers = arrivals.answers + excluded.answers, "+
			"last_day = CASE WHEN excluded.last_day > arrivals.last_day THEN excluded.last_day ELSE arrivals.last_day END")
		if _, err := tx.ExecContext(ctx, statement, args...); err != nil {
			return fmt.Errorf("arrivals: %w", err)
		}
	}
	return nil
}

// number is a civil day as the table has it: 20251127, as half months are.
func number(day string) int64 {
	n, _ := strconv.ParseInt(strings.ReplaceAll(day, "-", ""), 10, 64) // a response has a day
	return n
}

// Came is what came to a service point.
type Came struct {
	Now, Before int64  // answers in this half month and in the one before
	Last        string // the civil day of the last one, "" if none ever came
}

// Reader reads what came.
type Reader struct {
	db   *db.DB
	now  func() time.Time
	zone *time.Location
}

// New reads from a database; now and zone say which half month this is.
func New(d *db.DB, now func() time.Time, zone *time.Location) *Reader { return &Reader{d, now, zone} }

// current is this half month.
func (r *Reader) current() civil.HalfMonth {
	return civil.HalfMonthOf(r.now().In(r.zone).Format(time.DateOnly))
}

// Of tells what came to some service points, by their ids.
func (r *Reader) Of(ctx context.Context, points []int64) (map[int64]Came, error) {
	now := r.current()
	in := func(half civil.HalfMonth) string {
		return fmt.Sprintf("COALESCE((SELECT answers FROM arrivals WHERE half_month = %d AND service_point_id = w.id), 0)", half)
	}
	all := make(map[int64]Came, len(points))
	for some := range slices.Chunk(points, r.db.MaxSetRows(0)) {
		with, args := r.db.WithSet("wanted", []db.Column{{Name: "id", Type: "bigint", Values: some}})
		query := with + "SELECT w.id, " + in(now) + ", " + in(now.Previous()) +
			", COALESCE((SELECT last_day FROM arrivals WHERE service_point_id = w.id ORDER BY half_month DESC LIMIT 1), 0) FROM wanted w"
		err := r.db.Query(ctx, query, args, func(rows *sql.Rows) error {
			var id, last int64
			var c Came
			err := rows.Scan(&id, &c.Now, &c.Before, &last)
			if last > 0 {
				c.Last = fmt.Sprintf("%04d-%02d-%02d", last/10000, last/100%100, last%100)
			}
			all[id] = c
			return err
		})
		if err != nil {
			return nil, db.Failed("read arrivals", err)
		}
	}
	return all, nil
}

// Heard are the ids of the service points to which something came in this half month.
func (r *Reader) Heard(ctx context.Context) (map[int64]bool, error) {
	heard := map[int64]bool{}
	err := r.db.Query(ctx, "SELECT service_point_id FROM arrivals WHERE half_month = $1", []any{r.current()}, func(rows *sql.Rows) error {
		var id int64
		err := rows.Scan(&id)
		heard[id] = true
		return err
	})
	return heard, db.Failed("read arrivals", err)
}
