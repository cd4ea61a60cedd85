package db_test

import (
	"database/sql"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// TestMigrationOfArrivals: what came before a database counted it is counted once.
func TestMigrationOfArrivals(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		ctx := t.Context()
		arrivals := func() (all []string) {
			t.Helper()
			err := st.Query(ctx, "SELECT half_month, answers, last_day FROM arrivals ORDER BY half_month, service_point_id", nil, func(rows *sql.Rows) error {
				var row [3]int64
				err := rows.Scan(&row[0], &row[1], &row[2])
				all = append(all, fmt.Sprint(row))
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return all
		}
		r := fillEverything(t, st) // keeps three, and takes one out
		r.Texts = nil
		for i, day := range []string{"2025-03-15", "2025-03-31", "2025-12-31"} {
			r.ID, r.Day = fmt.Sprintf("00000000-0000-7000-8000-%012d", 100+i), day
			if _, err := st.SaveResponses(ctx, []survey.Response{r}); err != nil {
				t.Fatal(err)
			}
		}
		later := []string{"[20250315 2 20250331]", "[20251215 1 20251231]"}
		if diff := cmp.Diff(append([]string{"[20250301 3 20250314]"}, later...), arrivals()); diff != "" {
			t.Errorf("as they came (-want +got):\n%s", diff)
		}
		if err := st.DownToForTest(ctx, 17); err != nil {
			t.Fatal(err)
		}
		if _, err := st.Migrate(ctx); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(append([]string{"[20250301 2 20250314]"}, later...), arrivals()); diff != "" {
			t.Errorf("counted by the migration (-want +got):\n%s", diff)
		}
	})
}
