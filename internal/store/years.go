package store

import (
	"context"
	"database/sql"

	"sipas/internal/db"
)

// AnsweredYears lists the years with answers, oldest first. It jumps from year to
// year along the key of the tallies, so its cost does not grow with them.
func (f Figures) AnsweredYears(ctx context.Context) ([]int, error) {
	var years []int
	err := f.from.Query(ctx, `
		WITH RECURSIVE years (year) AS (
			SELECT (SELECT MIN(half_month) FROM tally_people) / 10000
			UNION ALL
			SELECT (SELECT MIN(t.half_month) FROM tally_people t WHERE t.half_month >= (years.year + 1) * 10000) / 10000
			FROM years WHERE years.year IS NOT NULL
		)
		SELECT year FROM years WHERE year IS NOT NULL ORDER BY 1`, nil,
		func(rows *sql.Rows) error {
			var year int
			err := rows.Scan(&year)
			years = append(years, year)
			return err
		})
	return years, db.Failed("read years", err)
}
