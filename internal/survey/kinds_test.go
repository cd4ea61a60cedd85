package survey_test

import (
	"encoding/json"
	"errors"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sipas/internal/agency"
	"sipas/internal/fault"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

const anID = "0191e5a0-0000-7000-8000-0000000000ab"

var at = time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)

// taking accepts answers to a version at a counter with two fields.
func taking(v *survey.Version, s survey.Submission) (survey.Response, error) {
	return survey.Accepting{
		Point:   agency.ServicePoint{ID: 3, AgencyID: 4, JudgedID: 5, Channel: agency.ChannelQR, FieldKeys: []string{"dat-dai", "y-te"}},
		Version: v,
		Scopes:  map[string]agency.FieldScope{"dat-dai": agency.ScopeProcedures, "y-te": agency.ScopePublic},
		At:      at, Zone: time.UTC,
	}.Accept(s)
}

// asking is a version that asks some questions.
func asking(d survey.Definition, questions ...survey.Question) *survey.Version {
	d.Sections = []survey.Section{{Key: "a", Title: d.Title, Questions: questions}}
	return survey.NewVersion(7, 1, time.Time{}, d)
}

// TestKindsKeepAndRefuse takes the example of each kind: what is taken is stored
// as it says, and told again as it was sent; what is refused has its problem;
// what is typed means what it says.
func TestKindsKeepAndRefuse(t *testing.T) {
	t.Parallel()
	every := testkit.EveryKind(t)
	if wrong := every.Validate(); len(wrong) > 0 {
		t.Fatal(wrong)
	}
	var have []survey.QuestionType
	for _, c := range testkit.KindCases(t) {
		have = append(have, c.Question.Type)
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			v := asking(every, c.Question)
			seen := map[string]bool{}
			for _, k := range c.Kept {
				s := k.Send.Submission(t, v, anID)
				r, err := taking(v, s)
				if err != nil {
					t.Errorf("%v: %v", k.Send, err)
					continue
				}
				if r.Scale != k.Scale || survey.WriteAnswers(r) != k.Answers || !slices.Equal(testkit.TextsOf(r), k.Texts) {
					t.Errorf("%v: stored %q, %q, %q", k.Send, r.Scale, survey.WriteAnswers(r), testkit.TextsOf(r))
				}
				counts := map[string]int64{}
				for _, n := range r.Numbers {
					counts[n.Question] = n.Value
				}
				if !maps.Equal(counts, k.Counts) {
					t.Errorf("%v counts as %v, want %v", k.Send, counts, k.Counts)
				}
				again(t, v, s, r)
				if seen[r.Fingerprint] {
					t.Errorf("%v has the fingerprint of another answer", k.Send)
				}
				seen[r.Fingerprint] = true
			}
			for _, k := range c.Refused {
				_, err := taking(v, k.Send.Submission(t, v, anID))
				var invalid *fault.Invalid
				if !errors.As(err, &invalid) || invalid.Problems[0].Key != k.Problem {
					t.Errorf("%v: %v, want %s", k.Send, err, k.Problem)
				}
			}
		})
	}
	types := survey.Types()
	slices.Sort(types)
	if diff := cmp.Diff(types, have); diff != "" {
		t.Errorf("every kind has an example in testdata/kinds: %s", diff)
	}
}

// TestHugeNumbersAreNotCounted: the squares of many of them would be more than a
// column holds. They are kept.
func TestHugeNumbersAreNotCounted(t *testing.T) {
	t.Parallel()
	most := 900_001
	d := testkit.EveryKind(t)
	for counted, bounds := range map[bool][2]int{true: {0, most - 1}, false: {0, most}} {
		v := asking(d, survey.Question{Key: "fee", Type: "number", Text: d.Title, Min: &bounds[0], Max: &bounds[1]})
		r, err := taking(v, survey.Submission{ID: anID, Version: v.Name(), Language: "vi", Answers: map[string]survey.Value{"fee": level(7)}})
		if err != nil || len(r.Values) != 1 || len(r.Numbers) > 0 != counted {
			t.Errorf("up to %d: %+v, %v", bounds[1], r, err)
		}
	}
}

