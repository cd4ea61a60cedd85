package store

import (
	"context"
	"database/sql"

	"sipas/internal/db"
)

// AnsweredYears lists the years with answers, oldest first. It jumps from half
// month to half month along the key of the tallies, so its cost does not grow with them.
func (f Figures) AnsweredYears(ctx context.Context) ([]int, error) {
	var years []int
	err := f.from.Query(ctx, `
		WITH RECURSIVE halves (half_month) AS (
			SELECT MIN(half_month) FROM tally_people
			UNION ALL
			SELECT (SELECT MIN(t.half_month) FROM tally_people t WHERE t.half_month > halves.half_month)
			FROM halves WHERE halves.half_month IS NOT NULL
		)
		SELECT DISTINCT half_month / 10000 FROM halves WHERE half_month IS NOT NULL ORDER BY 1`, nil,
		func(rows *sql.Rows) error {
			var year int
			err := rows.Scan(&year)
			years = append(years, year)
			return err
		})
	return years, db.Failed("read years", err)
}
