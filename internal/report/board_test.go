package report_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/agency"
	"sipas/internal/fault"
	"sipas/internal/report"
	"sipas/internal/score"
	"sipas/internal/target"
	"sipas/internal/testkit"
)

// small is a province with a department, a commune and a hospital.
func small(t *testing.T, st *testkit.Place) *province {
	t.Helper()
	p := newProvince(t, st)
	p.office("so", "tinh", agency.KindDepartment)
	p.office("xa", "tinh", agency.KindCommune)
	p.office("vien", "tinh", agency.KindHospital)
	p.point("so-1", "so", "quay-nhanh", "dat-dai", "xay-dung", agency.FieldUnsaidProcedure, agency.FieldUnsaid)
	p.point("so-2", "so", "quay-nhanh", "dat-dai")
	p.point("xa-1", "xa", "quay-nhanh", "dat-dai", "xay-dung")
	p.point("vien-1", "vien", "quay-nhanh", "y-te")
	p.point("so-s", "so", "sipas", "dat-dai")
	p.point("vien-s", "vien", "sipas", "y-te")
	return p
}

// line is what a test says of a row.
type line struct {
	Kind    target.IndicatorKind
	Field   string
	Survey  string
	N       int64
	Display string
}

func lines(b *report.Board) []line {
	var out []line
	for _, r := range b.Rows {
		out = append(out, line{r.Indicator, r.FieldKey, r.SurveyKey, r.N, r.Index.Display(2)})
	}
	return out
}

// TestPublicServicesAreThoseOfHospitalsAndSchools: what people say at a
// department's desk is about a procedure, even where its desk names the field.
func TestPublicServicesAreThoseOfHospitalsAndSchools(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		p := small(t, st)
		p.point("so-y", "so", "quay-nhanh", "y-te")
		p.point("vien-d", "vien", "quay-nhanh", "dat-dai")
		// The yearly survey as a second row of both, whose index is a mean of questions.
		for _, i := range []target.Indicator{
			{Kind: target.IndicatorProcedures, SurveyKey: "quay-nhanh", Counts: true},
			{Kind: target.IndicatorProcedures, SurveyKey: "sipas"},
			{Kind: target.IndicatorField, FieldKey: "y-te", SurveyKey: "quay-nhanh", Counts: true},
			{Kind: target.IndicatorField, FieldKey: "y-te", SurveyKey: "sipas"},
		} {
			p.must(st.AddIndicator(t.Context(), i))
		}
		p.point("so-ys", "so", "sipas", "y-te")
		p.answered(
			answer{point: "so-y", scale: "5", times: 40}, answer{point: "vien-1", scale: "1", times: 50},
			answer{point: "vien-d", scale: "5", times: 10},
			answer{point: "so-ys", scale: "5", times: 30}, answer{point: "vien-s", scale: "1", times: 20}, answer{point: "so-s", scale: "5", times: 10},
		)
		want := []line{
			{target.IndicatorProcedures, "", "quay-nhanh", 50, "100%"},
			{target.IndicatorProcedures, "", "sipas", 40, "100%"},
			{target.IndicatorField, "y-te", "quay-nhanh", 50, "0%"},
			{target.IndicatorField, "y-te", "sipas", 20, "0%"},
			{target.IndicatorSIPAS, "", "sipas", 40, "100%"},
			{target.IndicatorField, "dat-dai", "quay-nhanh", 10, "100%"},
		}
		if diff := cmp.Diff(want, lines(p.board(p.year("")))); diff != "" {
			t.Error(diff)
		}
	})
}