// again checks that what was stored is read as it was kept, and that sending it
// once more gives the same.
func again(t interface{ Errorf(string, ...any) }, v *survey.Version, s survey.Submission, r survey.Response) {
	stored := survey.Response{Scale: r.Scale}
	stored.Choices, stored.Values = survey.ReadAnswers(survey.WriteAnswers(r))
	if diff := cmp.Diff([]any{r.Choices, r.Values}, []any{stored.Choices, stored.Values}); diff != "" {
		t.Errorf("stored, and read as something else: %s", diff)
	}
	values := v.Values(stored)
	for address, value := range s.Answers {
		if p, known := v.Part(address); known && p.Free {
			values[address] = value // which is stored elsewhere
		}
		if value.Kind == survey.ValueChoices && len(value.Choices) == 0 {
			values[address] = value
		}
	}
	if keys := slices.Sorted(maps.Keys(values)); !slices.Equal(keys, slices.Sorted(maps.Keys(s.Answers))) {
		t.Errorf("sent %v, told again %v", slices.Sorted(maps.Keys(s.Answers)), keys)
	}
	s.Answers = values
	same, err := taking(v, s)
	if err != nil || same.Fingerprint != r.Fingerprint {
		t.Errorf("sent as it was told again: %v, another fingerprint: %v", err, same.Fingerprint != r.Fingerprint)
	}
}

// storable is what may stand in the column of answers.
var storable = regexp.MustCompile(`^[a-z0-9=:,;-]*$`)

// TestKindsWithHostileAnswers sends each part of each kind what it does not ask
// for: it is refused, or it is stored as something that it asks for.
func TestKindsWithHostileAnswers(t *testing.T) {
	t.Parallel()
	v := asking(testkit.EveryKind(t), testkit.EveryKind(t).Sections[0].Questions...)
	texts := []string{
		"", " ", "0", "-0", "05", "5.0", "1e1", "0x5", "NaN", "true", "null", "yes,no", "yes;fee=no", "a:b", "visits:1", "\x00", "\xff", "\u202e5",
		"٥", "５", "Hà Nội", "<script>alert(1)</script>", "' OR 1=1--", "2026-02-30", "0000-00-00", "9999-12-31", strings.Repeat("a", 1<<20),
	}
	var values []survey.Value
	for _, text := range texts {
		values = append(values, word(text), chosen(text), chosen(text, text), chosen("waiting", text))
	}
	for _, n := range []int{-1 << 63, -1, 0, 1, 5, 6, 10, 11, 1<<63 - 1} {
		values = append(values, level(n))
	}
	values = append(values, survey.Value{}, survey.Value{Kind: 99}, chosen(), chosen(make([]string, 1000)...))
	for _, p := range v.Parts() {
		for _, value := range values {
			s := survey.Submission{ID: anID, Version: v.Name(), Language: "vi", Answers: map[string]survey.Value{p.Key(): value}}
			if p.Reserved {
				s.Answers = nil
				s.Procedure, s.FieldKey = value.Text, value.Text
			}
			if p.Show != nil {
				s.Answers[p.Question.Key] = chosen(p.Below)
			}
			r, err := taking(v, s)
			var invalid *fault.Invalid
			if err != nil && !errors.As(err, &invalid) {
				t.Errorf("%s: %.60v: %v", p.Key(), value, err)
			}
			if stored := survey.WriteAnswers(r); !storable.MatchString(stored) {
				t.Errorf("%s: %.60v is stored as %q", p.Key(), value, stored)
			}
		}
	}
}

// TestWhatIsKeptIsRead: whatever answers are accepted together, reading what was
// stored gives them again.
func TestWhatIsKeptIsRead(t *testing.T) {
	t.Parallel()
	v := asking(testkit.EveryKind(t), testkit.EveryKind(t).Sections[0].Questions...)
	accepted := 0
	rapid.Check(t, func(t *rapid.T) {
		s := survey.Submission{ID: anID, Version: v.Name(), Language: "vi", Answers: map[string]survey.Value{}}
		for _, p := range v.Parts() {
			if p.Reserved || rapid.Bool().Draw(t, "asked") {
				continue
			}
			shape := p.Question.Shape()
			var words []string
			for _, c := range shape.Choices {
				words = append(words, c.Key)
			}
			words = append(append(words, shape.Values...), "2025-01-31", "2026-12-31")
			switch one := rapid.SampledFrom(words).Draw(t, "word"); {
			case p.Several:
				s.Answers[p.Key()] = chosen(one)
			case shape.Levels > 0 || shape.Max != nil || len(words) == 2 && rapid.Bool().Draw(t, "number"):
				s.Answers[p.Key()] = level(rapid.IntRange(0, max(3, shape.Levels)).Draw(t, "level"))
			default:
				s.Answers[p.Key()] = word(one)
			}
		}
		r, err := taking(v, s)
		if err != nil {
			return
		}
		accepted++
		again(t, v, s, r)
	})
	if accepted == 0 {
		t.Error("nothing was ever accepted")
	}
}

