package target

import (
	"slices"
	"strconv"

	"sipas/internal/textfile"
)

// Demand is what identifies targets: what a plan asks of an agency in a year, in the
// words of a list, which need not be sound. There may be several targets of one, a
// floor and one to strive for.
type Demand struct {
	Plan, Year    string
	Indicator     IndicatorKind
	Field, Agency string // by their key and code
}

// Demand is that of the target, whose agency lists call by the code.
func (t Target) Demand(agency string) Demand {
	return Demand{textfile.OneLine(t.Plan), strconv.Itoa(t.Year), t.Indicator, t.FieldKey, agency}
}

// Wanted is a target that a list asks for.
type Wanted struct {
	Demand
	Comparator Comparator // "": any
	Percent    int
	Sound      bool // whether the percentage could be read
}

// has tells whether a target has the value that is wanted.
func (w Wanted) has(t *Target) bool {
	return t.Percent == w.Percent && (w.Comparator == "" || w.Comparator == t.Comparator)
}

// Meaning is what a wanted target means; the zero value is a new one.
type Meaning struct {
	Kept  *Target
	Twice bool     // it was wanted before,
	First int      // in this place
	Among []string // the values of those that it may mean, where nobody can tell
}

// Settle says which of the targets that are kept each wanted one means: the one whose
// value it has; else one of the same demand that none has named, which gets that
// value; else a new one. Where fewer are wanted than such targets are left, nobody
// can tell which is meant. code is the code of the agency of a target.
func Settle(kept []Target, code func(Target) string, wanted []Wanted) []Meaning {
	open := map[Demand][]*Target{} // that none has named yet
	for i := range kept {
		of := kept[i].Demand(code(kept[i]))
		open[of] = append(open[of], &kept[i])
	}
	meanings, first, left := make([]Meaning, len(wanted)), map[Wanted]int{}, map[Demand][]*Meaning{}
	for i, w := range wanted {
		if !w.Sound {
			continue
		}
		m, at := &meanings[i], slices.IndexFunc(open[w.Demand], w.has)
		before, said := first[w]
		switch {
		case at >= 0:
			m.Kept = open[w.Demand][at]
			open[w.Demand] = slices.Delete(open[w.Demand], at, at+1)
		case said:
			m.Twice, m.First = true, before
		default:
			left[w.Demand] = append(left[w.Demand], m)
		}
		if !said {
			first[w] = i
		}
	}
	for of, these := range left {
		for i, m := range these {
			switch {
			case len(these) < len(open[of]):
				m.Among = values(open[of])
			case i < len(open[of]):
				m.Kept = open[of][i]
			}
		}
	}
	return meanings
}

// values are those of targets.
func values(all []*Target) []string {
	texts := make([]string, len(all))
	for i, t := range all {
		texts[i] = t.Value()
	}
	return texts
}
