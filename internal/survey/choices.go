package survey

import (
	"slices"
	"strings"

	"sipas/internal/fault"
)

// choices checks those of a question; only one of which one is taken can give
// points.
func (v *validator) choices(at string, q Question, one bool) {
	if len(q.Choices) < 2 || len(q.Choices) > maxChoices {
		v.add(at, "must offer 2 to %d choices", maxChoices)
	}
	seen := map[string]bool{}
	for _, c := range q.Choices {
		where := at + " choice " + c.Key
		v.onlyKey(where, c.Key, seen)
		v.text(where, c.Text)
		v.optional(where+" note", c.Note)
		for l, note := range c.Note {
			if strings.ContainsAny(strings.ReplaceAll(note, HotlineMark, ""), "{}") {
				v.add(where, "note in %q: braces hold nothing but %s", l, HotlineMark)
			}
		}
		if c.Points != nil && (*c.Points < 0 || *c.Points > 2 || !one) {
			v.add(where, "points must be 2, 1 or 0, and belong to a single question")
		}
		if c.Other && one {
			v.add(where, "other belongs to a multi question")
		}
		if (c.Points == nil) != (q.Choices[0].Points == nil) {
			v.add(where, "either all choices have points or none")
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
