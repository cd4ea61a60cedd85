package registry_test

import (
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
		d.Sections[0].Questions[0].Text = text("Ông/bà thấy thế nào?")
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
