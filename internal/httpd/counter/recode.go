package counter

import (
	"net/http"

	"sipas/internal/agency"
	"sipas/internal/httpd"
	"sipas/internal/registry"
)

// recodePage is the page before a counter gets another code.
type recodePage struct {
	Point        agency.ServicePoint
	Name, Agency string
	Path, Back   string
}

func (s *side) askToRecode(r *httpd.Request) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	p, path := r.NewPage("point-recode", nil), pathOf(r.Point.Code)
	owner, _ := snap.Tree.Agency(r.Point.AgencyID)
	p.Data = recodePage{
		Point: *r.Point, Name: r.Point.Name.In(p.Language), Agency: owner.Name.In(p.Language), Path: path + recodeEnd, Back: path,
	}
	return r.Show(http.StatusOK, "desk/point-recode", p)
}

// recode gives a counter another code: who scans the one before is told so, and not the
// new one.
func (s *side) recode(r *httpd.Request) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	var code agency.Code
	err = r.Change(func(c *registry.Change) error {
		kept, err := keptNow(r, c, snap)
		if err == nil {
			code, err = c.RecodeServicePoint(r.Context(), kept.ID)
		}
		return err
	})
	if err != nil {
		return err
	}
	r.LeadTo(afterwards(code, "point-recoded"))
	return nil
}
