package lattice

import (
	"iter"
	"slices"

	"sipas/internal/civil"
	"sipas/internal/score"
)

// Axis is one dimension of a table of people: leaves, such as the twelve
// months, and the sets of leaves that figures are given for, its nodes. Every
// leaf is also a node; one that is never shown itself has its people protected
// all the same.
type Axis struct {
	leaves  int
	nodes   []node
	leaf    []int   // leaf -> the node of it alone
	holding [][]int // leaf -> nodes that hold it, smallest first
}

type node struct {
	leaves []int  // ascending
	holds  []bool // of each leaf of the axis
	shown  bool
}

// Leaves is how many leaves it has.
func (a *Axis) Leaves() int { return a.leaves }

// NewAxis makes an axis of some leaves with the nodes that are shown, in their
// order, each the set of its leaves.
func NewAxis(leaves int, shown [][]int) *Axis {
	a := &Axis{leaves: leaves, leaf: make([]int, leaves), holding: make([][]int, leaves)}
	for l := range a.leaf {
		a.leaf[l] = -1
	}
	add := func(set []int, shown bool) {
		holds := make([]bool, leaves)
		for _, l := range set {
			holds[l] = true
		}
		a.nodes = append(a.nodes, node{set, holds, shown})
	}
	for i, set := range shown {
		add(set, true)
		if len(set) == 1 && a.leaf[set[0]] < 0 {
			a.leaf[set[0]] = i
		}
	}
	for l, i := range a.leaf {
		if i < 0 {
			a.leaf[l] = len(a.nodes)
			add([]int{l}, false)
		}
	}
	for i, n := range a.nodes {
		for _, l := range n.leaves {
			a.holding[l] = append(a.holding[l], i)
		}
	}
	for _, h := range a.holding {
		slices.SortStableFunc(h, func(x, y int) int { return len(a.nodes[x].leaves) - len(a.nodes[y].leaves) })
	}
	return a
}

func (n *node) within(m *node) bool {
	return len(n.leaves) <= len(m.leaves) && !slices.ContainsFunc(n.leaves, func(l int) bool { return !m.holds[l] })
}

// beyond gives the nodes that hold a leaf of node v and reach out of v.
func (a *Axis) beyond(v, leaf int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for _, u := range a.holding[leaf] {
			if u != v && !a.nodes[u].within(&a.nodes[v]) && !yield(u) {
				return
			}
		}
	}
}

// apart gives the nodes that hold exactly one of two leaves.
func (a *Axis) apart(x, y int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for _, u := range a.holding[x] {
			if !a.nodes[u].holds[y] && !yield(u) {
				return
			}
		}
		for _, u := range a.holding[y] {
			if !a.nodes[u].holds[x] && !yield(u) {
				return
			}
		}
	}
}

// Lattice is the number of people in every cell: a cell is one node of each
// axis. The first axis is the unit: its last node is the whole of the others.
type Lattice struct {
	axes   []*Axis
	stride []int
	n      []int64
	hidden []bool
}

// New adds up the people of the leaves, given in the order of the axes,
// the last one running fastest.
func New(axes []*Axis, people []int64) *Lattice {
	t := &Lattice{axes: axes, stride: make([]int, len(axes))}
	inner := 1
	for i := len(axes) - 1; i >= 0; i-- {
		a := axes[i]
		t.stride[i] = inner
		outer := len(people) / (a.leaves * inner)
		next := make([]int64, outer*len(a.nodes)*inner)
		for o := range outer {
			for m, n := range a.nodes {
				to := next[(o*len(a.nodes)+m)*inner:][:inner]
				for _, l := range n.leaves {
					for j, x := range people[(o*a.leaves+l)*inner:][:inner] {
						to[j] += x
					}
				}
			}
		}
		people, inner = next, inner*len(a.nodes)
	}
	t.n, t.hidden = people, make([]bool, len(people))
	return t
}

// at is the place of a cell.
func (t *Lattice) at(cell []int) int {
	place := 0
	for i, c := range cell {
		place += c * t.stride[i]
	}
	return place
}

// line is the people of a cell with its node on one axis exchanged for each of
// that axis.
type line struct {
	n    []int64 // from the cell with node 0
	step int
}

func (t *Lattice) line(cell []int, axis int) line {
	return line{t.n[t.at(cell)-cell[axis]*t.stride[axis]:], t.stride[axis]}
}

func (l line) at(node int) int64 { return l.n[node*l.step] }

// cells calls f for every cell; the slice is reused.
func (t *Lattice) cells(f func(place int, cell []int)) {
	cell := make([]int, len(t.axes))
	for place := range t.n {
		f(place, cell)
		for i := len(cell) - 1; i >= 0; i-- {
			if cell[i]++; cell[i] < len(t.axes[i].nodes) {
				break
			}
			cell[i] = 0
		}
	}
}

// Protect decides what is hidden. Cells of the whole unit are decided by the
// lattice above, which tells what it hides, or here if above is nil.
//
// For each cell of fewer than k people it looks for a change that nobody could
// notice: along every axis, some people move from a leaf of the cell to a leaf
// elsewhere. All sums stay as they were except those of nodes that hold exactly
// one of the two leaves on every axis; these are hidden, so the shown figures
// agree with more than one number of people in the cell. What is hidden of a
// unit is hidden of all its parts, so that the change can go on below.
func (t *Lattice) Protect(k int64, above func(cell []int) bool) {
	whole := len(t.axes[0].nodes) - 1
	t.cells(func(place int, cell []int) {
		if score.TooFew(t.n[place], k) {
			t.hidden[place] = true
			if (above == nil || cell[0] != whole) && !t.repeated(cell) {
				t.hide(t.change(cell, k))
			}
		}
	})
	t.cells(func(place int, cell []int) {
		if cell[0] != whole || !t.hidden[place] && (above == nil || !above(cell)) {
			return
		}
		for part := range t.axes[0].nodes {
			t.hidden[place+(part-whole)*t.stride[0]] = true
		}
	})
}

