package report_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/agency"
	"sipas/internal/report"
	"sipas/internal/score"
	"sipas/internal/survey"
	"sipas/internal/target"
	"sipas/internal/testkit"
)

// circular is the citizens' part of the form of Thông tư 01/2018: four criteria
// of 2, 1 or 0 points.
func circular() survey.Definition {
	d := survey.Definition{Key: "tt01", Languages: []string{"vi"}, Title: agency.Text{"vi": "Phiếu TT 01"}, Method: string(score.Points210)}
	for _, key := range []string{"c1", "c3", "c4", "c7"} {
		q := survey.Question{Key: key, Type: survey.TypeSingle, Text: agency.Text{"vi": key}}
		for points := range 3 {
			q.Choices = append(q.Choices, survey.Choice{Key: fmt.Sprint("p", points), Text: agency.Text{"vi": "x"}, Points: &points})
		}
		d.Sections = append(d.Sections, survey.Section{Key: "s-" + key, Title: agency.Text{"vi": key}, Questions: []survey.Question{q}})
	}
	return d
}

// given are the points a person gives to the criteria; -1 is not answered.
func given(points ...int) (chosen []survey.ChosenAnswer) {
	for i, n := range points {
		if n >= 0 {
			chosen = append(chosen, survey.ChosenAnswer{Question: []string{"c1", "c3", "c4", "c7"}[i], Choices: []string{fmt.Sprint("p", n)}})
		}
	}
	return chosen
}

// TestPointsOfTheCircular: each criterion is rounded to one decimal and then
// summed, over the whole, the months and the parts; what fewer than k people
// judged waits, and so does a form that few filled in.
func TestPointsOfTheCircular(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		p := small(t, st)
		p.publish(circular())
		p.must(st.AddIndicator(t.Context(), target.Indicator{Kind: target.IndicatorProcedures, SurveyKey: "tt01", Counts: true}))
		p.point("so-p", "so", "tt01", "dat-dai")
		p.point("xa-p", "xa", "tt01", "dat-dai")
		p.answered(
			answer{point: "so-p", chosen: given(2, 1, 1, -1), times: 3}, answer{point: "so-p", chosen: given(1, 1, 1, -1), times: 9},
			answer{point: "xa-p", month: 6, chosen: given(0, 2, 1, -1), times: 8}, answer{point: "xa-p", month: 6, chosen: given(0, 2, 1, 2), times: 4},
			answer{point: "so-1", scale: "1", times: 50}, // the quick form does not count here
		)
		q := p.year("")
		q.Detail = true
		row := p.board(q).Row(target.IndicatorProcedures, "")
		if row == nil {
			t.Fatal("there is no row")
		}
		// c1: 15 points of 24 files, 0.625 and so 0.6; c3: 36 of 24, 1.5; c4: 1; c7 by four people only.
		show := func(f report.Figure) string {
			if !f.HasFigure() {
				return "waits"
			}
			return fmt.Sprint(f.Index.Display(2), " of ", f.N)
		}
		got := []string{show(row.Figure)}
		for _, f := range row.Factors {
			got = append(got, f.Key+" "+show(f.Figure))
		}
		for _, m := range row.Trend {
			if m.HasFigure() {
				got = append(got, fmt.Sprint(m.Month, " ", show(m.Figure)))
			}
		}
		for _, part := range row.Parts {
			if part.Agency != nil && part.HasFigure() {
				got = append(got, part.Agency.Code+" "+show(part.Figure))
			}
		}
		want := []string{
			"3,1 of 24", "c1 0,6 of 24", "c3 1,5 of 24", "c4 1 of 24", "c7 waits",
			"202505 3,3 of 12", "202506 3 of 12", // 1.25 is 1.3
			"xa 3 of 12", "so 3,3 of 12",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if len(row.Drivers) != 0 || row.Index.HasInterval {
			t.Errorf("%+v", row)
		}

		few := small(t, testkit.SQLite(t))
		few.publish(circular())
		few.must(few.store.AddIndicator(t.Context(), target.Indicator{Kind: target.IndicatorProcedures, SurveyKey: "tt01", Counts: true}))
		few.point("so-p", "so", "tt01", "dat-dai")
		few.answered(answer{point: "so-p", chosen: given(2, 2, 2, 2), times: 4})
		if row := few.board(few.year("")).Row(target.IndicatorProcedures, ""); row != nil {
			t.Errorf("four people are a row: %+v", row)
		}
	})
}
