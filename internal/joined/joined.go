// Package joined tells which figures of a survey may be joined to a line, though several
// versions of it were answered.
package joined

import (
	"maps"
	"slices"

	"sipas/internal/agency"
	"sipas/internal/survey"
)

// Reworded tells whether versions with answers word a counted question differently in a
// language they share: the headline, or every question where there is none. The words of
// a question are its stem and its own.
func Reworded(versions []*survey.Version, headline string, answered map[int64]bool) bool {
	type words struct{ stem, own agency.Text }
	first := map[string]words{}
	for _, v := range versions {
		if !answered[v.ID] {
			continue
		}
		stems := map[string]agency.Text{}
		for _, s := range v.Definition.Sections {
			for _, q := range s.Questions {
				stems[q.Key] = s.Stem
			}
		}
		for _, p := range v.Scale() {
			if headline != "" && p.Key() != headline {
				continue
			}
			now := words{stems[p.Question.Key], p.Text}
			known, seen := first[p.Key()]
			if !seen {
				first[p.Key()] = now
			} else if !same(known.own, now.own) || !same(known.stem, now.stem) {
				return true
			}
		}
	}
	return false
}

func same(a, b agency.Text) bool {
	for language, text := range a {
		if other, both := b[language]; both && text != other {
			return false
		}
	}
	return true
}

// Mark is what a line says of a month.
type Mark struct {
	Changed bool // a version was answered that was not answered before
	Breaks  bool // the figure is not of the same as that of the month before with one
}

// Marks are those of months, of each of which it is known which versions were answered in
// it. Where a month has answers of two versions that are not the same, it can be joined
// with neither side.
func Marks(versions []*survey.Version, headline string, months []map[int64]bool) []Mark {
	marks := make([]Mark, len(months))
	before, known := map[int64]bool{}, map[int64]bool{}
	for i, now := range months {
		if len(now) == 0 {
			continue
		}
		if len(before) > 0 {
			both := maps.Clone(before)
			maps.Copy(both, now)
			marks[i].Breaks = Reworded(versions, headline, both) || headline == "" && mixed(versions, both)
			for id := range now {
				marks[i].Changed = marks[i].Changed || !known[id]
			}
		}
		maps.Copy(known, now)
		before = now
	}
	return marks
}

// mixed tells whether versions make their index of other questions.
func mixed(versions []*survey.Version, answered map[int64]bool) bool {
	var first []string
	for _, v := range versions {
		if !answered[v.ID] {
			continue
		}
		asked := []string{}
		for _, p := range v.Parts() {
			if p.Scale && p.Question.Scores() || p.Question.Pointed() {
				asked = append(asked, p.Key())
			}
		}
		slices.Sort(asked)
		if first != nil && !slices.Equal(first, asked) {
			return true
		}
		first = asked
	}
	return false
}
