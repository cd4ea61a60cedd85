package score

import (
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestSuppress(t *testing.T) {
	t.Parallel()
	const o, x = false, true
	for _, row := range []struct {
		ns   []int64
		k    int64
		want []bool
	}{
		{nil, 5, []bool{}},
		{[]int64{10, 20, 5}, 5, []bool{o, o, o}},
		{[]int64{10, 20, 4}, 5, []bool{x, o, x}}, // the smallest of the others protects the small one
		{[]int64{10, 0, 4}, 5, []bool{x, o, x}},  // nobody protects nothing
		{[]int64{0, 0, 10}, 5, []bool{o, o, o}},  // nobody is no secret
		{[]int64{3, 4, 10}, 5, []bool{x, x, o}},  // seven people protect each other
		{[]int64{1, 1, 10, 6}, 5, []bool{x, x, o, x}},
		{[]int64{1, 1, 0}, 5, []bool{x, x, o}}, // the total, 2, is hidden by the caller
		{[]int64{4}, 5, []bool{x}},             // as is this one
		{[]int64{2, 9}, 1, []bool{x, x}},       // k is never below 3
		{[]int64{3, 9}, 1, []bool{o, o}},
	} {
		if got := Suppress(row.ns, row.k); !slices.Equal(got, row.want) {
			t.Errorf("Suppress(%v, %d) = %v, want %v", row.ns, row.k, got, row.want)
		}
	}
}

func TestReleasable(t *testing.T) {
	t.Parallel()
	quarters := []int64{3, 4, 6, 50}
	hidden := []bool{true, true, true, false}
	for _, row := range []struct {
		part  []bool
		shown [][]bool
		want  bool
	}{
		{[]bool{false, false, false, true}, nil, true},                                  // shown anyway
		{[]bool{true, true, true, true}, nil, true},                                     // the total
		{[]bool{true, true, true, false}, nil, true},                                    // the total less a shown one
		{[]bool{true, true, false, false}, nil, false},                                  // leaves the third quarter alone
		{[]bool{true, false, false, true}, nil, false},                                  // shows the first quarter
		{[]bool{true, true}, nil, false},                                                // not a list over these cells
		{[]bool{true, true, true, true}, [][]bool{{true, true, false, false}}, false},   // what is shown already exposes one
		{[]bool{true, true, true, false}, [][]bool{{false, false, false, false}}, true}, // an empty sum says nothing
	} {
		if got := Releasable(hidden, quarters, row.part, 5, row.shown...); got != row.want {
			t.Errorf("Releasable(%v, shown %v) = %v, want %v", row.part, row.shown, got, row.want)
		}
	}
	// Two sums, each harmless alone: one less the other is the third cell.
	ns := []int64{4, 4, 4, 4, 4, 4}
	all := []bool{true, true, true, true, true, true}
	a, b := []bool{true, true, true, false, false, false}, []bool{true, true, false, false, false, false}
	if !Releasable(all, ns, a, 5) || !Releasable(all, ns, b, 5) || Releasable(all, ns, a, 5, b) {
		t.Error("sums that are harmless alone must be looked at together")
	}
}

// rank is the rank of integer rows, by elimination without divisions.
func rank(rows [][]int64) int {
	m := make([][]*big.Int, len(rows))
	for i, r := range rows {
		for _, x := range r {
			m[i] = append(m[i], big.NewInt(x))
		}
	}
	done := 0
	for col := 0; len(m) > 0 && col < len(m[0]); col++ {
		p := slices.IndexFunc(m[done:], func(r []*big.Int) bool { return r[col].Sign() != 0 })
		if p < 0 {
			continue
		}
		m[done], m[done+p] = m[done+p], m[done]
		for i := done + 1; i < len(m); i++ {
			f := m[i][col]
			for j := len(m[i]) - 1; j >= 0; j-- {
				left := new(big.Int).Mul(m[i][j], m[done][col])
				m[i][j] = left.Sub(left, new(big.Int).Mul(f, m[done][j]))
			}
		}
		if done++; done == len(m) {
			break
		}
	}
	return done
}

func indicator(set []bool) []int64 {
	row := make([]int64, len(set))
	for i, in := range set {
		if in {
			row[i] = 1
		}
	}
	return row
}

// bruteForce tries every set of hidden cells against everything that is known, cell by cell.
func bruteForce(hidden []bool, ns []int64, k int64, sums ...[]bool) bool {
	known := [][]int64{make([]int64, len(ns))}
	for i := range known[0] {
		known[0][i] = 1 // the total
	}
	for i, h := range hidden {
		if !h {
			cell := make([]bool, len(ns))
			cell[i] = true
			known = append(known, indicator(cell))
		}
	}
	for _, s := range sums {
		known = append(known, indicator(s))
	}
	full := rank(known)
	for bits := 1; bits < 1<<len(ns); bits++ {
		set := make([]bool, len(ns))
		var cells, people int64
		onlyHidden := true
		for i := range ns {
			if bits>>i&1 == 1 {
				set[i] = true
				cells++
				people += ns[i]
				onlyHidden = onlyHidden && hidden[i]
			}
		}
		if onlyHidden && (cells == 1 || people < k) && rank(append(slices.Clone(known), indicator(set))) == full {
			return false
		}
	}
	return true
}

func drawCells(t *rapid.T) ([]int64, int64) {
	ns := rapid.SliceOfN(rapid.Int64Range(0, 9), 1, 7).Draw(t, "ns")
	return ns, rapid.Int64Range(MinK, 7).Draw(t, "k")
}

func TestNothingFollowsFromWhatIsShown(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ns, k := drawCells(t)
		hidden := Suppress(ns, k)
		var total int64
		count, extra := 0, 0
		for i, n := range ns {
			total += n
			if TooFew(n, k) && !hidden[i] {
				t.Fatalf("%v: cell %d is shown", ns, i)
			}
			if hidden[i] {
				count++
				if n == 0 {
					t.Fatalf("%v: nobody is hidden", ns)
				}
				if n >= k {
					extra++
				}
			}
		}
		if extra > 1 {
			t.Fatalf("%v: %d cells hidden to protect others, one is enough", ns, extra)
		}
		if TooFew(total, k) {
			return // the total is hidden too, so nothing can be subtracted from
		}
		if !bruteForce(hidden, ns, k) {
			t.Fatalf("%v with k=%d: something follows from %v", ns, k, hidden)
		}
	})
}

func TestReleasableAgainstBruteForce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ns, k := drawCells(t)
		hidden := Suppress(ns, k)
		if rapid.Bool().Draw(t, "any cells hidden") {
			hidden = rapid.SliceOfN(rapid.Bool(), len(ns), len(ns)).Draw(t, "hidden")
		}
		sums := rapid.SliceOfN(rapid.SliceOfN(rapid.Bool(), len(ns), len(ns)), 1, 4).Draw(t, "sums")
		got, want := Releasable(hidden, ns, sums[0], k, sums[1:]...), bruteForce(hidden, ns, k, sums...)
		if got != want {
			t.Fatalf("ns %v, hidden %v, k %d, sums %v: %v, by brute force %v", ns, hidden, k, sums, got, want)
		}
	})
}
