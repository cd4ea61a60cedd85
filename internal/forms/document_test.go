package forms

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/agency"
	"sipas/internal/survey"
)

// TestDescribeQuestion: bounds that a definition leaves out are said, and so is
// what shows a question.
func TestDescribeQuestion(t *testing.T) {
	t.Parallel()
	words := agency.Text{"vi": "Vì sao?"}
	show := &survey.Condition{Question: "overall", In: []string{"1", "2"}}
	a, b := survey.Choice{Key: "a", Text: words}, survey.Choice{Key: "b", Text: words}
	tests := []struct {
		question survey.Question
		want     DocumentQuestion
	}{
		{survey.Question{Key: "why", Type: survey.TypeText, Text: words, Show: show},
			DocumentQuestion{MaxLength: survey.DefaultMaxLength, Show: show, Choices: []DocumentChoice{}}},
		{survey.Question{Key: "why", Type: survey.TypeText, Text: words, MaxLength: 7}, DocumentQuestion{MaxLength: 7, Choices: []DocumentChoice{}}},
		{survey.Question{Key: "why", Type: survey.TypeMulti, Text: words, Choices: []survey.Choice{a, b}},
			DocumentQuestion{MaxChoices: 2, Choices: []DocumentChoice{{Named: Named{"a", "Vì sao?"}}, {Named: Named{"b", "Vì sao?"}}}}},
		{survey.Question{Key: "why", Type: survey.TypeMulti, Text: words, MaxChoices: 1, Choices: []survey.Choice{a}},
			DocumentQuestion{MaxChoices: 1, Choices: []DocumentChoice{{Named: Named{"a", "Vì sao?"}}}}},
		{survey.Question{Key: "why", Type: survey.TypeSingle, Text: words, Required: true, Choices: []survey.Choice{b}},
			DocumentQuestion{Required: true, Choices: []DocumentChoice{{Named: Named{"b", "Vì sao?"}}}}},
		{survey.Question{Key: "why", Type: survey.TypeScale, Text: words, NoOpinion: true}, DocumentQuestion{NoOpinion: true, Choices: []DocumentChoice{}}},
	}
	for _, test := range tests {
		want := test.want
		want.Key, want.Type, want.Section, want.Text = "why", test.question.Type, "one", "Vì sao?"
		if diff := cmp.Diff(want, describeQuestion(test.question, "one", "en", "", 0)); diff != "" {
			t.Errorf("%+v: -want +got\n%s", test.question, diff)
		}
	}
}
