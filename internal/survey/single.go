package survey

// TypeSingle is one choice.
const TypeSingle QuestionType = "single"

// single is the kind of a question that is answered with one of its choices.
type single struct{ plain }

func (kinds) Single() Kind { return single{} }

func (single) name() QuestionType { return TypeSingle }
func (single) uses() []string     { return []string{"choices", "random_order"} }

func (single) check(v *validator, at string, q Question) {
	v.choices(at, q, true)
	if q.RandomOrder && q.Pointed() {
		v.of("random_order").add(at, FaultRandomPoints, "", "choices with points are a scale, which keeps its order")
	}
}

func (single) read(r *reader, p Part, v Value) {
	if given, ok := r.oneChoice(p, v); ok {
		r.choose(p, given)
	}
}

func (single) value(p Part, r Response) (Value, bool) {
	for _, c := range r.Choices {
		if c.Question == p.Question.Key && len(c.Choices) == 1 {
			return Value{Kind: ValueText, Text: c.Choices[0]}, true
		}
	}
	return Value{}, false
}

// number is what the chosen answer is worth, of a question with points.
func (k single) number(p Part, r Response) (int, bool) {
	chosen, answered := k.value(p, r)
	if !answered {
		return 0, false
	}
	for _, c := range p.Question.Choices {
		if c.Key == chosen.Text && c.Points != nil {
			return *c.Points, true
		}
	}
	return 0, false
}

func (single) asked(p Part) (asked, bool) { return asked{values: keysOf(p.Question.Choices)}, true }

func (single) shape(q Question) Shape { return Shape{Choices: q.Choices} }
