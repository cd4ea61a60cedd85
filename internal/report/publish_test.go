package report_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/audit"
	"sipas/internal/fault"
	"sipas/internal/publication"
	"sipas/internal/registry"
	"sipas/internal/report"
	"sipas/internal/target"
	"sipas/internal/testkit"
)

var editor = audit.Author{Name: "bien-tap", Via: audit.Web}

func TestPublish(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		p := small(t, st)
		p.must(st.SaveSetting(t.Context(), registry.SettingProvince, `{"vi":"Tỉnh thử"}`))
		p.target(target.Target{Indicator: target.IndicatorField, FieldKey: "dat-dai", Percent: 8500})
		p.answered(answer{point: "so-1", scale: "5", times: 40}, answer{point: "vien-1", scale: "1", times: 4})
		r := publication.New(st.DB, p.reporter(), func() time.Time { return noon })
		first, err := r.Publish(t.Context(), p.snap(), p.period("Y"), editor)
		p.must(err)
		if first.Edition != 1 || first.By != "bien-tap" || !first.At.Equal(noon) {
			t.Errorf("first edition: %+v", first.Publication)
		}
		if text := string(first.Publication.Board); strings.Contains(text, `"n":4,`) || strings.Contains(text, "hidden") || !strings.Contains(text, `"format":4`) || !strings.Contains(text, "Tỉnh thử") {
			t.Errorf("the snapshot: %s", text)
		}
		quarter, err := r.Publish(t.Context(), p.snap(), p.period("Q2"), editor)
		p.must(err)

		// What comes later changes nothing that is public.
		p.answered(answer{point: "so-1", scale: "1", times: 40})
		read := func() []publication.Published {
			t.Helper()
			list, err := r.Published(t.Context())
			p.must(err)
			return list
		}
		list := read()
		if len(list) != 2 || list[0].ID != quarter.ID || list[1].ID != first.ID {
			t.Fatalf("published: %+v", list)
		}
		if diff := cmp.Diff(first.Document, list[1].Document); diff != "" {
			t.Error(diff)
		}
		if row := list[1].Document.Rows[1]; row.FieldName["vi"] != "dat-dai" || *row.N != 40 || *row.Percent != 100 || len(row.Months) != 1 {
			t.Errorf("land: %+v", row)
		}

		second, err := r.Publish(t.Context(), p.snap(), p.period("Y"), editor)
		p.must(err)
		if list = read(); len(list) != 2 || list[0].ID != second.ID || list[0].Edition != 2 || *list[0].Document.Rows[1].Percent != 50 {
			t.Errorf("second edition: %+v", list)
		}
		p.must(r.Withdraw(t.Context(), editor, p.period("Y")))
		if list = read(); len(list) != 1 || list[0].ID == first.ID {
			t.Errorf("withdrawn, no edition stands: %+v", list)
		}
		if err := r.Withdraw(t.Context(), editor, p.period("Y")); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("withdrawing nothing: %v", err)
		}
		third, err := r.Publish(t.Context(), p.snap(), p.period("Y"), editor)
		p.must(err)
		if third.Edition != 3 {
			t.Errorf("edition %d after a withdrawn one", third.Edition)
		}
	})
}

func TestYears(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		p := small(t, st)
		enough := func(n string) { t.Helper(); p.must(st.SaveSetting(t.Context(), registry.SettingMinSample, n)) }
		enough("11")
		years := func(present int) ([]int, int) {
			t.Helper()
			r := report.New(st.Store, report.Options{Now: func() time.Time { return time.Date(present-1, 12, 31, 20, 0, 0, 0, time.UTC) }, Zone: zone()})
			all, first, err := r.Years(t.Context(), p.snap())
			p.must(err)
			return all, first
		}
		if all, first := years(2026); len(all) != 0 || first != 2026 {
			t.Errorf("nothing yet: %v, %d", all, first)
		}
		p.answered(answer{point: "so-1", scale: "5", times: 5}, answer{point: "so-1", scale: "5", month: 9, times: 5})
		if _, first := years(2026); first != 2025 {
			t.Errorf("ten answers are all there is, and %d comes first", first)
		}
		enough("10")
		p.target(target.Target{Indicator: target.IndicatorSIPAS, Percent: 9000, Year: 2021})
		p.target(target.Target{Indicator: target.IndicatorSIPAS, Percent: 9000, Year: 2030})
		all, first := years(2026)
		if diff := cmp.Diff([]int{2030, 2025, 2021}, all); diff != "" || first != 2025 {
			t.Errorf("first %d, %s", first, diff)
		}
		if _, first = years(2030); first != 2030 {
			t.Errorf("the present year has a target, and %d comes first", first)
		}
		if _, first = years(2020); first != 2030 {
			t.Errorf("nothing has begun, and %d comes first", first)
		}
		// Too few answers for a standing do not take the place of a year with targets.
		enough("11")
		if _, first = years(2026); first != 2021 {
			t.Errorf("ten answers make %d come first", first)
		}
		p.answered(answer{point: "so-1", scale: "5", times: 5})
		if _, first = years(2026); first != 2025 {
			t.Errorf("with enough answers %d comes first", first)
		}
		p.target(target.Target{Indicator: target.IndicatorSIPAS, Percent: 9000, Year: 2026})
		if _, first = years(2026); first != 2026 {
			t.Errorf("the present year has a target now, and %d comes first", first)
		}
	})
}
