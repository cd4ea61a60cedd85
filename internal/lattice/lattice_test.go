package lattice

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"sipas/internal/score"
)

const k = 5

// scene is a made-up year: a whole of three agencies, the first of which has
// three service points, four kinds of work and two channels.
type scene struct {
	people   map[[4]int]int64 // point or agency, subject, month, channel
	variable map[[4]int]int
	outer    *Lattice
	inner    *Lattice
}

// The units 0 to 2 are the points of agency 0, the units 3 and 4 the others.
const units, points = 5, 3

func drawScene(t *rapid.T) *scene {
	s := &scene{people: map[[4]int]int64{}, variable: map[[4]int]int{}}
	months := rapid.SampledFrom([][]int{{0, 1, 2}, {0, 4, 7}, {1, 3, 8, 9}, {5}}).Draw(t, "months")
	sizes := rapid.SampledFrom([][]int64{{0, 0, 0, 1, 3, 7, 20}, {1, 2, 3, 4}, {0, 2, 9}, {6, 7, 8, 30, 1}, {0, 0, 0, 0, 0, 0, 0, 2, 40}}).Draw(t, "sizes")
	for u := range units {
		for subject := range 4 {
			for _, m := range months {
				for c := range 2 {
					leaf := [4]int{u, subject, m, c}
					s.people[leaf] = rapid.SampledFrom(sizes).Draw(t, "n")
					s.variable[leaf] = len(s.variable)
				}
			}
		}
	}
	return s
}

// protect builds both lattices as a board with or without a channel does.
func (s *scene) protect(t *rapid.T, byChannel bool) {
	months, err := Months(2025)
	if err != nil {
		t.Fatal(err)
	}
	// Rows: field 0, field 1, field 2, and all procedures: 0, 1 and the unsaid 3.
	subjects := NewAxis(4, [][]int{{0}, {1}, {2}, {0, 1, 3}})
	channels := NewAxis(1, [][]int{{0}})
	if byChannel {
		channels = NewAxis(2, [][]int{{0, 1}, {0}, {1}})
	}
	build := func(parts int, part func(unit int) int) *Lattice {
		people := make([]int64, parts*4*12*channels.leaves)
		for leaf, n := range s.people {
			if p := part(leaf[0]); p >= 0 {
				people[((p*4+leaf[1])*12+leaf[2])*channels.leaves+min(leaf[3], channels.leaves-1)] += n
			}
		}
		return New([]*Axis{Parts(parts), subjects, months, channels}, people)
	}
	s.outer = build(3, func(u int) int { return max(0, u-points+1) })
	s.outer.Protect(k, nil)
	s.inner = build(points, func(u int) int {
		if u < points {
			return u
		}
		return -1
	})
	s.inner.Protect(k, func(cell []int) bool { return s.outer.hidden[s.outer.at([]int{0, cell[1], cell[2], cell[3]})] })
}

// figure is one cell: the people of which leaves it adds up.
type figure struct {
	name   string
	n      int64
	hidden bool
	of     []int64
}

// figures lists every cell of both lattices; those of nodes that are never
// shown are hidden.
func (s *scene) figures(t *Lattice, unitOf func(part int) []int, whole bool) []figure {
	var all []figure
	t.cells(func(place int, cell []int) {
		if !whole && cell[0] == len(t.axes[0].nodes)-1 {
			return
		}
		f := figure{name: fmt.Sprint(cell), n: t.n[place], hidden: t.hidden[place], of: make([]int64, len(s.variable))}
		for i, c := range cell {
			f.hidden = f.hidden || !t.axes[i].nodes[c].shown
		}
		for _, part := range t.axes[0].nodes[cell[0]].leaves {
			for _, u := range unitOf(part) {
				for leaf, v := range s.variable {
					if leaf[0] == u && t.axes[1].nodes[cell[1]].holds[leaf[1]] && t.axes[2].nodes[cell[2]].holds[leaf[2]] &&
						t.axes[3].nodes[cell[3]].holds[min(leaf[3], t.axes[3].leaves-1)] {
						f.of[v] = 1
					}
				}
			}
		}
		all = append(all, f)
	})
	return all
}

func (s *scene) all() []figure {
	outer := s.figures(s.outer, func(part int) []int {
		if part == 0 {
			return []int{0, 1, 2}
		}
		return []int{part + points - 1}
	}, true)
	return append(outer, s.figures(s.inner, func(part int) []int { return []int{part} }, false)...)
}

// rowSpace is everything that can be computed from figures, as a reduced basis
// modulo a large prime: what it cannot reach cannot be reached with fractions.
type rowSpace map[int][]int64 // by pivot

const prime = 2_147_483_647

func (r rowSpace) reduce(of []int64) (pivot int, rest []int64) {
	rest = append([]int64{}, of...)
	pivot = -1
	for i := range rest {
		if rest[i] == 0 {
			continue
		}
		row, ok := r[i]
		if !ok {
			if pivot < 0 {
				pivot = i
			}
			continue
		}
		factor := rest[i]
		for j := i; j < len(rest); j++ {
			rest[j] = (rest[j] + (prime-factor)*row[j]) % prime
		}
	}
	return pivot, rest
}

func (r rowSpace) add(of []int64) {
	pivot, rest := r.reduce(of)
	if pivot < 0 {
		return
	}
	inverse := power(rest[pivot], prime-2)
	for j := range rest {
		rest[j] = rest[j] * inverse % prime
	}
	r[pivot] = rest
}

func (r rowSpace) reaches(of []int64) bool {
	pivot, _ := r.reduce(of)
	return pivot < 0
}

func power(base, exponent int64) int64 {
	result := int64(1)
	for ; exponent > 0; exponent >>= 1 {
		if exponent&1 == 1 {
			result = result * base % prime
		}
		base = base * base % prime
	}
	return result
}

// TestNothingSmallCanBeComputed puts every shown figure of a year side by side,
// with and without channels, and tries to compute each number of people below k
// by adding and subtracting, with whatever factors.
func TestNothingSmallCanBeComputed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawScene(t)
		known := rowSpace{}
		var secret []figure
		for _, byChannel := range []bool{false, true} {
			s.protect(t, byChannel)
			for _, f := range s.all() {
				switch {
				case score.TooFew(f.n, k) && !f.hidden:
					t.Fatalf("%s with %d people is shown", f.name, f.n)
				case score.TooFew(f.n, k):
					secret = append(secret, f)
				}
				if !f.hidden {
					known.add(f.of)
				}
			}
		}
		for _, f := range secret {
			if known.reaches(f.of) {
				t.Fatalf("%s with %d people can be computed", f.name, f.n)
			}
		}
	})
}
