package db_test

import (
	"database/sql"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// TestMigrationOfWhoServed: what was counted of officials is one sum before there were
// any, and an upgrade counts nothing again.
func TestMigrationOfWhoServed(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		ctx := t.Context()
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		rows := func(of string) (all []string) {
			t.Helper()
			for _, query := range []string{
				"SELECT half_month, SUM(responses), SUM(w_responses)" + of + " FROM tally_people",
				"SELECT half_month, SUM(n5), SUM(w_n5)" + of + " FROM tally_scale",
				"SELECT half_month, SUM(n), SUM(w_n)" + of + " FROM tally_choice",
				"SELECT half_month, SUM(n), SUM(w_n)" + of + " FROM tally_number",
			} {
				must(st.Query(ctx, query+" GROUP BY half_month, service_point_id, mark"+of+" ORDER BY half_month, service_point_id, mark"+of, nil, func(found *sql.Rows) error {
					row := make([]sql.NullInt64, 4)
					places := []any{&row[0], &row[1], &row[2], &row[3]}[:3+min(1, len(of))]
					err := found.Scan(places...)
					all = append(all, fmt.Sprint(row))
					return err
				}))
			}
			return all
		}
		r := fillEverything(t, st)
		r.Texts = nil
		for i := range 20 {
			r.ID, r.Day, r.OfficialID = fmt.Sprintf("00000000-0000-7000-8000-%012d", 100+i), "2025-04-02", int64(i%3)
			_, err := st.SaveResponses(ctx, []survey.Response{r})
			must(err)
		}
		whole, split := rows(""), rows(", official_id")
		if len(split) < len(whole)+4 {
			t.Fatalf("nothing is split: %v", split)
		}
		must(st.DownToForTest(ctx, 21))
		if diff := cmp.Diff(whole, rows("")); diff != "" {
			t.Errorf("down (-want +got):\n%s", diff)
		}
		_, err := st.Migrate(ctx)
		must(err)
		var again []string
		for _, row := range whole {
			again = append(again, row[:len(row)-len("{0 false}]")]+"{0 true}]")
		}
		if diff := cmp.Diff(again, rows(", official_id")); diff != "" {
			t.Errorf("up again (-want +got):\n%s", diff)
		}
		made, err := st.Made(ctx)
		must(err)
		found, err := st.Recount(ctx, false, nil)
		must(err)
		if !made || found.Drift != 0 || found.Responses != 22 {
			t.Errorf("made %v, %+v", made, found)
		}
	})
}
