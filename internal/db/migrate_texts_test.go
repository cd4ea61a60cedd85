package db_test

import (
	"testing"

	"sipas/internal/registry"
	"sipas/internal/testkit"
)

// TestMigrationOfTexts: texts of before know the day of their answer, by which they go;
// but none goes before the province decides so.
func TestMigrationOfTexts(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		fillEverything(t, st)
		days := func() (n, wrong int) {
			t.Helper()
			err := st.QueryRow(t.Context(), "SELECT COUNT(*), COUNT(CASE WHEN t.day <> r.day THEN 1 END) FROM response_texts t "+
				"JOIN responses r ON r.service_point_id = t.service_point_id AND r.id = t.response_id").Scan(&n, &wrong)
			if err != nil {
				t.Fatal(err)
			}
			return n, wrong
		}
		if n, wrong := days(); n == 0 || wrong > 0 {
			t.Fatalf("as they came: %d texts, %d of another day", n, wrong)
		}
		if err := st.DownToForTest(t.Context(), 23); err != nil {
			t.Fatal(err)
		}
		if _, err := st.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n, wrong := days(); n == 0 || wrong > 0 {
			t.Errorf("after the migration: %d texts, %d of another day", n, wrong)
		}
		if months, err := st.Setting(t.Context(), registry.SettingTextMonths); err != nil || months != "0" {
			t.Errorf("an upgrade begins to remove what was kept: %q, %v", months, err)
		}
	})
}
