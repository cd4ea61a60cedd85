package board

import (
	"net/http"
	"strings"

	"sipas/internal/access"
	"sipas/internal/httpd"
)

// showBoard shows how an agency stands. A caller sees their own agency and
// what lies below it.
func (s *side) showBoard(r *httpd.Request) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	q, err := s.readQuery(r, snap)
	if err != nil {
		return err
	}
	q.row, q.open, q.page = r.Query("row"), r.Query("open") == "1", r.Query("page")
	board, err := s.k.Reports.Board(r.Context(), snap, q.Query)
	if err != nil {
		return err
	}
	p := r.NewPage("board", nil)
	v := view{board: board, query: q, sees: r.View(snap), page: p}
	if v.choice, err = s.choice(r, p, snap, q); err != nil {
		return err
	}
	if err := v.fill(); err != nil {
		return err
	}
	if q.AgencyID == 0 && q.FieldKey == "" && q.Channel == "" && r.May(access.Administer) {
		if v.Publish, err = s.publishLink(r, q.Period); err != nil {
			return err
		}
	}
	v.Printed = s.k.Now().In(s.k.Zone).Format("02/01/2006")
	p.Title = strings.Join(append([]string{v.Heading, v.Period}, v.Chosen...), " · ")
	p.Data = v
	return r.Show(http.StatusOK, "desk/board", p)
}
