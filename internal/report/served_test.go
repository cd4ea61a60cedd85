package report_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/registry"
	"sipas/internal/report"
	"sipas/internal/score"
	"sipas/internal/store"
	"sipas/internal/testkit"
)

// TestServed: figures of an official are of thirty people or more, by each survey, and
// below that there is neither an index nor a number.
func TestServed(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		p := newProvince(t, st)
		p.office("so", "tinh", agency.KindDepartment)
		p.point("so-1", "so", "quay-nhanh", "dat-dai", "xay-dung")
		p.point("so-2", "so", "sipas", "dat-dai")
		served := func(official int64, part string) (said []string) {
			t.Helper()
			list, err := p.reporter().Served(t.Context(), p.snap(), official, p.period(part))
			p.must(err)
			for _, one := range list {
				line := fmt.Sprintf("%s %d %s %t", one.SurveyKey, one.N, one.Index.Display(2), one.Index.HasInterval)
				for _, month := range one.Trend {
					if month.HasFigure() {
						line += fmt.Sprintf(" %d: %d %s", month.Month, month.N, month.Index.Display(2))
					} else if month.N != 0 || month.Index.N != 0 {
						t.Errorf("%d people of month %d are told", month.N, month.Month)
					}
				}
				said = append(said, line)
			}
			return said
		}
		want := func(what string, got []string, lines ...string) {
			t.Helper()
			if diff := cmp.Diff(lines, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", what, diff)
			}
		}
		want("nobody", served(clerk, "Y"))
		p.answered(answer{point: "so-1", month: 5, scale: "5", official: clerk, times: 24}, answer{point: "so-1", month: 5, scale: "1", official: otherClerk, times: 40})
		p.answered(answer{point: "so-1", month: 5, scale: "1", official: clerk, times: 5, reasons: []string{"waiting"}})
		want("29", served(clerk, "Y"), "quay-nhanh 0  false")
		p.answered(answer{point: "so-1", month: 6, scale: "1", official: clerk, times: 4, field: "xay-dung"})
		want("29, and 4 who wait", served(clerk, "Y"), "quay-nhanh 0  false")
		p.answered(answer{point: "so-1", month: 6, scale: "1", official: clerk, times: 2, field: "xay-dung"})
		want("35 of two fields", served(clerk, "Y"), "quay-nhanh 35 68,57% true")
		want("a month of 29", served(clerk, "M05"), "quay-nhanh 0  false")
		want("another", served(otherClerk, "Y"), "quay-nhanh 40 0% true 202505: 40 0%")
		want("of whom nobody knows", served(7, "Y"))
		p.answered(answer{point: "so-2", month: 6, scale: "4444", official: clerk, times: 31})
		all := []string{"quay-nhanh 35 68,57% true", "sipas 31 100% true 202506: 31 100%"}
		want("two surveys", served(clerk, "Y"), all...)
		want("a quarter", served(clerk, "Q1"))

		p.answered(answer{point: "so-1", month: 6, scale: "5", official: clerk}, answer{point: "so-1", month: 6, scale: "5", official: otherClerk, times: 4})
		_, err := p.store.Store.Close(t.Context(), store.Closing{Now: 20260101, Ends: civil.ReportCutOffs().Ends, Tree: p.snap().Tree})
		p.must(err)
		want("those who wait are the agency's, and nobody's", served(clerk, "Y"), all...)
		if b := p.board(p.year("so")); b.Rows[0].N != 80 {
			t.Errorf("%d people judged the agency, want all 80", b.Rows[0].N)
		}
		p.must(st.SaveSetting(t.Context(), registry.SettingMinSample, "33"))
		want("where standings need 33", served(clerk, "Y"), "quay-nhanh 35 68,57% true", "sipas 0  false")
		p.must(st.SaveSetting(t.Context(), registry.SettingMinSample, "10"))
		want("where standings need 10", served(clerk, "Y"), all...)
		if report.LeastServed < score.DefaultK {
			t.Error("fewer than a group")
		}
	})
}
