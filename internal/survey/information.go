package survey

const typeInformation QuestionType = "information"

// information is the kind of what is said and not asked.
type information struct{ plain }

func (kinds) Information() Kind { return information{} }

func (information) name() QuestionType { return typeInformation }

func (information) check(v *validator, at string, q Question) {
	if q.Required {
		v.of("required").add(at, FaultRequired, "", "nothing is asked that could be required")
	}
}

func (information) parts(Question) []Part { return nil }