// repeated: a larger cell has the very same people, and its protection serves.
func (t *Lattice) repeated(cell []int) bool {
	n := t.n[t.at(cell)]
	for i, a := range t.axes {
		v, along := &a.nodes[cell[i]], t.line(cell, i)
		for _, u := range a.holding[v.leaves[0]] {
			if len(a.nodes[u].leaves) > len(v.leaves) && along.at(u) == n && v.within(&a.nodes[u]) {
				return true
			}
		}
	}
	return false
}

// move is a change along one axis: people of the leaf from are in the leaf to
// instead; to is -1 where the cell has nothing outside.
type move struct{ from, to int }

// change finds a change of the people of a cell that can be hidden.
func (t *Lattice) change(cell []int, k int64) []move {
	moves := make([]move, len(t.axes))
	inside := slices.Clone(cell)
	for i, a := range t.axes {
		from, most, along := -1, int64(-1), t.line(inside, i)
		for _, l := range a.nodes[cell[i]].leaves {
			if n := along.at(a.leaf[l]); n > most {
				from, most = l, n
			}
		}
		inside[i] = a.leaf[from]
		moves[i] = move{from, t.partner(cell, i, from, k)}
	}
	return moves
}

// partner chooses the leaf that people of the cell could just as well be in:
// from the smallest node around the cell in which the hidden cells come to at
// least k people, one whose hiding costs the fewest shown figures, of these the
// smallest. It is -1 if the axis has nothing outside the cell.
func (t *Lattice) partner(cell []int, i, from int, k int64) int {
	a, along := t.axes[i], t.line(cell, i)
	v := &a.nodes[cell[i]]
	fallback, fallbackN := -1, int64(-1)
	for u := range a.beyond(cell[i], from) {
		hidden := along.at(cell[i])
		for _, l := range a.nodes[u].leaves {
			if hidden >= k {
				break
			}
			if n := along.at(a.leaf[l]); !v.holds[l] && score.TooFew(n, k) {
				hidden += n
			}
		}
		best, bestCost, bestN := -1, 0, int64(0)
		for _, l := range a.nodes[u].leaves {
			if v.holds[l] {
				continue
			}
			n := along.at(a.leaf[l])
			if n > fallbackN {
				fallback, fallbackN = l, n
			}
			if n == 0 || hidden < k && n < k || best >= 0 && bestCost == 0 && n >= bestN {
				continue
			}
			cost := a.cost(along, from, l, k)
			if best < 0 || cost < bestCost || cost == bestCost && n < bestN {
				best, bestCost, bestN = l, cost, n
			}
		}
		if best >= 0 {
			return best
		}
	}
	return fallback
}

// cost counts the figures that are lost beside the cell's own.
func (a *Axis) cost(along line, from, to int, k int64) int {
	lost := 0
	for u := range a.apart(from, to) {
		if a.nodes[u].shown && along.at(u) >= k {
			lost++
		}
	}
	return lost
}

// hide hides what a change touches: every cell whose node on each axis holds
// exactly one of the two leaves, and every cell of nobody with one of the
// changed leaves in it, which would tell that nobody is there.
func (t *Lattice) hide(moves []move) {
	touched, around := make([][]int, len(moves)), make([][]int, len(moves))
	for i, m := range moves {
		a := t.axes[i]
		touched[i], around[i] = a.holding[m.from], a.holding[m.from]
		if m.to >= 0 {
			touched[i] = slices.Collect(a.apart(m.from, m.to))
			around[i] = slices.Concat(around[i], a.holding[m.to])
		}
	}
	t.product(touched, 0, func(place int) { t.hidden[place] = true })
	t.product(around, 0, func(place int) { t.hidden[place] = t.hidden[place] || t.n[place] == 0 })
}

// product calls f for every cell made of the nodes of the last axes; place is
// that of the nodes chosen on the axes before.
func (t *Lattice) product(nodes [][]int, place int, f func(place int)) {
	if len(nodes) == 0 {
		f(place)
		return
	}
	step := t.stride[len(t.axes)-len(nodes)]
	for _, u := range nodes[0] {
		t.product(nodes[1:], place+u*step, f)
	}
}

// Parts has each of some parts, and as its last node all of them together.
func Parts(parts int) *Axis {
	sets := make([][]int, parts+1)
	for i := range parts {
		sets[i] = []int{i}
		sets[parts] = append(sets[parts], i)
	}
	return NewAxis(parts, sets)
}

// Months has the periods of a year that figures are given for, over its
// twelve months.
func Months(year int) (*Axis, error) {
	var sets [][]int
	for _, part := range civil.PeriodParts() {
		p, err := civil.ParsePeriod(year, part)
		if err != nil {
			return nil, err
		}
		sets = append(sets, p.MonthsOfYear())
	}
	return NewAxis(12, sets), nil
}

// Hides tells whether the figure of a cell must not be shown.
func (t *Lattice) Hides(cell []int) bool { return t.hidden[t.at(cell)] }

// Whole is the last node of the first axis: all units together.
func (t *Lattice) Whole() int { return len(t.axes[0].nodes) - 1 }
