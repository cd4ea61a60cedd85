package httpd

import (
	"html/template"
	"slices"
	"strings"

	"sipas/internal/report"
	"sipas/internal/target"
)

// boardView is what the board shows.
type boardView struct {
	Heading string // whose board
	Period  string
	Chosen  []string // what the field and the channel are narrowed to, with their names
	Printed string   // the server's day, for paper
	Crumbs  []link
	Filters []filter
	Finding []string // sentences
	Met     int
	Missed  int
	Unsure  int
	Rows    []rowView
	Parts   *partsView // nil: nothing lies below the agency
	Answers bool       // somebody answered in the period
	Methods []string
	K, MinN int64
	Widen   string // address without the field and the channel, "" if none is chosen
	OpenAll string // address with every row open, "" if they are
	Open    bool
	Publish *publishView // nil: not the caller's to publish

	page      page
	board     *report.Board
	query     boardQuery
	territory territory
}

type link struct{ Text, To string }

// rowView is one indicator as one survey measures it.
type rowView struct {
	Key    string // names the row in addresses
	Name   string
	Survey string
	Counts bool
	Figure figureView
	Spark  template.HTML
	Trend  template.HTML
	Notes  []string
	Detail detailView
	Opens  bool // there is something to show below it
	// ByParts is the address of the row's agencies and service points, "" if
	// there are none.
	ByParts string
}

// fill makes the texts from the board.
func (v *boardView) fill() {
	p, b := v.page, v.board
	v.Period, v.K, v.MinN, v.Open = p.period(b.Period), b.SmallCell, b.MinSample, v.query.open
	v.Heading = p.T("board.whole")
	if b.Agency != nil {
		v.Heading = b.Agency.Name.In(p.Language)
		v.crumbs()
	} else if p.Province != "" {
		v.Heading = p.Province
	}
	for _, f := range v.Filters {
		if f.Set && f.narrows() {
			v.Chosen = append(v.Chosen, f.chosen())
		}
	}
	for _, r := range b.Rows {
		row := v.row(r)
		v.Rows = append(v.Rows, row)
		v.Answers = v.Answers || !row.Figure.Empty
		if m := p.T("method." + string(r.Method)); !slices.Contains(v.Methods, m) {
			v.Methods = append(v.Methods, m)
		}
	}
	v.Met, v.Missed, v.Unsure = b.Finding.Met, b.Finding.Missed, b.Finding.NotEnough
	v.Finding = p.finding(b)
	v.Parts = v.parts()
	if len(v.Chosen) > 0 {
		v.Widen = v.query.address("field", "", "channel", "", "row", "")
	}
	if !v.Open {
		v.OpenAll = v.query.address("open", "1")
	}
}

// ChosenText lists what the board is narrowed to.
func (v boardView) ChosenText() string { return strings.Join(v.Chosen, "; ") }

// crumbs lead up as far as the caller may see.
func (v *boardView) crumbs() {
	if v.territory.scope == 0 {
		v.Crumbs = append(v.Crumbs, link{v.page.T("board.whole"), v.query.address("agency", "", "row", "")})
	}
	for _, a := range v.board.Trail {
		if v.territory.sees(a.ID) {
			v.Crumbs = append(v.Crumbs, link{a.Name.In(v.page.Language), v.query.address("agency", a.Code, "row", "")})
		}
	}
}

// rowKey names a row in addresses; an indicator of no field has none.
func rowKey(indicator target.IndicatorKind, surveyKey, field string) string {
	key := string(indicator) + "." + surveyKey
	if field != "" {
		key += "." + field
	}
	return key
}

func (v *boardView) row(r report.Row) rowView {
	p := v.page
	row := rowView{
		Key: rowKey(r.Indicator, r.SurveyKey, r.FieldKey), Name: p.indicator(r.Indicator, r.FieldName), Survey: r.SurveyTitle.In(p.Language),
		Counts: r.Counts, Figure: p.figure(r.Figure, r.Targets),
	}
	row.Figure.Bullet = p.bullet(row.Name, r.Figure, r.Targets, true)
	if trend, ok := p.trend(row.Name, p.months(r), p.ticks(r.Targets)); ok {
		row.Spark, row.Trend = trend.Sparkline(), trend.SVG()
	}
	if r.WordingChanged {
		row.Notes = append(row.Notes, p.T("board.wording-changed"))
	}
	if r.LeftOut {
		row.Notes = append(row.Notes, p.T("board.left-out"))
	}
	row.Detail = v.detail(r)
	if len(r.Parts) > 0 {
		row.ByParts = v.query.address("row", row.Key) + "#don-vi"
	}
	d := row.Detail
	row.Opens = len(row.Notes)+len(row.Figure.Standings)+len(d.Factors)+len(d.Drivers)+len(d.Levels)+len(d.Reasons) > 0 ||
		row.Trend != "" || row.ByParts != "" || d.Hidden
	return row
}

// finding says the board in a sentence or three. Each is true by itself.
func (p page) finding(b *report.Board) []string {
	f := b.Finding
	if !slices.ContainsFunc(b.Rows, func(r report.Row) bool { return r.HasFigure() || r.Hidden }) {
		if b.FieldKey != "" || b.Channel != "" {
			return []string{p.T("board.finding-unfit")}
		}
		return []string{p.T("board.finding-empty")}
	}
	if f.Targets() == 0 {
		return []string{p.T("board.finding-no-targets", "year", b.Period.Year)}
	}
	var said []string
	switch {
	case f.Met+f.Missed == 0: // the last sentence says it all
	case f.Targets() == 1 && f.Met == 1:
		said = append(said, p.T("board.finding-one-met"))
	case f.Targets() == 1:
		said = append(said, p.T("board.finding-one-missed"))
	case f.Met == f.Targets():
		said = append(said, p.T("board.finding-all", "all", f.Targets()))
	case f.Met == 0:
		said = append(said, p.T("board.finding-none", "all", f.Targets()))
	default:
		said = append(said, p.T("board.finding-some", "met", f.Met, "all", f.Targets()))
	}
	if w := f.Worst; w != nil {
		said = append(said, p.shortfall(b.Rows[w.Row], w, f.Targets() == 1))
	}
	if f.NotEnough > 0 {
		said = append(said, p.T("board.finding-unsure", "n", f.NotEnough))
	}
	return said
}

// shortfall says how far the target is that is missed most, or that is the only one.
func (p page) shortfall(r report.Row, w *report.Shortfall, only bool) string {
	t := r.Targets[w.Target]
	key := "board.finding-worst"
	switch {
	case only && t.BeyondChance:
		key = "board.finding-short"
	case only:
		key = "board.finding-short-chance"
	case !t.BeyondChance:
		key = "board.finding-worst-chance"
	}
	factor := ""
	if w.Factor != nil {
		factor = p.T("board.finding-factor", "factor", w.Factor.Label.In(p.Language))
	}
	return p.T(key, "name", p.indicator(r.Indicator, r.FieldName), "gap", strings.TrimPrefix(p.gap(t.Gap, usually(r.Figure)), "−"),
		"target", p.target(t.Target), "factor", factor)
}
