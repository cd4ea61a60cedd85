package report_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/report"
	"sipas/internal/store"
	"sipas/internal/target"
	"sipas/internal/testkit"
)

// A board that nothing has changed is not made again; anything that changes it
// is seen at once.
func TestBoardsAreKeptUntilSomethingChanges(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		p := small(t, st)
		p.answered(answer{point: "so-2", month: 3, scale: "5", times: 10})
		r, q := p.reporter(), p.year("")
		first, err := r.Board(t.Context(), p.snap(), q)
		p.must(err)
		if again, _ := r.Board(t.Context(), p.snap(), q); again != first {
			t.Error("the board was made twice")
		}
		p.answered(answer{point: "so-2", month: 12, scale: "1", times: 10})
		second, err := r.Board(t.Context(), p.snap(), q)
		p.must(err)
		row := second.Row(target.IndicatorField, "dat-dai")
		if row == nil || row.N != 20 || row.Index.Display(2) != "50%" {
			t.Fatalf("after ten more answers: %+v", row)
		}
		p.target(target.Target{Plan: "sàn", Indicator: target.IndicatorField, FieldKey: "dat-dai", Percent: 8500})
		third, err := r.Board(t.Context(), p.snap(), q)
		p.must(err)
		if row := third.Row(target.IndicatorField, "dat-dai"); len(row.Targets) != 1 {
			t.Errorf("a new target is not seen: %+v", row.Targets)
		}
	})
}

// A reporter that keeps what it read shows the same as one that reads all anew,
// whichever months the answers are added to.
func TestKeptMonthsAreThoseOfTheDatabase(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		p := small(t, st)
		keeping := p.reporter()
		for round, month := range []int{5, 5, 1, 12, 6, 1, 5, 9} {
			p.answered(
				answer{point: "so-2", month: month, scale: fmt.Sprint(1+round%5) + "4", reasons: []string{"waiting"}, times: 7 + round},
				answer{point: "xa-1", month: month, scale: "52", times: 9},
				answer{point: "so-s", month: month, scale: "45", times: 6},
			)
			for _, agency := range []string{"", "so"} {
				q := p.year(agency)
				q.Detail = true
				kept, err := keeping.Board(t.Context(), p.snap(), q)
				p.must(err)
				anew, err := p.reporter().Board(t.Context(), p.snap(), q)
				p.must(err)
				if diff := cmp.Diff(figures(anew), figures(kept)); diff != "" {
					t.Fatalf("round %d, agency %q: %s", round, agency, diff)
				}
			}
		}
	})
}

// figures writes every figure of a board with its details.
func figures(b *report.Board) []string {
	var out []string
	say := func(name string, f report.Figure) {
		out = append(out, fmt.Sprintf("%s n=%d %s", name, f.N, f.Index.Display(2)))
	}
	for _, r := range b.Rows {
		say(string(r.Indicator)+r.FieldKey, r.Figure)
		for _, f := range r.Factors {
			say(" factor "+f.Key, f.Figure)
		}
		for _, m := range r.Trend {
			say(fmt.Sprint(" month ", m.Month), m.Figure)
		}
		for _, part := range r.Parts {
			say(" part", part.Figure)
		}
		for _, reason := range r.Reasons {
			out = append(out, fmt.Sprintf(" reason %s n=%d", reason.Choice, reason.N))
		}
	}
	return out
}

// TestWhatOthersWriteIsSeenAtOnce: the board of one instance is made again after
// another took answers, took some out or mended the tallies, and not before.
func TestWhatOthersWriteIsSeenAtOnce(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		p := small(t, st)
		p.answered(answer{point: "so-2", month: 3, scale: "5", times: 10})
		r := report.New(store.New(p.store.DB, store.Options{}), report.Options{Now: func() time.Time { return noon }, Zone: zone()})
		people := func() int64 {
			board, err := r.Board(t.Context(), p.snap(), p.year(""))
			p.must(err)
			row := board.Row(target.IndicatorField, "dat-dai")
			if row == nil {
				return 0
			}
			return row.N
		}
		if n := people(); n != 10 {
			t.Fatalf("%d people at first", n)
		}
		p.answered(answer{point: "so-2", month: 4, scale: "5", times: 10})
		if n := people(); n != 20 {
			t.Errorf("%d people after another instance took 10, want 20", n)
		}
		if _, err := p.store.Exec(t.Context(), "DELETE FROM tally_people WHERE half_month = 20250315"); err != nil {
			t.Fatal(err)
		}
		if n := people(); n != 20 {
			t.Errorf("%d people: the board is made again without a change", n)
		}
		if _, err := p.store.Exec(t.Context(), "DELETE FROM tally_scale WHERE half_month = 20250315"); err != nil {
			t.Fatal(err)
		}
		if _, err := p.store.Exec(t.Context(), "UPDATE half_month_changes SET changes = changes + 1"); err != nil {
			t.Fatal(err)
		}
		if n := people(); n != 10 {
			t.Errorf("%d people, want the 10 that are left of the drifted tallies", n)
		}
		if _, err := p.store.Mend(t.Context(), audit.Author{Name: "root", Via: audit.CommandLine}, noon, p.snap().Version, testkit.Closing(p.snap(), noon), nil); err != nil {
			t.Fatal(err)
		}
		if n := people(); n != 20 {
			t.Errorf("%d people after the tallies were mended, want 20", n)
		}
		point := p.points["so-2"].ID
		for left := 19; left >= 15; left-- { // five leave together: see ADR 0027
			var receipt string
			p.must(p.store.QueryRow(t.Context(), "SELECT receipt FROM responses WHERE service_point_id = $1 LIMIT 1", point).Scan(&receipt))
			p.must(p.store.RemoveResponse(t.Context(), point, agency.Code(receipt)))
			want := int64(20)
			if left == 15 {
				want = 15
			}
			if n := people(); n != want {
				t.Errorf("%d people after %d were taken out, want %d", n, 20-left, want)
			}
		}
	})
}

