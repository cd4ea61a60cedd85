package report

import (
	"context"
	"fmt"
	"slices"

	"sipas/internal/agency"
	"sipas/internal/score"
	"sipas/internal/store"
)

// entry is one sum of answers: of a unit, a kind of work, a month and a channel.
type entry struct {
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

// reader reads the tallies of one feed for one board.
type reader struct {
	store *store.Store
	query Query
	feed  *feed
	path  []int64 // from the whole province to the board's agency

	moment moment
	months *months
}

// year is the tally query of the whole year and province by everything a
// lattice needs.
func (r *reader) year() store.TallyQuery {
	q := store.TallyQuery{
		FromMonth: r.query.Period.Year*100 + 1, ToMonth: r.query.Period.Year*100 + 12,
		VersionIDs: r.feed.versionIDs(),
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

// entry places a cell; ok is false for answers no row counts.
func (r *reader) entry(c store.Cell) (e entry, ok bool) {
	e = entry{
		unit: unit{c.AgencyID, c.ServicePointID}, version: c.VersionID, month: c.Month%100 - 1,
		subject: r.feed.subject(c.FieldKey, c.AgencyID), channel: channelLeaf(r.query.Channel, c.Channel),
	}
	return e, e.subject >= 0 && e.channel >= 0
}

// whole reads a table once by agency and once, for the agencies on the path, by
// service point, so that each answer is in one entry.
func whole[T any](ctx context.Context, r *reader, items []store.VersionItem, read func(context.Context, store.TallyQuery) ([]T, error), month func(T) int, make func(T) (entry, bool)) ([]entry, error) {
	if len(r.feed.versions) == 0 {
		return nil, nil
	}
	year := r.year()
	year.Items = items
	rows, err := byMonth(ctx, r, year, read, month)
	if err != nil {
		return nil, err
	}
	entries := collect(rows, make, func(e entry) bool { return !slices.Contains(r.path, e.agency) })
	if q, ok := r.points(); ok {
		q.Items = items
		if rows, err = byMonth(ctx, r, q, read, month); err != nil {
			return nil, err
		}
		entries = append(entries, collect(rows, make, func(entry) bool { return true })...)
	}
	return entries, nil
}

func collect[T any](rows []T, make func(T) (entry, bool), keep func(entry) bool) []entry {
	entries := slices.Grow([]entry(nil), len(rows))
	for _, row := range rows {
		if e, ok := make(row); ok && keep(e) {
			entries = append(entries, e)
		}
	}
	return entries
}

// scale reads the headline question, and with detail the others.
func (r *reader) scale(ctx context.Context) ([]entry, error) {
	items, at := r.feed.items(r.query.Detail)
	return whole(ctx, r, items, r.store.ScaleTallies, func(t store.ScaleTally) int { return t.Month }, func(t store.ScaleTally) (entry, bool) {
		e, ok := r.entry(t.Cell)
		e.counts = r.feed.judged(t)
		e.question, _ = at[store.VersionItem{VersionID: t.VersionID, Item: t.Item}]
		return e, ok
	})
}

// people reads the measures of respondents.
func (r *reader) people(ctx context.Context) ([]entry, error) {
	return whole(ctx, r, nil, r.store.PeopleTallies, func(t store.PeopleTally) int { return t.Month }, func(t store.PeopleTally) (entry, bool) {
		e, ok := r.entry(t.Cell)
		e.people, e.question = t.People, -1
		return e, ok
	})
}

// criteria reads the measures of respondents, and by criterion how many files
// were given 0, 1 and 2 points.
func (r *reader) criteria(ctx context.Context) ([]entry, error) {
	people, err := r.people(ctx)
	if err != nil {
		return nil, err
	}
	files, err := whole(ctx, r, nil, r.store.ChoiceTallies, func(t store.ChoiceTally) int { return t.Month }, func(t store.ChoiceTally) (entry, bool) {
		e, ok := r.entry(t.Cell)
		worth, known := r.feed.points[versionChoice{t.VersionID, t.Question, t.Choice}]
		e.question, e.points, e.chosen = worth.criterion, worth.points, t.N
		return e, ok && known
	})
	return append(people, files...), err
}

// choices reads the choices; question numbers them as given by number.
func (r *reader) choices(ctx context.Context, number map[choice]int) ([]entry, error) {
	return whole(ctx, r, nil, r.store.ChoiceTallies, func(t store.ChoiceTally) int { return t.Month }, func(t store.ChoiceTally) (entry, bool) {
		e, ok := r.entry(t.Cell)
		at, known := number[choice{t.Question, t.Choice}]
		e.question, e.chosen = at, t.N
		return e, ok && known
	})
}

// choice names one choice of a question.
type choice struct{ question, choice string }

// overall reads the counts of every question for a row whose index is a mean
// over many: they would be too many by unit and month, so they are asked for by
// the dimensions of one use.
func (r *reader) overall(ctx context.Context, p *plan, from, to int, agencies []int64, by ...store.Dimension) ([]entry, error) {
	if len(r.feed.versions) == 0 {
		return nil, nil
	}
	items, at := r.feed.items(true)
	if len(items) == 0 { // which would not be asked for none, but for all
		return nil, nil
	}
	var entries []entry
	for _, administrative := range []bool{true, false} {
		q := store.TallyQuery{FromMonth: from, ToMonth: to, Items: items, By: by, FieldKeys: p.others}
		if administrative {
			q.FieldKeys = p.administrative
		}
		if q.FieldKeys != nil && len(q.FieldKeys) == 0 {
			continue
		}
		if q.AgencyIDs = r.feed.ofKind(administrative, agencies); len(q.AgencyIDs) == 0 {
			continue
		}
		if r.query.Channel != "" {
			q.Channels = []agency.Channel{r.query.Channel}
		}
		rows, err := r.store.ScaleTallies(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("read survey %s: %w", r.feed.surveyKey, err)
		}
		for _, t := range rows {
			entries = append(entries, entry{
				unit: unit{t.AgencyID, t.ServicePointID}, version: t.VersionID, month: max(t.Month%100-1, 0),
				question: at[store.VersionItem{VersionID: t.VersionID, Item: t.Item}], counts: r.feed.judged(t),
			})
		}
	}
	return entries, nil
}
