package store

import (
	"context"
	"database/sql"

	"sipas/internal/db"
)

// AnsweredYears lists the years with answers, oldest first. It jumps from month
// to month along the key of the tallies, so its cost does not grow with them.
func (s *Store) AnsweredYears(ctx context.Context) ([]int, error) {
	var years []int
	err := s.db.Query(ctx, `
		WITH RECURSIVE months (month) AS (
			SELECT MIN(month) FROM tally_people
			UNION ALL
			SELECT (SELECT MIN(t.month) FROM tally_people t WHERE t.month > months.month)
			FROM months WHERE months.month IS NOT NULL
		)
		SELECT DISTINCT month / 100 FROM months WHERE month IS NOT NULL ORDER BY 1`, nil,
		func(rows *sql.Rows) error {
			var year int
			err := rows.Scan(&year)
			years = append(years, year)
			return err
		})
	return years, db.Failed("read years", err)
}
