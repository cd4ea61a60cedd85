package wording

import (
	"slices"

	"sipas/internal/chart"
	"sipas/internal/report"
)

// Board is a board in one language.
type Board struct {
	Heading             string // whose board
	Period              string
	Finding             []string // sentences
	Met, Missed, Unsure int      // targets
	Rows                []Row    // in the order of the board's
	Answers             bool     // somebody answered in the period
	Methods             []string // how the rows are computed, and what they can bear
	K                   int64    // answers are shown in groups of so many people
}

// Row is one indicator as one survey measures it.
type Row struct {
	Key    string // report.Row.Key
	Name   string
	Survey string
	Counts bool // held against the targets
	Figure Figure
	Trend  *chart.Trend // the year's months; nil: none is shown
	Notes  []string
	Detail Detail
}

// Board puts a board into words, all but the parts of its rows: of these a
// reader sees one row's at a time (see Parts).
func (w Words) Board(b *report.Board) Board {
	out := Board{
		Heading: w.T("board.whole"), Period: w.Period(b.Period), Finding: w.finding(b),
		Met: b.Finding.Met, Missed: b.Finding.Missed, Unsure: b.Finding.NotEnough,
		K: b.SmallCell,
	}
	if b.Point != nil {
		out.Heading = b.Point.Name.In(w.Language)
	} else if b.Agency != nil {
		out.Heading = b.Agency.Name.In(w.Language)
	} else if province := b.Province.In(w.Language); province != "" {
		out.Heading = province
	}
	for _, r := range b.Rows {
		row := w.row(r)
		out.Rows = append(out.Rows, row)
		out.Answers = out.Answers || !row.Figure.Empty
		if m := w.T("method." + string(r.Method)); !slices.Contains(out.Methods, m) {
			out.Methods = append(out.Methods, m)
		}
	}
	rule := "board.method-groups"
	if b.Withholds {
		rule = "board.method-hidden"
	}
	out.Methods = append(out.Methods,
		w.T("board.method-interval"), w.T("board.method-standing", "n", b.MinSample), w.T(rule, "k", b.SmallCell))
	return out
}

func (w Words) row(r report.Row) Row {
	row := Row{
		Key: r.Key(), Name: w.Indicator(r.Indicator, r.FieldName), Survey: r.SurveyTitle.In(w.Language),
		Counts: r.Counts, Figure: w.figure(r.Figure, r.Targets), Detail: w.detail(r),
	}
	row.Figure.Bullet = w.bullet(row.Name, r.Figure, r.Targets, true)
	row.Trend = w.trend(row.Name, r)
	if r.WordingChanged {
		row.Notes = append(row.Notes, w.T("board.wording-changed"))
	}
	if r.LeftOut {
		row.Notes = append(row.Notes, w.T("board.left-out"))
	}
	return row
}

// Part is a child agency or a service point, with the row's figure for it.
type Part struct {
	Name   string
	Point  bool // a service point
	Figure Figure
}

// Parts puts what a row is made of into words, in the order of Row.Parts.
func (w Words) Parts(of []report.Part) []Part {
	parts := make([]Part, 0, len(of))
	var without []Standing // of parts without a figure: they are all alike
	for _, p := range of {
		part := Part{Point: p.Point != nil}
		switch {
		case p.Agency != nil:
			part.Name = p.Agency.Name.In(w.Language)
		case p.Point != nil:
			part.Name = p.Point.Name.In(w.Language)
		}
		switch {
		case p.HasFigure():
			part.Figure = w.figure(p.Figure, p.Targets)
			part.Figure.Bullet = w.bullet(part.Name, p.Figure, p.Targets, false)
		case without == nil:
			part.Figure = w.figure(p.Figure, p.Targets)
			without = part.Figure.Standings
		default:
			part.Figure = w.figure(p.Figure, nil)
			part.Figure.Standings = without
		}
		parts = append(parts, part)
	}
	return parts
}
