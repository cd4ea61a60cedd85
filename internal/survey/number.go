package survey

import (
	"fmt"
	"strconv"
	"strings"

	"sipas/internal/fault"
)

const typeNumber QuestionType = "number"

// number is the kind of a question that is answered with a whole number.
type number struct{ plain }

// maxNumber bounds numbers that have no bounds of their own.
const maxNumber = 1_000_000_000

func (kinds) Number() Kind { return number{} }

func (number) name() QuestionType { return typeNumber }
func (number) uses() []string     { return []string{"min", "max", "unit"} }

// bounds are the least and the greatest number that may be given.
func (number) bounds(q Question) (least, most int) {
	least, most = -maxNumber, maxNumber
	if q.Min != nil {
		least = *q.Min
	}
	if q.Max != nil {
		most = *q.Max
	}
	return least, most
}

func (k number) check(v *validator, at string, q Question) {
	if least, most := k.bounds(q); least > most || least < -maxNumber || most > maxNumber {
		v.of("min").add(at, FaultNumbers, strconv.Itoa(maxNumber), "min and max must be in order and within %d", maxNumber)
	}
	v.of("unit").optional(at+" unit", q.Unit)
}

func (number) typed(_ Part, written string) Value { return typedNumber(strings.TrimSpace(written)) }

func (k number) read(r *reader, p Part, v Value) {
	least, most := k.bounds(p.Question)
	switch {
	case v.Kind != ValueLevel:
		r.problems.add(p.where(), fault.ProblemNotNumber)
	case v.Level < least || v.Level > most:
		r.problems.over(p.where(), fault.ProblemOutOfRange, k.limits(p.Question))
	default:
		r.keep(p, strconv.Itoa(v.Level))
	}
}

// limits are the bounds as people read them.
func (k number) limits(q Question) string {
	least, most := k.bounds(q)
	return fmt.Sprintf("%d – %d", least, most)
}

func (number) value(p Part, r Response) (Value, bool) {
	n, err := strconv.Atoi(r.kept(p))
	return Value{Kind: ValueLevel, Level: n}, err == nil
}

// mostCounted bounds the numbers that are counted, so that the sum of the squares
// of ten million of them does not overflow. Others are kept and exported.
const mostCounted = 900_000

func (k number) number(p Part, r Response) (int, bool) {
	if least, most := k.bounds(p.Question); least < -mostCounted || most > mostCounted {
		return 0, false
	}
	n, err := strconv.Atoi(r.kept(p))
	return n, err == nil
}

func (number) asked(Part) (asked, bool) { return asked{numbers: true}, true }

func (k number) shape(q Question) Shape {
	s := Shape{Min: q.Min, Max: q.Max, Unit: q.Unit}
	if q.Min != nil && q.Max != nil {
		s.Limits = k.limits(q)
	}
	return s
}
