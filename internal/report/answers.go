package report

import (
	"context"

	"sipas/internal/civil"
	"sipas/internal/store"
)

// Answers is how many answers of each service point, by its id, are shown of some half
// months, the last one not included; of whatever survey.
func (r *Reporter) Answers(ctx context.Context, from, before civil.HalfMonth) (map[int64]int64, error) {
	tallies, err := r.store.PeopleTallies(ctx, store.TallyQuery{From: from, Before: before, Holders: store.Points, By: []store.Dimension{store.ByPoint}})
	answers := make(map[int64]int64, len(tallies))
	for _, t := range tallies {
		answers[t.ServicePointID] += t.Responses
	}
	return answers, err
}
