package report

import (
	"context"
	"fmt"
	"slices"

	"sipas/internal/agency"
	"sipas/internal/score"
	"sipas/internal/store"
)

// sum is what was answered: of a unit, a kind of work, a month and a channel.
type sum struct {
	unit
	version  int64
	subject  int
	month    int // 0 to 11
	channel  int // leaf of the channel axis
	question int // -1: of people
	points   int // of a criterion: what each of the chosen is worth
	counts   score.Counts
	people   score.People
	chosen   int64
}

// reader reads the tallies of one measurement for one board.
type reader struct {
	store       *store.Store
	query       Query
	measurement *measurement
	path        []int64 // from the whole province to the board's agency

	changes [12]int64
	months  *shelf[string, [12]keptMonth]
}

// year is the tally query of the whole year and province by everything a
// lattice needs.
func (r *reader) year() store.TallyQuery {
	q := store.TallyQuery{
		FromMonth: r.query.Period.Year*100 + 1, ToMonth: r.query.Period.Year*100 + 12,
		VersionIDs: r.measurement.versionIDs(),
		By:         []store.Dimension{store.ByMonth, store.ByField, store.ByAgency},
	}
	if r.query.Channel != "" {
		q.By = append(q.By, store.ByChannel)
	}
	return q
}

// points is the same for the agencies on the path, by service point.
func (r *reader) points() (q store.TallyQuery, ok bool) {
	q = r.year()
	for _, id := range r.path {
		if id != 0 {
			q.AgencyIDs = append(q.AgencyIDs, id)
		}
	}
	q.By = append(q.By, store.ByPoint)
	return q, len(q.AgencyIDs) > 0
}

// sum places a cell; ok is false for answers no row counts.
func (r *reader) sum(c store.Cell) (s sum, ok bool) {
	s = sum{
		unit: unit{c.AgencyID, c.ServicePointID}, version: c.VersionID, month: c.Month%100 - 1,
		subject: r.measurement.subject(c.FieldKey, c.AgencyID), channel: channelLeaf(r.query.Channel, c.Channel),
	}
	return s, s.subject >= 0 && s.channel >= 0
}

// whole reads a table once by agency and once, for the agencies on the path, by
// service point, so that each answer is in one sum.
func whole[T any](ctx context.Context, r *reader, items []store.VersionItem, read func(context.Context, store.TallyQuery) ([]T, error), month func(T) int, make func(T) (sum, bool)) ([]sum, error) {
	if len(r.measurement.versions) == 0 {
		return nil, nil
	}
	year := r.year()
	year.Items = items
	rows, err := byMonth(ctx, r, year, read, month)
	if err != nil {
		return nil, err
	}
	sums := collect(rows, make, func(s sum) bool { return !slices.Contains(r.path, s.agency) })
	if q, ok := r.points(); ok {
		q.Items = items
		if rows, err = byMonth(ctx, r, q, read, month); err != nil {
			return nil, err
		}
		sums = append(sums, collect(rows, make, func(sum) bool { return true })...)
	}
	return sums, nil
}

func collect[T any](rows []T, make func(T) (sum, bool), keep func(sum) bool) []sum {
	sums := slices.Grow([]sum(nil), len(rows))
	for _, row := range rows {
		if s, ok := make(row); ok && keep(s) {
			sums = append(sums, s)
		}
	}
	return sums
}

// scale reads the headline question, and with detail the others.
func (r *reader) scale(ctx context.Context) ([]sum, error) {
	items, at := r.measurement.items(r.query.Detail)
	return whole(ctx, r, items, r.store.ScaleTallies, func(t store.ScaleTally) int { return t.Month }, func(t store.ScaleTally) (sum, bool) {
		s, ok := r.sum(t.Cell)
		s.counts = r.measurement.judged(t)
		s.question, _ = at[store.VersionItem{VersionID: t.VersionID, Item: t.Item}]
		return s, ok
	})
}

// people reads the measures of respondents.
func (r *reader) people(ctx context.Context) ([]sum, error) {
	return whole(ctx, r, nil, r.store.PeopleTallies, func(t store.PeopleTally) int { return t.Month }, func(t store.PeopleTally) (sum, bool) {
		s, ok := r.sum(t.Cell)
		s.people, s.question = t.People, -1
		return s, ok
	})
}

// criteria reads the measures of respondents, and by criterion how many files
// were given 0, 1 and 2 points.
func (r *reader) criteria(ctx context.Context) ([]sum, error) {
	people, err := r.people(ctx)
	if err != nil {
		return nil, err
	}
	files, err := whole(ctx, r, nil, r.store.ChoiceTallies, func(t store.ChoiceTally) int { return t.Month }, func(t store.ChoiceTally) (sum, bool) {
		s, ok := r.sum(t.Cell)
		worth, known := r.measurement.points[versionChoice{t.VersionID, t.Question, t.Choice}]
		s.question, s.points, s.chosen = worth.criterion, worth.points, t.N
		return s, ok && known
	})
	return append(people, files...), err
}

// choices reads the choices; question numbers them as given by number.
func (r *reader) choices(ctx context.Context, number map[choice]int) ([]sum, error) {
	return whole(ctx, r, nil, r.store.ChoiceTallies, func(t store.ChoiceTally) int { return t.Month }, func(t store.ChoiceTally) (sum, bool) {
		s, ok := r.sum(t.Cell)
		at, known := number[choice{t.Question, t.Choice}]
		s.question, s.chosen = at, t.N
		return s, ok && known
	})
}

// choice names one choice of a question.
type choice struct{ question, choice string }

// overall reads the counts of every question for a row whose index is a mean
// over many: they would be too many by unit and month, so they are asked for by
// the dimensions of one use.
func (r *reader) overall(ctx context.Context, rule *rowRule, from, to int, agencies []int64, by ...store.Dimension) ([]sum, error) {
	if len(r.measurement.versions) == 0 {
		return nil, nil
	}
	items, at := r.measurement.items(true)
	if len(items) == 0 { // which would not be asked for none, but for all
		return nil, nil
	}
	var sums []sum
	for _, administrative := range []bool{true, false} {
		q := store.TallyQuery{FromMonth: from, ToMonth: to, Items: items, By: by, FieldKeys: rule.others}
		if administrative {
			q.FieldKeys = rule.administrative
		}
		if q.FieldKeys != nil && len(q.FieldKeys) == 0 {
			continue
		}
		if q.AgencyIDs = r.measurement.ofKind(administrative, agencies); len(q.AgencyIDs) == 0 {
			continue
		}
		if r.query.Channel != "" {
			q.Channels = []agency.Channel{r.query.Channel}
		}
		rows, err := r.store.ScaleTallies(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("read survey %s: %w", r.measurement.surveyKey, err)
		}
		for _, t := range rows {
			sums = append(sums, sum{
				unit: unit{t.AgencyID, t.ServicePointID}, version: t.VersionID, month: max(t.Month%100-1, 0),
				question: at[store.VersionItem{VersionID: t.VersionID, Item: t.Item}], counts: r.measurement.judged(t),
			})
		}
	}
	return sums, nil
}
