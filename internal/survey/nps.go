package survey

import (
	"strconv"

	"sipas/internal/fault"
)

const typeNPS QuestionType = "nps"

// nps is the kind of the question how likely somebody is to recommend: a number
// from 0 to 10.
type nps struct{ plain }

const mostNPS = 10

func (kinds) NPS() Kind { return nps{} }

func (nps) name() QuestionType { return typeNPS }

func (nps) typed(_ Part, written string) Value { return typedNumber(written) }

func (nps) read(r *reader, p Part, v Value) {
	switch {
	case v.Kind != ValueLevel:
		r.problems.add(p.where(), fault.ProblemWrongType)
	case v.Level < 0 || v.Level > mostNPS:
		r.problems.over(p.where(), fault.ProblemOutOfScale, "0-10")
	default:
		r.keep(p, strconv.Itoa(v.Level))
	}
}

func (nps) value(p Part, r Response) (Value, bool) { return number{}.value(p, r) }

func (nps) number(p Part, r Response) (int, bool) {
	n, err := strconv.Atoi(r.kept(p))
	return n, err == nil
}

func (k nps) asked(Part) (asked, bool) {
	var a asked
	for n := range mostNPS + 1 {
		a.levels = append(a.levels, n)
		a.values = append(a.values, strconv.Itoa(n))
	}
	return a, true
}

func (k nps) shape(q Question) Shape {
	may, _ := k.asked(Part{Question: q})
	return Shape{Values: may.values}
}
