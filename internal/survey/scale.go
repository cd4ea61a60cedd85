package survey

import (
	"slices"
	"strconv"

	"sipas/internal/fault"
)

// TypeScale is a level 1 to 5, or 0 where "no opinion" is offered.
const TypeScale QuestionType = "scale5"

// scale is the kind of a question that is answered with a level.
type scale struct{ plain }

func (scale) name() QuestionType { return TypeScale }
func (scale) heads() bool        { return true }
func (scale) uses() []string     { return []string{"no_opinion"} }

func (scale) parts(q Question) []Part {
	return []Part{{Question: q, Required: q.Required, Scale: true}}
}

func (scale) typed(_ Part, written string) Value { return typedLevel(written) }

// typedLevel reads a number written as people write it: not 05, +5, 5.0 or 1e1.
// What is none is handed on as the text it is, to be refused where it is read.
func typedLevel(written string) Value {
	if level, err := strconv.Atoi(written); err == nil && strconv.Itoa(level) == written {
		return Value{Kind: ValueLevel, Level: level}
	}
	return Value{Kind: ValueText, Text: written}
}

func (scale) read(r *reader, p Part, v Value) {
	switch {
	case v.Kind != ValueLevel:
		r.problems.add(p.where(), fault.ProblemWrongType)
	case v.Level < 0 || v.Level > 5:
		r.problems.over(p.where(), fault.ProblemOutOfScale, "1-5")
	case v.Level == 0 && !p.Question.NoOpinion:
		r.problems.add(p.where(), fault.ProblemNoOpinion)
	default:
		r.level(p, v.Level)
	}
}

func (scale) value(p Part, r Response) (Value, bool) {
	level := levelAt(r.Scale, p.item)
	return Value{Kind: ValueLevel, Level: level}, level >= 0
}

func (scale) asked(Part) (asked, bool) {
	levels := []int{1, 2, 3, 4, 5}
	return asked{values: append([]string{"0"}, written(levels)...), levels: levels}, true
}

func (scale) shape(q Question) Shape { return Shape{Levels: 5, NoOpinion: q.NoOpinion} }

func written(numbers []int) []string {
	texts := make([]string, len(numbers))
	for i, n := range numbers {
		texts[i] = strconv.Itoa(n)
	}
	return slices.Clip(texts)
}
