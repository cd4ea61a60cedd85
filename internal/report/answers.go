package report

import (
	"context"

	"sipas/internal/civil"
	"sipas/internal/store"
)

// Given says where answers were given and what about: the ids of a service point, and of
// the agency whose work was judged then.
type Given struct{ PointID, AgencyID int64 }

// Answers is how many answers are shown of some half months, the last one not included;
// of whatever survey.
func (r *Reporter) Answers(ctx context.Context, from, before civil.HalfMonth) (map[Given]int64, error) {
	tallies, err := r.store.PeopleTallies(ctx, store.TallyQuery{
		From: from, Before: before, Holders: store.Points, By: []store.Dimension{store.ByPoint, store.ByAgency},
	})
	answers := make(map[Given]int64, len(tallies))
	for _, t := range tallies {
		answers[Given{t.ServicePointID, t.AgencyID}] += t.Responses
	}
	return answers, err
}
