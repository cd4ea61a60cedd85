package lime_test

import (
	"bytes"
	"testing"

	"sipas/internal/exchange/draft"
	"sipas/internal/exchange/lime"
	"sipas/internal/survey"
	"sipas/surveys"
)

// sound holds what is read to what it promises: with errors there is a reason, without
// them a survey that is valid and can be written.
func sound(t *testing.T, d survey.Definition, report draft.Report, ours bool) {
	t.Helper()
	for _, p := range report.Errors {
		if p.Key == "" || p.Key == draft.ProblemInvalid && !ours {
			t.Errorf("%+v", p)
		}
	}
	if len(report.Errors) > 0 {
		return
	}
	if wrong := d.Validate(); len(wrong) > 0 {
		t.Fatal(wrong)
	}
	var out bytes.Buffer
	if err := surveys.Encode(&out, d); err != nil {
		t.Fatal(err)
	}
	if _, err := surveys.Decode(&out); err != nil {
		t.Error(err)
	}
}

// FuzzRead changes a file of LimeSurvey.
func FuzzRead(f *testing.F) {
	f.Add([]byte(lines(group + question(1, "a", "L", "|other=Y") + answers(1, 0, "x", "y") + question(2, "b", "M", "|relevance=a == \"x\"") + sub(3, 2, "c", 0) + sub(4, 2, "d", 0)).file(true)))
	f.Add([]byte(lines(group + question(1, "a", "A", "") + sub(3, 1, "c", 0) + question(2, "b", ":", "|relevance=a_c > 2") + sub(5, 2, "c", 0) + sub(4, 2, "d", 1)).file(false)))
	f.Fuzz(func(t *testing.T, content []byte) {
		d, report := lime.Read(content)
		sound(t, d, report, false)
	})
}
