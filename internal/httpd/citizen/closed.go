package citizen

import (
	"errors"
	"net/http"

	"sipas/internal/agency"
	"sipas/internal/fault"
	"sipas/internal/httpd"
)

// closedView is what the page of a closed service point shows.
type closedView struct {
	Point, Agency          string
	Head, Hotline, Dialled string      // as in forms.View
	Else                   agency.Code // where else the agency takes answers, "" for nowhere
	ElseName, ElsePlace    string
	Replaced               bool // the service point has another code, which is on its poster
}

// showNoForm says that there is nothing to answer, with the same status and
// after the same work whether the code is unknown, is a sheet of staff or
// belongs to a closed service point or to one that has another by now. Whoever has
// such a code read it on the spot, and is told so.
func (s *side) showNoForm(r *httpd.Request, err error) error {
	f := httpd.FailureOf(err)
	if f.Status != http.StatusNotFound {
		return err
	}
	r.Announce(fault.ErrNotFound, f)
	replaced := errors.Is(err, fault.ErrReplaced)
	if !replaced && !errors.Is(err, fault.ErrClosed) {
		p := r.CitizenPage("", r.Printer().Language, s.k.Catalogues.Languages())
		p.Title = p.T("no-form.title")
		return r.Show(http.StatusNotFound, "citizen/no-form", p)
	}
	form := *r.Form
	p := r.CitizenPage(string(form.Point.Channel), formLanguage(r, form), form.Languages())
	p.Title = p.T("closed.title")
	if replaced {
		p.Title = p.T("replaced.title")
	}
	view := closedView{
		Point: form.Point.Name.In(p.Language), Agency: form.Agency.Name.In(p.Language),
		Replaced: replaced, Head: form.Head.Name.In(p.Language), Hotline: form.Hotline, Dialled: agency.Dialled(form.Hotline),
	}
	// Who has an old code need not be there: no other address for them.
	if other := form.Elsewhere(); other != nil && !replaced && form.Point.Channel != agency.ChannelKiosk { // a kiosk leads nowhere
		view.Else, view.ElseName, view.ElsePlace = other.Code, other.Name.In(p.Language), other.Place
	}
	p.Data = view
	return r.Show(http.StatusNotFound, "citizen/closed", p)
}
