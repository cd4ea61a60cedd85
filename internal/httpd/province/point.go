package province

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/bulk"
	"sipas/internal/fault"
	"sipas/internal/httpd"
	"sipas/internal/registry"
)

// pointPages are the pages by which service points are made and changed.
type pointPages struct{ *side }

const pointsPath = "/quay"

// pointForm is the form of a new service point, or of one that is changed: its fields
// are columns of the list of service points.
type pointForm struct {
	httpd.Typed
	Scopes   []httpd.Choice
	Channels []httpd.Choice
	Surveys  []httpd.Choice
	Fields   []httpd.Choice
	Kept     *agency.ServicePoint // nil of a new one
	Path     string
	Back     string
}

// pointFields are the fields of the form beside the agency, which the kernel finds.
var pointFields = []string{"name_vi", "name_en", "place", "channel", "survey", "fields"}

func pointPath(code agency.Code) string { return pointsPath + "/" + string(code) }

// pointInList is where the list shows a service point.
func pointInList(code agency.Code, what string) string {
	return httpd.AddressOf(pointsPath, "point", code, "da", what) + "#quay-" + string(code)
}

func (s pointPages) showNewPoint(r *httpd.Request) error {
	return s.writePoint(r, http.StatusOK, r.Typed(map[string]string{"channel": string(agency.ChannelQR), "fields": ""}))
}

func (s pointPages) showPoint(r *httpd.Request) error {
	p := *r.Point
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	typed := r.Typed(pointValues(snap, p))
	typed.Opened = typed.Values
	return s.writePoint(r, http.StatusOK, typed)
}

// pointValues are a service point as the form shows it.
func pointValues(snap *registry.Snapshot, p agency.ServicePoint) map[string]string {
	owner, _ := snap.Tree.Agency(p.AgencyID)
	return map[string]string{
		"name_vi": p.Name["vi"], "name_en": p.Name["en"], "agency": owner.Code, "place": p.Place,
		"channel": string(p.Channel), "survey": p.SurveyKey, "fields": strings.Join(p.FieldKeys, ";"),
	}
}

func (s pointPages) writePoint(r *httpd.Request, status int, typed httpd.Typed) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	p, path, back := r.NewPage("point-new", nil), pointsPath+"/them", pointsPath
	if r.Point != nil {
		p, path, back = r.NewPage("point", nil), pointPath(r.Point.Code), pointInList(r.Point.Code, "")
	}
	p.Data = pointForm{
		Typed: typed, Kept: r.Point, Path: path, Back: back,
		Scopes: httpd.AgencyChoices(r.View(snap), p, typed.Value("agency")), Channels: channelChoices(p, typed.Value("channel")),
		Surveys: surveyChoices(snap, p, typed.Value("survey")), Fields: fieldChoices(snap, p, typed.Value("fields")),
	}
	return r.Show(status, "desk/point", p)
}

func channelChoices(p httpd.Page, chosen string) (list []httpd.Choice) {
	for _, c := range agency.Channels() {
		list = append(list, httpd.Choice{Value: string(c), Text: p.Channel(c), Chosen: string(c) == chosen})
	}
	return list
}

func surveyChoices(snap *registry.Snapshot, p httpd.Page, chosen string) (list []httpd.Choice) {
	for _, key := range snap.Surveys {
		if newest := snap.Newest(key); newest != nil {
			list = append(list, httpd.Choice{Value: key, Text: newest.Definition.Title.In(p.Language), Chosen: key == chosen})
		}
	}
	return list
}

// fieldChoices are the service fields to choose from; chosen are those of a cell.
func fieldChoices(snap *registry.Snapshot, p httpd.Page, chosen string) (list []httpd.Choice) {
	served := strings.Split(chosen, ";")
	for _, f := range snap.Fields {
		is := slices.Contains(served, f.Key)
		if !agency.UnsaidField(f.Key) || is {
			list = append(list, httpd.Choice{Value: f.Key, Text: f.Name.In(p.Language), Chosen: is})
		}
	}
	return list
}

