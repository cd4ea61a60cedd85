package store_test

import (
	"database/sql"
	"slices"
	"testing"

	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// TestManyAreSetAsideAtOnce: of more answers than any half month has, as many leave
// the figures.
func TestManyAreSetAsideAtOnce(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		c := newChosen(t, st, 54)
		c.answer(near, 30, 0)
		c.over(c.now.Next())
		c.answer(near, 30, 0)
		point := c.points[near]
		var ids []string
		err := st.Query(t.Context(), "SELECT id FROM responses WHERE service_point_id = $1 ORDER BY received_at LIMIT 50", []any{point.ID}, func(rows *sql.Rows) error {
			ids = append(ids, "")
			return rows.Scan(&ids[len(ids)-1])
		})
		if err != nil {
			t.Fatal(err)
		}
		if moved, err := c.tallies.Mark(t.Context(), testkit.Author(), c.moment(c.now), point, ids, 1, c.find); err != nil || moved != len(ids) {
			t.Fatalf("%d moved, %v", moved, err)
		}
		var left int64
		for k, r := range readRows(t, st) {
			if k.table == "tally_people" {
				left += r.shown[0]
			}
		}
		if left != 10 {
			t.Errorf("%d people are left in the figures, want 10", left)
		}
		noDrift(t, st, 60)
	})
}

// TestWhatIsTakenOutLeavesWhatPeopleCanHaveSaid: five gave 2, 2, 1, 0 and 0 points, and
// later ten gave 1 each. Were the five taken out of the ten, the points of those who
// stay would be nobody's, and their criterion would be left out.
func TestWhatIsTakenOutLeavesWhatPeopleCanHaveSaid(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		c := newChosen(t, st, 55)
		var ids []string
		pay := func(fees ...string) {
			for _, fee := range fees {
				r := c.response(c.points[near])
				r.FieldKey, r.CampaignID, r.Choices = c.points[near].FieldKeys[0], 0, []survey.ChosenAnswer{{Question: "fee", Choices: []string{fee}}}
				c.version.Judge(&r)
				if _, err := c.tallies.SaveResponses(t.Context(), []survey.Response{r}); err != nil {
					t.Fatal(err)
				}
				ids = append(ids, r.ID)
			}
		}
		pay("none", "none", "little", "much", "much")
		c.over(c.now.Next())
		pay(slices.Repeat([]string{"little"}, 10)...)
		if _, err := c.tallies.Mark(t.Context(), testkit.Author(), c.moment(c.now), c.points[near], ids[:5], 1, c.find); err != nil {
			t.Fatal(err)
		}
		for k, r := range readRows(t, st) {
			want := [8]int64{}
			if k.half == c.now {
				want = [8]int64{10, 10, 10}
			}
			if k.what == "fee" && k.mark == 0 && r.shown != want {
				t.Errorf("in %s there are people, points and squares %v, want %v", k.half.From(), r.shown, want)
			}
		}
	})
}
