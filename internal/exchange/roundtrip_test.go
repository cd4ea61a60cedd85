package exchange_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/exchange/draft"
	"sipas/internal/exchange/xlsform"
	"sipas/internal/spreadsheet"
	"sipas/internal/survey"
	"sipas/internal/testkit"
	"sipas/surveys"
)

// simple writes a survey as text, its conditions as translations are.
func simple(t *testing.T, d survey.Definition) string {
	t.Helper()
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var own survey.Definition
	if err := json.Unmarshal(text, &own); err != nil {
		t.Fatal(err)
	}
	for _, s := range own.Sections {
		for i := range s.Questions {
			if q := &s.Questions[i]; q.Show != nil {
				c := draft.Simple(*q.Show)
				q.Show = &c
			}
		}
	}
	if text, err = json.MarshalIndent(own, "", " "); err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestRoundTrip: what we write as XLSForm is read as the same survey, of every kind
// of question and of every built-in survey, and the same survey makes the same
// bytes.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	all, err := surveys.Library()
	if err != nil {
		t.Fatal(err)
	}
	every := testkit.EveryKind(t)
	all = append(all, every, conditioned(t))
	for _, d := range all {
		if wrong := d.Validate(); len(wrong) > 0 {
			t.Fatal(wrong)
		}
		back := there(t, d)
		if diff := cmp.Diff(simple(t, d), simple(t, back)); diff != "" {
			t.Errorf("%s: %s", d.Key, diff)
		}
	}
}

func there(t *testing.T, d survey.Definition) survey.Definition {
	t.Helper()
	var files [2]bytes.Buffer
	for i := range files {
		if err := xlsform.Write(&files[i], d, 3); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(files[0].Bytes(), files[1].Bytes()) {
		t.Error("another file of the same survey")
	}
	sheets, err := spreadsheet.Sheets(files[0].Bytes())
	if err != nil {
		t.Fatal(err)
	}
	back, report := xlsform.Read(sheets)
	if len(report.Errors)+len(report.Warnings) > 0 {
		t.Errorf("%s: %v %v", d.Key, report.Errors, report.Warnings)
	}
	return back
}

// conditioned has every kind of question with more properties, and questions after
// them under every sort of condition.
func conditioned(t *testing.T) survey.Definition {
	t.Helper()
	d := testkit.EveryKind(t)
	d.Intro = map[string]string{"vi": "=1+1", "en": "Lines\nof text"}
	d.Method, d.Headline = "single-question", "overall"
	var more []survey.Question
	for i := range d.Sections[0].Questions {
		q := &d.Sections[0].Questions[i]
		q.Required = string(q.Type) != "information"
		q.RandomOrder = slices.Contains(survey.Uses(q.Type), "random_order") && !q.Pointed()
		q.Short = map[string]string{"vi": "Tên ngắn", "en": "Short"}
		if len(q.Choices) > 0 {
			q.Choices[0].Note = map[string]string{"vi": "Gọi {hotline}", "en": "Call {hotline}"}
		}
	}
	d.Sections[0].Stem = d.Title
	for i, show := range []string{
		`{"question":"came","in":["riding"]}`, `{"question":"fee","in":["yes"]}`, `{"question":"staff.manner","in":["1","0"]}`,
		`{"question":"overall","at_most":2}`, `{"question":"hall","at_least":2,"at_most":2}`, `{"question":"visits","at_least":3}`,
		`{"question":"recommend","in":["9","10"]}`, `{"question":"recommend","at_most":0}`, `{"question":"reasons","in":["waiting","else"]}`,
		`{"channel":["qr","kiosk"]}`, `{"all":[{"channel":["qr"]},{"question":"visits","at_least":3,"at_most":4}]}`,
		`{"any":[{"question":"came","in":["walking"]},{"all":[{"question":"fee","in":["yes"]},{"any":[{"question":"hall","in":["1"]},{"question":"visits","at_most":0}]}]}]}`,
	} {
		q := survey.Question{Key: "more-" + string(rune('a'+i)), Type: "yes-no", Text: d.Title}
		if err := json.Unmarshal([]byte(show), &q.Show); err != nil {
			t.Fatal(err)
		}
		more = append(more, q)
	}
	no := false
	more = append(more,
		survey.Question{Key: "five", Type: "scale5", Text: d.Title, NoOpinion: true, NoOpinionText: d.Title, Satisfied: []int{3, 4, 5}},
		survey.Question{Key: "table", Type: "grid", Levels: 3, Scored: &no, Text: d.Title, Rows: []survey.Row{{Key: "one", Text: d.Title}}},
		survey.Question{Key: "scale5", Type: "grid", Levels: 5, Text: d.Title, Required: true, Rows: []survey.Row{{Key: "one", Text: d.Title}, {Key: "two", Text: d.Title}}},
		survey.Question{Key: "yes-no", Type: "single", Text: d.Title, Choices: []survey.Choice{{Key: "yes", Text: d.Title}, {Key: "no", Text: d.Title}}},
	)
	d.Sections = append(d.Sections, survey.Section{Key: "more", Title: map[string]string{"vi": "Thêm", "en": "Thêm"}, Questions: more})
	return d
}
