package survey

import (
	"slices"
	"strconv"
	"strings"

	"sipas/internal/fault"
)

// choices checks those of a question; only one of which one is taken can give
// points.
func (v *validator) choices(at string, q Question, one bool) {
	if len(q.Choices) < 2 || len(q.Choices) > maxChoices {
		v.of("choices").add(at, FaultChoices, strconv.Itoa(maxChoices), "must offer 2 to %d choices", maxChoices)
	}
	seen := map[string]bool{}
	defer func() { v.place.Choice = 0 }()
	for i, c := range q.Choices {
		v.place.Choice = i + 1
		where := at + " choice " + c.Key
		v.onlyKey(where, c.Key, seen)
		v.of("text").text(where, c.Text)
		v.of("note").optional(where+" note", c.Note)
		for l, note := range c.Note {
			v.place.Language = l
			if strings.ContainsAny(strings.ReplaceAll(note, HotlineMark, ""), "{}") {
				v.add(where, FaultBraces, HotlineMark, "note in %q: braces hold nothing but %s", l, HotlineMark)
			}
		}
		if c.Points != nil && (*c.Points < 0 || *c.Points > 2 || !one) {
			v.of("points").add(where, FaultPoints, "", "points must be 2, 1 or 0, and belong to a single question")
		}
		if c.Other && one {
			v.of("other").add(where, FaultOther, "", "other belongs to a multi question")
		}
		if (c.Points == nil) != (q.Choices[0].Points == nil) {
			v.of("points").add(where, FaultPointsMixed, "", "either all choices have points or none")
		}
	}
}

func keysOf(choices []Choice) []string {
	keys := make([]string, len(choices))
	for i, c := range choices {
		keys[i] = c.Key
	}
	return keys
}

// oneChoice reads the key of one of the choices.
func (r *reader) oneChoice(p Part, v Value) (key string, ok bool) {
	switch {
	case v.Kind != ValueText:
		r.problems.add(p.where(), fault.ProblemWrongType)
	case !slices.ContainsFunc(p.Question.Choices, func(c Choice) bool { return c.Key == v.Text }):
		r.problems.add(p.where(), fault.ProblemUnknownChoice)
	default:
		return v.Text, true
	}
	return "", false
}
