package forms

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"sipas/internal/intake"
	"sipas/internal/survey"
)

// conditions are those under which a form shows questions. One that only asks
// whether an answer is among some values has a number, by which style sheets
// can tell that it is fulfilled; others are read by the page's script.
type conditions struct {
	form     intake.Form
	version  *survey.Version
	numbered []listed
}

// listed is a condition on one answer, which must be one of some values.
type listed struct {
	address string
	values  []string
}

func newConditions(form intake.Form, version *survey.Version) conditions {
	cs := conditions{form: form, version: version}
	for _, p := range version.Parts() {
		for _, c := range []*survey.Condition{p.Question.Show, p.Show} {
			if c == nil {
				continue
			}
			if l, simple := cs.listed(*c); simple && cs.number(l) == 0 {
				cs.numbered = append(cs.numbered, l)
			}
		}
	}
	return cs
}

func (cs conditions) listed(c survey.Condition) (listed, bool) {
	if c.Question == "" {
		return listed{}, false
	}
	values, all := cs.version.Fulfilling(c)
	return listed{c.Question, values}, all
}

// number gives the number of a condition from 1, or 0.
func (cs conditions) number(l listed) int {
	return 1 + slices.IndexFunc(cs.numbered, func(o listed) bool {
		return o.address == l.address && slices.Equal(o.values, l.values)
	})
}

// of gives the number of a condition, or else what the page's script reads.
func (cs conditions) of(c survey.Condition) (number int, script string) {
	if l, simple := cs.listed(c); simple {
		return cs.number(l), ""
	}
	text, _ := json.Marshal(cs.test(c)) // strings and numbers: never fails
	return 0, string(text)
}

// test is a condition as the page's script reads it: every below all, some below
// any, or a field of the form with the values or bounds that fulfil it.
type test struct {
	All  *[]test  `json:"all,omitempty"`
	Any  *[]test  `json:"any,omitempty"`
	Name string   `json:"name,omitempty"`
	In   []string `json:"in,omitempty"`
	Min  *int     `json:"min,omitempty"`
	Max  *int     `json:"max,omitempty"`
}

// test turns a condition into one that asks for fields of the form only: the
// channel is known, and so is the service field where there is no choice.
func (cs conditions) test(c survey.Condition) test {
	below := func(list []survey.Condition) *[]test {
		tests := make([]test, len(list))
		for i, c := range list {
			tests[i] = cs.test(c)
		}
		return &tests
	}
	always, never := test{All: &[]test{}}, test{Any: &[]test{}}
	known := func(is bool) test {
		if is {
			return always
		}
		return never
	}
	switch {
	case c.All != nil:
		return test{All: below(c.All)}
	case c.Any != nil:
		return test{Any: below(c.Any)}
	case c.Channel != nil:
		return known(slices.Contains(c.Channel, cs.form.Point.Channel))
	case c.Field != nil && len(cs.form.Fields) < 2:
		keys := cs.form.Point.FieldKeys
		return known(len(keys) == 1 && slices.Contains(c.Field, keys[0]))
	case c.Field != nil:
		return test{Name: KeyField, In: c.Field}
	}
	if l, simple := cs.listed(c); simple {
		return test{Name: AnswerPrefix + l.address, In: l.values}
	}
	return test{Name: AnswerPrefix + c.Question, Min: c.AtLeast, Max: c.AtMost}
}

// opened gives the numbers of the conditions that a value fulfils, parted by
// spaces.
func (cs conditions) opened(address, value string) string {
	var numbers []string
	for i, l := range cs.numbered {
		if l.address == address && slices.Contains(l.values, value) {
			numbers = append(numbers, strconv.Itoa(i+1))
		}
	}
	return strings.Join(numbers, " ")
}