// TestDefinitionsKeepTheirJSON: what is stored of a version reads and writes the
// same, with every property there is.
func TestDefinitionsKeepTheirJSON(t *testing.T) {
	t.Parallel()
	d := testkit.EveryKind(t)
	no, three := false, 3
	qs := d.Sections[0].Questions
	for i := range qs {
		if qs[i].Type == "scale3" {
			qs[i].Satisfied, qs[i].Scored = []int{2, 3}, &no
		}
	}
	qs[len(qs)-1].Show = &survey.Condition{All: []survey.Condition{
		{Question: "visits", AtLeast: &three},
		{Any: []survey.Condition{{Channel: []agency.Channel{agency.ChannelQR}}, {Field: []string{"dat-dai"}}, {Question: "came", In: []string{"riding"}}}},
	}}
	if wrong := d.Validate(); len(wrong) > 0 {
		t.Fatal(wrong)
	}
	stored, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var read survey.Definition
	if err := json.Unmarshal(stored, &read); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(d, read); diff != "" {
		t.Error(diff)
	}
	if old := `"show":{"question":"came","in":["riding"]}`; !strings.Contains(oldForm(t), old) {
		t.Errorf("the condition of old definitions is written as %s", oldForm(t))
	}
}

func oldForm(t *testing.T) string {
	t.Helper()
	text, err := json.Marshal(survey.Question{Show: &survey.Condition{Question: "came", In: []string{"riding"}}})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestFieldIsAskedWhereThereIsAChoice: a survey may demand the service field; a
// counter with one field asks nobody, and whoever names another is refused.
func TestFieldIsAskedWhereThereIsAChoice(t *testing.T) {
	t.Parallel()
	d := testkit.EveryKind(t)
	for _, q := range d.Sections[0].Questions {
		if q.Type == "field" {
			q.Required = true
			d.Sections[0].Questions = []survey.Question{q}
		}
	}
	v := survey.NewVersion(1, 1, at, d)
	for _, c := range []struct {
		serves        []string
		chosen, field string
		problem       string
	}{
		{[]string{"dat-dai", "y-te"}, "y-te", "y-te", ""},
		{[]string{"dat-dai", "y-te"}, "", "", fault.ProblemRequired},
		{[]string{"dat-dai", "y-te"}, "xay-dung", "", fault.ProblemNotOffered},
		{[]string{"dat-dai"}, "", "dat-dai", ""},
		{[]string{"dat-dai"}, "y-te", "", fault.ProblemNotOffered},
		{nil, "", agency.FieldUnsaid, ""},
	} {
		r, err := survey.Accepting{
			Point: agency.ServicePoint{FieldKeys: c.serves}, Version: v, At: at, Zone: time.UTC,
			Scopes: map[string]agency.FieldScope{"dat-dai": agency.ScopeProcedures, "y-te": agency.ScopePublic},
		}.Accept(survey.Submission{ID: anID, Version: v.Name(), Language: "vi", FieldKey: c.chosen})
		var invalid *fault.Invalid
		switch {
		case c.problem == "" && (err != nil || r.FieldKey != c.field):
			t.Errorf("%v, chosen %q: %q, %v", c.serves, c.chosen, r.FieldKey, err)
		case c.problem != "" && (!errors.As(err, &invalid) || cmp.Diff([]fault.Problem{{Where: "field", Key: c.problem}}, invalid.Problems) != ""):
			t.Errorf("%v, chosen %q: %v, want %s", c.serves, c.chosen, err, c.problem)
		}
	}
}