// TestAnswersThatWaitLeaveBoards: a board stands until a group is shown. An answer that
// comes late to a half month that is over goes on waiting all the same.
func TestAnswersThatWaitLeaveBoards(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		p := small(t, st)
		p.answered(answer{point: "so-2", month: 3, scale: "5", times: 10})
		closing := testkit.Closing(p.snap(), noon)
		_, err := p.store.Store.Close(t.Context(), closing)
		p.must(err)
		r, q := p.reporter(), p.year("")
		board := func() *report.Board {
			t.Helper()
			board, err := r.Board(t.Context(), p.snap(), q)
			p.must(err)
			return board
		}
		first := board()
		p.answered(answer{point: "so-2", month: 3, scale: "5", times: 4})
		if board() != first {
			t.Error("the board was made again for four answers that wait")
		}
		p.answered(answer{point: "so-2", month: 3, scale: "5"})
		second := board()
		if row := second.Row(target.IndicatorField, "dat-dai"); row.N != 15 {
			t.Errorf("%d people after the fifth, want 15", row.N)
		}
		p.answered(answer{point: "so-2", month: 3, scale: "5", times: 4})
		closed, err := p.store.Store.Close(t.Context(), closing)
		p.must(err)
		var waiting int
		p.must(p.store.QueryRow(t.Context(), "SELECT COUNT(*) FROM tally_people WHERE half_month < $1 AND w_responses <> 0", closing.Now).Scan(&waiting))
		if len(closed.HalfMonths) == 0 || waiting != 0 {
			t.Errorf("four came late: %+v was closed, and they wait in %d rows of half months that are over", closed, waiting)
		}
		if board() != second {
			t.Error("the board was made again for four answers that went on waiting")
		}
	})
}

// TestOnlyWhatHasChangedIsReadAgain: after an answer only its own half month is read,
// and of that the slot of its agency, for boards that nobody asked for before as well.
// What is left of the others is taken away here without a word, which a second read
// would find out.
func TestOnlyWhatHasChangedIsReadAgain(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		p := small(t, st)
		r := p.reporter()
		people := func(q report.Query) int64 {
			t.Helper()
			board, err := r.Board(t.Context(), p.snap(), q)
			p.must(err)
			if row := board.Row(target.IndicatorField, "dat-dai"); row != nil {
				return row.N
			}
			return 0
		}
		p.answered(answer{point: "so-2", month: 3, scale: "5", times: 10}, answer{point: "xa-1", month: 4, scale: "5", times: 10})
		whole := p.year("")
		whole.Detail = true
		if n := people(whole); n != 20 {
			t.Fatalf("%d people at first", n)
		}
		takeAway := func() {
			for _, table := range []string{"tally_people", "tally_scale", "tally_choice", "tally_number"} {
				if _, err := p.store.Exec(t.Context(), "DELETE FROM "+table); err != nil {
					t.Fatal(err)
				}
			}
		}
		takeAway()
		p.answered(answer{point: "so-2", month: 12, scale: "5", times: 10})
		if n := people(whole); n != 30 {
			t.Errorf("%d people after ten answers, want 30: what had not changed was read again", n)
		}
		for office, want := range map[string]int64{"so": 20, "xa": 10} {
			q := p.year(office)
			q.Detail = true
			if n := people(q); n != want {
				t.Errorf("%s: %d people, want %d: each board reads for itself", office, n, want)
			}
			q.Period = p.period("H1")
			if n := people(q); n != 10 {
				t.Errorf("%s, half a year: %d people, want 10", office, n)
			}
		}
		takeAway()
		p.answered(answer{point: "xa-1", month: 12, scale: "5", times: 10})
		if n := people(whole); n != 40 {
			t.Errorf("%d people after ten more of another agency, want 40: the agencies that had not changed were read again", n)
		}
	})
}
