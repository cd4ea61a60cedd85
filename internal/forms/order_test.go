package forms

import (
	"fmt"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sipas/internal/agency"
	"sipas/internal/intake"
	"sipas/internal/message"
	"sipas/internal/survey"
)

// shuffled asks a question with so many choices in no order, before one that is another.
func shuffled(n int) survey.Question {
	q := survey.Question{Key: "why", Type: survey.TypeMulti, Text: agency.Text{"vi": "Vì sao?"}, RandomOrder: true}
	for i := range n {
		q.Choices = append(q.Choices, survey.Choice{Key: fmt.Sprintf("c%d", i), Text: agency.Text{"vi": fmt.Sprint(i)}})
	}
	return q
}

func keys(choices []survey.Choice) (all []string) {
	for _, c := range choices {
		all = append(all, c.Key)
	}
	return all
}

// TestNoOptionIsFavoured: over all draws each option stands in each place equally often,
// or as nearly as their number allows.
func TestNoOptionIsFavoured(t *testing.T) {
	t.Parallel()
	for n := 2; n <= 12; n++ {
		times, q := map[string]int{}, shuffled(n)
		for draw := 1; draw <= draws; draw++ {
			for place, key := range keys(drawn(q, draw)) {
				times[fmt.Sprint(key, " at ", place)]++
			}
		}
		for at, count := range times {
			if draws%n == 0 && count != draws/n || count < draws/n || count > draws/n+1 || len(times) != n*n {
				t.Errorf("%d options: %s stands %d times of %d", n, at, count, draws)
			}
		}
	}
}

// TestDrawnChoicesAreTheSame: a draw loses no choice and makes none, and "other" is last;
// without one, or where a question has an order, they stand as they are written.
func TestDrawnChoicesAreTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		q := shuffled(rapid.IntRange(0, 20).Draw(t, "choices"))
		other := survey.Choice{Key: rapid.SampledFrom([]string{"other", "khac"}).Draw(t, "key")}
		other.Other = other.Key == "khac"
		q.Choices = slices.Insert(q.Choices, rapid.IntRange(0, len(q.Choices)).Draw(t, "at"), other)
		written, draw := keys(q.Choices), rapid.IntRange(1, draws).Draw(t, "draw")
		got := keys(drawn(q, draw))
		if got[len(got)-1] != other.Key {
			t.Errorf("%v: another is not last", got)
		}
		if diff := cmp.Diff(slices.Sorted(slices.Values(written)), slices.Sorted(slices.Values(got))); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(written, keys(q.Choices)); diff != "" {
			t.Error("drawing changed the question", diff)
		}
		if diff := cmp.Diff(written, keys(drawn(q, 0))); diff != "" {
			t.Error("without a draw", diff)
		}
		q.RandomOrder = false
		if diff := cmp.Diff(written, keys(drawn(q, draw))); diff != "" {
			t.Error("of a question with an order", diff)
		}
	})
}

// TestAFormStandsAsItsSubmission: the same submission shows the same order however often,
// the page and the document alike; others show others.
func TestAFormStandsAsItsSubmission(t *testing.T) {
	t.Parallel()
	d := survey.Definition{Key: "thu", Languages: []string{"vi"}, Sections: []survey.Section{{Key: "a", Questions: []survey.Question{shuffled(5)}}}}
	v := survey.NewVersion(1, 1, time.Unix(0, 0), d)
	form := intake.Form{Version: v}
	orders := map[string]bool{}
	for i := range 50 {
		id := survey.NewID(time.Unix(int64(i), 0))
		var shown [3][]string
		for again, given := range []url.Values{nil, {"a.why": {"c1"}}} {
			viewer := Viewer{Printer: message.Printer{}, Language: "vi", Version: v, Given: given, Draw: Draw(v, id)}
			view := viewer.View(form)
			if !view.Drawn {
				t.Fatal("the page does not say that it is drawn")
			}
			for _, o := range view.Sections[0].Questions[0].Options {
				shown[again] = append(shown[again], o.Value)
			}
		}
		for _, c := range Describe(form, "vi", Draw(v, id)).Questions[0].Choices {
			shown[2] = append(shown[2], c.Key)
		}
		for _, other := range shown[1:] {
			if diff := cmp.Diff(shown[0], other); diff != "" {
				t.Fatal(diff)
			}
		}
		orders[fmt.Sprint(shown[0])] = true
	}
	if len(orders) < 10 {
		t.Errorf("fifty forms have %d orders", len(orders))
	}
	d.Sections[0].Questions[0].RandomOrder = false
	if draw := Draw(survey.NewVersion(1, 1, time.Unix(0, 0), d), survey.NewID(time.Unix(0, 0))); draw != 0 {
		t.Errorf("nothing is drawn, and the draw is %d", draw)
	}
}
