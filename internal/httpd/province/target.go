package province

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"sipas/internal/agency"
	"sipas/internal/fault"
	"sipas/internal/httpd"
	"sipas/internal/registry"
	"sipas/internal/score"
	"sipas/internal/target"
)

// targetForm is the form of a new target, or of one that is changed.
type targetForm struct {
	httpd.Typed
	Indicators  []httpd.Choice
	Scopes      []httpd.Choice
	Comparators []httpd.Choice
	Path        string
	Remove      string // where it is removed; "" of a new one
	History     string // of one that is kept
	Back        string
}

// targetFields are the fields of the form: the columns of targets.csv, the service
// field with its indicator.
var targetFields = []string{"indicator", "agency", "year", "comparator", "target_percent", "plan", "lead_agency", "co_agencies", "note_vi", "note_en"}

func (s targetPages) showNewTarget(r *httpd.Request) error {
	year, err := s.yearAsked(r)
	if err != nil {
		return err
	}
	return s.writeTarget(r, http.StatusOK, r.Typed(map[string]string{"year": strconv.Itoa(year), "comparator": string(target.AtLeast)}))
}

func (s targetPages) showTarget(r *httpd.Request) error {
	t := *r.Target
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	office, _ := snap.Tree.Agency(t.AgencyID)
	return s.writeTarget(r, http.StatusOK, r.Typed(map[string]string{
		"indicator": indicatorKey(t), "agency": office.Code, "year": strconv.Itoa(t.Year), "comparator": string(t.Comparator),
		"target_percent": typedPercent(t.Percent, r.Printer().Language), "plan": t.Plan,
		"lead_agency": t.LeadAgency, "co_agencies": t.CoAgencies, "note_vi": t.Note["vi"], "note_en": t.Note["en"],
	}))
}

// typedPercent writes hundredths of a percent as people type them: "85", "87,5".
func typedPercent(hundredths int, language string) string {
	text := strings.TrimSuffix(score.Target(hundredths).Number().Percent(language, 2), "%")
	if strings.ContainsAny(text, ",.") {
		text = strings.TrimRight(text, "0")
	}
	return text
}

func (s targetPages) writeTarget(r *httpd.Request, status int, typed httpd.Typed) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	p := r.NewPage("target-new", nil)
	form := targetForm{Typed: typed, Path: targetsPath + "/them", Back: targetsPath}
	if r.Target != nil {
		p = r.NewPage("target", nil)
		form.Path, form.Remove = targetPath(r.Target.ID), targetPath(r.Target.ID)+"/bo"
		form.History = targetPath(r.Target.ID) + historyEnd
		form.Back = httpd.AddressOf(targetsPath, "year", r.Target.Year)
	}
	form.Indicators, form.Scopes = indicatorsOf(snap, p), httpd.ScopeChoices(r.View(snap), p, typed.Value("agency"))
	for i := range form.Indicators {
		form.Indicators[i].Chosen = form.Indicators[i].Value == typed.Value("indicator")
	}
	for _, c := range []target.Comparator{target.AtLeast, target.Above} {
		form.Comparators = append(form.Comparators, httpd.Choice{Value: string(c), Text: p.T("comparator." + string(c)), Chosen: string(c) == typed.Value("comparator")})
	}
	p.Data = form
	return r.Show(status, "desk/target", p)
}

func (s targetPages) addTarget(r *httpd.Request) error {
	return s.keepTarget(r, func(c *registry.Change, t target.Target) error { return c.AddTarget(r.Context(), t) })
}

func (s targetPages) changeTarget(r *httpd.Request) error {
	return s.keepTarget(r, func(c *registry.Change, t target.Target) error {
		t.ID = r.Target.ID
		return c.UpdateTarget(r.Context(), t)
	})
}

func (s targetPages) keepTarget(r *httpd.Request, keep func(*registry.Change, target.Target) error) error {
	typed, err := r.TypedFields(targetFields...)
	if err != nil {
		return err
	}
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	t := readTarget(snap, typed)
	if r.Agency != nil {
		t.AgencyID = r.Agency.ID
	}
	err = r.Change(func(c *registry.Change) error { return keep(c, t) })
	var invalid *fault.Invalid
	if errors.As(err, &invalid) {
		return s.writeTarget(r, http.StatusUnprocessableEntity, r.Typed(typed, invalid.Problems...))
	}
	if err != nil {
		return err
	}
	r.LeadTo(httpd.AddressOf(targetsPath, "year", t.Year, "da", "saved"))
	return nil
}

// readTarget reads a target as it was typed. What cannot be read is left out, and is
// then found to be wrong with what else is.
func readTarget(snap *registry.Snapshot, typed map[string]string) target.Target {
	line := func(name string) string { return norm.NFC.String(strings.TrimSpace(typed[name])) }
	kind := target.IndicatorKind(typed["indicator"])
	name, field, _ := strings.Cut(typed["indicator"], ":")
	if kind.Index() == "" {
		kind = target.IndicatorKind(name)
	}
	t := target.Target{
		Indicator: kind, Plan: line("plan"), LeadAgency: line("lead_agency"), CoAgencies: line("co_agencies"),
		Comparator: target.Comparator(typed["comparator"]),
	}
	if _, known := snap.Field(field); known && !agency.UnsaidField(field) {
		t.FieldKey = field
	}
	if year, err := strconv.Atoi(line("year")); err == nil {
		t.Year = year
	}
	if percent, err := score.ParseTarget(line("target_percent")); err == nil {
		t.Percent = int(percent)
	}
	for _, language := range []string{"vi", "en"} {
		if note := line("note_" + language); note != "" {
			if t.Note == nil {
				t.Note = agency.Text{}
			}
			t.Note[language] = note
		}
	}
	return t
}

// targetRemoval is the page before a target is removed.
type targetRemoval struct {
	Line targetLine
	Year int
	Path string
}

func (s targetPages) askToRemoveTarget(r *httpd.Request) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	t := *r.Target
	p := r.NewPage("target-remove", nil)
	p.Data = targetRemoval{lineOfTarget(snap, p, t, true), t.Year, targetPath(t.ID)}
	return r.Show(http.StatusOK, "desk/target-remove", p)
}

func (s targetPages) removeTarget(r *httpd.Request) error {
	err := r.Change(func(c *registry.Change) error { return c.RemoveTarget(r.Context(), r.Target.ID) })
	if err != nil {
		return err
	}
	r.LeadTo(httpd.AddressOf(targetsPath, "year", r.Target.Year, "da", "removed"))
	return nil
}
