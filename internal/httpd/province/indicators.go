package province

import (
	"errors"
	"net/http"
	"strconv"

	"sipas/internal/access"
	"sipas/internal/fault"
	"sipas/internal/httpd"
	"sipas/internal/indicator"
	"sipas/internal/registry"
	"sipas/internal/report"
	"sipas/internal/target"
)

const indicatorsPath = targetsPath + "/chi-so"

// indicatorPages are the pages of which surveys make the figures of boards.
type indicatorPages struct{ *side }

// indicatorsPage lists the indicators in the order of the boards, with the form of one more.
type indicatorsPage struct {
	httpd.Typed
	Lines []indicatorLine
	Done  string // what was done just now, as a key
	// Of the form; none of them for who may not fill it in.
	Indicators, Surveys, Methods []httpd.Choice
}

// indicatorLine is a row that boards have where there are answers.
type indicatorLine struct {
	Name, Survey, Method string
	Counts               bool
	Usual                bool   // no rule is kept; the boards take the usual survey
	Path                 string // where it is changed; "" for who may not
}

func (s indicatorPages) routes() []httpd.Route {
	form := httpd.FormBody(httpd.OrdinaryBody)
	one := []httpd.About{{In: httpd.Path, Name: "measure", Is: httpd.Indicator}}
	return []httpd.Route{
		{Method: http.MethodGet, Path: indicatorsPath, Permission: access.ViewBoard, About: nothing(), Asks: []string{"da"}, Handle: s.show},
		{Method: http.MethodPost, Path: indicatorsPath, Permission: access.Administer, About: nothing(), Asks: indicatorFields, Body: form, Handle: s.add},
		{Method: http.MethodPost, Path: indicatorsPath + "/:measure/tinh", Permission: access.Administer, About: one, Body: form, Handle: s.count},
		{Method: http.MethodPost, Path: indicatorsPath + "/:measure/bo", Permission: access.Administer, About: one, Body: form, Handle: s.remove},
	}
}

// indicatorFields are the fields of the form.
var indicatorFields = []string{"indicator", "survey", "method"}

func (s indicatorPages) show(r *httpd.Request) error {
	return s.write(r, http.StatusOK, r.Typed(nil))
}

func (s indicatorPages) write(r *httpd.Request, status int, typed httpd.Typed) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	p := r.NewPage("indicators", nil)
	data := indicatorsPage{Typed: typed}
	if status == http.StatusOK {
		data.Done = r.Done()
	}
	may := r.May(access.Administer)
	for _, i := range report.Indicators(snap) {
		data.Lines = append(data.Lines, lineOfIndicator(snap, p, i, may))
	}
	if may {
		for _, i := range indicatorsOf(snap, p) {
			if target.IndicatorKind(i.Value).Index() == "" {
				data.Indicators = append(data.Indicators, choose(i, typed.Value("indicator")))
			}
		}
		for _, key := range snap.Surveys {
			data.Surveys = append(data.Surveys, choose(httpd.Choice{Value: key, Text: titleOf(snap, p, key)}, typed.Value("survey")))
		}
		for _, m := range indicator.Methods() {
			data.Methods = append(data.Methods, choose(httpd.Choice{Value: string(m), Text: p.T("method-name." + string(m))}, typed.Value("method")))
		}
	}
	p.Data = data
	return r.Show(status, "desk/indicators", p)
}

func choose(c httpd.Choice, value string) httpd.Choice {
	c.Chosen = c.Value == value
	return c
}

func lineOfIndicator(snap *registry.Snapshot, p httpd.Page, i target.Indicator, may bool) indicatorLine {
	field, _ := snap.Field(i.FieldKey)
	line := indicatorLine{Name: p.Indicator(i.Kind, field.Name), Survey: titleOf(snap, p, i.SurveyKey), Counts: i.Counts, Usual: i.ID == 0}
	if m := indicator.MethodOf(snap, i); m != "" {
		line.Method = p.T("method-name." + m)
	}
	if may && !line.Usual {
		line.Path = indicatorsPath + "/" + strconv.FormatInt(i.ID, 10)
	}
	return line
}

// titleOf is what a survey is called, its key where it is not published.
func titleOf(snap *registry.Snapshot, p httpd.Page, key string) string {
	newest := snap.Newest(key)
	if newest == nil {
		return key
	}
	return newest.Definition.Title.In(p.Language)
}

func (s indicatorPages) add(r *httpd.Request) error {
	typed, err := r.TypedFields(indicatorFields...)
	if err != nil {
		return err
	}
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	of := readTarget(snap, typed)
	added := target.Indicator{Kind: of.Indicator, FieldKey: of.FieldKey, SurveyKey: typed["survey"], Method: typed["method"]}
	err = r.Change(func(c *registry.Change) error { return indicator.Add(r.Context(), c, added) })
	return s.done(r, typed, err, "indicator-added")
}

func (s indicatorPages) count(r *httpd.Request) error {
	err := r.Change(func(c *registry.Change) error { return c.CountIndicator(r.Context(), r.Indicator.ID) })
	return s.done(r, nil, err, "indicator-counts")
}

func (s indicatorPages) remove(r *httpd.Request) error {
	err := r.Change(func(c *registry.Change) error { return indicator.Remove(r.Context(), c, r.Indicator.ID) })
	return s.done(r, nil, err, "indicator-removed")
}

// done leads to the list, or shows it with what kept the change from being made.
func (s indicatorPages) done(r *httpd.Request, typed map[string]string, err error, what string) error {
	var invalid *fault.Invalid
	if errors.As(err, &invalid) {
		return s.write(r, http.StatusUnprocessableEntity, r.Typed(typed, invalid.Problems...))
	}
	if err == nil {
		r.LeadTo(httpd.AddressOf(indicatorsPath, "da", what))
	}
	return err
}
