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
func (b *rowBuilder) protect(sums []sum, n func(sum) int64) visible {
	var above *lattice
	subjects, channels := b.measurement.subjects(), channelAxis(b.query.Channel)
	for i, breakdown := range b.breakdowns {
		if subjects.leaves == 0 {
			return visible{} // no row counts anything
		}
		if len(breakdown.parts) == 0 { // nobody answered about it
			if above == nil {
				return visible{}
			}
			return visible{above, b.breakdowns[i-1].part(unit{agency: breakdown.parent}), channelNode(b.query.Channel)}
		}
		axes := []*axis{breakdown.axis(), subjects, b.months, channels}
		people := make([]int64, len(breakdown.parts)*subjects.leaves*12*channels.leaves)
		for _, s := range sums {
			if part := breakdown.part(s.unit); part >= 0 {
				people[((part*subjects.leaves+s.subject)*12+s.month)*channels.leaves+s.channel] += n(s)
			}
		}
		t := newLattice(axes, people)
		if i == 0 {
			t.protect(b.smallCell, nil)
		} else {
			outer, part := above, b.breakdowns[i-1].part(unit{agency: breakdown.parent})
			t.protect(b.smallCell, func(cell []int) bool {
				at := slices.Clone(cell)
				at[0] = part
				return outer.hidden[outer.at(at)]
			})
		}
		above = t
	}
	return visible{above, len(above.axes[0].nodes) - 1, channelNode(b.query.Channel)}
}

// protectEach protects each question, or each choice, as a table of its own.
func (b *rowBuilder) protectEach(sums []sum, questions int, n func(sum) int64) []visible {
	of := make([][]sum, questions)
	for _, s := range sums {
		of[s.question] = append(of[s.question], s)
	}
	all := make([]visible, questions)
	for q := range all {
		all[q] = b.protect(of[q], n)
	}
	return all
}

// hides tells whether a figure must not be shown: of a part (whole for the
// agency itself), a row of the measurement and a part of the year.
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
