package report

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/fault"
	"sipas/internal/keep"
	"sipas/internal/registry"
	"sipas/internal/store"
	"sipas/internal/target"
)

// Board makes a board. An agency or field that does not exist is
// fault.ErrNotFound.
//
// The rows are those of every indicator with an answer in the period, with a
// target of the agency in the year, or with a target above it if the agency has
// a service point that serves the field. A service point has no targets but those of
// the agency. It costs one small read if nothing has
// changed since it was made last, and else a read of what has, of each half month and
// for each table of tallies that a survey is measured by. However many ask for a board at
// once, it is made once. Boards are shared and must not be changed.
func (r *Reporter) Board(ctx context.Context, snap *registry.Snapshot, q Query) (*Board, error) {
	ref := newReference(snap)
	ref.campaign = snap.Campaigns.ByID(q.Campaign)
	if err := ref.check(q); err != nil {
		return nil, fmt.Errorf("board: %w", err)
	}
	if q.Period == (civil.Period{}) {
		return nil, errors.New("board: there is no period")
	}
	b := &builder{Reporter: r, query: q, ref: ref, agency: cmp.Or(q.AgencyID, ref.root), halves: halvesOf(q)}
	if err := b.lookAtChanges(ctx); err != nil {
		return nil, fmt.Errorf("board: %w", err)
	}
	if board, ok := b.find(); ok {
		return board, nil
	}
	done, err := r.making.Take(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("board: %w", err)
	}
	defer done()
	if board, ok := b.find(); ok {
		return board, nil
	}
	if err := b.lookAtChanges(ctx); err != nil { // again, for all who came meanwhile
		return nil, fmt.Errorf("board: %w", err)
	}
	board, err := b.make(ctx)
	if err != nil {
		return nil, fmt.Errorf("board: %w", err)
	}
	r.boards.Keep(q, keptBoard{snap.Revision, b.asked, b.counted(), board}, keep.BytesOf(board))
	return board, nil
}

// keptBoard is a board as it was made: of what administrators keep at a revision,
// and of the half months after so many changes of each, which were asked for before
// anything was read. It is given again as long as both are the same.
type keptBoard struct {
	revision int64
	asked    int64
	changes  []store.Changes
	board    *Board
}

const (
	// mostBoards bounds the bytes of the boards kept, and mostSheets those of the
	// sheets that they are made of.
	mostBoards = 24 << 20
	mostSheets = 40 << 20
)

// builder makes one board.
type builder struct {
	*Reporter
	query  Query
	ref    *reference
	agency int64 // of the board; 0 only if the province is no single agency
	halves []civil.HalfMonth
	look         // at these, before anything was read
	came   int64 // when the builder wanted it: see Reporter.asks
}

// halvesOf lists the half months that a board is made of: those of the period, and
// with detail of the civil year that the period is of.
func halvesOf(q Query) []civil.HalfMonth {
	first, before := q.Period.First(), q.Period.Before()
	if q.Detail {
		year := civil.Period{Year: q.Period.Year, Kind: civil.Year, Number: 1}
		first, before = min(first, year.First()), max(before, year.Before())
	}
	return civil.HalfMonths(first, before)
}

// counted lists the changes of the half months.
func (b *builder) counted() []store.Changes {
	changes := make([]store.Changes, len(b.halves))
	for i, h := range b.halves {
		changes[i] = b.changes[h]
	}
	return changes
}

// find gives the board that is kept, if nothing has changed since it was made, or if
// it was made for somebody who asked after the builder came: then it is no older than
// what the caller waits for, however fast answers come in.
func (b *builder) find() (*Board, bool) {
	kept, ok := b.boards.Find(b.query)
	if !ok || kept.revision != b.ref.Revision || kept.asked <= b.came && !slices.Equal(kept.changes, b.counted()) {
		return nil, false
	}
	return kept.board, true
}

// make makes the board from the tallies.
func (b *builder) make(ctx context.Context) (*Board, error) {
	measurements, err := b.ref.measurements()
	if err != nil {
		return nil, err
	}
	made := map[*rowRule]*Row{}
	for _, m := range measurements {
		if !slices.ContainsFunc(m.rules, b.wanted) {
			continue
		}
		counting, err := b.count(ctx, m)
		if err != nil {
			return nil, err
		}
		for _, counted := range counting.rows {
			made[counted.rule] = counting.row(counted)
		}
	}
	board := b.frame()
	for _, rule := range b.ref.order(measurements) {
		if row := made[rule]; row != nil {
			board.Rows = append(board.Rows, *row)
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
	if _, ok := ref.PointByID(q.PointID); q.PointID != 0 && (!ok || cmp.Or(q.AgencyID, ref.root) == 0) {
		return fmt.Errorf("service point %d of agency %d: %w", q.PointID, q.AgencyID, fault.ErrNotFound)
	}
	if _, ok := ref.Field(q.FieldKey); q.FieldKey != "" && !ok {
		return fmt.Errorf("field %s: %w", q.FieldKey, fault.ErrNotFound)
	}
	if q.Campaign != 0 && ref.campaign == nil {
		return fmt.Errorf("campaign %d: %w", q.Campaign, fault.ErrNotFound)
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

func (b *builder) frame() *Board {
	board := &Board{
		Query: b.query, Province: b.ref.Settings.Province, Synthetic: b.ref.Settings.Synthetic,
		SmallCell: b.ref.Settings.SmallCell, MinSample: b.ref.Settings.MinSample,
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
	if b.ref.campaign != nil {
		of := *b.ref.campaign // a copy: a board that is kept must not keep a whole snapshot
		board.Of = &of
	}
	if p, ok := b.ref.PointByID(b.query.PointID); ok {
		board.Point = &p
	}
	return board
}

// wanted tells whether the board is to have a row.
func (b *builder) wanted(rule *rowRule) bool {
	return b.query.FieldKey == "" || rule.indicator.Kind == target.IndicatorField && rule.indicator.FieldKey == b.query.FieldKey
}
