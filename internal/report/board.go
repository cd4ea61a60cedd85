package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/fault"
	"sipas/internal/lattice"
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
// tallies for each survey with a headline question, and nothing or one small read
// if nothing has changed since it was made last. Boards are shared and must not be
// changed.
func (r *Reporter) Board(ctx context.Context, snap *registry.Snapshot, q Query) (*Board, error) {
	ref := newReference(snap)
	if err := ref.check(q); err != nil {
		return nil, fmt.Errorf("board: %w", err)
	}
	changes, err := r.store.ChangesIn(ctx, q.Period.Year)
	if err != nil {
		return nil, fmt.Errorf("board: %w", err)
	}
	of := made{snap.Revision, changes}
	if kept, ok := r.boards.find(q); ok && kept.made == of {
		return kept.board, nil
	}
	board, err := r.make(ctx, q, ref, changes)
	if err != nil {
		return nil, err
	}
	r.boards.keep(q, keptBoard{of, board}, bytesOf(board))
	return board, nil
}

// keptBoard is a board as it was made, so that one that many people look at is
// made once for each change of its figures. It is given again only if nothing it
// was made of has changed: what administrators keep has a revision, and the
// tallies of each month are counted as often as they change. Boards are shared:
// nobody may change one.
type keptBoard struct {
	made
	board *Board
}

// made is what a board is made of: what administrators keep, at a revision, and
// the year's months after so many changes of each.
type made struct {
	revision int64
	changes  [12]int64
}

const (
	// mostBoards bounds the bytes of the boards kept, and mostReads those of what
	// was read to make them.
	mostBoards = 24 << 20
	mostReads  = 40 << 20
)

// make makes a board from the tallies.
func (r *Reporter) make(ctx context.Context, q Query, ref *reference, changes [12]int64) (*Board, error) {
	b := &builder{Reporter: r, query: q, ref: ref, agency: q.AgencyID, changes: changes}
	if b.agency == 0 {
		b.agency = ref.root
	}
	var err error
	if b.months, err = lattice.Months(q.Period.Year); err != nil {
		return nil, fmt.Errorf("board: %w", err)
	}
	measurements, err := ref.measurements()
	if err != nil {
		return nil, fmt.Errorf("board: %w", err)
	}
	made := map[*rowRule]*countedRow{}
	for _, m := range measurements {
		if err := b.measure(ctx, m, made); err != nil {
			return nil, fmt.Errorf("board: survey %s: %w", m.surveyKey, err)
		}
	}
	board := b.frame()
	for _, rule := range ref.order(measurements) {
		if row, ok := made[rule]; ok {
			board.Rows = append(board.Rows, row.Row)
		}
	}
	board.Finding = FindingOf(board.Rows)
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

// order lists the rules of all measurements in the order of the indicators.
func (ref *reference) order(measurements []*measurement) []*rowRule {
	var rules []*rowRule
	for _, m := range measurements {
		rules = append(rules, m.rules...)
	}
	indicators := ref.indicators()
	place := func(rule *rowRule) int { return slices.Index(indicators, rule.indicator) }
	slices.SortStableFunc(rules, func(a, b *rowRule) int { return place(a) - place(b) })
	return rules
}

// builder makes one board.
type builder struct {
	*Reporter
	query   Query
	ref     *reference
	agency  int64 // of the board; 0 only if the province is no single agency
	months  *lattice.Axis
	changes [12]int64 // of the year's months, before any was read
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

// measure makes the rows of one measurement.
func (b *builder) measure(ctx context.Context, m *measurement, made map[*rowRule]*countedRow) error {
	if b.query.FieldKey != "" && !slices.ContainsFunc(m.rules, b.wanted) {
		return nil
	}
	read := &reader{b.store, b.query, m, b.ref.path(b.agency), b.changes, b.Reporter.months}
	sums := read.scale
	switch {
	case m.pointed():
		sums = read.criteria
	case !m.single():
		sums = read.people
	}
	all, err := sums(ctx)
	if err != nil {
		return err
	}
	breakdowns := b.ref.breakdowns(read.path, answeredUnits(all))
	rows := &rowBuilder{builder: b, reader: read, measurement: m, breakdowns: breakdowns, sums: all}
	if m.single() {
		questions := 1
		if b.query.Detail {
			questions = max(questions, len(m.questions))
		}
		rows.questions = rows.protectEach(all, questions, func(s sum) int64 { return s.counts.Valid() })
		rows.visible = rows.questions[0]
	} else {
		rows.visible = rows.protect(all, m.asked)
	}
	leftOut, err := b.leftOut(ctx, m)
	if err != nil {
		return err
	}
	for i, rule := range m.rules {
		if !b.wanted(rule) {
			continue
		}
		row, err := rows.row(ctx, i, rule)
		if err != nil {
			return err
		}
		if row != nil {
			row.LeftOut = leftOut
			made[rule] = row
		}
	}
	if b.query.Detail {
		return rows.details(ctx, made)
	}
	return nil
}

func (b *builder) wanted(rule *rowRule) bool {
	return b.query.FieldKey == "" || rule.indicator.Kind == target.IndicatorField && rule.indicator.FieldKey == b.query.FieldKey
}

func answeredUnits(sums []sum) []unit {
	var units []unit
	seen := map[unit]bool{}
	for _, s := range sums {
		if s.point != 0 && !seen[s.unit] {
			seen[s.unit] = true
			units = append(units, s.unit)
		}
	}
	slices.SortFunc(units, func(x, y unit) int { return cmp.Compare(x.point, y.point) })
	return units
}

// leftOut tells whether versions that are not counted were answered.
func (b *builder) leftOut(ctx context.Context, m *measurement) (bool, error) {
	if len(m.leftOut) == 0 {
		return false, nil
	}
	from, to := span(b.query.Period)
	tallies, err := b.store.PeopleTallies(ctx, store.TallyQuery{
		FromMonth: from, ToMonth: to, VersionIDs: m.leftOut, AgencyIDs: b.ref.subtree(b.agency),
	})
	return len(tallies) > 0, err
}

// span gives the first and last month of a period, as 202511.
func span(p civil.Period) (from, to int) {
	months := p.MonthsOfYear()
	return p.Year*100 + months[0] + 1, p.Year*100 + months[len(months)-1] + 1
}
