package setup

import (
	"encoding/base64"
	"html/template"
	"net/http"
	"strconv"
	"time"

	"sipas/internal/firstrun"
	"sipas/internal/httpd"
	"sipas/internal/qr"
	"sipas/internal/sender"
)

// trialPage shows a code to scan with one's own phone, and whether an answer has come.
type trialPage struct {
	Point, Agency string
	Image         template.URL // "" where there is no counter to try
	Address       string
	Minutes       string // how long it holds
	Answered      bool
}

func (s *side) showTrial(r *httpd.Request) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	p, data := r.NewPage("trial", nil), trialPage{Minutes: strconv.Itoa(int(sender.TrialLasts / time.Minute))}
	if data.Answered, err = s.k.Reports.Answered(r.Context()); err != nil {
		return err
	}
	if point, ok := firstrun.Tried(snap); ok {
		of, _ := snap.Tree.Agency(point.AgencyID)
		data.Point, data.Agency = point.Name.In(p.Language), of.Name.In(p.Language)
		data.Address = s.k.PublicURL.String() + "/thu/" + r.TrialToken(point.Code)
		image, err := qr.SVG(data.Address, point.Code.Grouped())
		if err != nil {
			return err
		}
		data.Image = template.URL("data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(image)) //nolint:gosec // drawn here
	}
	p.Data = data
	return r.Show(http.StatusOK, "desk/trial", p)
}
