package counter

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/bulk"
	"sipas/internal/httpd"
	"sipas/internal/httpd/revision"
	"sipas/internal/limit"
	"sipas/internal/registry"
)

// pointForm is the form of a new counter, or of one that is changed: its fields are
// columns of the list of service points, and its own limit.
type pointForm struct {
	httpd.Typed
	choices
	Limit limitForm
	Kept  *agency.ServicePoint // nil of a new one
	Path  string
	Back  string
}

// cells are the fields of the form that are columns, beside the agencies, which the
// kernel finds, and two that no list has; limitFields are those of the limit.
var (
	cells       = []string{"name_vi", "name_en", "place", "channel", "survey", "fields", "hours", ownHotline}
	limitFields = []string{"limit_count", "limit_period"}
)

// judged is the column of whose work is judged; "" is the counter's own agency.
const judged = "judged_agency"

// ownHotline is the field of a telephone number of the counter's own; "" is that of its
// agency.
const ownHotline = "own_hotline"

func (s *side) showNew(r *httpd.Request) error {
	return s.writeForm(r, http.StatusOK, r.Typed(map[string]string{"channel": string(agency.ChannelQR), "fields": "", judged: ""}))
}

func (s *side) showForm(r *httpd.Request) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	typed := r.Typed(valuesOf(snap, r.View(snap), *r.Point))
	typed.Opened = typed.Values
	return s.writeForm(r, http.StatusOK, typed)
}

// valuesOf are a counter as the form has it. Whose work is judged is left out where that
// is nobody whom the caller may see: so it stays.
func valuesOf(snap *registry.Snapshot, view registry.View, p agency.ServicePoint) map[string]string {
	code := func(id int64) string {
		a, _ := snap.Tree.Agency(id)
		return a.Code
	}
	values := map[string]string{
		"name_vi": p.Name["vi"], "name_en": p.Name["en"], "agency": code(p.AgencyID), "place": p.Place,
		"channel": string(p.Channel), "survey": p.SurveyKey, "fields": strings.Join(p.FieldKeys, ";"), "limit": p.Limit,
		"hours": p.Hours, ownHotline: p.Hotline,
	}
	switch {
	case p.JudgedID == p.AgencyID:
		values[judged] = ""
	case view.Sees(p.JudgedID):
		values[judged] = code(p.JudgedID)
	}
	return values
}

func (s *side) writeForm(r *httpd.Request, status int, typed httpd.Typed) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	p, path, back := r.NewPage("point-new", nil), newPath, listPath
	if r.Point != nil {
		p, back = r.NewPage("point", nil), pathOf(r.Point.Code)
		path = back + formEnd
	}
	p.Data = pointForm{
		Typed: typed, choices: choicesOf(r.View(snap), snap, p, typed), Limit: limitOf(p, typed.Value("limit")), Kept: r.Point, Path: path, Back: back,
	}
	return r.Show(status, "desk/point", p)
}

// add keeps a new counter.
func (s *side) add(r *httpd.Request) error {
	typed, fields, err := typedCells(r, cells)
	if err != nil {
		return err
	}
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	typed["limit"] = typedLimit(fields)
	p, wrong := read(r, snap, agency.ServicePoint{}, typed)
	if len(wrong) > 0 {
		return s.writeForm(r, http.StatusUnprocessableEntity, httpd.Typed{Values: typed, Problems: wrong})
	}
	err = r.Change(func(c *registry.Change) (err error) {
		p, err = c.AddServicePoint(r.Context(), p)
		return err
	})
	if err != nil {
		return err
	}
	r.LeadTo(afterwards(p.Code, "point-added"))
	return nil
}

