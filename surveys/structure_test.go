package surveys

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/survey"
)

// structure prints what a survey is made of: each section with how many questions
// of which kind, those with choices with the choices, numbers with their bounds.
func structure(d survey.Definition) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s, %s", d.Key, d.Method, strings.Join(d.Languages, " "))
	if d.Headline != "" {
		fmt.Fprintf(&b, ", headline %s", d.Headline)
	}
	fmt.Fprintf(&b, ", %d unverified\n  %s\n", len(d.Unverified), d.Title["vi"])
	for _, s := range d.Sections {
		fmt.Fprintf(&b, "  %s (%s)\n", s.Key, s.Title["vi"])
		counts := map[survey.QuestionType]int{}
		for _, q := range s.Questions {
			counts[q.Type]++
		}
		for _, kind := range survey.Types() {
			if counts[kind] > 0 {
				fmt.Fprintf(&b, "    %d %s\n", counts[kind], kind)
			}
		}
		for _, q := range s.Questions {
			var details []string
			for _, c := range q.Choices {
				detail := c.Key
				if c.Points != nil {
					detail = fmt.Sprintf("%s %d", c.Key, *c.Points)
				}
				details = append(details, detail)
			}
			if q.Min != nil && q.Max != nil {
				details = append(details, fmt.Sprintf("%d to %d", *q.Min, *q.Max))
			}
			if len(details) > 0 {
				fmt.Fprintf(&b, "      %s: %s\n", q.Key, strings.Join(details, ", "))
			}
		}
	}
	return b.String()
}

