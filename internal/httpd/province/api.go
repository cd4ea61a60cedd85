package province

import (
	"net/http"

	"sipas/internal/agency"
	"sipas/internal/httpd"
)

// pointDocument is a service point as lists for programs show it.
type pointDocument struct {
	Code    string         `json:"code"`
	Name    string         `json:"name"`
	Agency  string         `json:"agency"`
	Judged  string         `json:"judged_agency"`
	Fields  []string       `json:"fields"`
	Channel agency.Channel `json:"channel"`
	Survey  string         `json:"survey"`
	Place   string         `json:"place,omitempty"`
	Hours   string         `json:"hours,omitempty"`
	Hotline string         `json:"hotline,omitempty"`
	Active  bool           `json:"active"`
}

// givePoints lists the service points of the agencies that the caller may
// see.
func (s *side) givePoints(r *httpd.Request) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	language, list := r.Printer().Language, []pointDocument{}
	for _, p := range r.View(snap).Points() {
		owner, _ := snap.Tree.Agency(p.AgencyID)
		judged, _ := snap.Tree.Agency(p.JudgedID)
		list = append(list, pointDocument{
			string(p.Code), p.Name.In(language), owner.Code, judged.Code, append([]string{}, p.FieldKeys...), p.Channel, p.SurveyKey,
			p.Place, p.Hours, p.Hotline, p.Active,
		})
	}
	r.WriteJSON(http.StatusOK, list)
	return nil
}
