package simulation

import (
	"sipas/internal/score"
	"sipas/internal/survey"
)

// tally counts answers as boards do: what is made of the counts is the arithmetic's.
type tally struct {
	version  *survey.Version
	method   score.Method
	headline string
	levels   []score.Counts               // of each level that the version asks for
	criteria map[string]score.PointCounts // of questions whose choices have points
	people   score.People
}

func newTally(v *survey.Version) *tally {
	method, _ := score.ParseMethod(v.Definition.Method) // of an unknown one no figure has data
	return &tally{
		version: v, method: method, headline: v.Definition.Headline,
		levels: make([]score.Counts, len(v.Scale())), criteria: map[string]score.PointCounts{},
	}
}

func (t *tally) add(r survey.Response) {
	for item, level := range r.Levels() {
		if level >= 0 {
			t.levels[item][level]++
		}
	}
	for _, n := range r.Numbers {
		if q, _ := t.version.Question(n.Question); q.Pointed() {
			c := t.criteria[n.Question]
			c[n.Value]++
			t.criteria[n.Question] = c
		}
	}
	t.people = t.people.Add(score.PersonOf(r.Judged)).Add(score.PointsOf(r.Points))
}

// figures makes them: of the whole, and of each section.
func (t *tally) figures() Figures {
	var f Figures
	pointed := t.headline == "" && t.method == score.Points210
	all := score.Tally{People: t.people}
	for _, s := range t.version.Definition.Sections {
		var own score.Tally
		for _, q := range s.Questions {
			for _, p := range t.version.PartsOf(q) {
				switch {
				case !p.Counts(pointed):
				case pointed:
					own.Criteria = append(own.Criteria, t.criteria[p.Key()])
				default:
					own.Questions = append(own.Questions, t.judged(p))
					if p.Key() == t.headline {
						all.Headline = t.judged(p)
					}
				}
			}
		}
		section := t.method.Section(own.Questions)
		if pointed {
			section = t.method.Overall(own)
		}
		f.Sections = append(f.Sections, section)
		all.Questions, all.Criteria = append(all.Questions, own.Questions...), append(all.Criteria, own.Criteria...)
	}
	f.Overall = t.method.Whole(t.headline != "", all)
	return f
}

func (t *tally) judged(p survey.Part) score.Counts {
	item, _ := t.version.Position(p.Key())
	return t.version.JudgedCounts(item, t.levels[item], t.method == score.MeanScore)
}
