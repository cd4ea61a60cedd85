package wording

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/agency"
	"sipas/internal/chart"
	"sipas/internal/civil"
	"sipas/internal/joined"
	"sipas/internal/report"
	"sipas/internal/score"
	"sipas/internal/target"
)

var update = flag.Bool("update", false, "write the golden files")

// asked is what so many of so many satisfied people make.
func asked(m score.Method, satisfied, all int64) report.Figure {
	counts := score.Counts{0, 0, all - satisfied, 0, satisfied, 0}
	x := m.Overall(score.Tally{Headline: counts, Questions: []score.Counts{counts}})
	return report.Figure{N: all, Index: x}
}

func judged(f report.Figure, targets ...target.Target) (list []report.TargetStanding) {
	for _, t := range targets {
		standing := report.TargetStanding{Target: t, Verdict: score.Verdict{Standing: score.NotEnoughData}, Inherited: t.AgencyID == 0}
		if f.HasFigure() {
			standing.Verdict = score.Judge(f.Index, score.Target(t.Percent), t.Comparator == target.Above, score.DefaultMinN)
		}
		list = append(list, standing)
	}
	return list
}

// whole is a board with something of everything, as of an edition of before
// answers were shown in groups.
func whole() *report.Board {
	const plan = "3612/KH-UBND 2021-09-29"
	hidden := report.Figure{Withheld: true}
	floor := target.Target{Percent: 8000, Plan: plan, LeadAgency: "Sở Tài nguyên và Môi trường", AgencyID: 7}
	stretch := target.Target{Percent: 8500, Comparator: target.Above, Plan: "Nghị quyết 12", Note: agency.Text{"vi": "mức phấn đấu", "en": "to aspire to"}}

	land := report.Row{
		Indicator: target.IndicatorField, FieldKey: "dat-dai", FieldName: agency.Text{"vi": "Đất đai", "en": "Land"}, SurveyKey: "quay-nhanh",
		SurveyTitle: agency.Text{"vi": "Phiếu đánh giá nhanh", "en": "Quick feedback form"}, Counts: true, Method: score.SingleQuestion,
		Figure: asked(score.SingleQuestion, 3463, 4213), WordingChanged: true, LeftOut: true,
		Levels: score.Counts{0, 150, 240, 360, 1463, 2000},
	}
	land.Targets = judged(land.Figure, floor, stretch)
	var sections []score.Section
	for _, f := range []struct {
		key, vi, en string
		satisfied   int64
	}{{"access", "Tiếp cận", "Access", 1900}, {"time", "Thời gian giải quyết", "Time taken", 1410}, {"staff", "Cán bộ", "Staff", 1700}} {
		counts := score.Counts{0, 0, 2000 - f.satisfied, 0, f.satisfied, 0}
		land.Factors = append(land.Factors, report.Factor{Key: f.key, Label: agency.Text{"vi": f.vi, "en": f.en}, Figure: asked(score.SingleQuestion, f.satisfied, 2000)})
		sections = append(sections, score.Section{Key: f.key, Questions: []score.Question{{Key: f.key, Counts: counts}}})
	}
	land.Factors = append(land.Factors, report.Factor{Key: "result", Label: agency.Text{"vi": "Kết quả", "en": "Result"}, Figure: hidden})
	aim, _ := land.Aim()
	land.Drivers = score.Drivers(score.SingleQuestion, sections, aim)
	for _, r := range []struct {
		vi, en string
		n      int64
	}{{"Phải chờ lâu", "Long waiting", 612}, {"Phải đi lại nhiều lần", "Had to come back", 300}} {
		share, _ := score.Ratio(r.n, land.N)
		land.Reasons = append(land.Reasons, report.Reason{Label: agency.Text{"vi": r.vi, "en": r.en}, N: r.n, Share: share})
	}
	for n := range 12 {
		month := report.Month{Month: 202501 + n, Mark: joined.Mark{Changed: n == 2 || n == 4, Breaks: n == 4}}
		switch {
		case n == 2:
			month.Figure = hidden
		case n < 10:
			month.Figure = asked(score.SingleQuestion, int64(300+7*n), 400)
		}
		land.Trend = append(land.Trend, month)
	}
	for _, p := range []report.Part{
		{Agency: &agency.Agency{Name: agency.Text{"vi": "Chi nhánh Văn phòng đăng ký", "en": "Registry branch"}}, Figure: asked(score.SingleQuestion, 70, 100)},
		{Point: &agency.ServicePoint{Name: agency.Text{"vi": "Quầy 3"}}, Figure: asked(score.SingleQuestion, 20, 20)},
		{Point: &agency.ServicePoint{Name: agency.Text{"vi": "Quầy 4"}}, Figure: hidden},
		{Point: &agency.ServicePoint{Name: agency.Text{"vi": "Quầy 5"}}},
	} {
		p.Targets = judged(p.Figure, floor, stretch)
		land.Parts = append(land.Parts, p)
	}

	sipas := report.Row{
		Indicator: target.IndicatorSIPAS, SurveyKey: "sipas", SurveyTitle: agency.Text{"vi": "Chỉ số SIPAS"}, Counts: true,
		Method: score.Sipas2023, Figure: asked(score.Sipas2023, 8796, 10000),
	}
	sipas.Targets = judged(sipas.Figure, target.Target{Percent: 9000, Plan: plan})
	procedures := report.Row{
		Indicator: target.IndicatorProcedures, SurveyKey: "tt01", SurveyTitle: agency.Text{"vi": "Phiếu Thông tư 01"}, Method: score.MeanScore,
		Figure: asked(score.MeanScore, 30, 40),
	}
	health := report.Row{
		Indicator: target.IndicatorField, FieldKey: "y-te", FieldName: agency.Text{"vi": "Y tế", "en": "Health"}, SurveyKey: "quay-nhanh",
		SurveyTitle: land.SurveyTitle, Counts: true, Method: score.SingleQuestion, Figure: hidden, Targets: judged(hidden, stretch),
	}
	b := &report.Board{
		Query:  report.Query{Period: civil.Period{Year: 2025, Kind: civil.Quarter, Number: 3}, AgencyID: 7, Detail: true},
		Agency: &agency.Agency{ID: 7, Name: agency.Text{"vi": "Sở Tài nguyên và Môi trường", "en": "Department of Natural Resources"}}, SmallCell: 5, MinSample: 30, Withholds: true,
		Rows: []report.Row{sipas, land, health, procedures},
	}
	b.Finding = report.Finding{Met: 1, Missed: 2, NotEnough: 1, Worst: &report.Shortfall{Row: 1, Target: 1, Factor: &land.Factors[1]}}
	return b
}

