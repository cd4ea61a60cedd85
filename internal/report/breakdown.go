package report

import (
	"slices"

	"sipas/internal/agency"
	"sipas/internal/lattice"
)

// unit is what tallies are of: an agency, or one service point's answers about it.
type unit struct{ agency, point int64 }

// breakdown is an agency (0: the whole of several outermost ones) by its parts:
// child agencies, and service points where its own work was judged.
type breakdown struct {
	parent int64
	parts  []unit        // child agencies have no point, own points have agency parent
	under  map[int64]int // agency -> the part it is or lies under
	point  map[int64]int // own service point -> part
}

// breakdowns gives the breakdown of each agency on a path. The service points of
// the agencies on the path are those that have answers.
func (ref *reference) breakdowns(path []int64, answered []unit) []*breakdown {
	all := make([]*breakdown, len(path))
	for i, id := range path {
		b := &breakdown{parent: id, under: map[int64]int{}, point: map[int64]int{}}
		for _, child := range ref.Tree.Children(id) {
			for _, below := range ref.subtree(child.ID) {
				b.under[below] = len(b.parts)
			}
			b.parts = append(b.parts, unit{agency: child.ID})
		}
		for _, u := range answered {
			if _, known := b.point[u.point]; u.agency == id && u.point != 0 && !known {
				b.point[u.point] = len(b.parts)
				b.parts = append(b.parts, u)
			}
		}
		all[i] = b
	}
	return all
}

// part is the place among the parts, -1 for a unit that is none of them.
func (b *breakdown) part(u unit) int {
	if u.agency == b.parent {
		if i, ok := b.point[u.point]; ok {
			return i
		}
		return -1
	}
	if i, ok := b.under[u.agency]; ok {
		return i
	}
	return -1
}

// channelAxis: node 0 is all channels, then each; without a channel asked for
// there is the one node only.
func channelAxis(asked agency.Channel) *lattice.Axis {
	if asked == "" {
		return lattice.NewAxis(1, [][]int{{0}})
	}
	var all []int
	sets := [][]int{nil}
	for i := range agency.Channels() {
		all = append(all, i)
		sets = append(sets, []int{i})
	}
	sets[0] = all
	return lattice.NewAxis(len(all), sets)
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