func TestBoardByHand(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		p := small(t, st)
		p.target(target.Target{Plan: "sàn", Indicator: target.IndicatorField, FieldKey: "dat-dai", Percent: 8000, LeadAgency: "Sở"})
		p.target(target.Target{Plan: "phấn đấu", Indicator: target.IndicatorField, FieldKey: "dat-dai", Percent: 8500, Note: agency.Text{"vi": "vượt"}})
		p.target(target.Target{Plan: "sàn", Indicator: target.IndicatorSIPAS, Percent: 9000})
		p.target(target.Target{Plan: "khác", Indicator: target.IndicatorSIPAS, Percent: 9000, Year: 2024})
		p.target(target.Target{Plan: "sàn", Indicator: target.IndicatorField, FieldKey: "y-te", Percent: 8500})
		p.answered(
			answer{point: "so-1", scale: "5", times: 30}, answer{point: "so-1", scale: "3", times: 10, month: 2},
			answer{point: "xa-1", scale: "4", times: 20, month: 11},
			answer{point: "so-1", field: "xay-dung", scale: "2", times: 10}, answer{point: "xa-1", field: "xay-dung", scale: "4", times: 30},
			answer{point: "so-1", field: agency.FieldUnsaidProcedure, scale: "1", times: 20},
			answer{point: "so-1", field: agency.FieldUnsaid, scale: "1", times: 7},
		)
		b := p.board(p.year(""))
		want := []line{
			{target.IndicatorProcedures, "", "quay-nhanh", 120, "66,67%"}, // 80 of 120, with those who did not say which
			{target.IndicatorSIPAS, "", "sipas", 0, ""},
			{target.IndicatorField, "dat-dai", "quay-nhanh", 60, "83,33%"},
			{target.IndicatorField, "xay-dung", "quay-nhanh", 40, "75%"},
			{target.IndicatorField, "y-te", "quay-nhanh", 0, ""},
		}
		if diff := cmp.Diff(want, lines(b)); diff != "" {
			t.Error(diff)
		}
		if f := b.Finding; f.Met != 1 || f.Missed != 1 || f.NotEnough != 2 || f.Worst == nil || f.Worst.Row != 2 || f.Worst.Target != 1 {
			t.Errorf("finding: %+v", f)
		}
		q1 := p.year("")
		q1.Period = p.period("Q1")
		want = []line{
			{target.IndicatorProcedures, "", "quay-nhanh", 10, "0%"},
			{target.IndicatorSIPAS, "", "sipas", 0, ""},
			{target.IndicatorField, "dat-dai", "quay-nhanh", 10, "0%"},
			{target.IndicatorField, "y-te", "quay-nhanh", 0, ""},
		}
		if diff := cmp.Diff(want, lines(p.board(q1))); diff != "" {
			t.Errorf("first quarter: %s", diff)
		}
		commune := p.board(p.year("xa"))
		want = []line{
			{target.IndicatorProcedures, "", "quay-nhanh", 50, "100%"},
			{target.IndicatorField, "dat-dai", "quay-nhanh", 20, "100%"},
			{target.IndicatorField, "xay-dung", "quay-nhanh", 30, "100%"},
		}
		if diff := cmp.Diff(want, lines(commune)); diff != "" {
			t.Errorf("commune: %s", diff)
		}
		if got := commune.Rows[1].Targets; len(got) != 2 || !got[0].Inherited || got[0].Standing != score.NotEnoughData {
			t.Errorf("the commune's targets: %+v", got)
		}
		if len(commune.Trail) != 1 || commune.Trail[0].Code != "tinh" || commune.Agency.Code != "xa" {
			t.Errorf("trail: %+v", commune.Trail)
		}
		field := p.year("")
		field.FieldKey = "dat-dai"
		if got := lines(p.board(field)); len(got) != 1 || got[0].N != 60 {
			t.Errorf("one field: %+v", got)
		}
	})
}