// change keeps what was changed in the form.
func (s *side) change(r *httpd.Request) error {
	typed, fields, err := typedCells(r, cells)
	if err != nil {
		return err
	}
	typed["limit"] = typedLimit(fields)
	if opened := fields.All(revision.Opened("fields")); len(opened) > 0 && sameFields(typed["fields"], opened[0]) {
		typed["fields"] = opened[0] // the first one is the main one, and boxes have no order
	}
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	view := r.View(snap)
	var kept agency.ServicePoint
	form, status, err := revision.Keep(r, fields, typed, revision.Of{
		Now: func(c *registry.Change) (_ map[string]string, err error) {
			kept, err = keptNow(r, c, snap)
			return valuesOf(snap, view, kept), err
		},
		Keep: func(c *registry.Change, merged map[string]string) ([]httpd.Wrong, error) {
			p, wrong := read(r, snap, kept, merged)
			if len(wrong) > 0 {
				return wrong, nil
			}
			return nil, keep(r, c, snap, kept, p)
		},
		Said: func(map[string]string) map[string]string { return words(snap, view, r.NewPage("point", nil), kept) },
	})
	if errors.Is(err, revision.ErrNotKept) {
		return s.writeForm(r, status, form)
	}
	if err != nil {
		return err
	}
	r.LeadTo(afterwards(r.Point.Code, "saved"))
	return nil
}

// keep keeps what is different of a counter.
func keep(r *httpd.Request, c *registry.Change, snap *registry.Snapshot, kept, p agency.ServicePoint) error {
	if p.Limit != kept.Limit {
		if err := c.SetServicePointLimit(r.Context(), kept.ID, p.Limit); err != nil {
			return err
		}
		kept.Limit = p.Limit
	}
	view := r.View(snap)
	if p.JudgedID == kept.JudgedID && maps.Equal(valuesOf(snap, view, kept), valuesOf(snap, view, p)) {
		return nil
	}
	return c.UpdateServicePoints(r.Context(), []agency.ServicePoint{p})
}

// read reads a counter as the form has it, or what is wrong with it.
func read(r *httpd.Request, snap *registry.Snapshot, kept agency.ServicePoint, typed map[string]string) (p agency.ServicePoint, list []httpd.Wrong) {
	p, wrong := bulk.ReadPoint(snap, kept, typed)
	list = append(revision.Mistakes(r, wrong), readHours(r, &p, typed)...)
	number, ok := agency.ParseHotline(typed[ownHotline])
	if !ok {
		list = append(list, httpd.Wrong{Where: ownHotline, Text: r.Printer().T("point.hotline-wrong")})
	}
	p.Hotline, p.Limit = number, ""
	if own := typed["limit"]; own != "" {
		rate, err := limit.ParseRate(own)
		if err != nil || rate.Off() {
			return p, append(list, httpd.Wrong{Where: "limit", Text: r.Printer().T("point.limit-wrong")})
		}
		p.Limit = rate.String()
	}
	return p, list
}

// readHours reads when a counter is open.
func readHours(r *httpd.Request, p *agency.ServicePoint, typed map[string]string) []httpd.Wrong {
	hours, ok := agency.ParseHours(typed["hours"])
	if p.Hours = hours.Text("vi"); ok {
		return nil
	}
	return []httpd.Wrong{{Where: "hours", Text: r.Printer().T("point.hours-wrong")}}
}

// typedCells are fields of a form as cells of the list, and the agencies.
func typedCells(r *httpd.Request, names []string) (typed map[string]string, fields httpd.Fields, err error) {
	if fields, err = r.Fields(); err != nil {
		return nil, fields, err
	}
	typed = revision.Cells(fields, names)
	if r.Agency != nil {
		typed["agency"] = r.Agency.Code
	}
	if len(fields.All(judged)) > 0 {
		typed[judged] = ""
		if r.Judged != nil {
			typed[judged] = r.Judged.Code
		}
	}
	return typed, fields, nil
}

// sameFields tells whether two cells name the same service fields.
func sameFields(a, b string) bool {
	one, other := strings.Split(a, ";"), strings.Split(b, ";")
	slices.Sort(one)
	slices.Sort(other)
	return slices.Equal(one, other)
}
