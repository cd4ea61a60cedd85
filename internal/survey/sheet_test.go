package survey

import (
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sipas/internal/agency"
)

// Questions are numbered in their order, rows of a grid within theirs; what is only said
// has no number, nor what the survey does not ask itself. What is typed for a choice is its
// place, for a level and for a number that is chosen the number itself.
func TestNumbersAndDigits(t *testing.T) {
	t.Parallel()
	v := NewVersion(1, 1, time.Time{}, Definition{Sections: []Section{
		{Questions: []Question{
			{Key: "said", Type: "information"}, {Key: "one", Type: "scale5", NoOpinion: true},
			{Key: "grid", Type: "grid", Levels: 3, Rows: []Row{{Key: "a"}, {Key: "b"}}},
		}},
		{Questions: []Question{
			{Key: "several", Type: "multi", Choices: []Choice{{Key: "9"}, {Key: "other", Other: true}}},
			{Key: "again", Type: "yes-no"}, {Key: "nps", Type: "nps"}, {Key: "comment", Type: "comment"},
		}},
	}})
	want := map[string]string{"one": "1", "grid.a": "2.1", "grid.b": "2.2", "several": "3", "several.other": "3", "again": "4", "nps": "5", "comment": "6"}
	if diff := cmp.Diff(want, v.Numbers()); diff != "" {
		t.Error(diff)
	}
	for address, values := range map[string]map[string]string{
		"one": {"0": "0", "5": "5", "6": "", "x": ""}, "grid.a": {"3": "3", "4": ""},
		"several": {"9": "1", "other": "2", "2": ""}, "again": {"yes": "1", "no": "2"}, "nps": {"0": "0", "10": "10", "11": ""}, "comment": {"1": ""},
	} {
		part, _ := v.Part(address)
		for value, digits := range values {
			if got := part.Question.Digits(value); got != digits {
				t.Errorf("%s: %q is typed as %q, want %q", address, value, got, digits)
			}
		}
	}
}

// What is left of a condition on a sheet of paper says the same as the whole one, whatever
// is answered: the channel is known, and so is a counter's only field.
func TestConditionsOnPaper(t *testing.T) {
	t.Parallel()
	v := NewVersion(1, 1, time.Time{}, Definition{Sections: []Section{{Questions: []Question{
		{Key: "a", Type: "scale5"}, {Key: "b", Type: "yes-no"}, {Key: "c", Type: "number"},
	}}}})
	leaf := rapid.Custom(func(t *rapid.T) Condition {
		least := rapid.IntRange(1, 5).Draw(t, "least")
		return rapid.SampledFrom([]Condition{
			{Question: "a", In: []string{strconv.Itoa(least)}}, {Question: "b", In: []string{"yes"}}, {Question: "c", AtLeast: &least},
			{Channel: []agency.Channel{agency.ChannelPaper}}, {Channel: []agency.Channel{agency.ChannelQR}}, {Field: []string{"x"}}, {Field: []string{"y", "z"}},
		}).Draw(t, "leaf")
	})
	var tree func(depth int) *rapid.Generator[Condition]
	tree = func(depth int) *rapid.Generator[Condition] {
		return rapid.Custom(func(t *rapid.T) Condition {
			kind := rapid.SampledFrom([]string{"leaf", "all", "any"}).Draw(t, "kind")
			if depth == 0 || kind == "leaf" {
				return leaf.Draw(t, "one")
			}
			list := rapid.SliceOfN(tree(depth-1), 1, 3).Draw(t, "list")
			if kind == "all" {
				return Condition{All: list}
			}
			return Condition{Any: list}
		})
	}
	rapid.Check(t, func(t *rapid.T) {
		c := tree(3).Draw(t, "condition")
		fields := rapid.SampledFrom([][]string{nil, {"x"}, {"x", "y"}}).Draw(t, "fields")
		field := ""
		if len(fields) > 0 {
			field = rapid.SampledFrom(fields).Draw(t, "field")
		}
		answers := map[string]Value{}
		if rapid.Bool().Draw(t, "answered a") {
			answers["a"] = Value{Kind: ValueLevel, Level: rapid.IntRange(0, 5).Draw(t, "a")}
		}
		if rapid.Bool().Draw(t, "answered b") {
			answers["b"] = Value{Kind: ValueText, Text: rapid.SampledFrom([]string{"yes", "no"}).Draw(t, "b")}
		}
		if rapid.Bool().Draw(t, "answered c") {
			answers["c"] = Value{Kind: ValueLevel, Level: rapid.IntRange(0, 9).Draw(t, "c")}
		}
		now := situation{version: v, channel: agency.ChannelPaper, field: field, answer: func(address string) (Value, bool) {
			value, is := answers[address]
			return value, is
		}}
		whole := now.fulfils(c)
		left, may := c.OnPaper(agency.ChannelPaper, fields)
		switch {
		case !may && whole:
			t.Fatalf("%+v is fulfilled, and not on paper", c)
		case may && (left.always() || now.fulfils(left)) != whole:
			t.Fatalf("%+v is %v, what is left of it, %+v, is not", c, whole, left)
		}
	})
}
