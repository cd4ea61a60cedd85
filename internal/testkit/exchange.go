package testkit

import (
	"bytes"
	"strings"
	"testing"

	"sipas/internal/exchange/draft"
	"sipas/internal/survey"
	"sipas/surveys"
)

// Sound holds a survey that was read of another program's file to what reading promises:
// with errors there is a reason, without them it is valid and can be written. Only of ours,
// which bear our marks, may an error be that it is invalid.
func Sound(t testing.TB, d survey.Definition, report draft.Report, ours bool) {
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

// Said writes problems as where, key, value and detail, without what is said of every
// method.
func Said(all []draft.Problem) []string {
	out := []string{}
	for _, p := range all {
		if p.Key != draft.ProblemMethod {
			out = append(out, strings.TrimRight(p.Where+" "+p.Key+" "+p.Value+" / "+p.Detail, " /"))
		}
	}
	return out
}
