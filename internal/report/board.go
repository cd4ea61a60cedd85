package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/fault"
	"sipas/internal/registry"
	"sipas/internal/store"
	"sipas/internal/target"
)

// Board makes a board. An agency or field that does not exist is
// fault.ErrNotFound.
//
// The rows are those of every indicator with an answer in the period, with a
// target of the agency in the year, or with a target above it if the agency has
// a service point that serves the field. Without detail it costs two reads of
// tallies for each survey with a headline question, and one small read if
// nothing has changed since it was made last. Boards are shared and must not be
// changed.
func (r *Reporter) Board(ctx context.Context, snap *registry.Snapshot, q Query) (*Board, error) {
	ref := newReference(snap)
	if err := ref.check(q); err != nil {
		return nil, fmt.Errorf("board: %w", err)
	}
	responses, err := r.store.ResponsesIn(ctx, q.Period.Year)
	if err != nil {
		return nil, fmt.Errorf("board: %w", err)
	}
	now := r.now()
	if board, ok := r.boards.find(q, snap.Revision, responses, now); ok {
		return board, nil
	}
	board, err := r.make(ctx, q, ref, moment{now, responses})
	if err != nil {
		return nil, err
	}
	r.boards.keep(q, keptBoard{now, snap.Revision, responses, board})
	return board, nil
}

// make makes a board from the tallies.
func (r *Reporter) make(ctx context.Context, q Query, ref *reference, at moment) (*Board, error) {
	b := &builder{Reporter: r, query: q, ref: ref, agency: q.AgencyID, moment: at}
	if b.agency == 0 {
		b.agency = ref.root
	}
	var err error
	if b.months, err = timeAxis(q.Period.Year); err != nil {
		return nil, fmt.Errorf("board: %w", err)
	}
	feeds, err := ref.feeds()
	if err != nil {
		return nil, fmt.Errorf("board: %w", err)
	}
	made := map[*plan]*draft{}
	for _, f := range feeds {
		if err := b.feed(ctx, f, made); err != nil {
			return nil, fmt.Errorf("board: survey %s: %w", f.surveyKey, err)
		}
	}
	board := b.frame()
	for _, p := range ref.order(feeds) {
		if row, ok := made[p]; ok {
			board.Rows = append(board.Rows, row.Row)
		}
	}
	board.Finding = find(board.Rows)
	return board, nil
}

// check refuses what does not exist.
func (ref *reference) check(q Query) error {
	if _, ok := ref.Tree.Agency(q.AgencyID); q.AgencyID != 0 && !ok {
		return fmt.Errorf("agency %d: %w", q.AgencyID, fault.ErrNotFound)
	}
	if _, ok := ref.Field(q.FieldKey); q.FieldKey != "" && !ok {
		return fmt.Errorf("field %s: %w", q.FieldKey, fault.ErrNotFound)
	}
	if q.Channel != "" && !slices.Contains(agency.Channels(), q.Channel) {
		return fmt.Errorf("channel %s: %w", q.Channel, fault.ErrNotFound)
	}
	return nil
}

// order lists the plans of all feeds in the order of the rules.
func (ref *reference) order(feeds []*feed) []*plan {
	var plans []*plan
	for _, f := range feeds {
		plans = append(plans, f.rows...)
	}
	rules := ref.rules()
	place := func(p *plan) int { return slices.Index(rules, p.rule) }
	slices.SortStableFunc(plans, func(a, b *plan) int { return place(a) - place(b) })
	return plans
}

// builder makes one board.
type builder struct {
	*Reporter
	query  Query
	ref    *reference
	agency int64 // of the board; 0 only if the province is no single agency
	months *axis
	moment moment
}

func (b *builder) frame() *Board {
	board := &Board{
		Query: b.query, Province: b.ref.Settings.Province, Synthetic: b.ref.Settings.Synthetic,
		SmallCell: b.smallCell, MinSample: b.minSample,
	}
	if b.query.AgencyID != 0 {
		a := b.ref.agency(b.query.AgencyID)
		board.Agency = &a
		for _, id := range b.ref.path(a.ID) {
			if id != 0 && id != a.ID {
				board.Trail = append(board.Trail, b.ref.agency(id))
			}
		}
	}
	return board
}

// feed makes the rows of one survey.
func (b *builder) feed(ctx context.Context, f *feed, made map[*plan]*draft) error {
	if b.query.FieldKey != "" && !slices.ContainsFunc(f.rows, b.wanted) {
		return nil
	}
	read := &reader{b.store, b.query, f, b.ref.path(b.agency), b.moment, &b.Reporter.months}
	entries := read.scale
	switch {
	case f.pointed():
		entries = read.criteria
	case !f.single():
		entries = read.people
	}
	all, err := entries(ctx)
	if err != nil {
		return err
	}
	families := b.ref.families(read.path, answeredUnits(all))
	s := &section{builder: b, reader: read, feed: f, families: families, entries: all}
	if f.single() {
		questions := 1
		if b.query.Detail {
			questions = max(questions, len(f.questions))
		}
		s.questions = s.protectEach(all, questions, func(e entry) int64 { return e.counts.Valid() })
		s.visible = s.questions[0]
	} else {
		s.visible = s.protect(all, f.asked)
	}
	leftOut, err := b.leftOut(ctx, f)
	if err != nil {
		return err
	}
	for i, p := range f.rows {
		if !b.wanted(p) {
			continue
		}
		row, err := s.row(ctx, i, p)
		if err != nil {
			return err
		}
		if row != nil {
			row.LeftOut = leftOut
			made[p] = row
		}
	}
	if b.query.Detail {
		return s.details(ctx, made)
	}
	return nil
}

func (b *builder) wanted(p *plan) bool {
	return b.query.FieldKey == "" || p.rule.Kind == target.IndicatorField && p.rule.FieldKey == b.query.FieldKey
}

func answeredUnits(entries []entry) []unit {
	var units []unit
	seen := map[unit]bool{}
	for _, e := range entries {
		if e.point != 0 && !seen[e.unit] {
			seen[e.unit] = true
			units = append(units, e.unit)
		}
	}
	slices.SortFunc(units, func(x, y unit) int { return cmp.Compare(x.point, y.point) })
	return units
}

// leftOut tells whether versions that are not counted were answered.
func (b *builder) leftOut(ctx context.Context, f *feed) (bool, error) {
	if len(f.leftOut) == 0 {
		return false, nil
	}
	from, to := span(b.query.Period)
	tallies, err := b.store.PeopleTallies(ctx, store.TallyQuery{
		FromMonth: from, ToMonth: to, VersionIDs: f.leftOut, AgencyIDs: b.ref.subtree(b.agency),
	})
	return len(tallies) > 0, err
}

// span gives the first and last month of a period, as 202511.
func span(p civil.Period) (from, to int) {
	months := monthsOf(p)
	return p.Year*100 + months[0] + 1, p.Year*100 + months[len(months)-1] + 1
}
