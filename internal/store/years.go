package store

import (
	"context"
	"fmt"
)

// AnsweredYears lists the years with answers, oldest first. It jumps from month
// to month along the key of the tallies, so its cost does not grow with them.
func (s *Store) AnsweredYears(ctx context.Context) ([]int, error) {
	rows, err := s.read.QueryContext(ctx, `
		WITH RECURSIVE months (month) AS (
			SELECT MIN(month) FROM tally_people
			UNION ALL
			SELECT (SELECT MIN(t.month) FROM tally_people t WHERE t.month > months.month)
			FROM months WHERE months.month IS NOT NULL
		)
		SELECT DISTINCT month / 100 FROM months WHERE month IS NOT NULL ORDER BY 1`)
	if err != nil {
		return nil, fmt.Errorf("read years: %w", err)
	}
	var years []int
	for rows.Next() {
		var year int
		if err := rows.Scan(&year); err != nil {
			return nil, closing(rows, fmt.Errorf("read years: %w", err))
		}
		years = append(years, year)
	}
	return years, closing(rows, rows.Err())
}
