package report

import (
	"cmp"
	"context"
	"slices"

	"sipas/internal/registry"
)

// Answered tells whether anybody has answered, also who waits for a group or only tried.
func (r *Reporter) Answered(ctx context.Context) (bool, error) {
	years, err := r.store.AnsweredYears(ctx)
	return len(years) > 0, err
}

// Years lists the years with targets or answers, newest first, and the one to
// show first: the newest that has begun and has targets or enough answers for a
// standing, so that the first answer of a year does not empty everybody's
// board. Else it is the newest that has begun, else the newest; the present
// year if there are none.
func (r *Reporter) Years(ctx context.Context, snap *registry.Snapshot) (years []int, first int, err error) {
	now := r.now().In(r.zone).Year()
	answered, err := r.store.AnsweredYears(ctx)
	if err != nil {
		return nil, 0, err
	}
	aimed := map[int]bool{}
	for _, t := range snap.Targets {
		if t.Indicator.Index() != "" { // no answers tell of it
			continue
		}
		aimed[t.Year] = true
		answered = append(answered, t.Year)
	}
	slices.SortFunc(answered, func(a, b int) int { return cmp.Compare(b, a) })
	years = slices.Compact(answered)
	if len(years) == 0 {
		return nil, now, nil
	}
	begun := slices.IndexFunc(years, func(y int) bool { return y <= now })
	if begun < 0 {
		return years, years[0], nil
	}
	for _, y := range years[begun:] {
		enough := aimed[y]
		if !enough {
			if enough, err = r.store.Answered(ctx, y, snap.Settings.MinSample); err != nil {
				return nil, 0, err
			}
		}
		if enough {
			return years, y, nil
		}
	}
	return years, years[begun], nil
}
