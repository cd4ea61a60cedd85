package store_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sipas/internal/agency"
	"sipas/internal/fault"
	"sipas/internal/store"
	"sipas/internal/survey"
	"sipas/internal/target"
	"sipas/internal/testkit"
)

var morning = time.Date(2025, 3, 14, 2, 30, 0, 0, time.UTC)

// hall is a small province: one agency, two service points and a survey.
type hall struct {
	agency  agency.Agency
	land    agency.ServicePoint
	mixed   agency.ServicePoint
	version *survey.Version
}

func text(s string) agency.Text { return agency.Text{"vi": s} }

func threeQuestions() survey.Definition {
	return survey.Definition{
		Key: "pulse", Languages: []string{"vi"}, Title: text("Khảo sát"), Method: "sipas-2023", Headline: "overall",
		Sections: []survey.Section{{Key: "all", Title: text("Chung"), Questions: []survey.Question{
			{Key: "overall", Type: survey.TypeScale, Required: true, Text: text("Chung?")},
			{Key: "staff", Type: survey.TypeScale, NoOpinion: true, Text: text("Công chức?")},
			{Key: "reasons", Type: survey.TypeMulti, Text: text("Vì sao?"), Choices: []survey.Choice{
				{Key: "slow", Text: text("Chậm")}, {Key: "far", Text: text("Xa")},
			}},
			{Key: "comment", Type: survey.TypeText, Text: text("Góp ý")},
		}}},
	}
}

func buildHall(t *testing.T, st *store.Store) hall {
	t.Helper()
	ctx := t.Context()
	var h hall
	var err error
	for i, f := range []agency.ServiceField{
		{Key: "dat-dai", Name: text("Đất đai"), Scope: agency.ScopeProcedures},
		{Key: "y-te", Name: text("Y tế"), Scope: agency.ScopePublic},
		{Key: agency.FieldUnsaid, Name: text("Không rõ"), Scope: agency.ScopeUnknown},
		{Key: agency.FieldUnsaidProcedure, Name: text("Thủ tục khác"), Scope: agency.ScopeProcedures},
	} {
		f.Order = i
		if err := st.AddServiceField(ctx, f); err != nil {
			t.Fatal(err)
		}
	}
	if h.agency, err = st.AddAgency(ctx, agency.Agency{Code: "so-x", Name: text("Sở X"), Kind: agency.KindDepartment}); err != nil {
		t.Fatal(err)
	}
	if h.version, err = st.PublishVersion(ctx, threeQuestions(), morning); err != nil {
		t.Fatal(err)
	}
	point := agency.ServicePoint{
		AgencyID: h.agency.ID, Name: text("Quầy 1"), SurveyKey: "pulse", Channel: agency.ChannelQR,
		FieldKeys: []string{"dat-dai"}, Active: true,
	}
	if h.land, err = st.AddServicePoint(ctx, point); err != nil {
		t.Fatal(err)
	}
	point.FieldKeys = []string{"y-te", "dat-dai"}
	if h.mixed, err = st.AddServicePoint(ctx, point); err != nil {
		t.Fatal(err)
	}
	return h
}

func TestCatalogueIsKept(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *store.Store) {
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
		if got, err := st.Successions(ctx); err != nil || !cmp.Equal(got, []agency.Succession{succession}) {
			t.Errorf("successions: %v %v", got, err)
		}
	})
}

func TestTargetsOfOneFieldAndYearAreAllKept(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *store.Store) {
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
		got, err := st.Targets(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(target.Target{}, "ID")); diff != "" {
			t.Error(diff)
		}
	})
}

func TestPublishedVersionNeverChanges(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *store.Store) {
		ctx := t.Context()
		d := threeQuestions()
		first, err := st.PublishVersion(ctx, d, morning)
		if err != nil {
			t.Fatal(err)
		}
		again, err := st.PublishVersion(ctx, threeQuestions(), morning.Add(time.Hour))
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
			if err := st.ExecForTest(ctx, statement); err == nil || !strings.Contains(err.Error(), "immutable") {
				t.Errorf("%s: %v", statement, err)
			}
		}
		d.Headline = "nowhere"
		if _, err := st.PublishVersion(ctx, d, morning); err == nil {
			t.Error("a broken definition was published")
		}
	})
}
