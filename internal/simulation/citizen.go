package simulation

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"sipas/internal/score"
	"sipas/internal/survey"
)

// mind is how a citizen answers what counts: as it comes, or always the best or the worst.
type mind int

const (
	anything mind = iota
	best
	worst
)

// answering is how one answer can be given.
type answering struct {
	shape  survey.Shape
	values []string // to choose one from, as a form sends them
	bounds []int    // of a number
	best   string   // of values, "" where none is better than another
	worst  string
}

// sometimes is how many of two citizens answer what is not required: nobody knows, and half
// of them meets both sides of every condition.
const sometimes = 2

func (t *trial) answering(p survey.Part, bounds []int) answering {
	a := answering{shape: p.Question.Shape(), bounds: bounds}
	switch {
	case p.Scale:
		for level := 1; level <= a.shape.Levels; level++ {
			a.values = append(a.values, strconv.Itoa(level))
		}
		a.best, a.worst = t.extremes(p, a.shape.Levels)
		if a.shape.NoOpinion {
			a.values = append(a.values, "0")
		}
	case len(a.shape.Values) > 0:
		a.values = a.shape.Values
	default:
		for _, c := range a.shape.Choices {
			a.values = append(a.values, c.Key)
		}
	}
	if p.Question.Pointed() {
		most, least := -1, 3
		for _, c := range p.Question.Choices {
			if c.Points != nil && *c.Points > most {
				most, a.best = *c.Points, c.Key
			}
			if c.Points != nil && *c.Points < least {
				least, a.worst = *c.Points, c.Key
			}
		}
	}
	return a
}

// extremes are the levels that are most and least satisfied, as the index judges them.
func (t *trial) extremes(p survey.Part, levels int) (best, worst string) {
	item, _ := t.version.Position(p.Key())
	highest, lowest := 0, 6
	for level := 1; level <= levels; level++ {
		counts := [6]int64{}
		counts[level] = 1
		places := t.version.JudgedCounts(item, counts, t.plan.Survey.Method == string(score.MeanScore))
		judged := slices.Index(places[:], 1)
		if judged >= highest {
			highest, best = judged, strconv.Itoa(level)
		}
		if judged < lowest {
			lowest, worst = judged, strconv.Itoa(level)
		}
	}
	return best, worst
}

// citizen is somebody who answers.
type citizen struct {
	rng  *rand.Rand
	mind mind
	*trial
}

// nobody is the name under which citizens send: nothing of them is kept.
const nobody = "00000000-0000-4000-8000-000000000000"

// come goes through the survey, by a channel and for a service of the citizen's own.
func (c citizen) come() ([]Situation, walked, error) {
	point := c.points[c.rng.IntN(len(c.points))]
	in := []Situation{{Channel: point.Channel}}
	s := survey.Submission{ID: nobody, Version: c.version.Name(), Language: c.plan.Survey.Languages[0]}
	if len(point.FieldKeys) > 0 {
		s.FieldKey = point.FieldKeys[c.rng.IntN(len(point.FieldKeys))]
		in = append(in, Situation{Field: s.FieldKey})
	}
	a := survey.Accepting{Point: point, Version: c.version, Scopes: c.scopes, Zone: time.UTC}
	w, err := c.walk(a, s, c.give)
	return in, w, err
}

// addressOf tells answers apart: what stands beside the others may have the key of one.
func addressOf(p survey.Part) string {
	if p.Reserved {
		return "." + p.Key()
	}
	return p.Key()
}

// give answers as a form would send it.
func (c citizen) give(p survey.Part) (survey.Value, bool) {
	a := c.parts[addressOf(p)]
	fixed := map[mind]string{best: a.best, worst: a.worst}[c.mind]
	if fixed == "" && !p.Required && c.rng.IntN(sometimes) == 0 {
		return survey.Value{}, false
	}
	fields := []string{fixed}
	if fixed == "" {
		fields = c.fields(p, a)
	}
	v, answered, _ := p.Typed(fields)
	return v, answered
}

// fields are an answer that is drawn: each of what is offered is as likely.
func (c citizen) fields(p survey.Part, a answering) []string {
	switch {
	case p.Free:
		words := []rune("Tôi góp ý.")
		if most := max(p.Most, a.shape.Most); p.Most > 0 || a.shape.Text {
			words = words[:min(most, len(words))]
		}
		return []string{string(words)}
	case p.Several:
		most := len(a.values)
		if a.shape.Most > 0 {
			most = min(most, a.shape.Most)
		}
		var some []string
		for _, at := range c.rng.Perm(len(a.values))[:1+c.rng.IntN(most)] {
			some = append(some, a.values[at])
		}
		return some
	case len(a.values) > 0:
		return []string{a.values[c.rng.IntN(len(a.values))]}
	case a.shape.Day:
		return []string{c.day(a.shape)}
	}
	return []string{strconv.Itoa(c.number(a))}
}

// number draws one: by half from where conditions begin and cease, which are met by
// nobody otherwise where the bounds are far apart.
func (c citizen) number(a answering) int {
	least, most := 0, 100
	if a.shape.Min != nil {
		least, most = *a.shape.Min, *a.shape.Min+100
	}
	if a.shape.Max != nil {
		most = *a.shape.Max
		least = min(least, most)
		if a.shape.Min != nil {
			least = *a.shape.Min
		}
	}
	if len(a.bounds) > 0 && c.rng.IntN(2) == 0 {
		n := a.bounds[c.rng.IntN(len(a.bounds))]
		if a.shape.Min != nil {
			n = max(n, *a.shape.Min)
		}
		if a.shape.Max != nil {
			n = min(n, *a.shape.Max)
		}
		return n
	}
	return least + c.rng.IntN(most-least+1)
}

// day draws one between the bounds, or of a hundred days after or before the one there is.
func (c citizen) day(s survey.Shape) string {
	from, unbounded := time.Parse(time.DateOnly, s.From)
	to, endless := time.Parse(time.DateOnly, s.To)
	switch {
	case unbounded != nil && endless != nil:
		from = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		to = from.AddDate(0, 0, 100)
	case unbounded != nil:
		from = to.AddDate(0, 0, -100)
	case endless != nil:
		to = from.AddDate(0, 0, 100)
	}
	days := int(to.Sub(from) / (24 * time.Hour))
	return from.AddDate(0, 0, c.rng.IntN(days+1)).Format(time.DateOnly)
}
