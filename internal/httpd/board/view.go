package board

import (
	"slices"
	"strconv"
	"strings"

	"sipas/internal/httpd"
	"sipas/internal/registry"
	"sipas/internal/report"
	"sipas/internal/wording"
)

// view is a board in words with what the page lays beside it.
type view struct {
	wording.Board
	choice
	Rows    []rowView
	Chosen  []string // what the field, the channel and the campaign are narrowed to, with their names
	Alone   string   // what it means that only a campaign's answers are shown, "" where all are
	Printed string   // the server's day, for paper
	Fate    string   // since when the agency is no more, "" without an end
	Of      string   // the agency of a counter, "" on every other board
	Counter string   // address of the counter's page, "" where it is not the caller's to see
	Crumbs  []link
	Parts   *partsView // nil: nothing lies below the agency
	Widen   string     // address without the field, the channel and the campaign, "" if none is chosen
	OpenAll string     // address with every row open, "" if they are
	Open    bool

	words wording.Words
	board *report.Board
	query query
	sees  registry.View
	root  string // code of the agency that is the whole province, "" if there is none
	today string
}

type link struct{ Text, To string }

// rowView is a row with what leads on from it.
type rowView struct {
	wording.Row
	// ByParts is the address of the row's agencies and service points, "" if
	// there are none.
	ByParts string
}

// Opens tells whether there is something to show below the row.
func (r rowView) Opens() bool {
	d := r.Detail
	return len(r.Notes)+len(r.Figure.Standings)+len(d.Factors)+len(d.Drivers)+len(d.Levels)+len(d.Reasons) > 0 ||
		r.Trend != nil || r.ByParts != "" || d.Withheld
}

// fill makes the texts from the board and lays the links beside them.
func (v *view) fill() (err error) {
	v.Board = v.words.Board(v.board)
	v.Open = v.query.open
	switch {
	case v.board.Point != nil:
		v.crumbs()
		v.Of = v.board.Agency.Name.In(v.words.Language)
		if v.sees.Sees(v.board.Point.AgencyID) {
			v.Counter = "/quay/" + string(v.board.Point.Code)
		}
	case v.board.Agency != nil:
		v.crumbs()
		v.Fate = wording.Fate(v.words, *v.board.Agency, v.sees.Heirs(v.board.Agency.ID), v.today)
	}
	if of := v.board.Of; of != nil {
		v.Alone = v.words.T("board.campaign-alone", "name", of.Name.In(v.words.Language), "from", v.words.Day(of.FirstDay), "to", v.words.Day(of.LastDay))
	}
	for _, f := range v.Filters {
		if f.Set && f.narrows() {
			v.Chosen = append(v.Chosen, f.chosen())
		}
	}
	for i, r := range v.Board.Rows {
		row := rowView{Row: r}
		if len(v.board.Rows[i].Parts) > 0 {
			row.ByParts = v.query.address("row", row.Key) + "#don-vi"
		}
		v.Rows = append(v.Rows, row)
	}
	if v.Parts, err = v.parts(); err != nil {
		return err
	}
	if len(v.Chosen) > 0 {
		v.Widen = v.query.address("field", "", "channel", "", "campaign", "", "row", "")
	}
	if !v.Open {
		v.OpenAll = v.query.address("open", "1")
	}
	return nil
}

// ChosenText lists what the board is narrowed to.
func (v view) ChosenText() string { return strings.Join(v.Chosen, "; ") }

// crumbs lead up as far as the caller may see; from a counter to its agency first.
func (v *view) crumbs() {
	to := func(text, agency string) {
		v.Crumbs = append(v.Crumbs, link{text, v.query.address("agency", agency, "point", "", "row", "")})
	}
	if v.sees.Scope() == 0 {
		to(v.words.T("board.whole"), "")
	}
	above := v.board.Trail
	if v.board.Point != nil {
		above = append(slices.Clone(above), *v.board.Agency)
	}
	for _, a := range above {
		if v.sees.Sees(a.ID) {
			to(a.Name.In(v.words.Language), a.Code)
		}
	}
}

// partsView is the table of child agencies and service points, for one row.
type partsView struct {
	Name    string // of the row
	Rows    []option
	Parts   []partView
	Targets []string
	Query   map[string]string
	Pages   httpd.Pages
}

// partsPerPage shows the communes and departments of a province on one page.
const partsPerPage = 200

// partView is a part and where it leads, "" if nowhere.
type partView struct {
	wording.Part
	To    string
	Ended string // since when it is no more, "" of one that is
}

// parts lists what the chosen row is made of: the asked row, or else the one
// furthest from its target, or else the first with parts.
func (v *view) parts() (*partsView, error) {
	rows := v.board.Rows
	has := func(r report.Row) bool { return len(r.Parts) > 0 }
	at := slices.IndexFunc(rows, func(r report.Row) bool { return has(r) && r.Key() == v.query.row })
	if worst := v.board.Finding.Worst; at < 0 && worst != nil && has(rows[worst.Row]) {
		at = worst.Row
	}
	if at < 0 {
		at = slices.IndexFunc(rows, func(r report.Row) bool { return has(r) && r.HasFigure() })
	}
	if at < 0 {
		return nil, nil
	}
	view := &partsView{Name: v.Rows[at].Name, Query: v.query.values("row")}
	for _, s := range v.Rows[at].Figure.Standings {
		view.Targets = append(view.Targets, s.Target)
	}
	for i, r := range v.Rows {
		if r.ByParts != "" {
			text := r.Name
			if !r.Counts {
				text += " · " + r.Survey
			}
			view.Rows = append(view.Rows, option{r.Key, text, i == at})
		}
	}
	var err error
	view.Pages, err = httpd.PageOf(v.query.page, len(rows[at].Parts), partsPerPage, func(page int) string {
		return v.query.address("row", rows[at].Key(), "page", strconv.Itoa(page)) + "#don-vi"
	})
	if err != nil {
		return nil, err
	}
	parts, agencies, counters := rows[at].Parts[view.Pages.From:view.Pages.To], v.query.addresses("agency"), v.counters()
	for i, part := range v.words.Parts(parts) {
		line := partView{Part: part, To: v.leads(parts[i], agencies, counters)}
		if of := parts[i].Agency; of != nil {
			line.Ended = wording.Ended(v.words, *of, v.today)
		}
		view.Parts = append(view.Parts, line)
	}
	return view, nil
}

// counters gives the boards of the service points of the board's agency, by their codes.
func (v *view) counters() func(code string) string {
	q := v.query
	q.agency, q.row = v.root, ""
	if v.board.Agency != nil {
		q.agency = v.board.Agency.Code
	}
	return q.addresses("point")
}

// leads is the address of the board of a part that the caller may see, by the code of
// the agency or the counter.
func (v *view) leads(part report.Part, agencies, counters func(code string) string) string {
	switch {
	case part.Agency != nil && v.sees.Sees(part.Agency.ID):
		return agencies(part.Agency.Code)
	case part.Point != nil && v.sees.Sees(part.Point.JudgedID):
		return counters(string(part.Point.Code))
	}
	return ""
}