// page is a board as a sheet of paper could have it.
type page struct {
	strings.Builder
	w Words
}

func (p *page) line(indent int, parts ...string) {
	text := strings.Join(parts, " ")
	fmt.Fprintf(p, "%s%s\n", strings.Repeat("  ", indent), strings.TrimSpace(text))
}

func (p *page) figure(indent int, f Figure) {
	w := p.w
	switch {
	case f.Withheld:
		p.line(indent, w.T("board.hidden"))
	case f.Empty:
		p.line(indent, w.T("board.nobody"))
	case f.Low == "":
		p.line(indent, w.T("board.index"), f.Value, w.T("board.n", "n", f.N))
	default:
		p.line(indent, w.T("board.index"), f.Value, w.T("board.n", "n", f.N), w.T("board.interval"), f.Low, "–", f.High)
	}
	for _, s := range f.Standings {
		p.line(indent+1, s.Sign(), s.Word, "|", w.T("board.target", "target", s.Target), "|", s.Gap, "|", fmt.Sprint(s.ByChance), "|", s.Plan, "|", s.Lead, "|", s.Note, "|", fmt.Sprint(s.Inherited))
	}
	if b := f.Bullet; b != nil {
		p.line(indent+1, "bullet", b.Title, fmt.Sprintf("%.2f (%.2f-%.2f) %s %v", b.Value, b.Low, b.High, b.Standing, b.Targets))
	}
}

