package registry_test

import (
	"fmt"
	"testing"
	"time"

	"sipas/internal/access"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// eachProvince runs a benchmark on a mid-size and a large province in both
// databases.
func eachProvince(b *testing.B, run func(b *testing.B, st *testkit.Place)) {
	for name, url := range map[string]func(testing.TB) string{"sqlite": testkit.SQLiteURL, "postgres": testkit.PostgresURL} {
		for _, size := range [][2]int{{200, 2000}, {1000, 5000}} {
			b.Run(fmt.Sprintf("%s/%d-%d", name, size[0], size[1]), func(b *testing.B) {
				st := testkit.OpenStore(b, url(b))
				testkit.Large(b, st, size[0], size[1], []survey.Definition{oneQuestion()})
				b.ReportAllocs()
				run(b, st)
			})
		}
	}
}

// BenchmarkCurrent measures what every request asks for.
func BenchmarkCurrent(b *testing.B) {
	eachProvince(b, func(b *testing.B, st *testkit.Place) {
		r := instance(b, st, time.Now)
		for b.Loop() {
			current(b, r)
		}
	})
}

// BenchmarkLoad measures the first reader, and the first after a change.
func BenchmarkLoad(b *testing.B) {
	eachProvince(b, func(b *testing.B, st *testkit.Place) {
		for b.Loop() {
			current(b, instance(b, st, time.Now))
		}
	})
}

// BenchmarkView measures what somebody of the whole province may see.
func BenchmarkView(b *testing.B) {
	eachProvince(b, func(b *testing.B, st *testkit.Place) {
		snap := current(b, st.Registry)
		for b.Loop() {
			view := snap.For(access.Identity{Role: access.Viewer, Scope: 1})
			seen := 0
			for _, a := range view.Agencies() {
				seen += view.Depth(a.ID)
			}
			if seen == 0 || len(view.Points()) == 0 {
				b.Fatal("nothing is seen")
			}
		}
	})
}
