package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// Years lists the years with targets or answers, newest first, and the one to
// show first: the newest that has begun, else the newest; the present year if
// there are none.
func (r *Reporter) Years(ctx context.Context) (years []int, first int, err error) {
	now := r.now().In(r.zone).Year()
	targets, err := r.store.Targets(ctx)
	if err != nil {
		return nil, 0, fmt.Errorf("read targets: %w", err)
	}
	answered, err := r.store.AnsweredYears(ctx)
	if err != nil {
		return nil, 0, err
	}
	for _, t := range targets {
		answered = append(answered, t.Year)
	}
	slices.SortFunc(answered, func(a, b int) int { return cmp.Compare(b, a) })
	years = slices.Compact(answered)
	for _, y := range years {
		if y <= now {
			return years, y, nil
		}
	}
	if len(years) == 0 {
		return nil, now, nil
	}
	return years, years[0], nil
}
