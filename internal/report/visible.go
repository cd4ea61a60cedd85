package report

import (
	"slices"

	"sipas/internal/civil"
	"sipas/internal/lattice"
	"sipas/internal/score"
)

// visible tells which cells of one measure (a question, the people, a choice)
// may be shown about the board's agency and its parts.
type visible struct {
	lattice *lattice.Lattice
	whole   int // the node of the agency with all below it
	channel int
}

// protect builds the lattices from the whole province down to the board's
// agency and decides them in that order.
func (b *rowBuilder) protect(sums []sum, n func(sum) int64) visible {
	var above *lattice.Lattice
	subjects, channels := b.measurement.subjects(), channelAxis(b.query.Channel)
	for i, breakdown := range b.breakdowns {
		if subjects.Leaves() == 0 {
			return visible{} // no row counts anything
		}
		if len(breakdown.parts) == 0 { // nobody answered about it
			if above == nil {
				return visible{}
			}
			return visible{above, b.breakdowns[i-1].part(unit{agency: breakdown.parent}), channelNode(b.query.Channel)}
		}
		axes := []*lattice.Axis{lattice.Parts(len(breakdown.parts)), subjects, b.months, channels}
		people := make([]int64, len(breakdown.parts)*subjects.Leaves()*12*channels.Leaves())
		for _, s := range sums {
			if part := breakdown.part(s.unit); part >= 0 {
				people[((part*subjects.Leaves()+s.subject)*12+s.month)*channels.Leaves()+s.channel] += n(s)
			}
		}
		t := lattice.New(axes, people)
		if i == 0 {
			t.Protect(b.smallCell, nil)
		} else {
			outer, part := above, b.breakdowns[i-1].part(unit{agency: breakdown.parent})
			t.Protect(b.smallCell, func(cell []int) bool {
				at := slices.Clone(cell)
				at[0] = part
				return outer.Hides(at)
			})
		}
		above = t
	}
	return visible{above, above.Whole(), channelNode(b.query.Channel)}
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
	return v.lattice.Hides([]int{part, row, slices.Index(civil.PeriodParts(), period), v.channel})
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
