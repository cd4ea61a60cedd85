package preset_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/fault"
	"sipas/internal/intake"
	"sipas/internal/preset"
	"sipas/internal/registry"
	"sipas/internal/report"
	"sipas/internal/survey"
	"sipas/internal/target"
	"sipas/internal/testkit"
)

var now = time.Date(2025, 3, 1, 2, 0, 0, 0, time.UTC)

// everything is what a seeding makes.
type everything struct {
	Agencies   []agency.Agency
	Fields     []agency.ServiceField
	Points     []agency.ServicePoint
	Indicators []target.Indicator
	Targets    []target.Target
	Versions   []string
	Province   string
}

func look(t *testing.T, st *testkit.Place) everything {
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
	all.Province, errs[6] = st.Setting(ctx, registry.SettingProvince)
	if err := errors.Join(errs[:]...); err != nil {
		t.Fatal(err)
	}
	for _, v := range versions {
		all.Versions = append(all.Versions, v.Name())
	}
	return all
}

func apply(t *testing.T, st *testkit.Place, key string) {
	t.Helper()
	if err := preset.Apply(t.Context(), st.Registry, testkit.Author(), preset.Named(key), now); err != nil {
		t.Fatal(err)
	}
}

func TestBinhThuan(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		apply(t, st, "binh-thuan")
		all := look(t, st)

		kinds := map[agency.Kind]int{}
		name := map[int64]string{}
		code := map[int64]string{}
		for _, a := range all.Agencies {
			kinds[a.Kind]++
			name[a.ID], code[a.ID] = a.Name["vi"], a.Code
			if a.Name["en"] == "" {
				t.Errorf("%s has no English name", a.Code)
			}
			if (a.ParentID == 0) != (a.Kind == agency.KindProvince) {
				t.Errorf("%s has parent %d", a.Code, a.ParentID)
			}
			if (a.ValidTo == "2025-07-01") != (a.Kind == agency.KindDistrict) {
				t.Errorf("%s is valid to %q", a.Code, a.ValidTo)
			}
		}
		wantKinds := map[agency.Kind]int{agency.KindProvince: 1, agency.KindDepartment: 15, agency.KindDistrict: 10, agency.KindHospital: 1, agency.KindSchool: 1}
		if diff := cmp.Diff(wantKinds, kinds); diff != "" {
			t.Error(diff)
		}

		served := map[string][]string{}
		for _, p := range all.Points {
			if p.SurveyKey == "sipas" {
				if code[p.AgencyID] != "so-noi-vu" || code[p.JudgedID] != "ubnd-tinh" || p.Channel != agency.ChannelInterviewer || !p.Active {
					t.Errorf("the yearly survey: %+v", p)
				}
				continue
			}
			if served[code[p.AgencyID]] != nil {
				t.Errorf("%s has two points", code[p.AgencyID])
			}
			served[code[p.AgencyID]] = p.FieldKeys
			if p.SurveyKey != "quay-nhanh" || p.Channel != agency.ChannelQR || !p.Active || p.JudgedID != p.AgencyID {
				t.Errorf("point %+v", p)
			}
		}
		for code, want := range map[string][]string{
			"so-tai-nguyen-va-moi-truong": {"dat-dai"}, "so-xay-dung": {"xay-dung"}, "so-ke-hoach-va-dau-tu": {"dau-tu"},
			"so-y-te": {agency.FieldUnsaidProcedure}, "so-giao-duc-va-dao-tao": {agency.FieldUnsaidProcedure}, "so-tu-phap": {agency.FieldUnsaidProcedure},
			"bv-da-khoa-tinh": {"y-te"}, "thpt-chuyen-tinh": {"giao-duc"}, "ubnd-phu-quy": {"dat-dai", "xay-dung"},
			"trung-tam-hanh-chinh-cong": {"dat-dai", "xay-dung", "dau-tu", agency.FieldUnsaidProcedure},
		} {
			if !slices.Equal(served[code], want) {
				t.Errorf("the desk of %s serves %v, want %v", code, served[code], want)
			}
		}
		if len(served) != 27 {
			t.Errorf("%d agencies have a desk, want 27", len(served))
		}

		if len(all.Targets) != 35 {
			t.Errorf("%d targets, want 7 for each of 5 years", len(all.Targets))
		}
		for _, aim := range all.Targets {
			if !slices.Contains(values(name), aim.LeadAgency) {
				t.Errorf("%s answers for a target and is no agency", aim.LeadAgency)
			}
			if !slices.ContainsFunc(all.Indicators, func(i target.Indicator) bool {
				return i.Kind == aim.Indicator && i.FieldKey == aim.FieldKey && i.Counts
			}) {
				t.Errorf("no indicator answers %+v", aim)
			}
		}
		want := target.Target{
			Plan: "3612/KH-UBND 2021-09-29", Indicator: target.IndicatorField, FieldKey: "dat-dai",
			Year: 2024, Comparator: target.AtLeast, Percent: 8400, LeadAgency: "Sở Tài nguyên và Môi trường",
		}
		if !slices.ContainsFunc(all.Targets, func(t target.Target) bool { t.ID = 0; return cmp.Equal(t, want) }) {
			t.Errorf("no target %+v", want)
		}

		if diff := cmp.Diff([]string{"quay-nhanh.1", "sipas.1"}, all.Versions); diff != "" {
			t.Error(diff)
		}
		if want := `{"en":"Binh Thuan","vi":"Bình Thuận"}`; all.Province != want {
			t.Errorf("province %s, want %s", all.Province, want)
		}
		last := all.Fields[len(all.Fields)-2:]
		if last[0].Key != agency.FieldUnsaidProcedure || last[1].Key != agency.FieldUnsaid || len(all.Fields) != 7 {
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

// TestEveryPreset seeds each on a day after the reform of 2025 and lets people
// answer at every counter that takes answers: each target gets a figure, and no
// counter of an agency that has ended is open.
func TestEveryPreset(t *testing.T) {
	t.Parallel()
	want := map[string][2]int{ // agencies, targets
		"binh-thuan": {28, 35}, "vinh-phuc": {17, 7}, "quang-nam": {12, 6},
		"ca-mau": {78, 1}, "da-nang": {106, 0}, "lam-dong": {140, 0}, "phu-tho": {162, 0}, "tay-ninh": {112, 0},
	}
	if len(preset.Keys()) != len(want) {
		t.Errorf("keys %v", preset.Keys())
	}
	today := time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC)
	for _, key := range preset.Keys() {
		testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
			if err := preset.Apply(t.Context(), st.Registry, testkit.Author(), preset.Named(key), today); err != nil {
				t.Fatal(err)
			}
			all := look(t, st)
			if got := [2]int{len(all.Agencies), len(all.Targets)}; got != want[key] {
				t.Errorf("%s: agencies and targets %v, want %v", key, got, want[key])
			}
			ended := map[int64]bool{}
			for _, a := range all.Agencies {
				ended[a.ID] = a.ValidTo != "" && a.ValidTo <= "2026-11-26"
			}
			for _, p := range all.Points {
				if gone := ended[p.AgencyID] || ended[p.JudgedID]; gone == p.Active {
					t.Errorf("%s: %s of %d is open: %v, its agency has ended: %v", key, p.Name["vi"], p.AgencyID, p.Active, gone)
				}
				if strings.Contains(p.Name["vi"], "Bộ phận tiếp nhận") && p.Active {
					t.Errorf("%s: %s was called so until 30/6/2025", key, p.Name["vi"])
				}
			}
			answerEverywhere(t, st, all.Points, today)
			fed(t, st, all.Targets, today)
		})
	}
}

