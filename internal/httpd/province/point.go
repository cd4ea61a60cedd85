package province

import (
	"net/http"
	"slices"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/bulk"
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
	owner, _ := snap.Tree.Agency(p.AgencyID)
	return s.writePoint(r, http.StatusOK, r.Typed(map[string]string{
		"name_vi": p.Name["vi"], "name_en": p.Name["en"], "agency": owner.Code, "place": p.Place,
		"channel": string(p.Channel), "survey": p.SurveyKey, "fields": strings.Join(p.FieldKeys, ";"),
	}))
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
	return s.keepPoint(r, agency.ServicePoint{}, "point-added", func(c *registry.Change, p agency.ServicePoint) (agency.ServicePoint, error) {
		return c.AddServicePoint(r.Context(), p)
	})
}

func (s pointPages) changePoint(r *httpd.Request) error {
	return s.keepPoint(r, *r.Point, "saved", func(c *registry.Change, p agency.ServicePoint) (agency.ServicePoint, error) {
		return p, c.UpdateServicePoints(r.Context(), []agency.ServicePoint{p})
	})
}

func (s pointPages) keepPoint(r *httpd.Request, kept agency.ServicePoint, done string, keep func(*registry.Change, agency.ServicePoint) (agency.ServicePoint, error)) error {
	fields, err := r.Fields()
	if err != nil {
		return err
	}
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	typed := typedPoint(fields)
	if r.Agency != nil {
		typed["agency"] = r.Agency.Code
	}
	p, wrong := bulk.ReadPoint(snap, kept, typed)
	if len(wrong) > 0 {
		form := httpd.Typed{Values: typed}
		for _, w := range wrong {
			form.Problems = append(form.Problems, httpd.Wrong{Where: w.Column, Text: w.Text(r.Printer())})
		}
		return s.writePoint(r, http.StatusUnprocessableEntity, form)
	}
	err = r.Change(func(c *registry.Change) (err error) {
		p, err = keep(c, p)
		return err
	})
	if err != nil {
		return err
	}
	r.LeadTo(pointInList(p.Code, done))
	return nil
}

// typedPoint is the form as cells of the list.
func typedPoint(fields httpd.Fields) map[string]string {
	typed := map[string]string{}
	for _, name := range pointFields {
		typed[name] = strings.TrimSpace(strings.Join(fields.All(name), ";"))
	}
	return typed
}

func (s pointPages) closePoint(r *httpd.Request) error { return s.setPoint(r, false, "point-closed") }

func (s pointPages) openPoint(r *httpd.Request) error { return s.setPoint(r, true, "point-opened") }

// setPoint lets a service point take answers or not; one that does so already stays.
func (s pointPages) setPoint(r *httpd.Request, active bool, done string) error {
	if r.Point.Active != active {
		err := r.Change(func(c *registry.Change) error { return c.SetServicePointActive(r.Context(), r.Point.ID, active) })
		if err != nil {
			return err
		}
	}
	r.LeadTo(pointInList(r.Point.Code, done))
	return nil
}
