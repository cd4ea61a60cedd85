package report_test

import (
	"testing"

	"sipas/internal/agency"
	"sipas/internal/score"
	"sipas/internal/survey"
	"sipas/internal/target"
	"sipas/internal/testkit"
)

// TestBoardsTakeLevelsAsTheVersionSays: three levels, rows of a grid, levels
// that satisfy by the version's own word and a question that does not score, by
// each method that is made of levels.
func TestBoardsTakeLevelsAsTheVersionSays(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		p := small(t, st)
		words, no := agency.Text{"vi": "Thế nào?"}, false
		for method, want := range map[score.Method]string{
			score.Sipas2023:    "70%",  // of 60, 60, 100 and 60
			score.Pooled:       "70%",  // 56 of 80
			score.MeanScore:    "3,95", // 68 + 76 + 80 + 92 of 80; three levels are 1, 3 and 5
			score.AllSatisfied: "60%",
		} {
			key := "kinds-" + string(method)
			p.publish(survey.Definition{
				Key: key, Languages: []string{"vi"}, Title: words, Method: string(method),
				Sections: []survey.Section{{Key: "all", Title: words, Questions: []survey.Question{
					{Key: "hall", Type: "scale3", Text: words},
					{Key: "staff", Type: "grid", Text: words, Rows: []survey.Row{{Key: "manner", Text: words}, {Key: "guidance", Text: words}}},
					{Key: "strict", Type: survey.TypeScale, Text: words, Satisfied: []int{5}},
					{Key: "aside", Type: survey.TypeScale, Text: words, Scored: &no},
				}}},
			})
			p.must(st.AddIndicator(t.Context(), target.Indicator{Kind: target.IndicatorProcedures, SurveyKey: key}))
			p.point(key, "so", key, "dat-dai")
			p.answered(answer{point: key, scale: "35451", times: 12}, answer{point: key, scale: "12445", times: 8})
			q := p.year("")
			q.Detail = true
			found := false
			for _, row := range p.board(q).Rows {
				if row.SurveyKey != key {
					continue
				}
				found = true
				if got := row.Index.Display(2); got != want || row.N != 20 {
					t.Errorf("%s: %s of %d, want %s", method, got, row.N, want)
				}
			}
			if !found {
				t.Errorf("%s has no row", key)
			}
		}
		if again, err := st.Recount(t.Context(), false, nil); err != nil || again.Drift != 0 {
			t.Errorf("recount: %+v %v", again, err)
		}
	})
}
