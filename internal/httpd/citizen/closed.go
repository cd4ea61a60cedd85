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
	Why                    string // what else to say in words: that the code was replaced, or is a badge at no counter
}

// showNoForm says that there is nothing to answer, with the same status and
// after the same work whether the code is unknown, is a sheet of staff or
// belongs to a closed service point or to one that has another by now, or to a badge
// that is out of use or at no counter. Whoever has
// such a code read it on the spot, and is told so.
func (s *side) showNoForm(r *httpd.Request, err error) error {
	f := httpd.FailureOf(err)
	if f.Status != http.StatusNotFound {
		return err
	}
	r.Announce(fault.ErrNotFound, f)
	replaced := errors.Is(err, fault.ErrReplaced)
	lost := errors.Is(err, fault.ErrNoCounter)
	if !replaced && !lost && !errors.Is(err, fault.ErrClosed) {
		p := r.CitizenPage("", r.Printer().Language, s.k.Catalogues.Languages())
		p.Title = p.T("no-form.title")
		return r.Show(http.StatusNotFound, "citizen/no-form", p)
	}
	form := *r.Form
	p := r.CitizenPage(string(form.Point.Channel), formLanguage(r, form), form.Languages())
	p.Title = p.T("closed.title")
	why := ""
	switch badge := form.Code != form.Point.Code; {
	case replaced && badge:
		p.Title, why = p.T("badge-replaced.title"), p.T("badge-replaced.why")
	case replaced:
		p.Title, why = p.T("replaced.title"), p.T("replaced.new")
	case lost:
		p.Title, why = p.T("badge-lost.title"), p.T("badge-lost.why")
	}
	view := closedView{
		Point: form.Point.Name.In(p.Language), Agency: form.Agency.Name.In(p.Language),
		Why: why, Head: form.Head.Name.In(p.Language), Hotline: form.Hotline, Dialled: agency.Dialled(form.Hotline),
	}
	// Who has an old code need not be there: no other address for them.
	if other := form.Elsewhere(); other != nil && why == "" && form.Point.Channel != agency.ChannelKiosk { // a kiosk leads nowhere
		view.Else, view.ElseName, view.ElsePlace = other.Code, other.Name.In(p.Language), other.Place
	}
	p.Data = view
	return r.Show(http.StatusNotFound, "citizen/closed", p)
}
