package store_test

import (
	"testing"
	"time"

	"sipas/internal/agency"
	"sipas/internal/survey"
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

func buildHall(t *testing.T, st *testkit.Place) hall {
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
