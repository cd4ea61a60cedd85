package board

import (
	"slices"

	"sipas/internal/civil"
	"sipas/internal/httpd"
	"sipas/internal/registry"
	"sipas/internal/report"
	"sipas/internal/wording"
)

// beforeView is how the units stood whose work an agency took over: each by itself, in
// the period in which they were there. Nothing adds them up.
type beforeView struct {
	Period string
	Units  []beforeUnit
}

// beforeUnit is one of the units with its figures.
type beforeUnit struct {
	Name, Until string
	To          string // its own board
	Rows        []wording.Row
}

// before shows the units before a merger on the board of the agency that took them
// over; nil where the period has nothing to do with one, or for one counter. A board of a time after the
// merger is held against the same part of the year before.
func (s *side) before(r *httpd.Request, snap *registry.Snapshot, q query, board *report.Board, words wording.Words) (*beforeView, error) {
	if board.Agency == nil || board.Point != nil {
		return nil, nil
	}
	view := r.View(snap)
	forerunners := view.Forerunners(board.Agency.ID)
	period, ok := periodBefore(q.Period, forerunners)
	if !ok {
		return nil, nil
	}
	units := forerunners
	if period != q.Period && board.Agency.Lives(period.From()) { // it had a board of its own then
		units = append([]registry.Kin{{Agency: *board.Agency}}, units...)
	}
	asked := q
	asked.Period, asked.Detail, asked.row, asked.open = period, false, "", false
	shown := &beforeView{Period: words.Period(period)}
	for _, unit := range units {
		if unit.Day != "" && unit.Day <= period.From() {
			continue
		}
		asked.AgencyID = unit.ID
		then, err := s.k.Reports.Board(r.Context(), snap, asked.Query)
		if err != nil {
			return nil, err
		}
		line := beforeUnit{Name: unit.Name.In(words.Language), To: asked.address("agency", unit.Code)}
		if unit.Day != "" {
			line.Until = words.T("agency.until", "day", words.Day(unit.Day))
		}
		for i, row := range words.Board(then).Rows {
			if row.Counts && !row.Figure.Empty && sameMethod(board, then.Rows[i]) {
				line.Rows = append(line.Rows, row)
			}
		}
		shown.Units = append(shown.Units, line)
	}
	return shown, nil
}

// periodBefore is the period in which forerunners of an agency are to be looked at: the
// one asked for if it began before the last of them ended, or the same part of the year
// before; ok is false where that began too late too.
func periodBefore(asked civil.Period, forerunners []registry.Kin) (civil.Period, bool) {
	there := func(p civil.Period) bool {
		return slices.ContainsFunc(forerunners, func(k registry.Kin) bool { return p.From() < k.Day })
	}
	if there(asked) {
		return asked, true
	}
	earlier, err := civil.ParsePeriod(asked.Year-1, asked.Part())
	return earlier, err == nil && there(earlier)
}

// sameMethod tells whether a row was measured as the board's own row of the same name
// is; it is where the board has none.
func sameMethod(board *report.Board, row report.Row) bool {
	at := slices.IndexFunc(board.Rows, func(own report.Row) bool { return own.Key() == row.Key() })
	return at < 0 || board.Rows[at].Method == row.Method
}
