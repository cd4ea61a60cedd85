package survey_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/score"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// TestVersionsSayWhoIsSatisfied: three levels, levels of the version's own and
// questions that do not score, in the terms of the arithmetic: for one person,
// for the people counted, and for a mean of levels.
func TestVersionsSayWhoIsSatisfied(t *testing.T) {
	t.Parallel()
	d, no := testkit.EveryKind(t), false
	question := func(key string, of survey.QuestionType, change func(*survey.Question)) survey.Question {
		q := survey.Question{Key: key, Type: of, Text: d.Title}
		change(&q)
		return q
	}
	v := asking(d,
		question("usual", "scale5", func(*survey.Question) {}),
		question("strict", "scale5", func(q *survey.Question) { q.Satisfied = []int{5} }),
		question("three", "scale3", func(*survey.Question) {}),
		question("kind", "scale3", func(q *survey.Question) { q.Satisfied = []int{2, 3} }),
		question("aside", "scale5", func(q *survey.Question) { q.Scored = &no }),
		question("rows", "grid", func(q *survey.Question) {
			q.Levels, q.Satisfied, q.Rows = 3, []int{3}, []survey.Row{{Key: "a", Text: d.Title}}
		}),
	)
	if wrong := v.Definition.Validate(); len(wrong) > 0 {
		t.Fatal(wrong)
	}
	got := v.Judged(survey.LevelsOf("443252"))
	if diff := cmp.Diff([]int{4, 1, 5, 5, -1, 1}, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int{0, -1, 1, 1, -1, 5}, v.Judged(survey.LevelsOf("0.1143"))); diff != "" {
		t.Error(diff)
	}
	if p := score.PersonOf(got); p.N != 1 || p.AllSatisfied != 0 || p.ShareSum != score.ShareUnit*3/5 {
		t.Errorf("one person: %+v", p)
	}
	for item, want := range []struct {
		counts    score.Counts
		satisfied int64
		mean      string
	}{
		{score.Counts{9, 1, 2, 3, 4, 5}, 9, "3,6667"},
		{score.Counts{9, 1, 2, 3, 4, 5}, 5, "3,6667"},
		{score.Counts{9, 1, 2, 3}, 3, "3,6667"},
		{score.Counts{9, 1, 2, 3}, 5, "3,6667"},
	} {
		if n := score.Counts(v.JudgedCounts(item, want.counts, false)); n.Satisfied() != want.satisfied || n.Valid() != want.counts.Valid() || n[0] != 9 {
			t.Errorf("%d: %v", item, n)
		}
		if x := score.MeanScore.Question(v.JudgedCounts(item, want.counts, true)); x.Display(4) != want.mean {
			t.Errorf("%d: mean %s, want %s", item, x.Display(4), want.mean)
		}
	}
}

func TestSatisfiedLevelsAreChecked(t *testing.T) {
	t.Parallel()
	d := testkit.EveryKind(t)
	for _, levels := range [][]int{{0}, {6}, {5, 4}, {4, 4}, {1, 2, 3, 4, 5}} {
		v := asking(d, survey.Question{Key: "a", Type: survey.TypeScale, Text: d.Title, Satisfied: levels})
		if len(v.Definition.Validate()) == 0 {
			t.Errorf("%v is taken", levels)
		}
	}
	v := asking(d, survey.Question{Key: "a", Type: survey.TypeScale, Text: d.Title, Satisfied: []int{5}})
	v.Definition.Headline = "a"
	if len(v.Definition.Validate()) == 0 {
		t.Error("a headline whose levels are shown has satisfied levels of its own")
	}
}
