package lattice

import (
	"math/rand/v2"
	"testing"
)

// BenchmarkProtect decides a province of 134 communes with nearly every cell
// about fewer than five people.
func BenchmarkProtect(b *testing.B) {
	const communes, fields = 134, 5
	months, err := Months(2025)
	if err != nil {
		b.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	people := make([]int64, communes*fields*12)
	for i := range people {
		people[i] = random.Int64N(6)
	}
	for b.Loop() {
		subjects := NewAxis(fields, [][]int{{0}, {1}, {2}, {3}, {4}, {0, 1, 2}, {0, 1, 2, 3, 4}})
		New([]*Axis{Parts(communes), subjects, months, NewAxis(1, [][]int{{0}})}, people).Protect(5, nil)
	}
}
