package report_test

import (
	"errors"
	"testing"

	"sipas/internal/agency"
	"sipas/internal/campaign"
	"sipas/internal/civil"
	"sipas/internal/fault"
	"sipas/internal/report"
	"sipas/internal/survey"
	"sipas/internal/target"
	"sipas/internal/testkit"
)

// TestFiguresOfACampaign: a board of a campaign shows its answers and no others, whatever
// the survey; the ordinary board of the same survey counts them, too.
func TestFiguresOfACampaign(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		p := small(t, st)
		own, err := st.PublishVersion(t.Context(), survey.Definition{
			Key: "rieng", Languages: []string{"vi"}, Title: agency.Text{"vi": "Phiếu riêng"}, Method: "sipas-2023",
			Sections: []survey.Section{{Key: "chung", Title: agency.Text{"vi": "Chung"}, Questions: []survey.Question{
				{Key: "one", Type: survey.TypeScale, Text: agency.Text{"vi": "Một"}}, {Key: "two", Type: survey.TypeScale, Text: agency.Text{"vi": "Hai"}},
			}}},
		}, noon)
		p.must(err)
		plan := func(v *survey.Version, points ...int64) int64 {
			c, err := st.KeepCampaign(t.Context(), campaign.Campaign{
				Name: agency.Text{"vi": "Đợt"}, FirstDay: "2025-05-01", LastDay: "2025-05-31", VersionID: v.ID, PointIDs: points,
			}, "2025-01-01")
			p.must(err)
			return c.ID
		}
		quick, alone := plan(p.versions["quay-nhanh"]), plan(own, p.points["so-2"].ID)
		p.answered(
			answer{point: "so-2", scale: "5", times: 6}, answer{point: "so-2", scale: "1", times: 5, campaign: quick},
			answer{point: "xa-1", scale: "2", times: 4, campaign: quick},
			answer{point: "so-2", version: own, scale: "54", times: 3, campaign: alone}, answer{point: "so-2", version: own, scale: "21", times: 2, campaign: alone},
		)
		board := func(of int64) *report.Board {
			q := p.year("")
			q.Campaign, q.Detail = of, true
			return boardOf(t, p.reporter(), p.snap(), q)
		}
		people := func(b *report.Board, kind target.IndicatorKind) int64 {
			for _, r := range b.Rows {
				if r.Indicator == kind {
					return r.N
				}
			}
			return -1
		}
		if n := people(board(0), target.IndicatorProcedures); n != 11 {
			t.Errorf("the ordinary board counts %d people, want the 6 of none and the 5 of the campaign", n)
		}
		b := board(quick)
		if n := people(b, target.IndicatorProcedures); n != 5 || b.Of == nil || b.Of.ID != quick {
			t.Errorf("the board of the campaign is of %+v and counts %d people, want 5", b.Of, n)
		}
		if n := people(b, target.IndicatorSurvey); n != 5 {
			t.Errorf("all of the campaign are %d people", n)
		}
		// The four of a commune come in at the end of the campaign, with what waits above it.
		p.answered(answer{point: "so-2", scale: "3", times: 1, campaign: quick})
		_, err = st.Store.Close(t.Context(), testkit.Closing(p.snap(), noon.AddDate(0, 2, 0)))
		p.must(err)
		if n := people(board(quick), target.IndicatorProcedures); n != 10 {
			t.Errorf("after its end the campaign counts %d people, want 10", n)
		}
		b = board(alone)
		if len(b.Rows) != 1 || b.Rows[0].Indicator != target.IndicatorSurvey || b.Rows[0].N != 5 || len(b.Rows[0].Parts) == 0 {
			t.Fatalf("a survey without an indicator has the rows %+v", b.Rows)
		}
		// By hand: of 10 answers those of 4 and 5 are 6.
		if got := b.Rows[0].Index.Display(2); got != "60%" {
			t.Errorf("its index is %s, want 60%%", got)
		}
		q := p.year("")
		q.Campaign = 99
		if _, err := p.reporter().Board(t.Context(), p.snap(), q); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("a campaign that is none: %v", err)
		}
		if stored, err := p.reporter().Store(t.Context(), p.snap(), civil.HalfMonth(20250701)); err != nil || stored == 0 {
			t.Errorf("stored %d sheets: %v", stored, err)
		}
		if n := people(board(quick), target.IndicatorProcedures); n != 10 {
			t.Errorf("once sheets of everybody are stored the campaign counts %d people", n)
		}
	})
}
