package wording

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/joined"
	"sipas/internal/publication"
	"sipas/internal/report"
	"sipas/internal/score"
	"sipas/internal/target"
)

// failing is what tests and rapid's checks have in common.
type failing interface{ Fatal(...any) }

// readBack is the board of an edition.
func readBack(t failing, content []byte) *report.Board {
	edition, err := publication.ReadEdition(content)
	if err != nil {
		t.Fatal(err)
	}
	board, err := edition.Board()
	if err != nil {
		t.Fatal(err)
	}
	return board
}

// TestPublicReadsAsTheBoard: the same decimals, the same word about chance, the
// same sentences and the same drawings, whatever the figures and targets are.
func TestPublicReadsAsTheBoard(t *testing.T) {
	t.Parallel()
	w := words(t, "vi")
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.SampledFrom([]score.Method{score.SingleQuestion, score.Sipas2023, score.Pooled, score.MeanScore}).Draw(t, "method")
		figure := func(name string) report.Figure {
			if rapid.IntRange(0, 4).Draw(t, name+" is") == 0 {
				return report.Figure{Withheld: true, Index: score.Index{Method: m}}
			}
			satisfied, others := rapid.Int64Range(0, 3000).Draw(t, name+" satisfied"), rapid.Int64Range(0, 3000).Draw(t, name+" others")
			counts := score.Counts{0, 0, others, 0, satisfied, 0}
			x := m.Overall(score.Tally{Headline: counts, Questions: []score.Counts{counts}})
			return report.Figure{N: x.N, Index: x}
		}
		board := &report.Board{
			Query: report.Query{Period: civil.Period{Year: 2025, Kind: civil.Year}, Detail: true}, Province: agency.Text{"vi": "Tỉnh thử"}, SmallCell: 5, MinSample: 30,
		}
		row := report.Row{
			Indicator: target.IndicatorField, FieldKey: "dat-dai", FieldName: agency.Text{"vi": "Đất đai"}, SurveyKey: "quay-nhanh",
			SurveyTitle: agency.Text{"vi": "Nhanh"}, Method: m, Counts: true, Figure: figure("row"),
			WordingChanged: rapid.Bool().Draw(t, "worded"), LeftOut: rapid.Bool().Draw(t, "left out"),
		}
		x := row.Index
		for _, percent := range []int{ // one anywhere, one where rounding decides, one at a bound
			rapid.IntRange(0, 10000).Draw(t, "target"), int(x.Value.Float()*100 + 0.5), int(x.Low * 100),
		} {
			comparator := rapid.SampledFrom([]target.Comparator{target.AtLeast, target.Above}).Draw(t, "comparator")
			standing := report.TargetStanding{
				Target:    target.Target{Comparator: comparator, Percent: percent, Plan: "1/KH 2025-01-02", Note: agency.Text{"vi": "x", "en": "y"}},
				Inherited: true, Verdict: score.Verdict{Standing: score.NotEnoughData},
			}
			if row.HasFigure() && m.IsPercent() {
				standing.Verdict = score.Judge(x, score.Target(percent), comparator == target.Above, score.DefaultMinN)
			}
			row.Targets = append(row.Targets, standing)
		}
		if row.HasFigure() {
			for i := range 2 {
				key := fmt.Sprint("factor ", i)
				row.Factors = append(row.Factors, report.Factor{Key: key, Label: agency.Text{"vi": key}, Figure: figure(key)})
			}
		}
		for n := range 12 {
			month := report.Month{Month: 202501 + n, Figure: report.Figure{Index: score.Index{Method: m}}}
			if n == 3 || n == 7 {
				if month.Figure = figure(fmt.Sprint("month ", n)); month.HasFigure() {
					month.Mark = joined.Mark{Changed: rapid.Bool().Draw(t, "changed"), Breaks: rapid.Bool().Draw(t, "breaks")}
				}
			}
			row.Trend = append(row.Trend, month)
		}
		board.Rows = append(board.Rows, row)

		content, err := json.Marshal(publication.EditionOf(board))
		if err != nil {
			t.Fatal(err)
		}
		public := readBack(t, content)
		public.Finding = board.Finding // which report makes of either
		if diff := cmp.Diff(w.Board(board), w.Board(public)); diff != "" {
			t.Errorf("-board +public: %s", diff)
		}
	})
}

// TestOldEditions: what was published with two decimals is not rounded again,
// and is called what it was.
func TestOldEditions(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("../publication/testdata/edition-rounded.json")
	if err != nil {
		t.Fatal(err)
	}
	w := words(t, "vi")
	b := w.Board(readBack(t, content))
	land, points := b.Rows[0], b.Rows[2]
	if points.Figure.Value != "62,50%" || !slices.Contains(b.Methods, w.T("method.points-ratio")) || slices.Contains(b.Methods, w.T("method.points-210")) {
		t.Errorf("points were a ratio then: %+v, %q", points.Figure, b.Methods)
	}
	f := land.Figure
	if f.Value != "27,85%" || f.Low != "26,17%" || f.High != "29,59%" || land.Detail.Factors[0].Value != "33,33%" || land.Detail.Months[1].Value != "26,17%" {
		t.Errorf("%+v", land)
	}
	if a, b := f.Standings[0], f.Standings[1]; a.Gap != "−1,15" || !a.ByChance || b.Gap != "−57,15" || b.ByChance ||
		a.Note != "" || b.Note != "mức phấn đấu" || a.Target != "29%" {
		t.Errorf("%+v", f.Standings)
	}
}
