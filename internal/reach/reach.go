// Package reach tells which questions of a survey nobody can ever meet.
package reach

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/survey"
)

// way is one way in which a condition can be fulfilled: what is answered, and where. What
// it does not name may be anything.
type way struct {
	values   map[string][]string // of answers of which one is given
	bounds   map[string][2]int   // of numbers
	channels []agency.Channel    // nil: any
	fields   []string            // nil: any
}

// mostWays bounds them: of what has more it is not said that nothing reaches it.
const mostWays = 200

// Unreachable are the questions whose conditions nothing fulfils.
func Unreachable(def survey.Definition) []survey.Place {
	var places []survey.Place
	known := map[string]reached{} // questions before
	for i, s := range def.Sections {
		for j, q := range s.Questions {
			r := reached{question: q, ways: []way{{}}}
			if q.Show != nil {
				r.ways = ways(*q.Show, known, 0)
			}
			if r.ways != nil && len(r.ways) == 0 {
				places = append(places, survey.Place{Section: i + 1, Question: j + 1, Field: "show"})
			}
			known[q.Key] = r
		}
	}
	return places
}

// reached is a question with the ways to it; nil where they are not known, and none where
// there are none.
type reached struct {
	question survey.Question
	ways     []way
}

// ways are those to fulfil a condition, nil where they are not known.
func ways(c survey.Condition, known map[string]reached, depth int) []way {
	switch {
	case depth > 10:
		return nil
	case c.All != nil:
		all := []way{{}}
		for _, below := range c.All {
			all = both(all, ways(below, known, depth+1))
		}
		return all
	case c.Any != nil:
		some := []way{}
		for _, below := range c.Any {
			more := ways(below, known, depth+1)
			if more == nil || len(some)+len(more) > mostWays {
				return nil
			}
			some = append(some, more...)
		}
		return some
	case c.Channel != nil:
		return []way{{channels: c.Channel}}
	case c.Field != nil:
		return []way{{fields: c.Field}}
	}
	return answered(c, known)
}

// answered are the ways to answer as a condition asks.
func answered(c survey.Condition, known map[string]reached) []way {
	key, _, _ := strings.Cut(c.Question, ".")
	on, is := known[key]
	if !is {
		return nil // it comes later, or never, which is another problem
	}
	shape := on.question.Shape()
	var one way
	switch {
	case shape.Several:
	case shape.Levels == 0 && len(shape.Choices) == 0 && len(shape.Values) == 0:
		least, most := -1<<40, 1<<40
		for _, low := range []*int{shape.Min, c.AtLeast} {
			if low != nil {
				least = max(least, *low)
			}
		}
		for _, high := range []*int{shape.Max, c.AtMost} {
			if high != nil {
				most = min(most, *high)
			}
		}
		one.bounds = map[string][2]int{c.Question: {least, most}}
	default:
		values := c.In
		for level := 1; len(c.In) == 0 && level <= shape.Levels; level++ {
			if (c.AtLeast == nil || level >= *c.AtLeast) && (c.AtMost == nil || level <= *c.AtMost) {
				values = append(values, strconv.Itoa(level))
			}
		}
		values = slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "0" && shape.Levels > 0 && !shape.NoOpinion })
		one.values = map[string][]string{c.Question: values}
	}
	return both([]way{one}, on.ways)
}

// both are the ways that are one of a and one of b.
func both(a, b []way) []way {
	if a == nil || b == nil {
		if a != nil && len(a) == 0 || b != nil && len(b) == 0 {
			return []way{}
		}
		return nil
	}
	joined := []way{}
	for _, one := range a {
		for _, other := range b {
			if w, can := one.and(other); can {
				joined = append(joined, w)
			}
			if len(joined) > mostWays {
				return nil
			}
		}
	}
	return joined
}

// and is the way that is both.
func (w way) and(o way) (joined way, can bool) {
	joined = way{maps.Clone(w.values), maps.Clone(w.bounds), common(w.channels, o.channels), common(w.fields, o.fields)}
	if joined.values == nil {
		joined.values = map[string][]string{}
	}
	if joined.bounds == nil {
		joined.bounds = map[string][2]int{}
	}
	for at, values := range o.values {
		joined.values[at] = common(joined.values[at], values)
	}
	for at, b := range o.bounds {
		if have, is := joined.bounds[at]; is {
			b = [2]int{max(b[0], have[0]), min(b[1], have[1])}
		}
		joined.bounds[at] = b
	}
	for _, values := range joined.values {
		if len(values) == 0 {
			return joined, false
		}
	}
	for _, b := range joined.bounds {
		if b[0] > b[1] {
			return joined, false
		}
	}
	return joined, (joined.channels == nil || len(joined.channels) > 0) && (joined.fields == nil || len(joined.fields) > 0)
}

// common are those in both lists, of which nil is everything.
func common[T comparable](a, b []T) []T {
	if a == nil {
		return b
	}
	if b == nil {
		return a
	}
	both := []T{}
	for _, one := range a {
		if slices.Contains(b, one) {
			both = append(both, one)
		}
	}
	return both
}
