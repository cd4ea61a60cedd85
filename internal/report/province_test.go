package report_test

import (
	"cmp"
	"context"
	"fmt"
	"testing"
	"time"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/registry"
	"sipas/internal/report"
	"sipas/internal/survey"
	"sipas/internal/target"
	"sipas/internal/testkit"
	"sipas/surveys"
)

// province is a small made-up province in a store, and counts what it is asked.
type province struct {
	t        testing.TB
	store    *testkit.Place
	agencies map[string]int64
	points   map[string]agency.ServicePoint
	versions map[string]*survey.Version
	sent     int
}

var noon = time.Date(2025, 12, 31, 5, 0, 0, 0, time.UTC)

func zone() *time.Location { return time.FixedZone("+07", 7*60*60) }

// newProvince has the built-in surveys, five fields with the reserved ones, and
// the agency "tinh" at the root.
func newProvince(t testing.TB, st *testkit.Place) *province {
	t.Helper()
	p := &province{t, st, map[string]int64{"": 0}, map[string]agency.ServicePoint{}, map[string]*survey.Version{}, 0}
	definitions, err := surveys.BuiltIn()
	p.must(err)
	for _, d := range definitions {
		p.publish(d)
	}
	for i, f := range []agency.ServiceField{
		{Key: "dat-dai", Scope: agency.ScopeProcedures},
		{Key: "xay-dung", Scope: agency.ScopeProcedures},
		{Key: "y-te", Scope: agency.ScopePublic},
		{Key: agency.FieldUnsaidProcedure, Scope: agency.ScopeProcedures},
		{Key: agency.FieldUnsaid, Scope: agency.ScopeUnknown},
	} {
		f.Name, f.Order = agency.Text{"vi": f.Key}, i
		p.must(st.AddServiceField(t.Context(), f))
	}
	p.office("tinh", "", agency.KindProvince)
	return p
}

func (p *province) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *province) publish(d survey.Definition) *survey.Version {
	p.t.Helper()
	v, err := p.store.PublishVersion(p.t.Context(), d, noon)
	p.must(err)
	p.versions[d.Key] = v
	return v
}

func (p *province) office(code, parent string, kind agency.Kind) {
	p.t.Helper()
	a, err := p.store.AddAgency(p.t.Context(), agency.Agency{
		Code: code, ParentID: p.agencies[parent], Kind: kind, Name: agency.Text{"vi": code}, Order: len(p.agencies),
	})
	p.must(err)
	p.agencies[code] = a.ID
}

func (p *province) point(name, office, surveyKey string, fields ...string) {
	p.t.Helper()
	point, err := p.store.AddServicePoint(p.t.Context(), agency.ServicePoint{
		AgencyID: p.agencies[office], Name: agency.Text{"vi": name}, SurveyKey: surveyKey,
		Channel: agency.ChannelQR, FieldKeys: fields, Active: true,
	})
	p.must(err)
	p.points[name] = point
}

func (p *province) target(t target.Target) {
	p.t.Helper()
	if t.Year == 0 {
		t.Year = 2025
	}
	t.Plan = cmp.Or(t.Plan, "1/KH-UBND")
	p.must(p.store.AddTarget(p.t.Context(), t))
}

// answer is a number of equal responses.
type answer struct {
	point, field string
	month        int    // of 2025
	day          string // "" for the 15th of the month
	channel      agency.Channel
	version      *survey.Version // nil: the newest
	scale        string          // as in Response.Scale; shorter: the rest unanswered
	reasons      []string
	gave         string // the choice of the SIPAS survey's gave-feedback
	chosen       []survey.ChosenAnswer
	official     int64 // who served, 0: nobody knows
	campaign     int64 // 0: none
	times        int
}

// onDay is the civil day of an answer.
func (a answer) onDay() string { return cmp.Or(a.day, fmt.Sprintf("2025-%02d-15", a.month)) }

// answered keeps responses, all in one batch.
func (p *province) answered(all ...answer) {
	p.t.Helper()
	var batch []survey.Response
	for _, a := range all {
		point := p.points[a.point]
		v := a.version
		if v == nil {
			v = p.versions[point.SurveyKey]
		}
		if a.month == 0 {
			a.month = 5
		}
		if a.field == "" {
			a.field = point.FieldKeys[0]
		}
		if a.channel == "" {
			a.channel = point.Channel
		}
		for len(a.scale) < len(v.Scale()) {
			a.scale += "."
		}
		for range max(a.times, 1) {
			p.sent++
			r := survey.Response{
				ID: fmt.Sprintf("00000000-0000-7000-8000-%012d", p.sent), ServicePointID: point.ID, AgencyID: point.JudgedID,
				FieldKey: a.field, VersionID: v.ID, Channel: a.channel, Language: "vi", At: noon,
				Day: a.onDay(), Scale: a.scale, Receipt: agency.NewCode(), Fingerprint: "f", OfficialID: a.official, CampaignID: a.campaign,
			}
			if len(a.reasons) > 0 {
				r.Choices = []survey.ChosenAnswer{{Question: "reasons", Choices: a.reasons}}
			}
			if a.gave != "" {
				r.Choices = []survey.ChosenAnswer{{Question: "gave-feedback", Choices: []string{a.gave}}}
			}
			if a.chosen != nil {
				r.Choices = a.chosen
			}
			v.Judge(&r)
			batch = append(batch, r)
		}
	}
	_, err := p.store.SaveResponses(p.t.Context(), batch)
	p.must(err)
}

func (p *province) reporter() *report.Reporter {
	return report.New(p.store.Store, report.Options{Now: func() time.Time { return noon }, Zone: zone()})
}

// year is the question for 2025 about an agency.
func (p *province) year(office string) report.Query {
	return report.Query{Period: p.period("Y"), AgencyID: p.agencies[office]}
}

func (p *province) period(part string) civil.Period {
	p.t.Helper()
	period, err := civil.ParsePeriod(2025, part)
	p.must(err)
	return period
}

// snap is what administrators keep, as of now.
func (p *province) snap() *registry.Snapshot {
	p.t.Helper()
	snap, err := p.store.Snapshot(context.Background())
	p.must(err)
	return snap
}

func (p *province) board(q report.Query) *report.Board {
	p.t.Helper()
	b, err := p.reporter().Board(p.t.Context(), p.snap(), q)
	p.must(err)
	return b
}
