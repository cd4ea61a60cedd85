package survey

import (
	"slices"
	"strconv"

	"sipas/internal/fault"
)

// TypeMulti is any number of choices up to MaxChoices.
const TypeMulti QuestionType = "multi"

// multi is the kind of a question that is answered with several of its choices.
type multi struct{ plain }

func (kinds) Multi() Kind { return multi{} }

func (multi) name() QuestionType { return TypeMulti }
func (multi) uses() []string     { return []string{"choices", "max_choices", "random_order"} }

func (multi) check(v *validator, at string, q Question) {
	v.choices(at, q, false)
	if q.MaxChoices < 0 || q.MaxChoices > len(q.Choices) {
		v.of("max_choices").add(at, FaultMaxChoices, strconv.Itoa(len(q.Choices)), "max_choices must be 1 to the number of choices")
	}
	others := 0
	for _, c := range q.Choices {
		if c.Other {
			others++
		}
	}
	if others > 1 || others == 1 && q.Key == ProcedureQuestion {
		v.of("choices").add(at, FaultOthers, "", "only one choice may be other, and none of a question %q", ProcedureQuestion)
	}
}

// maxOtherLength bounds what is said of another choice, in runes.
const maxOtherLength = 200

func (multi) typed(_ Part, written string) Value {
	return Value{Kind: ValueText, Text: CleanText(written)}
}

func (multi) parts(q Question) []Part {
	parts := []Part{{Question: q, Required: q.Required, Several: true}}
	for _, c := range q.Choices {
		if c.Other {
			parts = append(parts, Part{
				Question: q, Below: c.Key, Text: c.Text, Free: true, Most: maxOtherLength,
				Show: &Condition{Question: q.Key, In: []string{c.Key}},
			})
		}
	}
	return parts
}

func (multi) read(r *reader, p Part, v Value) {
	if p.Free {
		r.freeText(p, v, p.Most)
		return
	}
	q, most := p.Question, len(p.Question.Choices)
	if q.MaxChoices > 0 {
		most = q.MaxChoices
	}
	switch {
	case v.Kind != ValueChoices:
		r.problems.add(p.where(), fault.ProblemWrongType)
		return
	case len(v.Choices) > most:
		r.problems.over(p.where(), fault.ProblemTooManyChoices, strconv.Itoa(most))
		return
	}
	for i, key := range v.Choices {
		switch {
		case slices.Contains(v.Choices[:i], key):
			r.problems.add(p.where(), fault.ProblemDuplicateChoice)
			return
		case !slices.Contains(keysOf(q.Choices), key):
			r.problems.add(p.where(), fault.ProblemUnknownChoice)
			return
		}
	}
	if q.Required && len(v.Choices) == 0 {
		r.problems.add(p.where(), fault.ProblemRequired)
	}
	var chosen []string // in the order of the definition
	for _, c := range q.Choices {
		if slices.Contains(v.Choices, c.Key) {
			chosen = append(chosen, c.Key)
		}
	}
	if len(chosen) > 0 {
		r.choose(p, chosen...)
	}
}

func (multi) value(p Part, r Response) (Value, bool) {
	for _, c := range r.Choices {
		if !p.Free && c.Question == p.Question.Key {
			return Value{Kind: ValueChoices, Choices: c.Choices}, true
		}
	}
	return Value{}, false
}

// asked: what is said of another choice is no answer to ask for.
func (multi) asked(p Part) (asked, bool) {
	return asked{values: keysOf(p.Question.Choices)}, !p.Free
}

func (multi) shape(q Question) Shape {
	return Shape{Choices: q.Choices, Several: true, Most: q.MaxChoices}
}
