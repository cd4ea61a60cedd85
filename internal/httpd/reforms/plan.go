package reforms

import (
	"errors"
	"net/http"

	"sipas/internal/audit"
	"sipas/internal/httpd"
	"sipas/internal/reform"
)

// planPage is what would be done.
type planPage struct {
	account
	Back   string
	Hidden []httpd.Choice
	Hash   string
	Stale  bool // something was changed, or placed otherwise, since the plan was shown
	Early  bool
	Split  bool
}

func (s side) plan(r *httpd.Request) error {
	return s.writePlan(r, readForm(r.Queries), http.StatusOK, false)
}

// made works out the plan of a form.
func (s side) made(r *httpd.Request, f form) (*reform.Plan, error) {
	snap, err := r.Snapshot()
	if err != nil {
		return nil, err
	}
	return s.reforms.Plan(r.Context(), snap, f.asked())
}

// writePlan shows a plan, or the form with why there is none.
func (s side) writePlan(r *httpd.Request, f form, status int, stale bool) error {
	plan, err := s.made(r, f)
	if err != nil {
		return err
	}
	if len(plan.Problems) > 0 {
		return s.writeForm(r, http.StatusUnprocessableEntity, f, plan.Problems)
	}
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	p := r.NewPage("reform-plan", nil)
	told := teller{p, snap, plan.Agency, plan.Asked}.tell(plan.Steps)
	told.Kind, told.Day = p.T("reform."+string(f.Kind)), p.Day(plan.Asked.Day)
	told.Stay, told.Remain = int64(len(plan.Stay)), int64(len(plan.Remain))
	p.Data = planPage{account: told, Back: f.address(), Hidden: f.hidden(), Hash: plan.Hash(), Stale: stale, Early: plan.Early, Split: f.Kind == reform.Split}
	return r.Show(status, "desk/reform-plan", p)
}

// decide shows the plan again, with things placed otherwise, or carries out the one that
// was shown.
func (s side) decide(r *httpd.Request) error {
	fields, err := r.Fields()
	if err != nil {
		return err
	}
	f := readForm(fields.All)
	if fields.Get("do") != "lam" {
		return s.writePlan(r, f, http.StatusOK, false)
	}
	plan, err := s.made(r, f)
	if err != nil {
		return err
	}
	if plan.Hash() != fields.Get("ke-hoach") {
		return s.writePlan(r, f, http.StatusConflict, true)
	}
	done, err := s.reforms.Apply(r.Context(), r.Author(audit.Web), plan)
	switch {
	case errors.Is(err, reform.ErrStale), errors.Is(err, reform.ErrEarly), errors.Is(err, reform.ErrWrong):
		return s.writePlan(r, f, http.StatusConflict, true)
	case err != nil:
		return err
	}
	r.LeadTo(httpd.AddressOf(reformPath(done.ID), "da", "reformed"))
	return nil
}
