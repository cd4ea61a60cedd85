package survey

import (
	"slices"
	"strconv"
	"strings"

	"sipas/internal/agency"
)

// Condition is when a question is shown: a tree whose leaves ask for an earlier
// answer, the channel or the service field. What was not answered fulfils
// nothing.
type Condition struct {
	Question string   `json:"question,omitempty"` // the address of an earlier answer
	In       []string `json:"in,omitempty"`       // that is one of these levels or choices,
	AtLeast  *int     `json:"at_least,omitempty" yaml:"at_least"`
	AtMost   *int     `json:"at_most,omitempty" yaml:"at_most"` // or a level or number between these

	Channel []agency.Channel `json:"channel,omitempty"`
	Field   []string         `json:"field,omitempty"`

	All []Condition `json:"all,omitempty"`
	Any []Condition `json:"any,omitempty"`
}

// maxConditionDepth bounds the nesting of a condition.
const maxConditionDepth = 5

// asked says what a condition may ask of an answer: whether it is one of some
// values, or between two of some levels, or between two numbers.
type asked struct {
	values  []string
	levels  []int
	numbers bool
}

// condition checks a condition of the question at a place.
func (v *validator) condition(at string, c Condition, depth int) {
	forms := 0
	for _, present := range []bool{
		c.Question != "" || len(c.In) > 0 || c.AtLeast != nil || c.AtMost != nil,
		len(c.Channel) > 0, len(c.Field) > 0, c.All != nil, c.Any != nil,
	} {
		if present {
			forms++
		}
	}
	switch {
	case forms != 1:
		v.add(at, FaultConditionForm, "", "show needs exactly one of question, channel, field, all and any")
		return
	case depth > maxConditionDepth:
		v.add(at, FaultConditionDeep, strconv.Itoa(maxConditionDepth), "show is nested deeper than %d", maxConditionDepth)
		return
	case c.Channel == nil && c.Field == nil && c.All == nil && c.Any == nil:
		v.term(at, c)
	}
	for _, channel := range c.Channel {
		if !slices.Contains(agency.Channels(), channel) {
			v.add(at, FaultConditionChannel, string(channel), "show names channel %q, which does not exist", channel)
		}
	}
	for _, field := range c.Field {
		if !keyPattern.MatchString(field) {
			v.add(at+" show field", FaultConditionField, field, "key %q must match %s", field, keyPattern)
		}
	}
	if c.All != nil && len(c.All) == 0 || c.Any != nil && len(c.Any) == 0 {
		v.add(at, FaultConditionEmpty, "", "show lists no conditions")
	}
	for _, below := range slices.Concat(c.All, c.Any) {
		v.condition(at, below, depth+1)
	}
}

// term checks a condition on an earlier answer.
func (v *validator) term(at string, c Condition) {
	p, known := v.parts[c.Question]
	if !known {
		v.add(at, FaultConditionQuestion, c.Question, "show names question %q, which does not come before it", c.Question)
		return
	}
	may, possible := p.kind.asked(p)
	bounded := c.AtLeast != nil || c.AtMost != nil
	switch {
	case !possible:
		v.add(at, FaultConditionKind, c.Question, "show must name a %s question", strings.Join(askable(), ", "))
	case len(c.In) > 0 && bounded:
		v.add(at, FaultConditionBoth, c.Question, "show has either in or at_least and at_most")
	case len(c.In) == 0 && !bounded:
		v.add(at, FaultConditionNothing, c.Question, "show lists no answers")
	case bounded && may.levels == nil && !may.numbers:
		v.add(at, FaultConditionBounds, c.Question, "at_least and at_most need a question that is answered with a level or number")
	case bounded && !may.numbers && len(c.values(may)) == 0:
		v.add(at, FaultConditionLevels, c.Question, "show asks for levels that question %q does not have", c.Question)
	case bounded && c.AtLeast != nil && c.AtMost != nil && *c.AtLeast > *c.AtMost:
		v.add(at, FaultConditionOrder, c.Question, "at_least is more than at_most")
	}
	for _, in := range c.In {
		if possible && !slices.Contains(may.values, in) {
			v.add(at, FaultConditionValue, in, "show lists %q, which question %q cannot have", in, c.Question)
		}
	}
}

// askable lists the types whose answers conditions may ask for.
func askable() []string {
	var types []string
	for _, k := range allKinds() {
		if _, possible := k.asked(Part{}); possible {
			types = append(types, string(k.name()))
		}
	}
	return types
}

// values are those that fulfil a condition on an answer, where they can be
// listed: a condition on numbers has none.
func (c Condition) values(may asked) []string {
	if len(c.In) > 0 {
		return c.In
	}
	var fitting []string
	for _, level := range may.levels {
		if c.between(level) {
			fitting = append(fitting, strconv.Itoa(level))
		}
	}
	return fitting
}

func (c Condition) between(n int) bool {
	return (c.AtLeast == nil || n >= *c.AtLeast) && (c.AtMost == nil || n <= *c.AtMost)
}

// situation is what decides whether questions are shown.
type situation struct {
	version *Version
	channel agency.Channel
	field   string
	answer  func(address string) (Value, bool) // of questions that are shown
}

func (s situation) fulfils(c Condition) bool {
	switch {
	case c.All != nil:
		return !slices.ContainsFunc(c.All, func(below Condition) bool { return !s.fulfils(below) })
	case c.Any != nil:
		return slices.ContainsFunc(c.Any, s.fulfils)
	case c.Channel != nil:
		return slices.Contains(c.Channel, s.channel)
	case c.Field != nil:
		return slices.Contains(c.Field, s.field)
	}
	given, answered := s.answer(c.Question)
	if !answered {
		return false
	}
	values, listed := s.version.Fulfilling(c)
	switch given.Kind {
	case ValueLevel:
		if !listed {
			return c.between(given.Level)
		}
		return slices.Contains(values, strconv.Itoa(given.Level))
	case ValueText:
		return slices.Contains(values, given.Text)
	case ValueChoices:
		return slices.ContainsFunc(given.Choices, func(key string) bool { return slices.Contains(values, key) })
	}
	return false
}

// Fulfilling gives the values that fulfil a condition on an answer; numbers
// between two bounds are not listed.
func (v *Version) Fulfilling(c Condition) (values []string, listed bool) {
	p := v.parts[c.Question]
	switch {
	case p.kind == nil:
		return nil, true
	case len(c.In) > 0:
		return c.In, true
	}
	may, _ := p.kind.asked(p)
	return c.values(may), !may.numbers
}
