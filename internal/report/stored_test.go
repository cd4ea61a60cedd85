package report_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/civil"
	"sipas/internal/testkit"
)

// TestStoredSheetsSayWhatTheTalliesSay: a server that was just started makes the
// same boards of stored sheets, and of the tallies where these have changed since.
func TestStoredSheetsSayWhatTheTalliesSay(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		p := small(t, st)
		for _, month := range []int{3, 5} {
			p.answered(
				answer{point: "so-2", month: month, scale: "54", reasons: []string{"waiting"}, times: 12},
				answer{point: "xa-1", month: month, scale: "52", times: 9},
			)
		}
		board := func() []string {
			q := p.year("")
			q.Detail = true
			return figures(boardOf(t, p.reporter(), p.snap(), q))
		}
		before := board()
		now := civil.HalfMonth(20250615)
		stored, err := p.reporter().Store(t.Context(), p.snap(), now)
		p.must(err)
		if again, err := p.reporter().Store(t.Context(), p.snap(), now); err != nil || again != 0 || stored == 0 {
			t.Errorf("stored %d sheets and then %d: %v", stored, again, err)
		}
		if diff := cmp.Diff(before, board()); diff != "" {
			t.Errorf("of stored sheets: %s", diff)
		}
		// The tallies are gone, so the sheets must be what was read.
		for _, table := range []string{"tally_people", "tally_scale", "tally_choice"} {
			if _, err := st.Exec(t.Context(), "DELETE FROM "+table); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(before, board()); diff != "" {
			t.Errorf("stored sheets are not used: %s", diff)
		}
		p.answered(answer{point: "so-2", month: 3, scale: "1", times: 10})
		if cmp.Equal(before, board()) {
			t.Error("a stored sheet is used after answers came late")
		}
		if _, err := st.Exec(t.Context(), "UPDATE sheets SET body = $1", []byte{200}); err != nil {
			t.Fatal(err)
		}
		if len(board()) == 0 {
			t.Error("a damaged sheet is all that is looked at")
		}
	})
}
