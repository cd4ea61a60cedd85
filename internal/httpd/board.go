package httpd

import (
	"net/http"
	"strings"

	"sipas/internal/access"

	"github.com/gin-gonic/gin"
)

// handleBoard shows how an agency stands. A caller sees their own agency and
// what lies below it.
func (s *Server) handleBoard(c *gin.Context) error {
	snap, err := s.snapshot(c)
	if err != nil {
		return err
	}
	t := snap.For(identity(c))
	q, err := s.readBoardQuery(c, t)
	if err != nil {
		return err
	}
	board, err := s.Reports.Board(c.Request.Context(), snap, q.Query)
	if err != nil {
		return err
	}
	p := s.newPage(c, "board", nil)
	view := boardView{board: board, query: q, view: t, page: p}
	if view.Filters, err = s.boardFilters(c, p, t, q); err != nil {
		return err
	}
	view.fill()
	if q.AgencyID == 0 && q.FieldKey == "" && q.Channel == "" && identity(c).May(access.Administer) {
		if view.Publish, err = s.publishLink(c, q.Period); err != nil {
			return err
		}
	}
	view.Printed = s.Now().In(s.Zone).Format("02/01/2006")
	p.Title = strings.Join(append([]string{view.Heading, view.Period}, view.Chosen...), " · ")
	p.Data = view
	return s.render(c, http.StatusOK, "desk/board", p)
}
