package wording

import (
	"testing"
	"time"

	"sipas/internal/access"
	"sipas/internal/civil"
	"sipas/internal/report"
	"sipas/internal/testkit"
	"sipas/surveys"
)

// BenchmarkPage measures a board page but for its template: what a viewer of a
// province of 1,000 agencies may see, a board that was made before, and its words.
func BenchmarkPage(b *testing.B) {
	for name, url := range map[string]func(testing.TB) string{"sqlite": testkit.SQLiteURL, "postgres": testkit.PostgresURL} {
		b.Run(name, func(b *testing.B) {
			st := testkit.OpenStore(b, url(b))
			definitions, err := surveys.BuiltIn()
			if err != nil {
				b.Fatal(err)
			}
			testkit.Large(b, st, 1000, 5000, definitions)
			testkit.Answered(b, st, 3)
			reporter := report.New(st.Store, report.Options{Now: time.Now, Zone: time.UTC})
			year, err := civil.ParsePeriod(2025, "Y")
			if err != nil {
				b.Fatal(err)
			}
			w := words(b, "vi")
			b.ReportAllocs()
			page := func() {
				snap, err := st.Registry.Current(b.Context())
				if err != nil {
					b.Fatal(err)
				}
				view := snap.For(access.Identity{Role: access.Viewer, Scope: 1})
				for _, a := range view.Agencies() {
					if view.Depth(a.ID) > 2 {
						b.Fatalf("%s lies too deep", a.Code)
					}
				}
				board, err := reporter.Board(b.Context(), snap, report.Query{Period: year, AgencyID: 1, Detail: true})
				if err != nil {
					b.Fatal(err)
				}
				shown := w.Board(board)
				if parts := w.Parts(board.Rows[0].Parts); len(shown.Rows) == 0 || len(parts) == 0 {
					b.Fatal("an empty board")
				}
			}
			page()
			for b.Loop() {
				page()
			}
		})
	}
}