func (p *page) row(r Row, parts []Part) {
	w, d := p.w, r.Detail
	p.line(0, "##", r.Name, "·", r.Survey, "·", r.Key, fmt.Sprint(r.Counts))
	p.figure(1, r.Figure)
	for _, n := range r.Notes {
		p.line(1, n)
	}
	for _, x := range d.Drivers {
		p.line(1, "driver", x.Label+":", w.T("board.driver", "value", x.Value, "aim", d.Aim, "gain", x.Gain))
	}
	for _, x := range d.Factors {
		p.line(1, "factor", x.Label, x.Value, x.N, fmt.Sprintf("%.1f", x.At))
	}
	for _, x := range d.Reasons {
		p.line(1, "reason", x.Label, x.Value, x.N, fmt.Sprintf("%.1f", x.At))
	}
	for i, x := range d.Levels {
		p.line(1, "level", x.Name, x.Share, x.N, fmt.Sprintf("%.2f", d.Spread.Shares[i].Percent))
	}
	if t := r.Trend; t != nil {
		p.line(1, "trend", t.Title, t.LowLabel, t.HighLabel, t.Target.Label)
		for i, m := range d.Months {
			state := map[chart.State]string{chart.Empty: "empty", chart.Shown: "shown", chart.Hidden: "hidden"}[t.Points[i].State]
			if t.Points[i].Breaks {
				state = "broken off, " + state
			}
			p.line(2, t.Points[i].Label, state, m.Value, m.N)
		}
		for _, c := range d.Changes {
			p.line(2, c)
		}
	}
	if d.Withheld {
		p.line(1, "(…)")
	}
	for _, part := range parts {
		p.line(1, "part", part.Name, fmt.Sprint(part.Point))
		p.figure(2, part.Figure)
	}
}

// TestBoardInWords is a whole board as any medium gets it: nothing of what it
// says is left to the medium but labels and layout.
func TestBoardInWords(t *testing.T) {
	t.Parallel()
	b := whole()
	for _, language := range []string{"vi", "en"} {
		p := page{w: words(t, language)}
		said := p.w.Board(b)
		p.line(0, "#", said.Heading, "·", said.Period)
		p.line(0, said.Finding...)
		p.line(0, fmt.Sprintf("%d + %d + %d, %v", said.Met, said.Missed, said.Unsure, said.Answers))
		for i, r := range said.Rows {
			p.row(r, p.w.Parts(b.Rows[i].Parts))
		}
		for _, m := range said.Methods {
			p.line(0, "-", m)
		}
		name := filepath.Join("testdata", "board."+language+".txt")
		if *update {
			if err := os.WriteFile(name, []byte(p.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), p.String()); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

// TestHeadings: a board is an agency's, or the province's by its name, or else
// the whole.
func TestHeadings(t *testing.T) {
	t.Parallel()
	w, b := words(t, "vi"), report.Board{Query: report.Query{Period: civil.Period{Year: 2025, Kind: civil.Year}}}
	for _, want := range []string{"Toàn tỉnh", "Tỉnh thử", "Sở thử"} {
		if got := w.Board(&b).Heading; got != want {
			t.Errorf("%q, want %q", got, want)
		}
		if b.Province != nil {
			b.Agency = &agency.Agency{Name: agency.Text{"vi": "Sở thử"}}
		}
		b.Province = agency.Text{"vi": "Tỉnh thử"}
	}
	if got := w.Board(&b).Finding; len(got) != 1 || got[0] != "Chưa có đánh giá nào trong kỳ này." {
		t.Errorf("nobody answered: %q", got)
	}
}
