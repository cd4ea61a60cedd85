package survey

import (
	"fmt"
	"slices"
	"strconv"

	"sipas/internal/fault"
)

// scale is what the kinds have in common that are answered with a level.
type scale struct {
	plain
	levels int // 1 to so many
}

func (scale) uses() []string { return []string{"no_opinion", "satisfied", "scored"} }

func (s scale) check(v *validator, at string, q Question) {
	for i, level := range q.Satisfied {
		if level < 1 || level > s.levels || i > 0 && level <= q.Satisfied[i-1] {
			v.of("satisfied").add(at, FaultSatisfied, strconv.Itoa(s.levels), "satisfied must list levels from 1 to %d, in order", s.levels)
			return
		}
	}
	if len(q.Satisfied) == s.levels {
		v.of("satisfied").add(at, FaultSatisfiedAll, "", "satisfied lists every level")
	}
}

func (scale) parts(q Question) []Part {
	return []Part{{Question: q, Required: q.Required, Scale: true}}
}

func (scale) typed(_ Part, written string) Value { return typedNumber(written) }

// typedNumber reads a number written as people write it: not 05, +5, 5.0 or 1e1.
// What is none is handed on as the text it is, to be refused where it is read.
func typedNumber(written string) Value {
	if level, err := strconv.Atoi(written); err == nil && strconv.Itoa(level) == written {
		return Value{Kind: ValueLevel, Level: level}
	}
	return Value{Kind: ValueText, Text: written}
}

func (s scale) read(r *reader, p Part, v Value) {
	switch {
	case v.Kind != ValueLevel:
		r.problems.add(p.where(), fault.ProblemWrongType)
	case v.Level < 0 || v.Level > s.levels:
		r.problems.over(p.where(), fault.ProblemOutOfScale, fmt.Sprintf("1-%d", s.levels))
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

func (s scale) asked(Part) (asked, bool) {
	a := asked{values: []string{"0"}}
	for level := 1; level <= s.levels; level++ {
		a.levels = append(a.levels, level)
		a.values = append(a.values, strconv.Itoa(level))
	}
	return a, true
}

func (s scale) shape(q Question) Shape { return Shape{Levels: s.levels, NoOpinion: q.NoOpinion} }

// judgement says what a level of a question is in the terms of the arithmetic,
// which knows five levels, the upper two of them satisfied. no opinion stays 0.
type judgement struct {
	judged    [6]int // by whether the level is satisfied
	stretched [6]int // by its place on the scale
}

func (s scale) judge(q Question) judgement {
	var j judgement
	for level := 1; level <= s.levels; level++ {
		place := 1 + (level-1)*4/(s.levels-1)
		j.stretched[level], j.judged[level] = place, place
		if len(q.Satisfied) > 0 {
			j.judged[level] = 1
			if slices.Contains(q.Satisfied, level) {
				j.judged[level] = 5
			}
		}
	}
	return j
}
