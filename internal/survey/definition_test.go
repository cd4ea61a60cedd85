package survey_test

import (
	"strings"
	"testing"

	"sipas/internal/agency"
	"sipas/internal/survey"
)

func TestDefinitionIsChecked(t *testing.T) {
	t.Parallel()
	if wrong := sheet().Definition.Validate(); len(wrong) > 0 {
		t.Fatalf("a good definition: %v", wrong)
	}
	question := func(i int, change func(*survey.Question)) func(*survey.Definition) {
		return func(d *survey.Definition) { change(&d.Sections[0].Questions[i]) }
	}
	for want, change := range map[string]func(*survey.Definition){
		`key "Bad Key" must match`:     func(d *survey.Definition) { d.Key = "Bad Key" },
		`must contain "vi"`:            func(d *survey.Definition) { d.Languages = []string{"en"} },
		`title: has no text in "en"`:   func(d *survey.Definition) { d.Languages = []string{"vi", "en"} },
		`method: is missing`:           func(d *survey.Definition) { d.Method = "" },
		`sections: is empty`:           func(d *survey.Definition) { d.Sections = nil },
		`headline: must name a scale5`: func(d *survey.Definition) { d.Headline = "comment" },
		`section a: occurs twice`: func(d *survey.Definition) {
			d.Sections = append(d.Sections, survey.Section{Key: "a", Title: text("B")})
		},
		`question staff: occurs twice`:    question(0, func(q *survey.Question) { q.Key = "staff" }),
		`unknown type "scale7"`:           question(0, func(q *survey.Question) { q.Type = "scale7" }),
		`choices does not belong`:         question(0, func(q *survey.Question) { q.Choices = make([]survey.Choice, 2) }),
		`max_length does not belong`:      question(0, func(q *survey.Question) { q.MaxLength = 5 }),
		`no_opinion does not belong`:      question(5, func(q *survey.Question) { q.NoOpinion = true }),
		`must offer 2 to`:                 question(2, func(q *survey.Question) { q.Choices = q.Choices[:1] }),
		`choice yes: occurs twice`:        question(2, func(q *survey.Question) { q.Choices[1].Key = "yes" }),
		`points must be 2, 1 or 0`:        question(2, func(q *survey.Question) { q.Choices[1].Points = points(3) }),
		`either all choices have points`:  question(2, func(q *survey.Question) { q.Choices[1].Points = nil }),
		`random_order does not belong`:    question(0, func(q *survey.Question) { q.RandomOrder = true }),
		`points are a scale`:              question(2, func(q *survey.Question) { q.RandomOrder = true }),
		`max_choices must be`:             question(4, func(q *survey.Question) { q.MaxChoices = 9 }),
		`does not come before it`:         question(3, func(q *survey.Question) { q.Show.Question = "comment" }),
		`which question "asked" cannot`:   question(3, func(q *survey.Question) { q.Show.In = []string{"maybe"} }),
		`show lists no answers`:           question(3, func(q *survey.Question) { q.Show.In = nil }),
		`which question "reasons" cannot`: question(5, func(q *survey.Question) { q.Show = &survey.Condition{Question: "reasons", In: []string{"slower"}} }),
		`control-character`:               question(1, func(q *survey.Question) { q.Text = text("a\x00") }),
		`not among the survey's`:          question(1, func(q *survey.Question) { q.Text = agency.Text{"vi": "a", "km": "b"} }),
		`kept for the procedure`:          question(5, func(q *survey.Question) { q.Key = survey.ProcedureQuestion }),
		`section a stem: has no text`:     func(d *survey.Definition) { d.Sections[0].Stem = agency.Text{"en": "a"} },
		`choice yes note: has no text`:    question(2, func(q *survey.Question) { q.Choices[0].Note = agency.Text{"en": "a"} }),
		`braces hold nothing but`:         question(2, func(q *survey.Question) { q.Choices[0].Note = text("gọi {phone}") }),
		`no_opinion_text needs`:           question(5, func(q *survey.Question) { q.NoOpinionText = text("a") }),
		`max_length must be`:              question(5, func(q *survey.Question) { q.MaxLength = -1 }),
	} {
		d := sheet().Definition
		change(&d)
		if wrong := strings.Join(d.Validate(), "\n"); !strings.Contains(wrong, want) {
			t.Errorf("want %q, got %q", want, wrong)
		}
	}
}

func TestVersionNames(t *testing.T) {
	t.Parallel()
	if got := sheet().Name(); got != "sheet.2" {
		t.Errorf("name %s", got)
	}
}
