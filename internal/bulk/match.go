package bulk

import (
	"slices"
	"strconv"
	"strings"

	"sipas/internal/score"
	"sipas/internal/target"
	"sipas/internal/textfile"
)

// demand is what identifies targets: what a plan asks of an agency in a year. There
// may be several of one, a floor and one to strive for.
type demand struct{ plan, year, indicator, field, agency string }

// match finds which target each line means.
type match struct {
	of    map[demand][]*target.Target // what is kept and no line has named yet
	lines []*targetLine
	place map[string]int // of the columns
}

// targetLine is a line and the target that it means.
type targetLine struct {
	line
	demand
	kept  *target.Target // nil: a new one
	value value
	sound bool // whether the value can be read
	wrong      // why it cannot be told
}

// value is the value of a target; no comparator: of any.
type value struct {
	comparator target.Comparator
	percent    string
}

// of tells whether a target has the value.
func (v value) of(t *target.Target) bool {
	return t.Value() == v.percent && (v.comparator == "" || v.comparator == t.Comparator)
}

func newMatch(d *plans) *match {
	m := &match{of: map[demand][]*target.Target{}, place: map[string]int{}}
	for i, c := range d.columns() {
		m.place[c.name] = i
	}
	for i := range d.snap.Targets {
		t := &d.snap.Targets[i]
		of := demand{textfile.OneLine(t.Plan), strconv.Itoa(t.Year), string(t.Indicator), t.FieldKey, d.coded(*t).agency}
		m.of[of] = append(m.of[of], t)
	}
	return m
}

// add takes a line, whose cells need not be sound.
func (m *match) add(l line) {
	cell := func(name string) string { return l.cells[m.place[name]].Text }
	added := &targetLine{line: l, demand: demand{
		cell("plan"), cell("year"), string(target.ParseKind(cell("indicator"))), cell("service_field"), cell("agency"),
	}}
	added.value.percent = cell("target_percent")
	if percent, err := score.ParseTarget(added.value.percent); err == nil {
		added.sound, added.value.percent = true, target.Target{Percent: int(percent)}.Value()
	}
	if l.given[m.place["comparator"]] {
		added.value.comparator = comparator(cell("comparator"))
	}
	m.lines = append(m.lines, added)
}

// settle says which target each line means: the one whose value it has; else one of
// the same demand that no line has named, which gets that value; else a new one.
// Where fewer lines than such targets are left, nobody can tell which is meant.
func (m *match) settle() {
	seen := map[demand]map[value]int{}
	left := map[demand][]*targetLine{}
	for _, l := range m.lines {
		kept := m.of[l.demand]
		at := slices.IndexFunc(kept, l.value.of)
		first := seen[l.demand][l.value]
		switch {
		case at >= 0:
			l.kept = kept[at]
			m.of[l.demand] = slices.Delete(kept, at, at+1)
		case !l.sound: // which is told later
			continue
		case first != 0:
			l.wrong = wrong{ProblemTargetTwice, lineOf(first)}
			continue
		default:
			left[l.demand] = append(left[l.demand], l)
		}
		if seen[l.demand] == nil {
			seen[l.demand] = map[value]int{}
		}
		if first == 0 {
			seen[l.demand][l.value] = l.number
		}
	}
	for demand, lines := range left {
		kept := m.of[demand]
		for i, l := range lines {
			switch {
			case len(lines) < len(kept):
				l.wrong = wrong{ProblemWhichTarget, values(kept)}
			case i < len(kept):
				l.kept = kept[i]
			}
		}
	}
}

// values are those of targets.
func values(all []*target.Target) string {
	texts := make([]string, len(all))
	for i, t := range all {
		texts[i] = t.Value()
	}
	return strings.Join(texts, "; ")
}