func TestBoardJSON(t *testing.T) {
	t.Parallel()
	p := small(t, testkit.SQLite(t))
	p.target(target.Target{Plan: "KH 1", Indicator: target.IndicatorField, FieldKey: "dat-dai", Percent: 8550, LeadAgency: "Sở", Note: agency.Text{"vi": "ghi chú"}})
	p.answered(answer{point: "so-1", scale: "5", times: 25}, answer{point: "so-1", scale: "2", times: 5})
	q := p.year("")
	q.FieldKey = "dat-dai"
	got, err := json.MarshalIndent(p.board(q).API(), "", " ")
	p.must(err)
	// Wilson's interval of 25 in 30: 66.44 to 92.66.
	want := `{
 "year": 2025,
 "period": "Y",
 "from": "2025-01-01",
 "to": "2025-12-31",
 "method": "single-question",
 "rows": [
  {
   "indicator": "FIELD",
   "field": "dat-dai",
   "n": 30,
   "percent": 83.33333333333333,
   "display": "83,33%",
   "low": 66.435649,
   "high": 92.663458,
   "survey": "quay-nhanh",
   "method": "single-question",
   "counts": true,
   "targets": [
    {
     "comparator": "at-least",
     "percent": 85.5,
     "plan": "KH 1",
     "lead_agency": "Sở",
     "note": {
      "vi": "ghi chú"
     },
     "gap": -2.1666666666666665,
     "standing": "missed",
     "beyond_chance": false,
     "inherited": false
    }
   ]
  }
 ]
}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}

// TestFewerThanKWaitInJSON: of four people there is no figure and no n, only that
// there is no data yet; the fifth brings all of them.
func TestFewerThanKWaitInJSON(t *testing.T) {
	t.Parallel()
	p := small(t, testkit.SQLite(t))
	p.target(target.Target{Indicator: target.IndicatorField, FieldKey: "dat-dai", Percent: 8500})
	p.answered(answer{point: "so-1", scale: "5", times: 4})
	land := func() report.APIDetailedRow {
		rows := p.board(p.year("")).API().Rows
		return rows[slices.IndexFunc(rows, func(r report.APIDetailedRow) bool { return r.Field != nil })]
	}
	row := land()
	target := row.Targets[0]
	if row.N == nil || *row.N != 0 || row.Percent != nil || row.Display != nil || row.Low != nil || target.Gap != nil || target.Standing != score.NotEnoughData {
		t.Errorf("4 people can be seen: %+v", row)
	}
	p.answered(answer{point: "so-1", scale: "5", times: 1})
	if row = land(); row.N == nil || *row.N != 5 || *row.Percent != 100 {
		t.Errorf("5 people cannot be seen: %+v", row)
	}
}

func TestSIPASOfAdministrativeAgenciesOnly(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		p := small(t, st)
		n := len(p.versions["sipas"].Scale())
		// Every second question is answered 5 by all, the others 2 by half of them.
		all, half := make([]byte, n), make([]byte, n)
		for i := range n {
			all[i], half[i] = '5', "52"[i%2]
		}
		p.answered(
			answer{point: "so-s", scale: string(all), times: 20}, answer{point: "so-s", scale: string(half), times: 20, month: 6},
			answer{point: "vien-s", scale: string(half), times: 40},
		)
		q := p.year("")
		q.Detail = true
		row := p.board(q).Row(target.IndicatorSIPAS, "")
		satisfied := int64((n + 1) / 2)
		want, _ := score.Ratio(2*satisfied+int64(n)-satisfied, 2*int64(n)) // of these questions 100 %, of the others 50 %
		if row.N != 40 || row.Index.Value.Cmp(want) != 0 || row.Method != score.Sipas2023 {
			t.Errorf("SIPAS: n %d, %s by %s, want 40, %s", row.N, row.Index.Display(2), row.Method, want.Percent("vi", 2))
		}
		if got := row.Trend[4]; got.N != 20 || got.Index.Display(2) != "100%" {
			t.Errorf("May: %+v", got)
		}
		if len(row.Factors) != 6 || !row.Factors[0].HasFigure() {
			t.Errorf("factors: %+v", row.Factors)
		}
		var parts []string
		for _, part := range row.Parts {
			parts = append(parts, part.Agency.Code+" "+part.Index.Display(2))
		}
		if diff := cmp.Diff([]string{"so " + row.Index.Display(2), "xa ", "vien "}, parts); diff != "" {
			t.Errorf("parts: %s", diff)
		}
		q = p.year("so")
		q.Detail = true
		own := p.board(q).Row(target.IndicatorSIPAS, "")
		if len(own.Parts) != 1 || own.Parts[0].Point.Name["vi"] != "so-s" || own.Parts[0].N != 40 {
			t.Errorf("points: %+v", own.Parts)
		}
	})
}

func TestUnknownThings(t *testing.T) {
	t.Parallel()
	p := small(t, testkit.SQLite(t))
	for _, q := range []report.Query{
		{Period: p.period("Y"), AgencyID: 999}, {Period: p.period("Y"), FieldKey: "khong-co"}, {Period: p.period("Y"), Channel: "telepathy"},
		{Period: p.period("Y"), AgencyID: 1, PointID: 999},
	} {
		if _, err := p.reporter().Board(t.Context(), p.snap(), q); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("%+v: %v, want not found", q, err)
		}
	}
	if _, err := p.reporter().Board(t.Context(), p.snap(), report.Query{}); err == nil {
		t.Error("a board without a period was made")
	}
}

// TestProvinceWithoutRoot: the whole is all outermost agencies together.
func TestProvinceWithoutRoot(t *testing.T) {
	t.Parallel()
	p := small(t, testkit.SQLite(t))
	p.office("tinh-2", "", agency.KindProvince)
	p.point("t2", "tinh-2", "quay-nhanh", "dat-dai")
	p.target(target.Target{Indicator: target.IndicatorField, FieldKey: "dat-dai", Percent: 8500})
	p.answered(answer{point: "so-1", scale: "5", times: 10}, answer{point: "t2", scale: "4", times: 10})
	q := p.year("")
	q.Detail = true
	row := p.board(q).Row(target.IndicatorField, "dat-dai")
	if row.N != 20 || len(row.Targets) != 1 || len(row.Parts) != 2 {
		t.Errorf("whole: %+v", row)
	}
	if row = p.board(p.year("tinh-2")).Row(target.IndicatorField, "dat-dai"); row.N != 10 || !row.Targets[0].Inherited {
		t.Errorf("one of them: %+v", row)
	}

	// What waited at both is held by the whole.
	p.point("t2-s", "tinh-2", "sipas", "dat-dai")
	p.answered(
		answer{point: "so-1", scale: "5", times: 3}, answer{point: "t2", scale: "4", times: 3},
		answer{point: "so-s", scale: "5", times: 3}, answer{point: "t2-s", scale: "5", times: 3},
	)
	p.closed()
	if sipas := p.board(q).Row(target.IndicatorSIPAS, ""); sipas == nil || sipas.N != 6 {
		t.Errorf("the whole holds no agency's answers: %+v", sipas)
	}
	if row = p.board(q).Row(target.IndicatorField, "dat-dai"); row.N != 26 || row.Parts[0].N+row.Parts[1].N != 20 {
		t.Errorf("whole, after closing: %+v", row)
	}
}
