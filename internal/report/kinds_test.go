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

// TestVersionsThatJudgeOtherwiseAreLeftOut: answers that were judged by other
// levels are not pooled with the newest version's.
func TestVersionsThatJudgeOtherwiseAreLeftOut(t *testing.T) {
	t.Parallel()
	p := small(t, testkit.SQLite(t))
	words := agency.Text{"vi": "Thế nào?"}
	asks := func(of survey.QuestionType, satisfied ...int) survey.Definition {
		return survey.Definition{
			Key: "judged", Languages: []string{"vi"}, Title: words, Method: string(score.Pooled),
			Sections: []survey.Section{{Key: "all", Title: words, Questions: []survey.Question{{Key: "a", Type: of, Text: words, Satisfied: satisfied}}}},
		}
	}
	usual := p.publish(asks(survey.TypeScale))
	three := p.publish(asks("scale3"))
	said := p.publish(asks(survey.TypeScale, 4, 5)) // in words what is usual anyway
	strict := p.publish(asks(survey.TypeScale, 5))
	p.must(p.store.AddIndicator(t.Context(), target.Indicator{Kind: target.IndicatorProcedures, SurveyKey: "judged"}))
	p.point("judged", "so", "judged", "dat-dai")
	for _, v := range []*survey.Version{usual, three, said} {
		p.answered(answer{point: "judged", version: v, scale: "3", times: 10})
	}
	p.answered(answer{point: "judged", version: strict, scale: "5", times: 6}, answer{point: "judged", version: strict, scale: "4", times: 6})
	for _, row := range p.board(p.year("")).Rows {
		if row.SurveyKey == "judged" && (row.Index.Display(2) != "50%" || row.N != 12 || !row.LeftOut) {
			t.Errorf("%s of %d, left out: %v", row.Index.Display(2), row.N, row.LeftOut)
		}
	}
}
