package report_test

import (
	"testing"

	"sipas/internal/agency"
	"sipas/internal/survey"
	"sipas/internal/target"
	"sipas/internal/testkit"
	"sipas/surveys"
)

// TestIndicatorsWithoutARuleTakeTheSurveysOfTheProvince, whatever these are
// called, and a survey that is published later changes nothing.
func TestIndicatorsWithoutARuleTakeTheSurveysOfTheProvince(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	p := &province{t, st, map[string]int64{"": 0}, map[string]agency.ServicePoint{}, map[string]*survey.Version{}, 0}
	p.must(st.AddServiceField(t.Context(), agency.ServiceField{Key: "dat-dai", Name: agency.Text{"vi": "Đất đai"}, Scope: agency.ScopeProcedures}))
	p.office("tinh", "", agency.KindProvince)
	p.target(target.Target{Plan: "KH", Indicator: target.IndicatorField, FieldKey: "dat-dai", Percent: 8500})
	p.target(target.Target{Plan: "KH", Indicator: target.IndicatorSIPAS, Percent: 8500})
	fed := func() [2]string {
		b := p.board(p.year(""))
		return [2]string{b.Row(target.IndicatorField, "dat-dai").SurveyKey, b.Row(target.IndicatorSIPAS, "").SurveyKey}
	}
	if got := fed(); got != [2]string{} {
		t.Errorf("before a survey is published the targets are held against %q", got)
	}
	definitions, err := surveys.BuiltIn()
	p.must(err)
	for _, name := range []string{"ve-sau", "a-ve-truoc"} { // in the order of keys the second would come first
		for _, d := range definitions {
			d.Key = name + "-" + d.Key
			p.publish(d)
		}
		if got, want := fed(), [2]string{"ve-sau-quay-nhanh", "ve-sau-sipas"}; got != want {
			t.Errorf("after %s: %q, want %q", name, got, want)
		}
	}
	p.point("quay", "tinh", "ve-sau-quay-nhanh", "dat-dai")
	p.answered(answer{point: "quay", scale: "5", times: 40})
	if row := p.board(p.year("")).Row(target.IndicatorField, "dat-dai"); row.N != 40 || row.Targets[0].Standing != "met" {
		t.Errorf("the answers are not counted: %+v", row)
	}
}
