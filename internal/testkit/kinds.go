package testkit

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"sipas/internal/agency"
	"sipas/internal/survey"
)

// KindCase is what the tests know of one kind of question: an example, and what
// becomes of answers to it. Each kind has a file of it in package survey.
type KindCase struct {
	Name     string `json:"-"`
	Question survey.Question
	Kept     []KeptCase
	Typed    []TypedCase
	Refused  []RefusedCase
}

// Sent is what a client sends, by address.
type Sent map[string]any

// KeptCase is an answer that is taken, and how it is stored.
type KeptCase struct {
	Send           Sent
	Scale, Answers string
	Texts          []string         // "question: text"
	Counts         map[string]int64 // the number that it counts as, by question
}

// TypedCase is what is typed in a form, and what it means.
type TypedCase struct {
	Fields map[string][]string
	Send   Sent
}

// RefusedCase is an answer that is refused.
type RefusedCase struct {
	Send    Sent
	Problem string
}

// KindCases reads the example of every kind, in the order of their names.
func KindCases(t testing.TB) []KindCase {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	files, err := filepath.Glob(filepath.Join(filepath.Dir(here), "..", "survey", "testdata", "kinds", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	var cases []KindCase
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		c := KindCase{Name: strings.TrimSuffix(filepath.Base(file), ".json")}
		if err := json.Unmarshal(content, &c); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		cases = append(cases, c)
	}
	return cases
}

// EveryKind is a survey that asks one question of every kind.
func EveryKind(t testing.TB) survey.Definition {
	t.Helper()
	all := survey.Section{Key: "all", Title: agency.Text{"vi": "Mọi loại câu hỏi", "en": "Every kind of question"}}
	for _, c := range KindCases(t) {
		all.Questions = append(all.Questions, c.Question)
	}
	return survey.Definition{
		Key: "every-kind", Languages: []string{"vi", "en"}, Title: agency.Text{"vi": "Phiếu đủ loại", "en": "Every kind"},
		Method: "sipas-2023", Sections: []survey.Section{all},
	}
}

// Submission is what a client sends of a version.
func (s Sent) Submission(t testing.TB, v *survey.Version, id string) survey.Submission {
	t.Helper()
	out := survey.Submission{ID: id, Version: v.Name(), Language: "vi", Answers: map[string]survey.Value{}}
	for address, sent := range s {
		_, reserved := v.Reserved(address)
		switch sent := sent.(type) {
		case string:
			switch {
			case reserved && address == survey.ProcedureQuestion:
				out.Procedure = sent
			case reserved:
				out.FieldKey = sent
			default:
				out.Answers[address] = survey.Value{Kind: survey.ValueText, Text: sent}
			}
		case float64:
			level := int(min(sent, 1<<60))
			out.Answers[address] = survey.Value{Kind: survey.ValueLevel, Level: level}
		case []any:
			value := survey.Value{Kind: survey.ValueChoices, Choices: []string{}}
			for _, key := range sent {
				value.Choices = append(value.Choices, fmt.Sprint(key))
			}
			out.Answers[address] = value
		default:
			t.Fatalf("%s: a client sends no %T", address, sent)
		}
	}
	return out
}

// TextsOf lists the texts of a response as "question: text", sorted.
func TextsOf(r survey.Response) []string {
	var texts []string
	for _, text := range r.Texts {
		texts = append(texts, text.Question+": "+text.Text)
	}
	slices.Sort(texts)
	return texts
}