func (s pointPages) addPoint(r *httpd.Request) error {
	cells, _, err := typedPoint(r)
	if err != nil {
		return err
	}
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	p, wrong := bulk.ReadPoint(snap, agency.ServicePoint{}, cells)
	if len(wrong) > 0 {
		return s.writePoint(r, http.StatusUnprocessableEntity, httpd.Typed{Values: cells, Problems: mistakes(r, wrong)})
	}
	err = r.Change(func(c *registry.Change) (err error) {
		p, err = c.AddServicePoint(r.Context(), p)
		return err
	})
	if err != nil {
		return err
	}
	r.LeadTo(pointInList(p.Code, "point-added"))
	return nil
}

// changePoint keeps what was changed in the form.
func (s pointPages) changePoint(r *httpd.Request) error {
	cells, fields, err := typedPoint(r)
	if err != nil {
		return err
	}
	if opened := fields.All(httpd.Opened("fields")); len(opened) > 0 && sameFields(cells["fields"], opened[0]) {
		cells["fields"] = opened[0] // the first one is the main one, and boxes have no order
	}
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	var kept agency.ServicePoint
	form, status, err := revise(r, fields, cells, revision{
		now: func(c *registry.Change) (_ map[string]string, err error) {
			kept, err = pointNow(r, c, snap)
			return pointValues(snap, kept), err
		},
		keep: func(c *registry.Change, merged map[string]string) ([]httpd.Wrong, error) {
			p, wrong := bulk.ReadPoint(snap, kept, merged)
			if len(wrong) > 0 {
				return mistakes(r, wrong), nil
			}
			return nil, c.UpdateServicePoints(r.Context(), []agency.ServicePoint{p})
		},
		choices: func(values map[string]string) map[string][]httpd.Choice {
			p := r.NewPage("point", nil)
			return map[string][]httpd.Choice{
				"agency": httpd.AgencyChoices(r.View(snap), p, values["agency"]), "channel": channelChoices(p, values["channel"]),
				"survey": surveyChoices(snap, p, values["survey"]), "fields": fieldChoices(snap, p, values["fields"]),
			}
		},
	})
	if errors.Is(err, errNotKept) {
		return s.writePoint(r, status, form)
	}
	if err != nil {
		return err
	}
	r.LeadTo(pointInList(r.Point.Code, "saved"))
	return nil
}

// typedPoint is the form as cells of the list.
func typedPoint(r *httpd.Request) (cells map[string]string, fields httpd.Fields, err error) {
	if fields, err = r.Fields(); err != nil {
		return nil, fields, err
	}
	cells = typed(fields, pointFields)
	if r.Agency != nil {
		cells["agency"] = r.Agency.Code
	}
	return cells, fields, nil
}

// sameFields tells whether two cells name the same service fields.
func sameFields(a, b string) bool {
	one, other := strings.Split(a, ";"), strings.Split(b, ";")
	slices.Sort(one)
	slices.Sort(other)
	return slices.Equal(one, other)
}

func (s pointPages) closePoint(r *httpd.Request) error { return s.setPoint(r, false, "point-closed") }

func (s pointPages) openPoint(r *httpd.Request) error { return s.setPoint(r, true, "point-opened") }

// setPoint lets a service point take answers or not; one that does so already stays.
func (s pointPages) setPoint(r *httpd.Request, active bool, done string) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	err = r.Change(func(c *registry.Change) error {
		kept, err := pointNow(r, c, snap)
		if err != nil {
			return err
		}
		if kept.Active == active {
			return errNotKept
		}
		return c.SetServicePointActive(r.Context(), kept.ID, active)
	})
	if err != nil && !errors.Is(err, errNotKept) {
		return err
	}
	r.LeadTo(pointInList(r.Point.Code, done))
	return nil
}

// pointNow is the service point that the request is about as it is at that moment; it
// may have been moved out of the caller's sight.
func pointNow(r *httpd.Request, c *registry.Change, snap *registry.Snapshot) (agency.ServicePoint, error) {
	p, err := c.ServicePoint(r.Context(), r.Point.ID)
	if err == nil && !r.View(snap).Sees(p.AgencyID) {
		err = fault.ErrNotFound
	}
	return p, err
}
