package survey

import (
	"slices"
	"strconv"

	"sipas/internal/agency"
)

// Numbers are what questions are called on a sheet of paper, and where such sheets are
// typed in, by the addresses of their answers: 1, 2 and so on in the order of the survey,
// the rows of a grid 3.1, 3.2. What is only said has none, nor what is asked in no survey
// file. They belong to the version: a question that a sheet leaves out keeps its number.
func (v *Version) Numbers() map[string]string {
	numbers, n := map[string]string{}, 0
	for _, q := range v.Questions() {
		parts := v.PartsOf(q)
		if len(parts) == 0 {
			continue
		}
		n++
		for i, p := range parts {
			number := strconv.Itoa(n)
			if p.Scale && p.Below != "" {
				number += "." + strconv.Itoa(i+1)
			}
			numbers[p.Key()] = number
		}
	}
	return numbers
}

// Digits is what is typed for a value of an answer that is chosen, and printed beside its
// box: a level or a number itself, of other choices the first is 1. "" where the value is
// none of those.
func (q Question) Digits(value string) string {
	shape := q.Shape()
	if i := slices.IndexFunc(shape.Choices, func(c Choice) bool { return c.Key == value }); i >= 0 {
		return strconv.Itoa(i + 1)
	}
	if i := slices.Index(shape.Values, value); i >= 0 {
		if _, err := strconv.Atoi(value); err == nil {
			return value
		}
		return strconv.Itoa(i + 1)
	}
	if level, err := strconv.Atoi(value); err == nil && shape.Levels > 0 && level >= 0 && level <= shape.Levels {
		return value
	}
	return ""
}

// OnPaper tells whether a sheet of a channel has what a condition shows, as far as that is
// known before anything is answered: of a counter with one service field too.
func (c Condition) OnPaper(channel agency.Channel, fields []string) (Condition, bool) {
	switch {
	case c.Channel != nil:
		return Condition{}, slices.Contains(c.Channel, channel)
	case c.Field != nil && len(fields) == 1:
		return Condition{}, slices.Contains(c.Field, fields[0])
	case c.All != nil:
		var left []Condition
		for _, below := range c.All {
			kept, may := below.OnPaper(channel, fields)
			if !may {
				return Condition{}, false
			}
			if !kept.always() {
				left = append(left, kept)
			}
		}
		return either(Condition{All: left}, left), true
	case c.Any != nil:
		var left []Condition
		for _, below := range c.Any {
			kept, may := below.OnPaper(channel, fields)
			if may && kept.always() {
				return Condition{}, true
			}
			if may {
				left = append(left, kept)
			}
		}
		return either(Condition{Any: left}, left), len(left) > 0
	}
	return c, true
}

// always tells whether nothing is left to ask.
func (c Condition) always() bool {
	return c.Question == "" && c.Channel == nil && c.Field == nil && c.All == nil && c.Any == nil
}

// either is the one condition that is left of several, if there is one.
func either(several Condition, left []Condition) Condition {
	switch len(left) {
	case 0:
		return Condition{}
	case 1:
		return left[0]
	}
	return several
}
