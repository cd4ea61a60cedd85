package counter

import (
	"strconv"

	"sipas/internal/access"
	"sipas/internal/civil"
	"sipas/internal/httpd"
	"sipas/internal/registry"
	"sipas/internal/report"
	"sipas/internal/wording"
)

// figures are what the board of a counter shows first of this year.
type figures struct {
	Year int
	K    int64         // answers are shown in groups of so many people
	Rows []wording.Row // with a figure, none if no group is complete
	To   string        // address of the board
}

// mostFigures is how many rows stand on the page of a counter; its board has all.
const mostFigures = 3

// figures are those of the counter; nil where the caller may not see whom its answers
// count about.
func (s *side) figures(r *httpd.Request, snap *registry.Snapshot, p httpd.Page) (*figures, error) {
	judging, known := snap.Tree.Agency(r.Point.JudgedID)
	if !known || !r.View(snap).Sees(judging.ID) || !r.May(access.ViewBoard) {
		return nil, nil
	}
	year := s.k.Now().In(s.k.Zone).Year()
	period := civil.Period{Year: year, Kind: civil.Year, Number: 1}
	board, err := s.k.Reports.Board(r.Context(), snap, report.Query{Period: period, AgencyID: judging.ID, PointID: r.Point.ID})
	if err != nil {
		return nil, err
	}
	shown, of := &figures{Year: year, K: board.SmallCell}, "" // without figures the board chooses its year
	for _, row := range p.Board(board).Rows {
		if !row.Figure.Empty && len(shown.Rows) < mostFigures {
			shown.Rows, of = append(shown.Rows, row), strconv.Itoa(year)
		}
	}
	shown.To = httpd.AddressOf("/bang", "agency", judging.Code, "point", r.Point.Code, "year", of)
	return shown, nil
}
