package db_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sipas/internal/agency"
	"sipas/internal/target"
	"sipas/internal/testkit"
)

// TestMigrationOfTargets: what databases of the first program hold gets
// comparators and notes in both languages, and nobody's own words are lost.
func TestMigrationOfTargets(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		ctx := t.Context()
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		exec := func(statement string, args ...any) {
			t.Helper()
			_, err := st.Exec(ctx, statement, args...)
			must(err)
		}
		must(st.DownToForTest(ctx, 2))
		for key, name := range map[string]string{
			"dat-dai": `{"en":"Land","vi":"Đất đai"}`, "y-te": `{"en":"Health","vi":"Y tế"}`, "giao-duc": `{"en":"Schools","vi":"Trường học"}`,
		} {
			exec("INSERT INTO service_fields (key, name, scope) VALUES ($1, $2, 'public-services')", key, name)
		}
		plain, both := "", "province-wide floor in the plan's section II"
		stretch := "stretch target in the plan's annex item 6; two targets for one year and field must both be kept"
		for _, row := range []struct {
			plan    string
			percent int
			note    string
		}{
			{"1211/KH-UBND 2022-03-04", 8000, both},
			{"1211/KH-UBND 2022-03-04", 8500, stretch},
			{"1211/KH-UBND 2022-03-04", 8500, plain},
			{"cua-tinh", 8500, stretch},
			{"cua-tinh", 9000, `ghi chú "riêng" của tỉnh`},
		} {
			exec("INSERT INTO targets (plan, indicator, field_key, year, percent, note) VALUES ($1, 'FIELD', 'dat-dai', 2022, $2, $3)",
				row.plan, row.percent, row.note)
		}
		_, err := st.Migrate(ctx)
		must(err)
		kept, err := st.Snapshot(ctx)
		must(err)
		want := []target.Target{
			{Plan: "1211/KH-UBND 2022-03-04", Percent: 8000, Note: agency.Text{"vi": "Phấn đấu, mục II của kế hoạch", "en": "striven for, section II of the plan"}},
			{
				Plan: "1211/KH-UBND 2022-03-04", Percent: 8500, Comparator: target.Above,
				Note: agency.Text{"vi": "Phấn đấu trên 85%, phụ lục, mục 6", "en": "striven for above 85%, annex, item 6"},
			},
			{Plan: "1211/KH-UBND 2022-03-04", Percent: 8500},
			{Plan: "cua-tinh", Percent: 8500, Note: agency.Text{"vi": "Phấn đấu trên 85%, phụ lục, mục 6", "en": "striven for above 85%, annex, item 6"}},
			{Plan: "cua-tinh", Percent: 9000, Note: agency.Text{"vi": `ghi chú "riêng" của tỉnh`}},
		}
		for i := range want {
			want[i].Indicator, want[i].FieldKey, want[i].Year = target.IndicatorField, "dat-dai", 2022
			if want[i].Comparator == "" {
				want[i].Comparator = target.AtLeast
			}
		}
		if diff := cmp.Diff(want, kept.Targets, cmpopts.IgnoreFields(target.Target{}, "ID")); diff != "" {
			t.Error(diff)
		}
		names := map[string]string{}
		for _, f := range kept.Fields {
			names[f.Key] = f.Name["vi"]
		}
		if diff := cmp.Diff(map[string]string{"dat-dai": "Đất đai", "y-te": "Dịch vụ y tế công lập", "giao-duc": "Trường học"}, names); diff != "" {
			t.Error(diff)
		}
		if _, err := st.Exec(ctx, "UPDATE targets SET comparator = 'about'"); err == nil {
			t.Error("a comparator that does not exist is kept")
		}
		must(st.DownToForTest(ctx, 2))
		if notes := lines(t, st, "SELECT note FROM targets WHERE plan = 'cua-tinh'"); !cmp.Equal(notes, []string{"Phấn đấu trên 85%, phụ lục, mục 6", `ghi chú "riêng" của tỉnh`}) {
			t.Errorf("going back leaves %q", notes)
		}
	})
}
