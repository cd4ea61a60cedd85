package forms

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/agency"
	"sipas/internal/fault"
	"sipas/internal/survey"
)

// decodeVersion has a question of each type, one of them shown on a condition.
func decodeVersion() *survey.Version {
	text := func(s string) agency.Text { return agency.Text{"vi": s} }
	choices := []survey.Choice{{Key: "one", Text: text("Một")}, {Key: "two", Text: text("Hai")}}
	return survey.NewVersion(1, 1, time.Time{}, survey.Definition{
		Key: "pulse", Languages: []string{"vi"}, Title: text("Phiếu"), Method: "pooled",
		Sections: []survey.Section{{Key: "all", Title: text("Chung"), Questions: []survey.Question{
			{Key: "overall", Type: survey.TypeScale, Text: text("?"), Required: true},
			{Key: "came", Type: survey.TypeSingle, Text: text("?"), Choices: choices},
			{Key: "reasons", Type: survey.TypeMulti, Text: text("?"), Choices: choices},
			{Key: "comment", Type: survey.TypeText, Text: text("?"), Show: &survey.Condition{Question: "came", In: []string{"one"}}},
		}}},
	})
}

func TestDecodeForm(t *testing.T) {
	t.Parallel()
	got, err := FromFields(url.Values{
		"submission": {"id"}, "version": {"pulse.1"}, "language": {"vi"}, "field": {""},
		"a.overall": {"5"}, "a.came": {"one"}, "a.reasons": {"two", "", "one"}, "a.comment": {"một\r\nhai\rba"},
	}, decodeVersion())
	if err != nil {
		t.Fatal(err)
	}
	want := survey.Submission{ID: "id", Version: "pulse.1", Language: "vi", Answers: map[string]survey.Value{
		"overall": {Kind: survey.ValueLevel, Level: 5},
		"came":    {Kind: survey.ValueText, Text: "one"},
		"reasons": {Kind: survey.ValueChoices, Choices: []string{"two", "one"}},
		"comment": {Kind: survey.ValueText, Text: "một\nhai\nba"},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	empty, err := FromFields(url.Values{"a.overall": {""}, "a.reasons": {"", ""}, "a.comment": {""}}, decodeVersion())
	if err != nil || len(empty.Answers) != 0 {
		t.Errorf("empty values: %+v %v, want nothing answered", empty, err)
	}
}

func TestDecodeFormProblems(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ế", 1000)
	for _, c := range []struct {
		key    string
		values []string
		want   []fault.Problem
	}{
		{"surprise", []string{"1"}, []fault.Problem{{Where: "surprise", Key: fault.ProblemUnknownField}}},
		{"a", []string{"1"}, []fault.Problem{{Where: "a", Key: fault.ProblemUnknownField}}},
		{"", []string{"1"}, []fault.Problem{{Where: "", Key: fault.ProblemUnknownField}}},
		{"overall", []string{"5"}, []fault.Problem{{Where: "overall", Key: fault.ProblemUnknownField}}},
		{"Submission", []string{"x"}, []fault.Problem{{Where: "Submission", Key: fault.ProblemUnknownField}}},
		{"created_at", []string{"2001-01-01"}, []fault.Problem{{Where: "created_at", Key: fault.ProblemServerField}}},
		{"ip", []string{"1.2.3.4"}, []fault.Problem{{Where: "ip", Key: fault.ProblemServerField}}},
		{"agency_id", []string{"7"}, []fault.Problem{{Where: "agency_id", Key: fault.ProblemServerField}}},
		{"score", []string{"100"}, []fault.Problem{{Where: "score", Key: fault.ProblemServerField}}},
		{"status", []string{"ok"}, []fault.Problem{{Where: "status", Key: fault.ProblemServerField}}},
		{"channel", []string{"paper"}, []fault.Problem{{Where: "channel", Key: fault.ProblemServerField}}},
		{"day", []string{"2001-01-01"}, []fault.Problem{{Where: "day", Key: fault.ProblemServerField}}},
		{"receipt", []string{"AAAA2222"}, []fault.Problem{{Where: "receipt", Key: fault.ProblemServerField}}},
		{"service_point_id", []string{"2"}, []fault.Problem{{Where: "service_point_id", Key: fault.ProblemServerField}}},
		{"submission", []string{"a", "a"}, []fault.Problem{{Where: "submission", Key: fault.ProblemDuplicateKey}}},
		{"version", []string{"a", "b"}, []fault.Problem{{Where: "version", Key: fault.ProblemDuplicateKey}}},
		{"field", []string{"", ""}, []fault.Problem{{Where: "field", Key: fault.ProblemDuplicateKey}}},
		{"a.overall", []string{"5", "5"}, []fault.Problem{{Where: "answers.overall", Key: fault.ProblemDuplicateKey}}},
		{"a.overall", []string{"", "5"}, []fault.Problem{{Where: "answers.overall", Key: fault.ProblemDuplicateKey}}},
		{"a.comment", []string{"a", "b"}, []fault.Problem{{Where: "answers.comment", Key: fault.ProblemDuplicateKey}}},
		{"a.nobody", []string{"5"}, []fault.Problem{{Where: "answers.nobody", Key: fault.ProblemUnknownQuestion}}},
		{"a.", []string{"5"}, []fault.Problem{{Where: "answers.", Key: fault.ProblemUnknownQuestion}}},
		{"a.overall[]", []string{"5"}, []fault.Problem{{Where: "answers.overall[]", Key: fault.ProblemUnknownQuestion}}},
		{"a.overall[$gt]", []string{"0"}, []fault.Problem{{Where: "answers.overall[$gt]", Key: fault.ProblemUnknownQuestion}}},
		{"\xff", []string{"1"}, []fault.Problem{{Where: "�", Key: fault.ProblemUnknownField}}},
		{long, []string{"1"}, []fault.Problem{{Where: strings.Repeat("ế", 13) + "�…", Key: fault.ProblemUnknownField}}},
	} {
		_, err := FromFields(url.Values{c.key: c.values}, decodeVersion())
		var invalid *fault.Invalid
		if !errors.As(err, &invalid) {
			t.Errorf("%q: error %v, want *fault.Invalid", c.key, err)
			continue
		}
		if diff := cmp.Diff(c.want, invalid.Problems); diff != "" {
			t.Errorf("%q:\n%s", c.key, diff)
		}
	}
}

// Only what is written as a level is one: everything else stays a text, which
// is refused where it is accepted.
func TestDecodeFormLevels(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]survey.Value{
		"0": {Kind: survey.ValueLevel}, "5": {Kind: survey.ValueLevel, Level: 5},
		"6": {Kind: survey.ValueLevel, Level: 6}, "-1": {Kind: survey.ValueLevel, Level: -1},
	} {
		got, err := FromFields(url.Values{"a.overall": {given}}, decodeVersion())
		if diff := cmp.Diff(want, got.Answers["overall"]); err != nil || diff != "" {
			t.Errorf("%q: %v\n%s", given, err, diff)
		}
	}
	for _, given := range []string{"05", "+5", "5.0", "1e1", " 5", "5 ", "true", "null", "[]", `{"$gt":0}`, "٥", "５", "99999999999999999999", "5\x00", "\xff"} {
		got, err := FromFields(url.Values{"a.overall": {given}}, decodeVersion())
		if diff := cmp.Diff(survey.Value{Kind: survey.ValueText, Text: given}, got.Answers["overall"]); err != nil || diff != "" {
			t.Errorf("%q: %v\n%s", given, err, diff)
		}
	}
}

func TestDecodeFormListsFewProblems(t *testing.T) {
	t.Parallel()
	given := url.Values{}
	for range 5000 {
		given.Add(survey.NewID(time.Unix(0, 0)), "1")
	}
	_, err := FromFields(given, decodeVersion())
	var invalid *fault.Invalid
	if !errors.As(err, &invalid) || len(invalid.Problems) != fault.MaxProblems {
		t.Errorf("%d fields that nobody asked for: %v, want %d problems", len(given), err, fault.MaxProblems)
	}
}

func FuzzDecodeForm(f *testing.F) {
	for _, seed := range []string{
		"a.overall=5&submission=x&version=pulse.1&language=vi", "a.overall=6&a.overall=7", "a.reasons=one&a.reasons=one",
		"a.comment=%00%ff&ip=1", "a.comment=%F0%9F%98%80%E2%80%AE", "=&a.=&a", "a.came=one;a.came=two", "field=%2e%2e%2f&a.reasons=",
	} {
		f.Add(seed)
	}
	v := decodeVersion()
	f.Fuzz(func(t *testing.T, body string) {
		given, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		s, err := FromFields(given, v)
		var invalid *fault.Invalid
		if err != nil && (!errors.As(err, &invalid) || len(invalid.Problems) == 0 || len(invalid.Problems) > fault.MaxProblems) {
			t.Fatalf("error %v", err)
		}
		for key, value := range s.Answers {
			q, known := v.Question(key)
			if !known {
				t.Fatalf("an answer to the unknown question %q", key)
			}
			for _, text := range append(slices.Clone(value.Choices), value.Text) {
				if text != "" && q.Type != survey.TypeText && !slices.Contains(given[AnswerPrefix+key], text) {
					t.Fatalf("%q became %q", given[AnswerPrefix+key], text)
				}
			}
		}
		if err != nil {
			return
		}
		// What the form decodes, the rules of acceptance judge without a panic.
		accepting := survey.Accepting{Point: agency.ServicePoint{ID: 1}, Version: v, Zone: time.UTC}
		if r, err := accepting.Accept(s); err == nil && len(r.Scale) != 1 {
			t.Fatalf("accepted %+v", r)
		}
	})
}
