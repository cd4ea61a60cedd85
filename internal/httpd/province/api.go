package province

import (
	"net/http"

	"sipas/internal/httpd"
)

// pointDocument is a service point as lists for programs show it.
type pointDocument struct {
	Code   string   `json:"code"`
	Name   string   `json:"name"`
	Agency string   `json:"agency"`
	Fields []string `json:"fields"`
	Active bool     `json:"active"`
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
		fields := append([]string{}, p.FieldKeys...)
		list = append(list, pointDocument{string(p.Code), p.Name.In(language), owner.Code, fields, p.Active})
	}
	r.WriteJSON(http.StatusOK, list)
	return nil
}
