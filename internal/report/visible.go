package report

import (
	"slices"

	"sipas/internal/civil"
	"sipas/internal/score"
)

// visible tells which cells of one measure (a question, the people, a choice)
// may be shown about the board's agency and its parts.
type visible struct {
	lattice *lattice
	whole   int // the node of the agency with all below it
	channel int
}

// protect builds the lattices from the whole province down to the board's
// agency and decides them in that order.
func (s *section) protect(entries []entry, n func(entry) int64) visible {
	var above *lattice
	subjects, channels := s.feed.subjects(), channelAxis(s.query.Channel)
	for i, fam := range s.families {
		if subjects.leaves == 0 {
			return visible{} // no row counts anything
		}
		if len(fam.parts) == 0 { // nobody answered about it
			if above == nil {
				return visible{}
			}
			return visible{above, s.families[i-1].part(unit{agency: fam.parent}), channelNode(s.query.Channel)}
		}
		axes := []*axis{fam.axis(), subjects, s.months, channels}
		people := make([]int64, len(fam.parts)*subjects.leaves*12*channels.leaves)
		for _, e := range entries {
			if part := fam.part(e.unit); part >= 0 {
				people[((part*subjects.leaves+e.subject)*12+e.month)*channels.leaves+e.channel] += n(e)
			}
		}
		t := newLattice(axes, people)
		if i == 0 {
			t.protect(s.smallCell, nil)
		} else {
			outer, part := above, s.families[i-1].part(unit{agency: fam.parent})
			t.protect(s.smallCell, func(cell []int) bool {
				at := slices.Clone(cell)
				at[0] = part
				return outer.hidden[outer.at(at)]
			})
		}
		above = t
	}
	return visible{above, len(above.axes[0].nodes) - 1, channelNode(s.query.Channel)}
}

// protectEach protects each question, or each choice, as a table of its own.
func (s *section) protectEach(entries []entry, questions int, n func(entry) int64) []visible {
	of := make([][]entry, questions)
	for _, e := range entries {
		of[e.question] = append(of[e.question], e)
	}
	all := make([]visible, questions)
	for q := range all {
		all[q] = s.protect(of[q], n)
	}
	return all
}

// hides tells whether a figure must not be shown: of a part (whole for the
// agency itself), a row of the feed and a part of the year.
func (v visible) hides(part, row int, period string) bool {
	if v.lattice == nil {
		return false // all counts are 0
	}
	return v.lattice.hidden[v.lattice.at([]int{part, row, slices.Index(civil.PeriodParts(), period), v.channel})]
}

// figure is the index unless it is hidden or nobody answered.
func (v visible) figure(x score.Index, part, row int, period string) Figure {
	switch {
	case v.hides(part, row, period):
		return Figure{Hidden: true}
	case !x.HasData:
		return Figure{Index: score.Index{Method: x.Method}}
	}
	return Figure{N: x.N, Index: x}
}
