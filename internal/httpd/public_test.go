package httpd

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/message"
	"sipas/internal/report"
	"sipas/internal/score"
	"sipas/internal/store"
	"sipas/internal/target"
)

// TestPublishedOrder: the public page starts with the longest period of the
// newest year.
func TestPublishedOrder(t *testing.T) {
	t.Parallel()
	list := []report.Published{{Publication: store.Publication{Year: 2026, Period: "M01"}}}
	for _, part := range civil.PeriodParts() {
		list = append(list, report.Published{Publication: store.Publication{Year: 2025, Period: part}})
	}
	slices.SortStableFunc(list, inOrder)
	var got []string
	for _, p := range list {
		got = append(got, p.Period)
	}
	want := []string{
		"M01", "Y", "9M", "H2", "H1", "Q4", "Q3", "Q2", "Q1",
		"M12", "M11", "M10", "M09", "M08", "M07", "M06", "M05", "M04", "M03", "M02", "M01",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// republished is a board's row after it was published and read again.
func republished(t interface{ Fatal(...any) }, r report.Row) report.PublicRow {
	board := report.Board{Rows: []report.Row{r}}
	text, err := json.Marshal(board.API().Rows[0])
	if err != nil {
		t.Fatal(err)
	}
	var row report.PublicRow
	if err := json.Unmarshal(text, &row); err != nil {
		t.Fatal(err)
	}
	return row
}

// TestPublicPrintsAsTheBoard: the same decimals, the same word about chance and
// the same drawing, whatever the figure and its targets are.
func TestPublicPrintsAsTheBoard(t *testing.T) {
	t.Parallel()
	p := page{Printer: loadCatalogues(t).For(message.Default)}
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.SampledFrom([]score.Method{score.SingleQuestion, score.Sipas2023, score.Pooled}).Draw(t, "method")
		satisfied, all := rapid.Int64Range(0, 3000).Draw(t, "satisfied"), rapid.Int64Range(1, 3000).Draw(t, "more")
		counts := score.Counts{0, 0, all, 0, satisfied, 0}
		x := m.Overall(score.Tally{Headline: counts, Questions: []score.Counts{counts}})
		row := report.Row{Indicator: target.IndicatorSIPAS, Method: m, Counts: true, Figure: report.Figure{N: x.N, Index: x}}
		for _, percent := range []int{ // one anywhere, one where rounding decides, one at a bound
			rapid.IntRange(0, 10000).Draw(t, "target"), int(x.Value.Float()*100 + 0.5), int(x.Low * 100),
		} {
			comparator := rapid.SampledFrom([]target.Comparator{target.AtLeast, target.Above}).Draw(t, "comparator")
			row.Targets = append(row.Targets, report.TargetStanding{
				Target:    target.Target{Comparator: comparator, Percent: percent, Plan: "1/KH 2025-01-02", Note: agency.Text{"vi": "x", "en": "y"}},
				Inherited: true,
				Verdict:   score.Judge(x, score.Target(percent), comparator == target.Above, score.DefaultMinN),
			})
		}
		public := republished(t, row)
		figure, targets := public.Figure(true)
		if diff := cmp.Diff(p.figure(row.Figure, row.Targets), p.figure(figure, targets)); diff != "" {
			t.Errorf("-board +public: %s", diff)
		}
		if board, public := p.bullet("x", row.Figure, row.Targets, true), p.bullet("x", figure, targets, true); board != public {
			t.Errorf("drawn otherwise:\n%s\n%s", board, public)
		}
	})
}

// TestOldEditions: what was published with two decimals is not rounded again.
func TestOldEditions(t *testing.T) {
	t.Parallel()
	p := page{Printer: loadCatalogues(t).For(message.Default)}
	var board report.PublicBoard
	if err := json.Unmarshal([]byte(`{"year":2024,"period":"Y","small_cell":5,"min_sample":30,"rows":[{"indicator":"FIELD","field":"dat-dai",
		"n":2643,"percent":27.85,"display":"27,85%","low":26.17,"high":29.59,"survey":"quay-nhanh","method":"single-question","counts":true,
		"targets":[{"percent":29,"plan":"1/KH 2024-01-02","lead_agency":"Sở","note":"reached by the start of 2017","gap":-1.15,"standing":"missed"},
			{"percent":85,"plan":"1/KH 2024-01-02","lead_agency":"Sở","note":"mức phấn đấu","gap":-57.15,"standing":"missed"}],
		"field_name":{"vi":"Đất đai"},"factors":[{"key":"result","label":{"vi":"Kết quả"},"n":100,"percent":33.33,"display":"33,33%"}]},
		{"indicator":"TTHC","field":null,"n":40,"percent":62.5,"display":"62,50%","low":47.03,"high":75.78,"survey":"tt01","method":"points-210","counts":true,"targets":[]}]}`), &board); err != nil {
		t.Fatal(err)
	}
	rows, methods := p.publicRows(board)
	if rows[1].Figure.Value != "62,50%" || !slices.Contains(methods, p.T("method.points-ratio")) || slices.Contains(methods, p.T("method.points-210")) {
		t.Errorf("points were a ratio then: %+v, %q", rows[1].Figure, methods)
	}
	f := rows[0].Figure
	if f.Value != "27,85%" || f.Low != "26,17%" || f.High != "29,59%" || rows[0].Factors[0].Value != "33,33%" {
		t.Errorf("%+v", rows[0])
	}
	if a, b := f.Standings[0], f.Standings[1]; a.Gap != "−1,15" || !a.ByChance || b.Gap != "−57,15" || b.ByChance ||
		a.Note != "" || b.Note != "mức phấn đấu" || a.Target != "29%" {
		t.Errorf("%+v", f.Standings)
	}
}
