package report

import (
	"slices"

	"sipas/internal/agency"
	"sipas/internal/civil"
)

// unit is what tallies are of: an agency, or one service point's answers about it.
type unit struct{ agency, point int64 }

// family is an agency (0: the whole of several outermost ones) with its parts:
// child agencies, and service points where its own work was judged.
type family struct {
	parent int64
	parts  []unit        // child agencies have no point, own points have agency parent
	under  map[int64]int // agency -> the part it is or lies under
	point  map[int64]int // own service point -> part
}

// families gives the family of each agency on a path. The service points of
// the agencies on the path are those that have answers.
func (ref *reference) families(path []int64, answered []unit) []*family {
	all := make([]*family, len(path))
	for i, id := range path {
		f := &family{parent: id, under: map[int64]int{}, point: map[int64]int{}}
		for _, child := range ref.Tree.Children(id) {
			for _, below := range ref.subtree(child.ID) {
				f.under[below] = len(f.parts)
			}
			f.parts = append(f.parts, unit{agency: child.ID})
		}
		for _, u := range answered {
			if _, known := f.point[u.point]; u.agency == id && u.point != 0 && !known {
				f.point[u.point] = len(f.parts)
				f.parts = append(f.parts, u)
			}
		}
		all[i] = f
	}
	return all
}

// part is the place among the parts, -1 for a unit outside the family.
func (f *family) part(u unit) int {
	if u.agency == f.parent {
		if i, ok := f.point[u.point]; ok {
			return i
		}
		return -1
	}
	if i, ok := f.under[u.agency]; ok {
		return i
	}
	return -1
}

func (f *family) axis() *axis {
	sets := make([][]int, len(f.parts)+1)
	for i := range f.parts {
		sets[i] = []int{i}
		sets[len(f.parts)] = append(sets[len(f.parts)], i)
	}
	return newAxis(len(f.parts), sets)
}

// monthsOf lists the months of a period, 0 to 11.
func monthsOf(p civil.Period) []int {
	var months []int
	for _, m := range p.Months() {
		months = append(months, civil.MonthOf(m)%100-1)
	}
	return months
}

func timeAxis(year int) (*axis, error) {
	var sets [][]int
	for _, part := range civil.PeriodParts() {
		p, err := civil.ParsePeriod(year, part)
		if err != nil {
			return nil, err
		}
		sets = append(sets, monthsOf(p))
	}
	return newAxis(12, sets), nil
}

// channelAxis: node 0 is all channels, then each; without a channel asked for
// there is the one node only.
func channelAxis(asked agency.Channel) *axis {
	if asked == "" {
		return newAxis(1, [][]int{{0}})
	}
	var all []int
	sets := [][]int{nil}
	for i := range agency.Channels() {
		all = append(all, i)
		sets = append(sets, []int{i})
	}
	sets[0] = all
	return newAxis(len(all), sets)
}

// channelLeaf and channelNode are the places of a channel on the axis.
func channelLeaf(asked, c agency.Channel) int {
	if asked == "" {
		return 0
	}
	return slices.Index(agency.Channels(), c)
}

func channelNode(asked agency.Channel) int {
	if asked == "" {
		return 0
	}
	return 1 + slices.Index(agency.Channels(), asked)
}
