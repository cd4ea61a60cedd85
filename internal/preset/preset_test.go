package preset_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/preset"
	"sipas/internal/store"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

var now = time.Date(2025, 3, 1, 2, 0, 0, 0, time.UTC)

// everything is what a seeding makes.
type everything struct {
	Agencies   []survey.Agency
	Fields     []survey.ServiceField
	Points     []survey.ServicePoint
	Indicators []survey.Indicator
	Targets    []survey.Target
	Versions   []string
	Province   string
}

func look(t *testing.T, st *store.Store) everything {
	t.Helper()
	ctx := t.Context()
	var all everything
	var versions []*survey.Version
	var errs [7]error
	all.Agencies, errs[0] = st.Agencies(ctx)
	all.Fields, errs[1] = st.ServiceFields(ctx)
	all.Points, errs[2] = st.ServicePoints(ctx)
	all.Indicators, errs[3] = st.Indicators(ctx)
	all.Targets, errs[4] = st.Targets(ctx)
	versions, errs[5] = st.Versions(ctx)
	all.Province, errs[6] = st.Setting(ctx, store.SettingProvince)
	if err := errors.Join(errs[:]...); err != nil {
		t.Fatal(err)
	}
	for _, v := range versions {
		all.Versions = append(all.Versions, v.Name())
	}
	return all
}

func apply(t *testing.T, st *store.Store, key string) {
	t.Helper()
	if err := preset.Apply(t.Context(), st, key, now); err != nil {
		t.Fatal(err)
	}
}

func TestBinhThuan(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *store.Store) {
		apply(t, st, "binh-thuan")
		all := look(t, st)

		kinds := map[survey.AgencyKind]int{}
		name := map[int64]string{}
		code := map[int64]string{}
		for _, a := range all.Agencies {
			kinds[a.Kind]++
			name[a.ID], code[a.ID] = a.Name["vi"], a.Code
			if a.Name["en"] == "" {
				t.Errorf("%s has no English name", a.Code)
			}
			if (a.ParentID == 0) != (a.Kind == survey.KindProvince) {
				t.Errorf("%s has parent %d", a.Code, a.ParentID)
			}
			if (a.ValidTo == "2025-07-01") != (a.Kind == survey.KindDistrict) {
				t.Errorf("%s is valid to %q", a.Code, a.ValidTo)
			}
		}
		wantKinds := map[survey.AgencyKind]int{survey.KindProvince: 1, survey.KindDepartment: 10, survey.KindDistrict: 10}
		if diff := cmp.Diff(wantKinds, kinds); diff != "" {
			t.Error(diff)
		}

		served := map[string][]string{}
		for _, p := range all.Points {
			if served[code[p.AgencyID]] != nil {
				t.Errorf("%s has two points", code[p.AgencyID])
			}
			served[code[p.AgencyID]] = p.FieldKeys
			if p.SurveyKey != "quay-nhanh" || p.Channel != survey.ChannelQR || !p.Active || p.JudgedID != p.AgencyID {
				t.Errorf("point %+v", p)
			}
		}
		for code, want := range map[string][]string{
			"so-tai-nguyen-va-moi-truong": {"dat-dai"}, "so-xay-dung": {"xay-dung"}, "so-ke-hoach-va-dau-tu": {"dau-tu"},
			"so-y-te": {"y-te"}, "so-giao-duc-va-dao-tao": {"giao-duc"}, "so-tu-phap": {survey.FieldUnsaidProcedure},
			"ubnd-phu-quy": {"dat-dai", "xay-dung"},
		} {
			if !slices.Equal(served[code], want) {
				t.Errorf("the desk of %s serves %v, want %v", code, served[code], want)
			}
		}
		if len(served) != 20 {
			t.Errorf("%d agencies have a desk, want 20", len(served))
		}

		if len(all.Targets) != 35 {
			t.Errorf("%d targets, want 7 for each of 5 years", len(all.Targets))
		}
		for _, target := range all.Targets {
			if !slices.Contains(values(name), target.LeadAgency) {
				t.Errorf("%s answers for a target and is no agency", target.LeadAgency)
			}
			if !slices.ContainsFunc(all.Indicators, func(i survey.Indicator) bool {
				return i.Kind == target.Indicator && i.FieldKey == target.FieldKey && i.Counts
			}) {
				t.Errorf("no indicator answers %+v", target)
			}
		}
		want := survey.Target{
			Plan: "3612/KH-UBND 2021-09-29", Indicator: survey.IndicatorField, FieldKey: "dat-dai",
			Year: 2024, Comparator: survey.AtLeast, Percent: 8400, LeadAgency: "Sở Tài nguyên và Môi trường",
		}
		if !slices.ContainsFunc(all.Targets, func(t survey.Target) bool { t.ID = 0; return cmp.Equal(t, want) }) {
			t.Errorf("no target %+v", want)
		}

		if diff := cmp.Diff([]string{"quay-nhanh.1", "sipas.1"}, all.Versions); diff != "" {
			t.Error(diff)
		}
		if want := `{"en":"Binh Thuan","vi":"Bình Thuận"}`; all.Province != want {
			t.Errorf("province %s, want %s", all.Province, want)
		}
		last := all.Fields[len(all.Fields)-2:]
		if last[0].Key != survey.FieldUnsaidProcedure || last[1].Key != survey.FieldUnsaid || len(all.Fields) != 7 {
			t.Errorf("fields %+v", all.Fields)
		}
	})
}