// answerEverywhere has five people answer for each field of each open point.
func answerEverywhere(t *testing.T, st *testkit.Place, points []agency.ServicePoint, at time.Time) {
	t.Helper()
	in := intake.New(st.Registry, st.Store, intake.Options{Now: func() time.Time { return at }, Zone: time.UTC, Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
	defer func() {
		if err := in.Close(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	versions, err := st.Versions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	newest := map[string]*survey.Version{}
	for _, v := range versions {
		newest[v.Definition.Key] = v
	}
	sent := 0
	for _, p := range points {
		if !p.Active {
			continue
		}
		for _, field := range p.FieldKeys {
			if agency.UnsaidField(field) {
				field = ""
			}
			for range 5 {
				sent++
				v := newest[p.SurveyKey]
				s := survey.Submission{
					ID: fmt.Sprintf("019a9ec6-7e80-75ee-9e9b-%012x", sent), Version: v.Name(), Language: "vi", FieldKey: field,
					Answers: map[string]survey.Value{v.Scale()[0].Key(): {Kind: survey.ValueLevel, Level: 5}},
				}
				if _, err := in.SubmitAt(t.Context(), string(p.Code), s, at); err != nil {
					t.Fatalf("%s: %v", p.Name["vi"], err)
				}
			}
		}
	}
}

// fed looks on the board of the year for a figure of each target.
func fed(t *testing.T, st *testkit.Place, targets []target.Target, today time.Time) {
	t.Helper()
	r := report.New(st.Store, report.Options{Now: func() time.Time { return today }, Zone: time.UTC})
	year, err := civil.ParsePeriod(today.Year(), "Y")
	if err != nil {
		t.Fatal(err)
	}
	snap, err := st.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	board, err := r.Board(t.Context(), snap, report.Query{Period: year})
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range targets {
		if row := board.Row(target.Indicator, target.FieldKey); row == nil || row.N == 0 {
			t.Errorf("no open counter can feed %s %s of %s %d", target.Indicator, target.FieldKey, target.Plan, target.Year)
		}
	}
}

// TestBothTargetsOfOneFieldAndYear: Quảng Nam's plan sets a floor and a
// stretch target for land in 2022.
func TestBothTargetsOfOneFieldAndYear(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
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
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		apply(t, st, "binh-thuan")
		// What administrators did since then is left alone.
		if err := st.SaveSetting(t.Context(), registry.SettingProvince, `{"vi":"Tên khác"}`); err != nil {
			t.Fatal(err)
		}
		if err := st.AddTarget(t.Context(), target.Target{Plan: "p", Indicator: target.IndicatorSIPAS, Year: 2026, Percent: 9100}); err != nil {
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
	if err := preset.Apply(t.Context(), st.Registry, testkit.Author(), preset.Named("ha-noi"), now); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("an unknown preset: %v", err)
	}
	apply(t, st, "quang-nam")
	before := look(t, st)
	if err := preset.Apply(t.Context(), st.Registry, testkit.Author(), preset.Named("binh-thuan"), now); !errors.Is(err, fault.ErrConflict) {
		t.Errorf("another province's database: %v", err)
	}
	if diff := cmp.Diff(before, look(t, st)); diff != "" {
		t.Errorf("a refused seeding left something: %s", diff)
	}

	halfway := testkit.SQLite(t)
	if _, err := halfway.AddAgency(t.Context(), agency.Agency{
		Code: "ubnd-tinh", Kind: agency.KindProvince, Name: agency.Text{"vi": "Ủy ban nhân dân tỉnh Vĩnh Phúc"},
	}); err != nil {
		t.Fatal(err)
	}
	if err := preset.Apply(t.Context(), halfway.Registry, testkit.Author(), preset.Named("binh-thuan"), now); !errors.Is(err, fault.ErrConflict) {
		t.Errorf("a database half seeded for another province: %v", err)
	}

	own := testkit.SQLite(t)
	if _, err := own.AddAgency(t.Context(), agency.Agency{Code: "so-khac", Kind: agency.KindDepartment, Name: agency.Text{"vi": "Sở khác"}}); err != nil {
		t.Fatal(err)
	}
	if err := preset.Apply(t.Context(), own.Registry, testkit.Author(), preset.Named("binh-thuan"), now); !errors.Is(err, fault.ErrConflict) {
		t.Errorf("a database with agencies of somebody else: %v", err)
	}
}

// TestEmptyProvince has what no province says of itself, and nothing else; only the
// province of that name goes on with it.
func TestEmptyProvince(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		seed := func(name string) error {
			return preset.Apply(t.Context(), st.Registry, testkit.Author(), preset.Empty(name), now)
		}
		for _, name := range []string{"", " \t", "tỉnh ", strings.Repeat("x", 101)} {
			if err := seed(name); err == nil {
				t.Errorf("%q is the name of a province", name)
			}
		}
		if err := seed(" Tỉnh  Lâm\u200b Đồng"); err != nil {
			t.Fatal(err)
		}
		made := look(t, st)
		if len(made.Agencies) != 1 || made.Agencies[0].Code != "ubnd-tinh" || made.Agencies[0].Name["vi"] != "Ủy ban nhân dân tỉnh Lâm Đồng" || made.Province != `{"vi":"Lâm Đồng"}` {
			t.Errorf("made %+v of %s", made.Agencies, made.Province)
		}
		if len(made.Fields) != 7 || len(made.Indicators) != 7 || len(made.Versions) == 0 || len(made.Points)+len(made.Targets) > 0 {
			t.Errorf("made %+v", made)
		}
		if err := seed("Lâm Đồng"); err != nil {
			t.Errorf("once more: %v", err)
		}
		if diff := cmp.Diff(made, look(t, st)); diff != "" {
			t.Errorf("seeding again changes %s", diff)
		}
		if err := seed("Huế"); !errors.Is(err, fault.ErrConflict) {
			t.Errorf("another province: %v", err)
		}
		if err := preset.Apply(t.Context(), st.Registry, testkit.Author(), preset.Named("lam-dong"), now); !errors.Is(err, fault.ErrConflict) {
			t.Errorf("a preset over it: %v", err)
		}
	})
}

// Agencies that were imported before the province was named are its own.
func TestAgenciesMayComeFirst(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	first, err := st.AddAgency(t.Context(), agency.Agency{Code: "ubnd", Kind: agency.KindProvince, Name: agency.Text{"vi": "UBND tỉnh"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := preset.Apply(t.Context(), st.Registry, testkit.Author(), preset.Empty("Nghệ An"), now); err != nil {
		t.Fatal(err)
	}
	if made := look(t, st); len(made.Agencies) != 1 || made.Agencies[0].ID != first.ID || len(made.Versions) == 0 {
		t.Errorf("made %+v", made)
	}
}
