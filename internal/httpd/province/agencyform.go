package province

import (
	"errors"
	"maps"
	"net/http"
	"strconv"

	"sipas/internal/agency"
	"sipas/internal/bulk"
	"sipas/internal/fault"
	"sipas/internal/httpd"
	"sipas/internal/httpd/revision"
	"sipas/internal/registry"
)

// agencyForm is the form of a new agency, or of one that is changed: its fields are
// columns of the list of agencies, and the hotline.
type agencyForm struct {
	httpd.Typed
	Kinds, Parents []httpd.Choice
	Kept           *agency.Agency // nil of a new one
	Path, Back     string
}

// codeField is the code of a new agency; what other forms call "code" finds something.
const codeField = "agency_code"

func newAgencyFields() []string { return append([]string{codeField}, agencyFields...) }

// agencyFields are the fields of the form beside the code.
var agencyFields = []string{"name_vi", "name_en", "kind", "parent", "valid_from", "valid_to", "order", "hotline"}

// agencyValues are an agency as the form shows it.
func agencyValues(tree *agency.Tree, p httpd.Page, a agency.Agency) map[string]string {
	above, _ := tree.Agency(a.ParentID)
	values := map[string]string{
		"name_vi": a.Name["vi"], "name_en": a.Name["en"], "kind": string(a.Kind), "parent": above.Code,
		"valid_from": "", "valid_to": "", "order": strconv.Itoa(a.Order), "hotline": a.Hotline,
	}
	for name, day := range map[string]string{"valid_from": a.ValidFrom, "valid_to": a.ValidTo} {
		if day != "" {
			values[name] = p.Day(day)
		}
	}
	return values
}

func (s agencyPages) showNewAgency(r *httpd.Request) error {
	values := map[string]string{}
	if above := r.Agency; above != nil {
		values["parent"] = above.Code
		if above.ValidFrom != "" {
			values["valid_from"] = r.NewPage("agency-new", nil).Day(above.ValidFrom)
		}
	}
	return s.writeAgency(r, http.StatusOK, r.Typed(values))
}

func (s agencyPages) showChangeAgency(r *httpd.Request) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	shown := r.Typed(agencyValues(snap.Tree, r.NewPage("agency-change", nil), *r.Agency))
	shown.Opened = shown.Values
	return s.writeAgency(r, http.StatusOK, shown)
}

func (s agencyPages) writeAgency(r *httpd.Request, status int, shown httpd.Typed) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	p, data := r.NewPage("agency-new", nil), agencyForm{Typed: shown, Path: agenciesPath + "/them", Back: agenciesPath}
	if shown.Opened != nil {
		p, data.Kept, data.Back = r.NewPage("agency-change", nil), r.Agency, agencyPath(r.Agency.Code)
		data.Path = data.Back + "/sua"
	}
	choices := s.choices(r, snap, p, shown.Values)
	data.Kinds, data.Parents = choices["kind"], choices["parent"]
	p.Data = data
	return r.Show(status, "desk/agency-form", p)
}

// choices are those of the fields that are chosen.
func (s agencyPages) choices(r *httpd.Request, snap *registry.Snapshot, p httpd.Page, values map[string]string) map[string][]httpd.Choice {
	above := []httpd.Choice{{Value: "", Text: p.T("agency.top"), Chosen: values["parent"] == ""}}
	var kinds []httpd.Choice
	for _, k := range agency.Kinds() {
		kinds = append(kinds, httpd.Choice{Value: string(k), Text: p.T("kind." + string(k)), Chosen: string(k) == values["kind"]})
	}
	return map[string][]httpd.Choice{"kind": kinds, "parent": append(above, httpd.AgencyChoices(r.View(snap), p, values["parent"])...)}
}

// read reads the form as an agency in a tree.
func (s agencyPages) read(r *httpd.Request, now *registry.Snapshot, kept agency.Agency, cells map[string]string) (agency.Agency, []httpd.Wrong) {
	cells["code"] = cells[codeField]
	a, wrong := bulk.ReadAgency(now, kept, cells)
	problems, ok := revision.Mistakes(r, wrong), false
	for i := range problems {
		if problems[i].Where == "code" {
			problems[i].Where = codeField
		}
	}
	if a.Hotline, ok = agency.ParseHotline(cells["hotline"]); !ok {
		problems = append(problems, httpd.Wrong{Where: "hotline", Text: r.Printer().T("agency.hotline-wrong")})
	}
	return a, problems
}

func (s agencyPages) addAgency(r *httpd.Request) error {
	fields, err := r.Fields()
	if err != nil {
		return err
	}
	form := httpd.Typed{Values: revision.Cells(fields, newAgencyFields())}
	var a agency.Agency
	err = r.Change(func(c *registry.Change) error {
		now, err := c.Now(r.Context())
		if err != nil {
			return err
		}
		a, form.Problems = s.read(r, now, agency.Agency{}, form.Values)
		if len(form.Problems) > 0 {
			return revision.ErrNotKept
		}
		_, err = c.AddAgency(r.Context(), a)
		return err
	})
	if errors.Is(err, revision.ErrNotKept) {
		return s.writeAgency(r, http.StatusUnprocessableEntity, form)
	}
	if err != nil {
		return err
	}
	r.LeadTo(httpd.AddressOf(agencyPath(a.Code), "da", "agency-added"))
	return nil
}

// changeAgency keeps what was changed in the form.
func (s agencyPages) changeAgency(r *httpd.Request) error {
	fields, err := r.Fields()
	if err != nil {
		return err
	}
	p := r.NewPage("agency-change", nil)
	var now *registry.Snapshot
	var kept agency.Agency
	form, status, err := revision.Keep(r, fields, revision.Cells(fields, agencyFields), revision.Of{
		Now: func(c *registry.Change) (map[string]string, error) {
			var known bool
			if now, err = c.Now(r.Context()); err == nil {
				if kept, known = now.Tree.Agency(r.Agency.ID); !known {
					err = fault.ErrNotFound
				}
			}
			if err != nil {
				return nil, err
			}
			return agencyValues(now.Tree, p, kept), nil
		},
		Keep: func(c *registry.Change, merged map[string]string) ([]httpd.Wrong, error) {
			a, wrong := s.read(r, now, kept, merged)
			if len(wrong) > 0 {
				return wrong, nil
			}
			if a.Hotline != kept.Hotline {
				if err := c.SetHotline(r.Context(), a.ID, a.Hotline); err != nil {
					return nil, err
				}
				kept.Hotline = a.Hotline
			}
			if maps.Equal(agencyValues(now.Tree, p, a), agencyValues(now.Tree, p, kept)) {
				return nil, nil
			}
			return nil, c.UpdateAgency(r.Context(), a)
		},
		Said: func(values map[string]string) map[string]string {
			return revision.Chosen(values, s.choices(r, now, p, values))
		},
	})
	if errors.Is(err, revision.ErrNotKept) {
		return s.writeAgency(r, status, form)
	}
	if err != nil {
		return err
	}
	r.LeadTo(httpd.AddressOf(agencyPath(r.Agency.Code), "da", "saved"))
	return nil
}
