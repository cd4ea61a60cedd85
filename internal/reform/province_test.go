package reform_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/auth"
	"sipas/internal/civil"
	"sipas/internal/reform"
	"sipas/internal/registry"
	"sipas/internal/report"
	"sipas/internal/survey"
	"sipas/internal/target"
	"sipas/internal/testkit"
	"sipas/surveys"
)

// province is a place with a province, and who reforms it at what day.
type province struct {
	*testing.T
	*testkit.Place
	*auth.Auth
	reforms *reform.Reforms
	today   string
	version *survey.Version
	said    int
}

func newProvince(t *testing.T, st *testkit.Place) *province {
	t.Helper()
	p := &province{T: t, Place: st, today: "2025-07-01"}
	now := func() time.Time {
		at, err := time.Parse(time.DateOnly, p.today)
		p.must(err)
		return at
	}
	p.Auth = auth.New(st.DB, auth.Options{Now: now})
	p.reforms = reform.New(st.DB, st.Registry, p.Auth, reform.Options{Now: now, Zone: time.UTC})
	definitions, err := surveys.BuiltIn()
	p.must(err)
	at := slices.IndexFunc(definitions, func(d survey.Definition) bool { return d.Key == "quay-nhanh" })
	p.version, err = st.PublishVersion(t.Context(), definitions[at], now())
	p.must(err)
	p.must(st.AddServiceField(t.Context(), agency.ServiceField{Key: "dat-dai", Name: agency.Text{"vi": "Đất đai"}, Scope: agency.ScopeProcedures}))
	p.must(st.AddIndicator(t.Context(), target.Indicator{Kind: target.IndicatorProcedures, SurveyKey: "quay-nhanh", Counts: true}))
	return p
}

func (p *province) must(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}

func (p *province) office(code, parent string, kind agency.Kind) agency.Agency {
	p.Helper()
	above, _ := p.snap().Tree.ByCode(parent)
	a, err := p.AddAgency(p.Context(), agency.Agency{Code: code, ParentID: above.ID, Kind: kind, Name: agency.Text{"vi": "Đơn vị " + code}, Order: len(p.snap().Tree.All())})
	p.must(err)
	return a
}

// desk adds a service point of an agency, at which that or another one's work is judged.
func (p *province) desk(of, judged string) agency.ServicePoint {
	p.Helper()
	owner, _ := p.snap().Tree.ByCode(of)
	whose, _ := p.snap().Tree.ByCode(judged)
	point, err := p.AddServicePoint(p.Context(), agency.ServicePoint{
		AgencyID: owner.ID, JudgedID: whose.ID, Name: agency.Text{"vi": "Quầy của " + of}, SurveyKey: "quay-nhanh", Channel: agency.ChannelQR,
		FieldKeys: []string{"dat-dai"}, Active: true,
	})
	p.must(err)
	return point
}

// official adds one of an agency, who serves at a service point; 0: at none.
func (p *province) official(code, of string, pointID int64) agency.Official {
	p.Helper()
	office, _ := p.snap().Tree.ByCode(of)
	added := []agency.Official{{Code: code, AgencyID: office.ID, PointID: pointID, Name: "Cán bộ " + code, Active: true}}
	p.must(p.Registry.Change(p.Context(), testkit.Author(), func(c *registry.Change) error { return c.AddOfficials(p.Context(), added) }))
	return added[0]
}

func (p *province) account(login, of string) {
	p.Helper()
	scope, _ := p.snap().Tree.ByCode(of)
	_, _, err := p.Invite(p.Context(), testkit.Author(), auth.NewUser{Login: login, Name: login, Role: access.Manager, AgencyID: scope.ID})
	p.must(err)
}

func (p *province) token(label, of string) {
	p.Helper()
	scope, _ := p.snap().Tree.ByCode(of)
	_, err := p.CreateToken(p.Context(), testkit.Author(), label, access.Viewer, scope.ID)
	p.must(err)
}

func (p *province) snap() *registry.Snapshot {
	p.Helper()
	snap, err := p.Snapshot(p.Context())
	p.must(err)
	return snap
}

// answers lets so many people answer at a service point, together.
func (p *province) answers(pointID int64, people int) {
	p.Helper()
	point, _ := p.snap().PointByID(pointID)
	var all []survey.Response
	for range people {
		p.said++
		at, err := time.Parse(time.DateOnly, p.today)
		p.must(err)
		r := survey.Response{
			ID: fmt.Sprintf("00000000-0000-7000-8000-%012d", p.said), ServicePointID: point.ID, AgencyID: point.JudgedID, FieldKey: "dat-dai",
			VersionID: p.version.ID, Channel: point.Channel, Language: "vi", At: at.Add(time.Duration(p.said) * time.Second), Day: p.today,
			Scale: strings.Repeat("5", len(p.version.Scale())), Receipt: agency.NewCode(), Fingerprint: "f",
		}
		p.version.Judge(&r)
		all = append(all, r)
	}
	_, err := p.SaveResponses(p.Context(), all)
	p.must(err)
}

// plan works a reform out that must be possible.
func (p *province) plan(asked reform.Asked) *reform.Plan {
	p.Helper()
	plan, err := p.reforms.Plan(p.Context(), p.snap(), asked)
	p.must(err)
	if len(plan.Problems) > 0 {
		p.Fatalf("%+v: %+v", asked, plan.Problems)
	}
	return plan
}

func (p *province) apply(asked reform.Asked) reform.Reform {
	p.Helper()
	made, err := p.reforms.Apply(p.Context(), testkit.Author(), p.plan(asked))
	p.must(err)
	return made
}

// kept is everything that administrators keep.
func (p *province) kept() string {
	p.Helper()
	var out bytes.Buffer
	_, err := p.Dump(p.Context(), &out, append(registry.Tables(), auth.Tables()...), time.Unix(0, 0), nil)
	p.must(err)
	return out.String()
}

// row is what the board of an agency says of procedures in 2025.
func (p *province) row(id int64) report.Row {
	p.Helper()
	reports := report.New(p.Store, report.Options{Now: time.Now, Zone: time.UTC})
	board, err := reports.Board(p.Context(), p.snap(), report.Query{Period: civil.Period{Year: 2025, Kind: civil.Year, Number: 1}, AgencyID: id, Detail: true})
	p.must(err)
	if row := board.Row(target.IndicatorProcedures, ""); row != nil {
		return *row
	}
	return report.Row{}
}
