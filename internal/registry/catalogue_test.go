package registry_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sipas/internal/agency"
	"sipas/internal/fault"
	"sipas/internal/registry"
	"sipas/internal/survey"
	"sipas/internal/target"
	"sipas/internal/testkit"
)

// morning is when things are published.
var morning = time.Date(2025, 3, 14, 2, 30, 0, 0, time.UTC)

func text(s string) agency.Text { return agency.Text{"vi": s} }

func oneQuestion() survey.Definition {
	return survey.Definition{
		Key: "pulse", Languages: []string{"vi"}, Title: text("Khảo sát"), Method: "sipas-2023", Headline: "overall",
		Sections: []survey.Section{{Key: "all", Title: text("Chung"), Questions: []survey.Question{
			{Key: "overall", Type: survey.TypeScale, Required: true, Text: text("Chung?")},
		}}},
	}
}

// hall is a small province: one agency with two service points.
type hall struct {
	agency      agency.Agency
	land, mixed agency.ServicePoint
}

func buildHall(t *testing.T, st *testkit.Place) (h hall) {
	t.Helper()
	err := st.Registry.Change(t.Context(), testkit.Author(), func(c *registry.Change) (err error) {
		ctx := t.Context()
		for i, key := range []string{"dat-dai", "y-te"} {
			if err := c.AddServiceField(ctx, agency.ServiceField{Key: key, Name: text(key), Scope: agency.ScopePublic, Order: i}); err != nil {
				return err
			}
		}
		if h.agency, err = c.AddAgency(ctx, agency.Agency{Code: "so-x", Name: text("Sở X"), Kind: agency.KindDepartment}); err != nil {
			return err
		}
		point := agency.ServicePoint{
			AgencyID: h.agency.ID, Name: text("Quầy 1"), SurveyKey: "pulse", Channel: agency.ChannelQR, FieldKeys: []string{"dat-dai"}, Active: true,
		}
		if h.land, err = c.AddServicePoint(ctx, point); err != nil {
			return err
		}
		point.FieldKeys = []string{"y-te", "dat-dai"}
		h.mixed, err = c.AddServicePoint(ctx, point)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestCatalogueIsKept(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		ctx := t.Context()
		h := buildHall(t, st)
		child, err := st.AddAgency(ctx, agency.Agency{
			Code: "xa-y", ParentID: h.agency.ID, Name: agency.Text{"vi": "Xã Y <b>", "en": "Y"}, Kind: agency.KindCommune,
			ValidFrom: "2025-07-01", Order: 2,
		})
		if err != nil {
			t.Fatal(err)
		}
		agencies, err := st.Agencies(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]agency.Agency{h.agency, child}, agencies); diff != "" {
			t.Errorf("agencies: %s", diff)
		}
		if _, err := st.AddAgency(ctx, agency.Agency{Code: "so-x", Name: text("Nữa"), Kind: agency.KindDepartment}); !errors.Is(err, fault.ErrConflict) {
			t.Errorf("a code used twice: %v", err)
		}
		points, err := st.ServicePoints(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]agency.ServicePoint{h.land, h.mixed}, points); diff != "" {
			t.Errorf("service points: %s", diff)
		}
		if err := st.SetServicePointActive(ctx, h.land.ID, false); err != nil {
			t.Fatal(err)
		}
		if points, _ = st.ServicePoints(ctx); points[0].Active {
			t.Error("the service point is still open")
		}
		if err := st.SetServicePointActive(ctx, 999, false); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("closing an unknown point: %v", err)
		}
		succession := agency.Succession{FromID: h.agency.ID, ToID: child.ID, Day: "2025-07-01", Share: 6000}
		if err := st.AddSuccession(ctx, succession); err != nil {
			t.Fatal(err)
		}
		if got := snapshot(t, st).Successions(); !cmp.Equal(got, []agency.Succession{succession}) {
			t.Errorf("successions: %v", got)
		}
	})
}

func TestTargetsOfOneFieldAndYearAreAllKept(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		buildHall(t, st)
		want := []target.Target{
			{Plan: "1211/KH-UBND", Indicator: target.IndicatorField, FieldKey: "dat-dai", Year: 2022, Comparator: target.AtLeast, Percent: 8000, Note: agency.Text{"vi": "sàn", "en": "floor"}},
			{Plan: "1211/KH-UBND", Indicator: target.IndicatorField, FieldKey: "dat-dai", Year: 2022, Comparator: target.Above, Percent: 8500, LeadAgency: "Sở TNMT"},
			{Plan: "1211/KH-UBND", Indicator: target.IndicatorProcedures, Year: 2022, Comparator: target.AtLeast, Percent: 8500},
		}
		for _, target := range want {
			if err := st.AddTarget(t.Context(), target); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(want, snapshot(t, st).Targets, cmpopts.IgnoreFields(target.Target{}, "ID")); diff != "" {
			t.Error(diff)
		}
	})
}

