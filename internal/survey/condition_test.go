package survey_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"sipas/internal/fault"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// conditional is the survey of every kind with one more question, shown under a
// condition.
func conditional(t *testing.T, show string) survey.Definition {
	t.Helper()
	d := testkit.EveryKind(t)
	last := survey.Question{Key: "last", Type: survey.TypeText, Text: d.Title}
	if err := json.Unmarshal([]byte(show), &last.Show); err != nil {
		t.Fatal(err)
	}
	d.Sections[0].Questions = append(d.Sections[0].Questions, last)
	return d
}

func TestConditions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		show, sent string
		want       bool
	}{
		{`{"question":"came","in":["riding"]}`, `{"came":"riding"}`, true},
		{`{"question":"came","in":["riding"]}`, `{"came":"walking"}`, false},
		{`{"question":"came","in":["riding"]}`, `{}`, false},
		{`{"question":"fee","in":["yes"]}`, `{"fee":"yes"}`, true},
		{`{"question":"reasons","in":["trips","else"]}`, `{"reasons":["waiting","trips"]}`, true},
		{`{"question":"reasons","in":["trips"]}`, `{"reasons":["waiting"]}`, false},
		{`{"question":"reasons","in":["trips"]}`, `{}`, false},
		{`{"question":"promise","in":["late"]}`, `{"promise":"late"}`, true},
		{`{"question":"staff.manner","in":["1","2"]}`, `{"staff.manner":2}`, true},
		{`{"question":"staff.manner","in":["1","2"]}`, `{"staff.guidance":2}`, false},
		{`{"question":"overall","at_most":2}`, `{"overall":2}`, true},
		{`{"question":"overall","at_most":2}`, `{"overall":0}`, false}, // no opinion is no level
		{`{"question":"overall","at_least":4}`, `{"overall":3}`, false},
		{`{"question":"hall","at_least":2,"at_most":2}`, `{"hall":2}`, true},
		{`{"question":"visits","at_least":3}`, `{"visits":3}`, true},
		{`{"question":"visits","at_least":3}`, `{"visits":2}`, false},
		{`{"question":"visits","at_most":0}`, `{"visits":0}`, true},
		{`{"question":"visits","at_most":0}`, `{}`, false},
		{`{"channel":["qr","kiosk"]}`, `{}`, true},
		{`{"channel":["paper"]}`, `{}`, false},
		{`{"field":["dat-dai"]}`, `{"field":"dat-dai"}`, true},
		{`{"field":["dat-dai"]}`, `{"field":"y-te"}`, false},
		{`{"field":["dat-dai"]}`, `{}`, false},
		{`{"all":[{"channel":["qr"]},{"question":"visits","at_least":3}]}`, `{"visits":3}`, true},
		{`{"all":[{"channel":["paper"]},{"question":"visits","at_least":3}]}`, `{"visits":3}`, false},
		{`{"any":[{"channel":["paper"]},{"question":"visits","at_least":3}]}`, `{"visits":3}`, true},
		{`{"any":[{"channel":["paper"]},{"all":[{"question":"fee","in":["yes"]},{"any":[{"question":"hall","in":["1"]}]}]}]}`, `{"fee":"yes","hall":1}`, true},
		{`{"any":[{"channel":["paper"]},{"all":[{"question":"fee","in":["yes"]},{"any":[{"question":"hall","in":["1"]}]}]}]}`, `{"fee":"yes","hall":2}`, false},
	} {
		d := conditional(t, c.show)
		if wrong := d.Validate(); len(wrong) > 0 {
			t.Errorf("%s: %v", c.show, wrong)
			continue
		}
		v := survey.NewVersion(1, 1, at, d)
		var sent testkit.Sent
		if err := json.Unmarshal([]byte(c.sent), &sent); err != nil {
			t.Fatal(err)
		}
		sent["last"] = "x"
		_, err := taking(v, sent.Submission(t, v, anID))
		var invalid *fault.Invalid
		hidden := errors.As(err, &invalid) && invalid.Problems[0] == fault.Problem{Where: "answers.last", Key: fault.ProblemHidden}
		if hidden == c.want || err != nil && !hidden {
			t.Errorf("%s with %s: %v", c.show, c.sent, err)
		}
	}
}

// TestHiddenAnswersShowNothing: what is not shown fulfils no condition, whatever
// was sent for it.
func TestHiddenAnswersShowNothing(t *testing.T) {
	t.Parallel()
	d := testkit.EveryKind(t)
	after := func(key, on string) survey.Question {
		return survey.Question{Key: key, Type: "yes-no", Text: d.Title, Show: &survey.Condition{Question: on, In: []string{"yes"}}}
	}
	d.Sections[0].Questions = append(d.Sections[0].Questions, after("first", "fee"), after("second", "first"))
	v := survey.NewVersion(1, 1, at, d)
	for fee, want := range map[string]int{"yes": 0, "no": 2} {
		_, err := taking(v, testkit.Sent{"fee": fee, "first": "yes", "second": "yes"}.Submission(t, v, anID))
		var invalid *fault.Invalid
		if errors.As(err, &invalid); want == 0 && err != nil || want > 0 && (invalid == nil || len(invalid.Problems) != want) {
			t.Errorf("fee %s: %v, want %d problems", fee, err, want)
		}
	}
}

func TestConditionsAreChecked(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`{"all":[`, 8) + `{"channel":["qr"]}` + strings.Repeat(`]}`, 8)
	for show, want := range map[string]string{
		`{}`:                                     "exactly one of",
		`{"all":[]}`:                             "lists no conditions",
		`{"any":[{}]}`:                           "exactly one of",
		`{"channel":["qr"],"field":["dat-dai"]}`: "exactly one of",
		`{"question":"fee"}`:                     "lists no answers",
		`{"question":"fee","in":["yes"],"all":[]}`:       "exactly one of",
		`{"question":"hall","in":["1"],"at_least":2}`:    "either in or",
		`{"question":"fee","at_least":1}`:                "need a question that is answered with a level or number",
		`{"question":"hall","at_least":4}`:               "levels that question \"hall\" does not have",
		`{"question":"visits","at_least":4,"at_most":3}`: "more than at_most",
		`{"question":"visits","in":["4"]}`:               "cannot have",
		`{"question":"filed","in":["2026-01-01"]}`:       "show must name a grid,",
		`{"question":"reasons.else","in":["else"]}`:      "show must name a",
		`{"question":"reasons","in":["ghost"]}`:          "cannot have",
		`{"question":"reasons","at_least":1}`:            "need a question that is answered with a level or number",
		`{"question":"comment","in":["a"]}`:              "show must name a",
		`{"question":"staff","in":["1"]}`:                "does not come before it",
		`{"question":"ghost","in":["1"]}`:                "does not come before it",
		`{"question":"last","in":["1"]}`:                 "does not come before it",
		`{"channel":["pigeon"]}`:                         "does not exist",
		`{"field":["Đất đai"]}`:                          "must match",
		deep:                                             "nested deeper",
	} {
		if wrong := strings.Join(conditional(t, show).Validate(), "\n"); !strings.Contains(wrong, want) {
			t.Errorf("%s: want %q, got %q", show, want, wrong)
		}
	}
}
