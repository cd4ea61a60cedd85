package httpd

import (
	"net/http"
	"strings"
	"unicode"

	"github.com/gin-gonic/gin"

	"sipas/internal/survey"
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
	if code, ok := parseTypedCode(typed); ok {
		c.Redirect(http.StatusSeeOther, code.Path())
		return nil
	}
	p := s.newPage(c, "home", homePage{Code: cut(typed, 40), Wrong: true})
	p.Title = p.T("home.wrong-title", "title", p.Title)
	return s.render(c, http.StatusUnprocessableEntity, "desk/home", p)
}

// parseTypedCode reads a code as people copy it from a poster, with blanks and
// dashes of any kind around it or in its middle.
func parseTypedCode(typed string) (survey.Code, bool) {
	if len(typed) > 40 {
		return "", false
	}
	return survey.ParseCode(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) {
			return -1
		}
		return r
	}, typed))
}
