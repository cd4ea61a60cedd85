package httpd

import (
	"slices"

	"sipas/internal/report"
)

// partsView is the table of child agencies and service points, for one row.
type partsView struct {
	Name    string // of the row
	Rows    []option
	Parts   []partView
	Targets []string
	Hidden  bool // some figures are hidden
	Query   map[string]string
}

type partView struct {
	Name   string
	To     string // where it leads, "" if nowhere
	Point  bool
	Figure figureView
}

// parts lists what the chosen row is made of: the asked row, or else the one
// furthest from its target, or else the first with parts.
func (v *boardView) parts() *partsView {
	rows := v.board.Rows
	has := func(r report.Row) bool { return len(r.Parts) > 0 }
	at := slices.IndexFunc(v.Rows, func(r rowView) bool { return r.ByParts != "" && r.Key == v.query.row })
	if worst := v.board.Finding.Worst; at < 0 && worst != nil && has(rows[worst.Row]) {
		at = worst.Row
	}
	if at < 0 {
		at = slices.IndexFunc(rows, func(r report.Row) bool { return has(r) && r.HasFigure() })
	}
	if at < 0 {
		return nil
	}
	view := &partsView{Name: v.Rows[at].Name, Query: v.query.values("row")}
	for _, s := range v.Rows[at].Figure.Standings {
		view.Targets = append(view.Targets, s.Target)
	}
	for i, r := range rows {
		if has(r) {
			text := v.Rows[i].Name
			if !r.Counts {
				text += " · " + v.Rows[i].Survey
			}
			view.Rows = append(view.Rows, option{v.Rows[i].Key, text, i == at})
		}
	}
	for _, part := range rows[at].Parts {
		line := partView{Figure: v.page.figure(part.Figure, part.Targets)}
		view.Hidden = view.Hidden || part.Hidden
		switch {
		case part.Agency != nil:
			line.Name = part.Agency.Name.In(v.page.Language)
			if v.territory.sees(part.Agency.ID) {
				line.To = v.query.address("agency", part.Agency.Code)
			}
		case part.Point != nil:
			line.Name, line.Point = part.Point.Name.In(v.page.Language), true
			if v.territory.sees(part.Point.AgencyID) {
				line.To = "/quay#quay-" + string(part.Point.Code)
			}
		}
		line.Figure.Bullet = v.page.bullet(line.Name, part.Figure, part.Targets, false)
		view.Parts = append(view.Parts, line)
	}
	return view
}
