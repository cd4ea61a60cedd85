package survey

import (
	"fmt"
	"time"
)

// Version is an immutable published edition of a survey. Every response names
// the version it answered; a change of wording is a new version.
type Version struct {
	ID          int64
	Number      int // 1, 2, ... within the survey
	PublishedAt time.Time
	Definition  Definition

	scale     []Part // in published order: the positions of Response.Scale
	asked     []Part // every answer, in the order it is asked for
	questions map[string]Question
	parts     map[string]Part // by address
	reserved  map[string]Part // those beside the answers
}

// NewVersion makes a version of a definition and freezes the positions of its
// levels.
func NewVersion(id int64, number int, publishedAt time.Time, d Definition) *Version {
	v := &Version{
		ID: id, Number: number, PublishedAt: publishedAt, Definition: d,
		questions: map[string]Question{}, parts: map[string]Part{}, reserved: map[string]Part{},
	}
	types := map[QuestionType]bool{}
	for _, q := range v.Questions() {
		v.questions[q.Key] = q
		types[q.Type] = true
		v.ask(q)
	}
	for _, k := range allKinds() {
		if q, is := k.implied(); is && !types[q.Type] {
			v.ask(q)
		}
	}
	return v
}

func (v *Version) ask(q Question) {
	for _, p := range partsOf(q) {
		if p.Scale {
			p.item, p.judgement = len(v.scale), p.kind.judge(q)
			v.scale = append(v.scale, p)
		}
		v.asked = append(v.asked, p)
		if p.Reserved {
			v.reserved[p.Key()] = p
		} else {
			v.parts[p.Key()] = p
		}
	}
}

// Name is the version's public id, for example "quay-nhanh.2".
func (v *Version) Name() string { return fmt.Sprintf("%s.%d", v.Definition.Key, v.Number) }

// Scale lists the answers that are levels, in the order of Response.Scale.
func (v *Version) Scale() []Part { return v.scale }

// Position is the place of a level in Response.Scale.
func (v *Version) Position(address string) (int, bool) {
	p, ok := v.parts[address]
	return p.item, ok && p.Scale
}

// Question finds a question by key.
func (v *Version) Question(key string) (Question, bool) {
	q, ok := v.questions[key]
	return q, ok
}

// Part finds an answer by its address.
func (v *Version) Part(address string) (Part, bool) {
	p, ok := v.parts[address]
	return p, ok
}

// Reserved finds one of the answers that stand beside the others.
func (v *Version) Reserved(name string) (Part, bool) {
	p, ok := v.reserved[name]
	return p, ok
}

// Parts lists every answer in the order it is asked for.
func (v *Version) Parts() []Part { return v.asked }

// PartsOf lists the answers of one of the questions.
func (v *Version) PartsOf(q Question) []Part {
	var parts []Part
	for _, p := range v.asked {
		if p.Question.Key == q.Key && p.Question.Type == q.Type {
			parts = append(parts, p)
		}
	}
	return parts
}

// Questions lists every question in order.
func (v *Version) Questions() []Question {
	var qs []Question
	for _, s := range v.Definition.Sections {
		qs = append(qs, s.Questions...)
	}
	return qs
}

// Values gives the answers of a response as a client would send them again, by
// address. Free texts and what stands beside the answers are not among them.
func (v *Version) Values(r Response) map[string]Value {
	values := map[string]Value{}
	for _, p := range v.asked {
		if value, answered := p.kind.value(p, r); answered {
			values[p.Key()] = value
		}
	}
	return values
}

// Counts tells whether an index is made of such answers: of the levels of scales, or else
// of the points of choices.
func (p Part) Counts(points bool) bool {
	if points {
		return p.Question.Pointed()
	}
	return p.Scale && p.Question.Scores()
}

// JudgedLike tells whether the levels of two answers mean the same for an index.
func (p Part) JudgedLike(o Part) bool { return p.judgement == o.judgement }

// Judged gives levels, in the order of Response.Scale, as an index takes them:
// of five, the upper two satisfied. What the version leaves out of the index is
// -1, like what was not answered.
func (v *Version) Judged(levels []int) []int {
	judged := make([]int, len(levels))
	for i, level := range levels {
		judged[i] = level
		if i >= len(v.scale) {
			continue
		}
		switch p := v.scale[i]; {
		case !p.Question.Scores():
			judged[i] = -1
		case level > 0:
			judged[i] = p.judgement.judged[level]
		}
	}
	return judged
}

// JudgedCounts gives the people at each level of an answer as Judged does. For a
// method that takes the mean of the levels they keep their places on the scale.
func (v *Version) JudgedCounts(item int, counts [6]int64, mean bool) [6]int64 {
	if item >= len(v.scale) {
		return counts
	}
	places := v.scale[item].judgement.judged
	if mean {
		places = v.scale[item].judgement.stretched
	}
	judged := [6]int64{counts[0]}
	for level := 1; level < len(counts); level++ {
		judged[places[level]] += counts[level]
	}
	return judged
}

// Judge sets what the version makes of the answers of a response: Judged, Points
// and Numbers.
func (v *Version) Judge(r *Response) {
	r.Judged, r.Points, r.Numbers = v.Judged(r.Levels()), v.Points(r.Choices), nil
	for _, p := range v.asked {
		if n, counted := p.kind.number(p, *r); counted {
			r.Numbers = append(r.Numbers, Number{p.Key(), int64(n)})
		}
	}
}

// Points lists what the chosen answers are worth in the method points-210, one
// number for each answered question that has points.
func (v *Version) Points(chosen []ChosenAnswer) []int {
	var points []int
	for _, a := range chosen {
		for _, c := range v.questions[a.Question].Choices {
			if c.Points != nil && c.Key == a.Choices[0] {
				points = append(points, *c.Points)
			}
		}
	}
	return points
}
