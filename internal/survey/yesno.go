package survey

import (
	"slices"

	"sipas/internal/fault"
)

const typeYesNo QuestionType = "yes-no"

// yesNo is the kind of a question that is answered with yes or no. It counts
// like a choice.
type yesNo struct{ plain }

func (kinds) YesNo() Kind { return yesNo{} }

func (yesNo) name() QuestionType { return typeYesNo }

func (yesNo) values() []string { return []string{"yes", "no"} }

func (k yesNo) read(r *reader, p Part, v Value) {
	switch {
	case v.Kind != ValueText:
		r.problems.add(p.where(), fault.ProblemWrongType)
	case !slices.Contains(k.values(), v.Text):
		r.problems.add(p.where(), fault.ProblemUnknownChoice)
	default:
		r.choose(p, v.Text)
	}
}

func (yesNo) value(p Part, r Response) (Value, bool) { return single{}.value(p, r) }

func (k yesNo) asked(Part) (asked, bool) { return asked{values: k.values()}, true }

func (k yesNo) shape(Question) Shape { return Shape{Values: k.values()} }
