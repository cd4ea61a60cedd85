package httpd

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// homePage is what the first page shows: a counter code that was typed and
// cannot be one.
type homePage struct {
	Code  string
	Wrong bool
}

// handleHome says to citizens, agencies and the public where to go. A typed
// counter code leads to its form.
func (s *Server) handleHome(c *gin.Context) error {
	typed := c.Query("ma")
	if typed == "" {
		return s.render(c, http.StatusOK, "desk/home", s.newPage(c, "home", homePage{}))
	}
	if code, ok := s.Intake.Find(c.Request.Context(), typed); ok {
		c.Redirect(http.StatusSeeOther, code.Path())
		return nil
	}
	p := s.newPage(c, "home", homePage{Code: cut(typed, 40), Wrong: true})
	p.Title = p.T("home.wrong-title", "title", p.Title)
	return s.render(c, http.StatusUnprocessableEntity, "desk/home", p)
}