// Targets are changed, copied to another year once, and removed; what is wrong with
// one is said, all of it.
func TestTargetsAreKept(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		buildHall(t, st)
		ctx := t.Context()
		change := func(f func(c *registry.Change) error) error {
			return st.Registry.Change(ctx, testkit.Author(), f)
		}
		first := target.Target{Plan: "KH 1", Indicator: target.IndicatorField, FieldKey: "dat-dai", Year: 2025, Percent: 8000}
		second := target.Target{Plan: "KH 1", Indicator: target.IndicatorSIPAS, Year: 2025, Comparator: target.Above, Percent: 9000}
		for _, added := range []target.Target{first, second} {
			if err := st.AddTarget(ctx, added); err != nil {
				t.Fatal(err)
			}
		}
		kept := snapshot(t, st).Targets
		kept[0].Percent, kept[0].CoAgencies, kept[0].Note = 8250, "Sở B; Sở C", agency.Text{"vi": "Phấn đấu"}
		if err := change(func(c *registry.Change) error { return c.UpdateTarget(ctx, kept[0]) }); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(kept, snapshot(t, st).Targets); diff != "" {
			t.Errorf("changed: %s", diff)
		}
		for i, want := range []int{2, 0} {
			var copied int
			err := change(func(c *registry.Change) (err error) {
				copied, err = c.CopyTargets(ctx, 2025, 2026)
				return err
			})
			if err != nil || copied != want {
				t.Errorf("copy %d: %d, %v", i, copied, err)
			}
		}
		if err := change(func(c *registry.Change) error { return c.RemoveTarget(ctx, kept[1].ID) }); err != nil {
			t.Fatal(err)
		}
		if left := snapshot(t, st).Targets; len(left) != 3 || left[0].ID != kept[0].ID || left[2].Year != 2026 || left[2].Comparator != target.Above {
			t.Errorf("left: %+v", left)
		}
		for _, gone := range []func(c *registry.Change) error{
			func(c *registry.Change) error { return c.RemoveTarget(ctx, kept[1].ID) },
			func(c *registry.Change) error { return c.UpdateTarget(ctx, kept[1]) },
		} {
			if err := change(gone); !errors.Is(err, fault.ErrNotFound) {
				t.Errorf("what was removed: %v", err)
			}
		}
		wrong := map[string]target.Target{
			"target_percent: " + target.ProblemSame: kept[0],
			"year: target-year; indicator: target-indicator; comparator: target-comparator; target_percent: target-percent; plan: required": {
				Indicator: target.IndicatorSIPAS, FieldKey: "dat-dai", Comparator: "about",
			},
			"target_percent: " + target.ProblemPercent:       {Plan: "KH", Indicator: target.IndicatorSIPAS, Year: 2025, Comparator: target.Above, Percent: 10000},
			"plan: control-character; lead_agency: too-long": {Plan: "a\nb", LeadAgency: strings.Repeat("x", 201), Indicator: target.IndicatorSIPAS, Year: 2025, Percent: 1},
			"indicator: " + target.ProblemIndicator:          {Plan: "KH", Indicator: target.IndicatorField, Year: 2025, Percent: 1},
		}
		for want, t2 := range wrong {
			err := st.AddTarget(ctx, t2)
			var invalid *fault.Invalid
			if !errors.As(err, &invalid) || !strings.Contains(err.Error(), want) {
				t.Errorf("%+v: %v, want %s", t2, err, want)
			}
		}
	})
}

func TestPublishedVersionNeverChanges(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		ctx := t.Context()
		d := oneQuestion()
		first, err := st.PublishVersion(ctx, d, morning)
		if err != nil {
			t.Fatal(err)
		}
		again, err := st.PublishVersion(ctx, oneQuestion(), morning.Add(time.Hour))
		if err != nil || again.ID != first.ID {
			t.Errorf("publishing the same again made version %v (%v)", again, err)
		}
		// What names no source is stored as it was before there were sources.
		if stored, err := json.Marshal(first.Definition); err != nil || strings.Contains(string(stored), "source") || strings.Contains(string(stored), "unverified") {
			t.Errorf("stored: %s, %v", stored, err)
		}
		d.Sections[0].Questions[0].Text = text("Ông/bà thấy thế nào?")
		d.Source, d.Unverified = text("Quyết định 1"), []agency.Text{text("Phụ lục")}
		second, err := st.PublishVersion(ctx, d, morning.Add(2*time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		if second.Name() != "pulse.2" {
			t.Errorf("the second version is called %s", second.Name())
		}
		all, err := st.Versions(ctx)
		if err != nil || len(all) != 2 {
			t.Fatalf("versions: %v %v", all, err)
		}
		if q, _ := all[0].Question("overall"); q.Text.In("vi") != "Chung?" {
			t.Errorf("the first version now asks %q", q.Text.In("vi"))
		}
		if now := all[1].Definition; now.Source.In("vi") != "Quyết định 1" || len(now.Unverified) != 1 {
			t.Errorf("the second version stands on %v, %v", now.Source, now.Unverified)
		}
		for _, statement := range []string{
			"UPDATE survey_versions SET definition = '{}'", "DELETE FROM survey_versions",
		} {
			if _, err := st.Exec(ctx, statement); err == nil || !strings.Contains(err.Error(), "immutable") {
				t.Errorf("%s: %v", statement, err)
			}
		}
		d.Headline = "nowhere"
		if _, err := st.PublishVersion(ctx, d, morning); err == nil {
			t.Error("a broken definition was published")
		}
	})
}

func snapshot(t *testing.T, st *testkit.Place) *registry.Snapshot {
	t.Helper()
	s, err := st.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}
