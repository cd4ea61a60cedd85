package score

import (
	"cmp"
	"math/big"
	"slices"
)

// A figure about fewer than k people is shown to nobody, and neither is a set of figures from which it can be computed.
const (
	DefaultK = 5 // where a deployment says nothing else
	MinK     = 3 // a smaller k is raised to this
)

// TooFew says whether a figure about n people must be hidden for being small. Nobody at all is no secret.
func TooFew(n, k int64) bool { return n > 0 && n < max(k, MinK) }

// Suppress says which cells of a table must be hidden when its total is shown: those with fewer than k people, and as many others,
// smallest first, as are needed so that the hidden ones are at least two and at least k people together. Then neither a hidden cell
// nor a group of fewer than k people can be had by subtracting the shown cells from the total. Cells of nobody are shown and protect
// nothing.
//
// If the cells do not suffice, the total is itself TooFew: everything with people is hidden, and the caller hides the total by the
// same rule. The protection is for one table with one total: a table with two margins needs it along both.
func Suppress(ns []int64, k int64) []bool {
	k = max(k, MinK)
	hidden := make([]bool, len(ns))
	var sum int64
	others := make([]int, 0, len(ns))
	for i, n := range ns {
		switch {
		case TooFew(n, k):
			hidden[i] = true
			sum += n
		case n >= k:
			others = append(others, i)
		}
	}
	// One cell alone is below k, so k people are always in two cells or more.
	if sum > 0 && sum < k && len(others) > 0 {
		smallest := slices.MinFunc(others, func(a, b int) int { return cmp.Compare(ns[a], ns[b]) })
		hidden[smallest] = true
	}
	return hidden
}

// Releasable says whether the sum over some cells (part) may be shown beside the shown cells, their total, and the sums over cells
// that are shown already. A half-year beside hidden months or quarters is such a sum. It may, if from all of it together neither a
// hidden cell nor a group of hidden cells with fewer than k people can be computed.
//
// All lists have the length of ns; a list that has not is never releasable.
func Releasable(hidden []bool, ns []int64, part []bool, k int64, shown ...[]bool) bool {
	k = max(k, MinK)
	if len(hidden) != len(ns) {
		return false
	}
	sums := append([][]bool{hidden, part}, shown...) // what is hidden is the total less what is not
	for _, s := range sums {
		if len(s) != len(ns) {
			return false
		}
	}
	groups := groupHidden(hidden, ns, sums)
	rows := reduce(groups, len(sums))
	return !exposes(rows, groups, k)
}

// group is a set of hidden cells that every sum treats alike: nothing computable can tell them apart.
type group struct {
	in    string // '1' at each sum that contains the cells
	cells int
	n     int64
}

func groupHidden(hidden []bool, ns []int64, sums [][]bool) []group {
	var groups []group
	for i, h := range hidden {
		if !h {
			continue
		}
		in := make([]byte, len(sums))
		for j, s := range sums {
			in[j] = '0'
			if s[i] {
				in[j] = '1'
			}
		}
		at := slices.IndexFunc(groups, func(g group) bool { return g.in == string(in) })
		if at < 0 {
			at = len(groups)
			groups = append(groups, group{in: string(in)})
		}
		groups[at].cells++
		groups[at].n += ns[i]
	}
	return groups
}

// row is a computable combination of the groups, 1 at its pivot and 0 at the pivots of all other rows.
type row struct {
	pivot int
	of    []*big.Rat
}

// reduce brings the sums (as equations in the groups) to reduced row echelon form.
func reduce(groups []group, sums int) []row {
	var rows []row
	for j := range sums {
		of := make([]*big.Rat, len(groups))
		for i, g := range groups {
			of[i] = big.NewRat(int64(g.in[j]-'0'), 1)
		}
		for _, r := range rows {
			subtract(of, r.of, new(big.Rat).Set(of[r.pivot]))
		}
		pivot := slices.IndexFunc(of, func(x *big.Rat) bool { return x.Sign() != 0 })
		if pivot < 0 {
			continue
		}
		scale := new(big.Rat).Inv(of[pivot])
		for _, x := range of {
			x.Mul(x, scale)
		}
		for _, r := range rows {
			subtract(r.of, of, new(big.Rat).Set(r.of[pivot]))
		}
		rows = append(rows, row{pivot, of})
	}
	return rows
}

func subtract(from, of []*big.Rat, times *big.Rat) {
	for i := range from {
		from[i].Sub(from[i], new(big.Rat).Mul(of[i], times))
	}
}

// exposes looks for a set of groups that can be computed and must not be: a single cell, or fewer than k people.
func exposes(rows []row, groups []group, k int64) bool {
	chosen := make([]bool, len(groups))
	var search func(from, cells int, n int64) bool
	search = func(from, cells int, n int64) bool {
		if cells > 0 && (cells == 1 || n < k) && computable(rows, chosen) {
			return true
		}
		for i := from; i < len(groups); i++ {
			if cells > 0 && n+groups[i].n >= k {
				continue
			}
			chosen[i] = true
			found := search(i+1, cells+groups[i].cells, n+groups[i].n)
			chosen[i] = false
			if found {
				return true
			}
		}
		return false
	}
	return search(0, 0, 0)
}

// computable says whether the sum over the chosen groups is a combination of the rows. Its factor for each row can only be what the
// row's pivot needs.
func computable(rows []row, chosen []bool) bool {
	for i, c := range chosen {
		sum := new(big.Rat)
		for _, r := range rows {
			if chosen[r.pivot] {
				sum.Add(sum, r.of[i])
			}
		}
		want := int64(0)
		if c {
			want = 1
		}
		if sum.Cmp(big.NewRat(want, 1)) != 0 {
			return false
		}
	}
	return true
}
