package export_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // as in the program

	"sipas/internal/agency"
	"sipas/internal/intake"
	"sipas/internal/registry"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

var (
	zone = time.FixedZone("ICT", 7*3600)
	now  = time.Date(2026, 1, 5, 3, 0, 0, 0, time.UTC)
	// late is the evening of one day in UTC and the morning of the next at the place.
	late = time.Date(2025, 11, 19, 20, 41, 7, 123456000, time.UTC)
)

func vi(s string) agency.Text { return agency.Text{"vi": s} }

// pulse has every type of question.
func pulse() survey.Definition {
	yesNo := []survey.Choice{{Key: "yes", Text: vi("Có")}, {Key: "no", Text: vi("Không")}}
	return survey.Definition{
		Key: "pulse", Languages: []string{"vi"}, Title: vi("Khảo sát"), Method: "sipas-2023", Headline: "overall",
		Sections: []survey.Section{{Key: "all", Title: vi("Chung"), Questions: []survey.Question{
			{Key: "overall", Type: survey.TypeScale, Required: true, Text: vi("Chung?")},
			{Key: "staff", Type: survey.TypeScale, NoOpinion: true, Text: vi("Công chức?")},
			{Key: "first-visit", Type: survey.TypeSingle, Text: vi("Lần đầu?"), Choices: yesNo},
			{Key: "reasons", Type: survey.TypeMulti, Text: vi("Vì sao?"), Choices: []survey.Choice{
				{Key: "slow", Text: vi("Chậm")}, {Key: "far", Text: vi("Xa")},
			}},
			{Key: "comment", Type: survey.TypeText, Text: vi("Góp ý")},
		}}},
	}
}

// open fills an empty store with one agency and two service points, and gives
// the intake at their doors.
func open(t *testing.T, st *testkit.Place) *intake.Intake {
	t.Helper()
	ctx := t.Context()
	if err := st.SaveSetting(ctx, registry.SettingExportKey, strings.Repeat("2a", 32)); err != nil {
		t.Fatal(err)
	}
	for _, f := range []agency.ServiceField{
		{Key: "dat-dai", Name: vi("Đất đai"), Scope: agency.ScopeProcedures},
		{Key: "y-te", Name: vi("Y tế"), Scope: agency.ScopePublic},
		{Key: agency.FieldUnsaid, Name: vi("Không rõ"), Scope: agency.ScopeUnknown},
	} {
		if err := st.AddServiceField(ctx, f); err != nil {
			t.Fatal(err)
		}
	}
	office, err := st.AddAgency(ctx, agency.Agency{Code: "so-x", Name: vi("Sở X"), Kind: agency.KindDepartment})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.PublishVersion(ctx, pulse(), late.AddDate(-1, 0, 0)); err != nil {
		t.Fatal(err)
	}
	for code, fields := range map[agency.Code][]string{"DATDATAA": {"dat-dai"}, "MZEDMZED": {"y-te", "dat-dai"}} {
		_, err := st.AddServicePoint(ctx, agency.ServicePoint{
			Code: code, AgencyID: office.ID, Name: vi("Quầy"), SurveyKey: "pulse", Channel: agency.ChannelKiosk, FieldKeys: fields, Active: true,
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	in := intake.New(st.Registry, st.Store, intake.Options{Now: func() time.Time { return now }, Zone: zone, Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
	t.Cleanup(func() {
		if err := in.Close(t.Context()); err != nil && t.Context().Err() == nil {
			t.Error(err)
		}
	})
	return in
}

const (
	firstID, secondID = "019a9e00-0000-7000-8000-000000000001", "019a9e00-0000-7000-8000-000000000002"
	// What they are under the key that open sets, by another program.
	firstAlias, secondAlias = "03ee10910ad107582a644436310098bf", "28bbde0b1b4dd102239fb30f96fcce30"
)

// answer sends two responses, one of them with a free text.
func answer(t *testing.T, in *intake.Intake) {
	t.Helper()
	level := func(n int) survey.Value { return survey.Value{Kind: survey.ValueLevel, Level: n} }
	for code, s := range map[string]survey.Submission{
		"DATDATAA": {ID: firstID, Answers: map[string]survey.Value{
			"overall": level(5), "staff": level(0),
			"first-visit": {Kind: survey.ValueText, Text: "yes"},
			"reasons":     {Kind: survey.ValueChoices, Choices: []string{"far", "slow"}},
		}},
		"MZEDMZED": {ID: secondID, Procedure: "Đăng ký đất", Answers: map[string]survey.Value{
			"overall": level(2), "comment": {Kind: survey.ValueText, Text: "bí mật"},
		}},
	} {
		s.Version, s.Language = "pulse.1", "vi"
		if _, err := in.SubmitAt(t.Context(), code, s, late); err != nil {
			t.Fatal(err)
		}
	}
}
