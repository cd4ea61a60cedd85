package citizen

import (
	"errors"
	"net/http"

	"sipas/internal/agency"
	"sipas/internal/fault"
	"sipas/internal/httpd"
)

// showReceipt thanks. The receipt is not looked up: the page says nothing that
// the address does not, and may be loaded again at will.
func (s *side) showReceipt(r *httpd.Request) error {
	receipt, well := agency.ParseCode(r.Param("receipt"))
	err := r.Barred
	if errors.Is(err, fault.ErrNoCounter) {
		err = nil // the shift has ended since
	}
	if err == nil && !well {
		err = fault.ErrNotFound
	}
	if err != nil {
		return s.showNoForm(r, err)
	}
	return thank(r, receipt.Grouped())
}

// thankAtKiosk thanks on a device that is everybody's, where a receipt would be
// the next person's to read.
func (s *side) thankAtKiosk(r *httpd.Request) error {
	err := r.Barred
	if err == nil && r.Form.Point.Channel != agency.ChannelKiosk {
		err = fault.ErrNotFound
	}
	if err != nil {
		return s.showNoForm(r, err)
	}
	return thank(r, "")
}

// kioskBack is how long a kiosk shows thanks, in seconds.
const kioskBack = "5"

// receiptView is what the thanks page shows.
type receiptView struct {
	Receipt, Point, Agency string
	Head, Hotline, Dialled string // as in forms.View
	Code                   agency.Code
	Kiosk                  bool
}

func thank(r *httpd.Request, receipt string) error {
	form := *r.Form
	p := r.CitizenPage(string(form.Point.Channel), formLanguage(r, form), form.Languages())
	p.Title = p.T("thanks.title")
	view := receiptView{
		Receipt: receipt, Code: form.Code, Kiosk: form.Point.Channel == agency.ChannelKiosk,
		Point: form.Point.Name.In(p.Language), Agency: form.Agency.Name.In(p.Language),
		Head: form.Head.Name.In(p.Language), Hotline: form.Hotline, Dialled: agency.Dialled(form.Hotline),
	}
	if view.Kiosk {
		view.Receipt = ""
		r.Set("Refresh", kioskBack+"; url="+form.Code.Path())
	}
	p.Data = view
	return r.Show(http.StatusOK, "citizen/thanks", r.WithEmblem(p))
}