// TestStructureOfLibrary prints every survey of the library for whoever compares
// it with the texts: go test ./surveys -run Structure -v.
func TestStructureOfLibrary(t *testing.T) {
	t.Parallel()
	var printed strings.Builder
	for _, d := range library(t) {
		printed.WriteString(structure(d))
	}
	t.Log("\n" + printed.String())
	golden := filepath.Join("testdata", "structure.golden.txt")
	if *update {
		if err := os.WriteFile(golden, []byte(printed.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), printed.String()); diff != "" {
		t.Errorf("golden differs (-want +got); go test ./surveys -update\n%s", diff)
	}
}

// facts is what texts say of a survey: what is scored by levels of five, in which
// sections, and what else must be asked.
type facts struct {
	method   string
	headline string
	levels   map[string]int // questions with five levels, by section
	choices  map[string]int // questions with choices: how many there are
	numbers  []string
}

// expected is section 5 of the domain, "Survey content", as a table; of the
// health stations, which it does not name, what the library decided.
func expected() map[string]facts {
	education := facts{method: "pooled", levels: map[string]int{"access": 5, "facilities": 5, "environment": 5, "activities": 5, "results": 4}}
	return map[string]facts{
		// One overall question, then the five factors on one screen, and reasons.
		"quay-nhanh": {method: "single-question", headline: "overall", levels: map[string]int{"overall": 1, "factors": 5}, choices: map[string]int{"reasons": 8}},
		// Nine groups of policy, and the five factors of the service: access has
		// signs, seats and equipment, procedures four items.
		"sipas": {
			method: "sipas-2023", levels: map[string]int{"policy": 9, "access": 3, "procedure": 4, "staff": 4, "result": 4, "feedback": 3},
			choices: map[string]int{"gave-feedback": 2},
		},
		// The citizen's criteria, each worth 2, 1 or 0.
		"tt01-2018": {method: "points-210", choices: map[string]int{"criterion-1": 3, "criterion-3": 3, "criterion-4": 3, "criterion-7": 3}},
		// Time; bodies and times to contact; correct and complete information;
		// manner; lawful result and costs, costs beyond the rules; time and quality
		// of explanations; online services; and other things in a comment.
		"nd61-dieu-31": {
			method: "pooled", levels: map[string]int{"time": 1, "contacts": 2, "information": 2, "manner": 1, "result": 2, "explanation": 2, "online": 1},
			choices: map[string]int{"beyond-rules": 2},
		},
		// A5 B7 C11 D7 E7: the seventh of E is the cost question with six other
		// options, outside every formula of levels; G1 0-100 and above, G2 of six.
		"y-te-noi-tru": {
			method: "pooled", levels: map[string]int{"access": 5, "information": 7, "facilities": 11, "staff": 7, "results": 7 - 1},
			choices: map[string]int{"cost": 6, "return": 6}, numbers: []string{"expectation"},
		},
		// A5 B10 C8 D4 E4.
		"y-te-ngoai-tru": {
			method: "pooled", levels: map[string]int{"access": 5, "information": 10, "facilities": 8, "staff": 4, "results": 4},
			choices: map[string]int{"return": 6}, numbers: []string{"expectation"},
		},
		"tram-y-te": {method: "pooled", levels: map[string]int{"access": 4, "information": 5, "facilities": 5, "staff": 4, "results": 4}},
		// Five contents with 24 criteria, for learners and for families.
		"giao-duc":          education,
		"giao-duc-gia-dinh": education,
		// Finding, forms and e-forms, payment, speed, support, result; the three
		// levels of Thông tư 32/2017 as an option.
		"dich-vu-cong-truc-tuyen": {
			method: "pooled", levels: map[string]int{"finding": 3, "forms": 3, "payment": 2, "speed": 3, "support": 3, "result": 3},
			choices: map[string]int{"three-levels": 3},
		},
	}
}

// TestLibraryIsAsTheTextsSay: every survey has what the texts say it has, no more
// of levels and choices, in both languages, with its source; and everybody may
// leave any of it out but the headline.
func TestLibraryIsAsTheTextsSay(t *testing.T) {
	t.Parallel()
	wanted := expected()
	for _, d := range library(t) {
		want, known := wanted[d.Key]
		delete(wanted, d.Key)
		if !known {
			t.Errorf("%s: what is it made of?", d.Key)
		}
		got := facts{method: d.Method, headline: d.Headline}
		comments := 0
		for _, s := range d.Sections {
			for _, q := range s.Questions {
				switch q.Type {
				case survey.TypeScale:
					if got.levels == nil {
						got.levels = map[string]int{}
					}
					got.levels[s.Key]++
					if q.NoOpinion == (q.Key == d.Headline) {
						t.Errorf("%s: %s offers level 0: %v", d.Key, q.Key, q.NoOpinion)
					}
				case "number":
					got.numbers = append(got.numbers, q.Key)
					if *q.Min != 0 || *q.Max <= 100 {
						t.Errorf("%s: %s is asked for from %d to %d", d.Key, q.Key, *q.Min, *q.Max)
					}
				case "text":
					comments++
				default:
					if got.choices == nil {
						got.choices = map[string]int{}
					}
					got.choices[q.Key] = len(q.Choices)
					if len(q.Choices) == 0 {
						got.choices[q.Key] = 2 // yes and no
					}
				}
				if q.Required != (q.Key == d.Headline) {
					t.Errorf("%s: %s must be answered: %v", d.Key, q.Key, q.Required)
				}
				var points []int
				for _, c := range q.Choices {
					if c.Points != nil {
						points = append(points, *c.Points)
					}
				}
				if pointed := d.Method == "points-210" && q.Type != "text"; pointed != slices.Equal(points, []int{2, 1, 0}) {
					t.Errorf("%s: %s gives %v points", d.Key, q.Key, points)
				}
			}
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(facts{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", d.Key, diff)
		}
		if comments != 1 || !slices.Equal(d.Languages, []string{"vi", "en"}) || d.Source["vi"] == "" || len(d.Unverified) == 0 {
			t.Errorf("%s: %d comments, languages %v, source %v, unverified %v", d.Key, comments, d.Languages, d.Source, d.Unverified)
		}
	}
	for key := range wanted {
		t.Errorf("%s is missing", key)
	}
}

// TestLearnersAndFamiliesAnswerTheSame: the two forms about schools have the same
// sections and keys, so that they can be laid beside each other.
func TestLearnersAndFamiliesAnswerTheSame(t *testing.T) {
	t.Parallel()
	keys := map[string][]string{}
	for _, d := range library(t) {
		for _, s := range d.Sections {
			for _, q := range s.Questions {
				keys[d.Key] = append(keys[d.Key], s.Key+"/"+q.Key)
			}
		}
	}
	if diff := cmp.Diff(keys["giao-duc"], keys["giao-duc-gia-dinh"]); diff != "" {
		t.Error(diff)
	}
}

// TestSeededSurveys: a database gets the quick form and SIPAS, as it always did,
// in this order; the first of each sort feeds boards without rules.
func TestSeededSurveys(t *testing.T) {
	t.Parallel()
	ds, err := BuiltIn()
	if err != nil || len(ds) != 2 || ds[0].Key != Quick || ds[1].Key != "sipas" {
		t.Errorf("%v, %v", ds, err)
	}
	if _, is, err := InLibrary("../surveys/sipas"); is || err != nil {
		t.Errorf("found: %v, %v", is, err)
	}
}
