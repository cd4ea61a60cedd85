package simulation

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/agency"
	"sipas/internal/score"
	"sipas/internal/survey"
	"sipas/internal/testkit"
	"sipas/surveys"
)

func fields() []agency.ServiceField {
	return []agency.ServiceField{{Key: "dat-dai", Scope: agency.ScopeProcedures}, {Key: "y-te", Scope: agency.ScopePublic}, {Key: "ho-tich", Scope: agency.ScopeProcedures}}
}

func run(t *testing.T, p Plan) Result {
	t.Helper()
	r, err := Run(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func text(s string) agency.Text { return agency.Text{"vi": s} }

func n(i int) *int { return &i }

// forked is a survey whose ways are known: 1 + (2 or 3) questions, one for one channel, one
// for one field, one that nobody reaches.
func forked() survey.Definition {
	scale := func(key string, show *survey.Condition) survey.Question {
		return survey.Question{Key: key, Type: survey.TypeScale, Required: true, Text: text(key), Show: show}
	}
	return survey.Definition{Key: "thu", Languages: []string{"vi"}, Title: text("Thử"), Method: string(score.Sipas2023), Sections: []survey.Section{
		{Key: "a", Title: text("A"), Questions: []survey.Question{
			scale("first", nil),
			scale("low", &survey.Condition{Question: "first", AtMost: n(2)}),
			scale("high", &survey.Condition{Question: "first", In: []string{"4", "5"}}),
			scale("never", &survey.Condition{All: []survey.Condition{{Question: "first", In: []string{"1"}}, {Question: "first", In: []string{"5"}}}}),
		}},
		{Key: "b", Title: text("B"), Questions: []survey.Question{
			scale("kiosk", &survey.Condition{Channel: []agency.Channel{agency.ChannelKiosk}}),
			scale("land", &survey.Condition{Field: []string{"dat-dai"}}),
			{Key: "age", Type: "number", Required: true, Text: text("Tuổi")},
			{Key: "old", Type: "information", Text: text("Từ 60.000 tuổi"), Show: &survey.Condition{Question: "age", AtLeast: n(60_000)}},
		}},
	}}
}

// TestWhoMeetsWhat: the shares of who meets each question are those that the conditions
// have when each answer is as likely, within what chance allows.
func TestWhoMeetsWhat(t *testing.T) {
	t.Parallel()
	r := run(t, Plan{Survey: forked(), Fields: fields(), Citizens: 2000, Seed: 7})
	want := map[string]float64{"first": 1, "low": 0.4, "high": 0.4, "never": 0, "kiosk": 0.2, "land": 1.0 / 3, "age": 1, "old": 1.0 / 3}
	missed := map[string]int{"kiosk": 4, "land": 2}
	for _, q := range r.Questions {
		share, key := float64(q.Reached)/float64(r.Citizens), q.Question.Key
		// Five standard errors, at most.
		if off := math.Abs(share - want[key]); off > 5*math.Sqrt(want[key]*(1-want[key])/float64(r.Citizens)) {
			t.Errorf("%s is met by %.3f, want about %.3f", key, share, want[key])
		}
		if q.Never != (key == "never") {
			t.Errorf("%s: never %t", key, q.Never)
		}
		if len(q.Missed) != missed[key] {
			t.Errorf("%s is missed in %v", key, q.Missed)
		}
	}
	if r.Refused != 0 || r.Citizens != 2000 {
		t.Errorf("%d of %d refused", r.Refused, r.Citizens)
	}
	if r.Asked.Least != 2 || r.Asked.Most != 6 || r.Answers.Most != 5 {
		t.Errorf("asked %v, answers %v", r.Asked, r.Answers)
	}
	if r.Ways != 3*2*2*2 { // low, high or neither; kiosk; land; old
		t.Errorf("%d ways", r.Ways)
	}
}

// TestFiguresOfTheThreeCrowds: at random two of five levels are satisfied; everybody
// satisfied is 100%, and nobody 0%, or what the method has at its ends.
func TestFiguresOfTheThreeCrowds(t *testing.T) {
	t.Parallel()
	for method, want := range map[score.Method][3]float64{score.Sipas2023: {40, 100, 0}, score.Pooled: {40, 100, 0}, score.MeanScore: {3, 5, 1}} {
		d := forked()
		d.Method = string(method)
		r := run(t, Plan{Survey: d, Fields: fields(), Citizens: 1000, Seed: 1})
		for i, f := range []Figures{r.Random, r.Satisfied, r.Unsatisfied} {
			tolerance := [3]float64{want[1] / 12, 0, 0}[i]
			for _, x := range append([]score.Index{f.Overall}, f.Sections...) {
				if !x.HasData || math.Abs(x.Value.Float()-want[i]) > tolerance {
					t.Errorf("%s, crowd %d: %v, want about %v", method, i, x.Value.Float(), want[i])
				}
			}
		}
	}
	all, err := surveys.Library()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		r := run(t, Plan{Survey: d, Fields: fields(), Citizens: 60})
		low, middle, high := r.Unsatisfied.Overall.Value, r.Random.Overall.Value, r.Satisfied.Overall.Value
		if !r.Random.Overall.HasData || low.Cmp(middle) >= 0 || middle.Cmp(high) >= 0 || r.Refused > 0 {
			t.Errorf("%s: %v < %v < %v, %d refused", d.Key, low, middle, high, r.Refused)
		}
		for _, q := range r.Questions {
			if q.Reached == 0 {
				t.Errorf("%s: nobody meets %s", d.Key, q.Question.Key)
			}
		}
	}
}

// TestSameSeedSameResult: and other seeds are other people.
func TestSameSeedSameResult(t *testing.T) {
	t.Parallel()
	p := Plan{Survey: forked(), Fields: fields(), Citizens: 200, Seed: 3}
	first, second := run(t, p), run(t, p)
	if diff := cmp.Diff(said(first), said(second)); diff != "" {
		t.Error(diff)
	}
	p.Seed = 4
	if other := run(t, p); said(other) == said(first) {
		t.Error("another seed, the same people")
	}
}

func said(r Result) string {
	line := fmt.Sprint(r.Citizens, r.Refused, r.Ways, r.Asked, r.Answers)
	for _, q := range r.Questions {
		line += fmt.Sprint(" ", q.Question.Key, q.Reached, q.Never, q.Missed)
	}
	for _, f := range []Figures{r.Random, r.Satisfied, r.Unsatisfied} {
		line += fmt.Sprint(" ", f.Overall.Value.Float())
	}
	return line
}

// TestEveryKindIsTried: whatever a citizen draws is an answer that is taken.
func TestEveryKindIsTried(t *testing.T) {
	t.Parallel()
	d := testkit.EveryKind(t)
	if wrong := d.Validate(); len(wrong) > 0 {
		t.Fatal(wrong)
	}
	for i, s := range d.Sections {
		for j := range s.Questions {
			if q := &d.Sections[i].Questions[j]; q.Type != "information" {
				q.Required = true
			}
		}
	}
	r := run(t, Plan{Survey: d, Fields: fields(), Citizens: 500})
	if r.Refused > 0 {
		t.Errorf("%d of %d citizens are refused", r.Refused, r.Citizens)
	}
	for _, q := range r.Questions {
		if q.Reached == 0 {
			t.Errorf("nobody meets %s", q.Question.Key)
		}
	}
}

// TestWhoIsNotAskedForTheService does not say it: otherwise the answers would be refused.
func TestWhoIsNotAskedForTheService(t *testing.T) {
	t.Parallel()
	d := forked()
	d.Sections[1].Questions = append(d.Sections[1].Questions, survey.Question{
		Key: "field", Type: "field", Required: true, Text: text("Việc gì?"), Show: &survey.Condition{Question: "first", In: []string{"5"}},
	})
	if r := run(t, Plan{Survey: d, Fields: fields(), Citizens: 500}); r.Refused > 0 {
		t.Errorf("%d refused", r.Refused)
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	d := forked()
	for _, citizens := range []int{-1, Most + 1} {
		if _, err := Run(t.Context(), Plan{Survey: d, Citizens: citizens}); !errors.Is(err, ErrCitizens) {
			t.Errorf("%d citizens: %v", citizens, err)
		}
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if _, err := Run(stopped, Plan{Survey: d}); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
	d.Sections[0].Questions[0].Text = nil
	if _, err := Run(t.Context(), Plan{Survey: d}); !errors.Is(err, ErrUnready) {
		t.Errorf("with a fault: %v", err)
	}
}

// large has as many questions as a survey may, each with a condition on the one before.
func large(width int) survey.Definition {
	d := forked()
	d.Sections = d.Sections[:1]
	d.Sections[0].Questions = d.Sections[0].Questions[:1]
	for i := range 199 {
		any := []survey.Condition{}
		for j := range width {
			any = append(any, survey.Condition{Question: "first", In: []string{fmt.Sprint(1 + j%5)}})
		}
		d.Sections[0].Questions = append(d.Sections[0].Questions, survey.Question{
			Key: fmt.Sprintf("q%d", i), Type: survey.TypeScale, Text: text("Hỏi"), Show: &survey.Condition{All: []survey.Condition{{Any: any}}},
		})
	}
	return d
}

// TestWorkIsBounded: who asks for very much is tried by fewer citizens, and told so.
func TestWorkIsBounded(t *testing.T) {
	t.Parallel()
	if r := run(t, Plan{Survey: large(2000), Citizens: 1000}); r.Citizens >= 10 || r.Citizens < 1 {
		t.Errorf("%d citizens", r.Citizens)
	}
}

func BenchmarkRun(b *testing.B) {
	for _, width := range []int{1, 5, 2000} {
		b.Run(fmt.Sprint(width), func(b *testing.B) {
			p := Plan{Survey: large(width), Fields: fields()}
			for b.Loop() {
				r, err := Run(b.Context(), p)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(r.Citizens), "citizens")
			}
		})
	}
}
