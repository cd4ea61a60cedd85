package board

import (
	"net/http"

	"sipas/internal/httpd"
)

// homePage is what the first page shows: a counter code that was typed and
// cannot be one.
type homePage struct {
	Code  string
	Wrong bool
}

// showHome says to citizens, agencies and the public where to go. A typed
// counter code leads to its form.
func (s *side) showHome(r *httpd.Request) error {
	typed := r.Query("ma")
	if typed == "" {
		return r.Show(http.StatusOK, "desk/home", r.NewPage("home", homePage{}))
	}
	if r.Code != "" {
		r.LeadTo(r.Code.Path())
		return nil
	}
	p := r.NewPage("home", homePage{Code: httpd.Cut(typed, 40), Wrong: true})
	p.Title = p.T("home.wrong-title", "title", p.Title)
	return r.Show(http.StatusUnprocessableEntity, "desk/home", p)
}
