package studio_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"sipas/internal/exchange/draft"
	"sipas/internal/fault"
	"sipas/internal/studio"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// What is typed is kept whatever it is, and what would be endless is not.
func TestHostileOperations(t *testing.T) {
	t.Parallel()
	d := studio.From(testkit.EveryKind(t), draft.Report{})
	q := d.Outline()[1].Key
	for _, text := range []string{`<script>alert(1)</script>`, `{{7*7}}`, `=HYPERLINK("http://evil","x")`, "a\x00b", "\u202eabc", "\xff\xfe", "Hà Nội", strings.Repeat("a", 30_000)} {
		applied(t, d, set(q, "text", "vi", text), set(studio.Whole, "title", "vi", text), set(q, "min", "", text), set(q, "show", "", text), set(q, "code", "", text), set(q, "type", "", text))
		if len(d.Problems(studio.Info{}, nil)) == 0 {
			t.Errorf("%.20q: nothing is wrong", text)
		}
	}
	deep := strings.Repeat(`{"all":[`, 4000) + strings.Repeat(`]}`, 4000)
	applied(t, d, set(q, "show", "", deep))
	if len(studio.Blocking(d.Problems(studio.Info{}, nil))) == 0 {
		t.Error("a deep condition is fine")
	}
	many := make([]map[string]string, studio.MostParts+1)
	for name, op := range map[string]studio.Operation{
		"too long":       set(q, "text", "vi", strings.Repeat("a", studio.MostText+1)),
		"no field":       set(q, "colour", "", "red"),
		"no language":    set(q, "text", "", "a"),
		"a language":     set(q, "code", "vi", "a"),
		"a bad language": set(q, "text", "../../x", "a"),
		"no element":     set("e9999", "text", "vi", "a"),
		"no doing":       {Do: "destroy", Element: q},
		"the survey":     {Do: studio.DoRemove, Element: studio.Whole},
		"a report":       add(studio.KindReport, "", ""),
		"many choices":   add(studio.KindChoice, q, "", many...),
		"a cell":         add(studio.KindQuestion, "", q, map[string]string{"text@vi@x": "a"}),
		"behind itself":  {Do: studio.DoMove, Element: q, After: q},
		"behind nothing": {Do: studio.DoMove, Element: q, After: "e9999"},
		"not gone":       {Do: studio.DoRestore, Element: q},
	} {
		op.Base = d.Revision
		before := shape(d)
		_, err := d.Apply(op)
		var invalid *fault.Invalid
		if !errors.As(err, &invalid) || shape(d) != before {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, base := range []int{-1, d.Revision + 1} {
		op := set(q, "text", "vi", "x")
		op.Base = base
		if _, err := d.Apply(op); err == nil {
			t.Errorf("base %d", base)
		}
	}
}

// A file of another program: what it said stays until somebody has seen to it, and what
// could not be read keeps the survey from being published.
func TestReportsOfFiles(t *testing.T) {
	t.Parallel()
	var report draft.Report
	report.Refuse("survey:12", draft.ProblemConditionUnread, "${a} regex 'x'", "")
	report.Warn("", draft.ProblemMethod, "sipas-2023", "")
	d := studio.From(testkit.EveryKind(t), report)
	problems := d.Problems(studio.Info{}, nil)
	blocking := studio.Blocking(problems)
	if len(blocking) != 1 || blocking[0].Said.Where != "survey:12" || len(problems) != 2 {
		t.Fatalf("%+v", problems)
	}
	applied(t, d, studio.Operation{Do: studio.DoRemove, Element: blocking[0].Element})
	if left := d.Problems(studio.Info{}, nil); len(studio.Blocking(left)) != 0 || len(left) != 1 {
		t.Errorf("seen to, and %+v", left)
	}
}

// Every property of a definition is a field of a draft, but what is an element.
func TestEveryPropertyIsAField(t *testing.T) {
	t.Parallel()
	elements := []string{"sections", "questions", "choices", "rows", "unverified"}
	for kind, part := range map[studio.Kind]any{
		studio.KindSurvey: survey.Definition{}, studio.KindSection: survey.Section{}, studio.KindQuestion: survey.Question{},
		studio.KindChoice: survey.Choice{}, studio.KindRow: survey.Row{},
	} {
		for _, name := range jsonNames(part) {
			if name == "key" {
				name = "code"
			}
			if !slices.Contains(elements, name) && !slices.ContainsFunc(studio.FieldsOf(kind), func(f studio.Field) bool { return f.Name == name }) {
				t.Errorf("%s has no field %s", kind, name)
			}
		}
	}
}

// jsonNames are what the fields of a struct are called in JSON.
func jsonNames(part any) []string {
	var names []string
	of := reflect.TypeOf(part)
	for i := range of.NumField() {
		name, _, _ := strings.Cut(of.Field(i).Tag.Get("json"), ",")
		names = append(names, name)
	}
	return names
}
