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

	scale     []Question // in published order: the positions of Response.Scale
	questions map[string]Question
	position  map[string]int
}

// NewVersion makes a version of a definition and freezes the positions of its
// scale questions.
func NewVersion(id int64, number int, publishedAt time.Time, d Definition) *Version {
	v := &Version{
		ID: id, Number: number, PublishedAt: publishedAt, Definition: d,
		questions: map[string]Question{}, position: map[string]int{},
	}
	for _, s := range d.Sections {
		for _, q := range s.Questions {
			v.questions[q.Key] = q
			if q.Type == TypeScale {
				v.position[q.Key] = len(v.scale)
				v.scale = append(v.scale, q)
			}
		}
	}
	return v
}

// Name is the version's public id, for example "quay-nhanh.2".
func (v *Version) Name() string { return fmt.Sprintf("%s.%d", v.Definition.Key, v.Number) }

// Scale lists the scale questions in the order of Response.Scale.
func (v *Version) Scale() []Question { return v.scale }

// Position is the place of a scale question in Response.Scale.
func (v *Version) Position(questionKey string) (int, bool) {
	i, ok := v.position[questionKey]
	return i, ok
}

// Question finds a question by key.
func (v *Version) Question(key string) (Question, bool) {
	q, ok := v.questions[key]
	return q, ok
}

// Questions lists every question in order.
func (v *Version) Questions() []Question {
	var qs []Question
	for _, s := range v.Definition.Sections {
		qs = append(qs, s.Questions...)
	}
	return qs
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
