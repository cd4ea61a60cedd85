package reach_test

import (
	"encoding/json"
	"testing"

	"sipas/internal/reach"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// A question is out of reach when nothing that can be answered before fulfils its
// condition, or the conditions of what it is about.
func TestUnreachable(t *testing.T) {
	t.Parallel()
	for show, want := range map[string]bool{
		`{"question":"came","in":["riding"]}`:                                                                             false,
		`{"all":[{"question":"came","in":["riding"]},{"question":"came","in":["walking"]}]}`:                              true,
		`{"all":[{"question":"came","in":["riding"]},{"question":"came","in":["walking","riding"]}]}`:                     false,
		`{"any":[{"all":[{"question":"came","in":["riding"]},{"question":"came","in":["walking"]}]},{"channel":["qr"]}]}`: false,
		`{"all":[{"question":"reasons","in":["waiting"]},{"question":"reasons","in":["trips"]}]}`:                         false, // several can be chosen
		`{"all":[{"question":"overall","at_least":4},{"question":"overall","at_most":2}]}`:                                true,
		`{"all":[{"question":"overall","at_least":4},{"question":"overall","in":["5"]}]}`:                                 false,
		`{"question":"hall","in":["0"]}`:                                                                                  true,  // no opinion is not offered
		`{"question":"overall","in":["0"]}`:                                                                               false, // it is
		`{"question":"visits","at_least":1000000}`:                                                                        true,
		`{"all":[{"question":"visits","at_least":3},{"question":"visits","at_most":2}]}`:                                  true,
		`{"all":[{"question":"visits","at_least":3},{"question":"visits","at_most":3}]}`:                                  false,
		`{"all":[{"channel":["qr"]},{"channel":["kiosk"]}]}`:                                                              true,
		`{"all":[{"channel":["qr","kiosk"]},{"channel":["kiosk","paper"]}]}`:                                              false,
		`{"all":[{"field":["y-te"]},{"field":["dat-dai"]}]}`:                                                              true,
		`{"question":"ghost","in":["1"]}`:                                                                                 false, // another problem
		`{"all":[{"question":"ghost","in":["1"]},{"channel":["qr"]}]}`:                                                    false,
		`{"all":[{"all":[{"channel":["qr"]},{"channel":["kiosk"]}]},{"question":"ghost"}]}`:                               true,
	} {
		d := testkit.EveryKind(t)
		hidden := survey.Question{Key: "hidden", Type: "yes-no", Text: d.Title}
		if err := json.Unmarshal([]byte(show), &hidden.Show); err != nil {
			t.Fatal(err)
		}
		behind := survey.Question{Key: "behind", Type: "yes-no", Text: d.Title, Show: &survey.Condition{Question: "hidden", In: []string{"yes"}}}
		d.Sections[0].Questions = append(d.Sections[0].Questions, hidden, behind)
		n, none := len(d.Sections[0].Questions), 0
		for _, at := range reach.Unreachable(d) {
			if at.Section != 1 || at.Question < n-1 {
				t.Errorf("%s: %+v is out of reach", show, at)
			}
			none++
		}
		if (none == 2) != want || none == 1 {
			t.Errorf("%s: %d out of reach", show, none)
		}
	}
}

// A condition with more ways than anybody follows is no problem.
func TestManyWays(t *testing.T) {
	t.Parallel()
	d := testkit.EveryKind(t)
	var some []survey.Condition
	for range 12 {
		some = append(some, survey.Condition{Any: []survey.Condition{{Question: "overall", In: []string{"1"}}, {Question: "came", In: []string{"riding"}}, {Question: "hall", In: []string{"2"}}}})
	}
	d.Sections[0].Questions = append(d.Sections[0].Questions, survey.Question{Key: "last", Type: "yes-no", Text: d.Title, Show: &survey.Condition{All: some}})
	if places := reach.Unreachable(d); len(places) > 0 {
		t.Errorf("%+v", places)
	}
}