func values(m map[int64]string) []string {
	var vs []string
	for _, v := range m {
		vs = append(vs, v)
	}
	return vs
}

func TestEveryPreset(t *testing.T) {
	t.Parallel()
	want := map[string][2]int{ // agencies, targets
		"binh-thuan": {21, 35}, "vinh-phuc": {8, 7}, "quang-nam": {7, 6}, "ca-mau": {2, 1}, "tay-ninh": {2, 0},
	}
	if len(preset.Keys()) != len(want) {
		t.Errorf("keys %v", preset.Keys())
	}
	for _, key := range preset.Keys() {
		t.Run(key, func(t *testing.T) {
			t.Parallel()
			st := testkit.SQLite(t)
			apply(t, st, key)
			all := look(t, st)
			if got := [2]int{len(all.Agencies), len(all.Targets)}; got != want[key] {
				t.Errorf("agencies and targets %v, want %v", got, want[key])
			}
			if len(all.Points) != len(all.Agencies)-1 {
				t.Errorf("%d points for %d agencies", len(all.Points), len(all.Agencies))
			}
		})
	}
}

// TestBothTargetsOfOneFieldAndYear: Quảng Nam's plan sets a floor and a
// stretch target for land in 2022.
func TestBothTargetsOfOneFieldAndYear(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *store.Store) {
		apply(t, st, "quang-nam")
		var land []string
		for _, target := range look(t, st).Targets {
			if target.FieldKey == "dat-dai" && target.Year == 2022 {
				land = append(land, fmt.Sprintf("%s %d %s", target.Comparator, target.Percent, target.LeadAgency))
			}
		}
		if diff := cmp.Diff([]string{"at-least 8000 ", "above 8500 Sở Tài nguyên và Môi trường"}, land); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAgainChangesNothing(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *store.Store) {
		apply(t, st, "binh-thuan")
		// What administrators did since then is left alone.
		if err := st.SaveSetting(t.Context(), store.SettingProvince, `{"vi":"Tên khác"}`); err != nil {
			t.Fatal(err)
		}
		if err := st.AddTarget(t.Context(), survey.Target{Plan: "p", Indicator: survey.IndicatorSIPAS, Year: 2026, Percent: 9100}); err != nil {
			t.Fatal(err)
		}
		before := look(t, st)
		apply(t, st, "binh-thuan")
		if diff := cmp.Diff(before, look(t, st)); diff != "" {
			t.Error(diff)
		}
	})
}

// TestGoesOnWhereItStopped: a seeding that was cut short is completed, and
// nothing is made twice.
func TestGoesOnWhereItStopped(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	apply(t, st, "vinh-phuc")
	before := look(t, st)
	if err := st.SaveSetting(t.Context(), preset.Setting, ""); err != nil {
		t.Fatal(err)
	}
	apply(t, st, "vinh-phuc")
	if diff := cmp.Diff(before, look(t, st)); diff != "" {
		t.Error(diff)
	}
}

func TestRefuses(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	if err := preset.Apply(t.Context(), st, "ha-noi", now); !errors.Is(err, survey.ErrNotFound) {
		t.Errorf("an unknown preset: %v", err)
	}
	apply(t, st, "quang-nam")
	before := look(t, st)
	if err := preset.Apply(t.Context(), st, "binh-thuan", now); !errors.Is(err, survey.ErrConflict) {
		t.Errorf("another province's database: %v", err)
	}
	if diff := cmp.Diff(before, look(t, st)); diff != "" {
		t.Errorf("a refused seeding left something: %s", diff)
	}

	halfway := testkit.SQLite(t)
	if _, err := halfway.AddAgency(t.Context(), survey.Agency{
		Code: "ubnd-tinh", Kind: survey.KindProvince, Name: survey.Text{"vi": "Ủy ban nhân dân tỉnh Vĩnh Phúc"},
	}); err != nil {
		t.Fatal(err)
	}
	if err := preset.Apply(t.Context(), halfway, "binh-thuan", now); !errors.Is(err, survey.ErrConflict) {
		t.Errorf("a database half seeded for another province: %v", err)
	}

	own := testkit.SQLite(t)
	if _, err := own.AddAgency(t.Context(), survey.Agency{Code: "so-khac", Kind: survey.KindDepartment, Name: survey.Text{"vi": "Sở khác"}}); err != nil {
		t.Fatal(err)
	}
	if err := preset.Apply(t.Context(), own, "binh-thuan", now); !errors.Is(err, survey.ErrConflict) {
		t.Errorf("a database with agencies of somebody else: %v", err)
	}
}
