package roster

import (
	"errors"
	"net/http"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/bulk"
	"sipas/internal/httpd"
	"sipas/internal/httpd/revision"
	"sipas/internal/registry"
)

// officialForm is the form of a new official, or of one who is changed: its fields are
// columns of the list of officials.
type officialForm struct {
	httpd.Typed
	Scopes     []httpd.Choice
	Kept       *agency.Official // nil of a new one
	Path, Back string
}

// cells are the fields of the form that are columns, beside the agency, which the kernel
// finds, and the counter.
var cells = []string{"name", "login", "named", "active"}

// seatField is the column of the counter where an official usually sits.
const seatField = "service_point"

// codeField is the field of a new official's code: other forms call that of theirs
// otherwise, too.
const codeField = "official_code"

// label is what a column is called.
func label(p httpd.Page, column string) string {
	if column == "agency" {
		return p.T("point.agency") // which accounts call their scope
	}
	return p.T("field." + column)
}

func (s *side) showNew(r *httpd.Request) error {
	return s.writeForm(r, http.StatusOK, r.Typed(map[string]string{"active": "yes"}))
}

func (s *side) showForm(r *httpd.Request) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	typed := r.Typed(valuesOf(snap, r.View(snap), *r.Official))
	typed.Opened = typed.Values
	return s.writeForm(r, http.StatusOK, typed)
}

// valuesOf are an official as the form has them. A counter that the caller may not see is
// left out: so it stays.
func valuesOf(snap *registry.Snapshot, view registry.View, o agency.Official) map[string]string {
	yesNo := map[bool]string{true: "yes", false: "no"}
	office, _ := snap.Tree.Agency(o.AgencyID)
	values := map[string]string{"name": o.Name, "login": o.Login, "named": yesNo[o.Named], "active": yesNo[o.Active], "agency": office.Code}
	if counter, err := view.PointByID(o.PointID); err == nil {
		values[seatField] = string(counter.Code)
	} else if o.PointID == 0 {
		values[seatField] = ""
	}
	return values
}

func (s *side) writeForm(r *httpd.Request, status int, typed httpd.Typed) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	p, path, back := r.NewPage("official-new", nil), newPath, listPath
	if r.Official != nil {
		back = pathOf(r.Official.Code)
		p, path = r.NewPage("official-change", nil), back+formEnd
	}
	p.Data = officialForm{Typed: typed, Scopes: httpd.AgencyChoices(r.View(snap), p, typed.Value("agency")), Kept: r.Official, Path: path, Back: back}
	return r.Show(status, "desk/official-form", p)
}

// add keeps a new official.
func (s *side) add(r *httpd.Request) error {
	typed, fields, err := typedCells(r)
	if err != nil {
		return err
	}
	typed["code"] = strings.TrimSpace(fields.Get(codeField))
	var o agency.Official
	var wrong []httpd.Wrong
	err = r.Change(func(c *registry.Change) error {
		now, err := c.Now(r.Context())
		if err != nil {
			return err
		}
		var problems []bulk.Problem
		if o, problems = bulk.ReadOfficial(now, agency.Official{}, typed); len(problems) > 0 {
			wrong = revision.Mistakes(r, problems)
			for i, w := range wrong {
				if w.Where == "code" {
					wrong[i].Where = codeField
				}
			}
			return revision.ErrNotKept
		}
		return c.AddOfficials(r.Context(), []agency.Official{o})
	})
	if errors.Is(err, revision.ErrNotKept) {
		typed[codeField] = typed["code"]
		return s.writeForm(r, http.StatusUnprocessableEntity, httpd.Typed{Values: typed, Problems: wrong})
	}
	if err != nil {
		return err
	}
	r.LeadTo(httpd.AddressOf(pathOf(o.Code), "da", "official-added"))
	return nil
}

// change keeps what was changed in the form.
func (s *side) change(r *httpd.Request) error {
	typed, fields, err := typedCells(r)
	if err != nil {
		return err
	}
	var kept agency.Official
	var now *registry.Snapshot
	form, status, err := revision.Keep(r, fields, typed, revision.Of{
		Now: func(c *registry.Change) (_ map[string]string, err error) {
			if kept, now, err = keptNow(r, c); err != nil {
				return nil, err
			}
			return valuesOf(now, r.View(now), kept), nil
		},
		Keep: func(c *registry.Change, merged map[string]string) ([]httpd.Wrong, error) {
			o, problems := bulk.ReadOfficial(now, kept, merged)
			if len(problems) > 0 {
				return revision.Mistakes(r, problems), nil
			}
			if o == kept {
				return nil, nil
			}
			return nil, c.UpdateOfficials(r.Context(), []agency.Official{o})
		},
		Said: func(map[string]string) map[string]string {
			return said(now, r.View(now), r.NewPage("official-change", nil), kept)
		},
	})
	if errors.Is(err, revision.ErrNotKept) {
		return s.writeForm(r, status, form)
	}
	if err != nil {
		return err
	}
	r.LeadTo(httpd.AddressOf(pathOf(r.Official.Code), "da", "saved"))
	return nil
}

// typedCells are fields of the form as cells of the list, with the agency and the counter.
func typedCells(r *httpd.Request) (typed map[string]string, fields httpd.Fields, err error) {
	if fields, err = r.Fields(); err != nil {
		return nil, fields, err
	}
	typed = revision.Cells(fields, cells)
	if r.Agency != nil {
		typed["agency"] = r.Agency.Code
	}
	if given := fields.All(seatField); len(given) > 0 {
		typed[seatField] = strings.TrimSpace(given[0])
	}
	return typed, fields, nil
}
