package report_test

import (
	"testing"

	"sipas/internal/store"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// A board that nothing has changed is not made again; anything that changes it
// is seen at once.
func TestBoardsAreKeptUntilSomethingChanges(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *store.Store) {
		p := small(t, st)
		p.answered(answer{point: "so-2", month: 3, scale: "5", times: 10})
		r, q := p.reporter(), p.year("")
		first, err := r.Board(t.Context(), q)
		p.must(err)
		if again, _ := r.Board(t.Context(), q); again != first {
			t.Error("the board was made twice")
		}
		p.answered(answer{point: "so-2", month: 12, scale: "1", times: 10})
		second, err := r.Board(t.Context(), q)
		p.must(err)
		row := second.Row(survey.IndicatorField, "dat-dai")
		if row == nil || row.N != 20 || row.Index.Display(2) != "50%" {
			t.Fatalf("after ten more answers: %+v", row)
		}
		p.target(survey.Target{Plan: "sàn", Indicator: survey.IndicatorField, FieldKey: "dat-dai", Percent: 8500})
		third, err := r.Board(t.Context(), q)
		p.must(err)
		if row := third.Row(survey.IndicatorField, "dat-dai"); len(row.Targets) != 1 {
			t.Errorf("a new target is not seen: %+v", row.Targets)
		}
	})
}
