package report_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/agency"
	"sipas/internal/registry"
	"sipas/internal/report"
	"sipas/internal/score"
	"sipas/internal/target"
	"sipas/internal/testkit"
)

// counter is the question for 2025 about what was answered at a service point.
func (p *province) counter(name string) report.Query {
	q := p.year("")
	q.AgencyID, q.PointID, q.Detail = p.points[name].JudgedID, p.points[name].ID, true
	return q
}

// TestBoardOfACounter: it shows what was answered there and nothing of its neighbours,
// says the same number as the board of its agency says of it, and is held against the
// targets of the agency, which it has no targets beside.
func TestBoardOfACounter(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		p := small(t, st)
		p.target(target.Target{Indicator: target.IndicatorField, FieldKey: "dat-dai", Percent: 9000, AgencyID: p.agencies["so"]})
		p.target(target.Target{Indicator: target.IndicatorField, FieldKey: "xay-dung", Percent: 9000})
		p.target(target.Target{Indicator: target.IndicatorField, FieldKey: "y-te", Percent: 9000, AgencyID: p.agencies["so"]})
		p.answered(
			answer{point: "so-1", scale: "5.52", times: 20, reasons: []string{"waiting", "attitude"}},
			answer{point: "so-1", scale: "2", times: 10, month: 9},
			answer{point: "so-2", scale: "2.5", times: 20, reasons: []string{"waiting"}},
			answer{point: "so-2", scale: "5", times: 4, month: 9}, // who wait
			answer{point: "xa-1", scale: "4", times: 40, month: 9},
		)
		b := p.board(p.counter("so-1"))
		if b.Agency == nil || b.Agency.Code != "so" || b.Point == nil || b.Point.Name["vi"] != "so-1" {
			t.Fatalf("whose: %+v, %+v", b.Agency, b.Point)
		}
		want := []line{
			{target.IndicatorProcedures, "", "quay-nhanh", 30, "66,67%"}, {target.IndicatorField, "dat-dai", "quay-nhanh", 30, "66,67%"},
			{target.IndicatorField, "xay-dung", "quay-nhanh", 0, ""}, // it serves that, and there is a target above
		}
		if diff := cmp.Diff(want, lines(b)); diff != "" {
			t.Errorf("rows: %s", diff)
		}
		row := b.Row(target.IndicatorField, "dat-dai")
		if row.Levels != (score.Counts{0, 0, 10, 0, 0, 20}) || row.Factors[2].N != 20 || row.Factors[2].Index.Display(1) != "0%" {
			t.Errorf("levels %v, factors %+v", row.Levels, row.Factors)
		}
		if r := row.Reasons; r[0].N != 20 || r[1].N != 20 || r[2].N != 0 {
			t.Errorf("reasons: %+v", r)
		}
		if m := row.Trend; len(m) != 12 || m[4].N != 20 || m[8].N != 10 || m[0].HasFigure() {
			t.Errorf("trend: %+v", m)
		}
		if len(row.Parts) != 0 || len(b.Row(target.IndicatorField, "xay-dung").Parts) != 0 {
			t.Errorf("something lies below a counter: %+v", row.Parts)
		}
		if of := row.Targets; len(of) != 1 || !of[0].Inherited || of[0].AgencyID != p.agencies["so"] || of[0].Standing != score.Missed {
			t.Errorf("targets: %+v", of)
		}
		if f := b.Finding; f.Missed != 1 || f.NotEnough != 1 || f.Worst == nil || f.Worst.Factor.Key != "staff" {
			t.Errorf("finding: %+v", f)
		}

		whole := p.year("so")
		whole.Detail = true
		r := p.reporter()
		for round := range 3 {
			for _, part := range []string{"Y", "M09", "RQ4"} {
				for _, channel := range []agency.Channel{"", agency.ChannelQR, agency.ChannelKiosk} {
					q := whole
					q.Period, q.Channel = p.period(part), channel
					board, err := r.Board(t.Context(), p.snap(), q)
					p.must(err)
					for _, row := range board.Rows {
						for _, of := range row.Parts {
							q := p.counter(of.Point.Name["vi"])
							q.Period, q.Channel, q.Detail = p.period(part), channel, round != 1
							own, err := r.Board(t.Context(), p.snap(), q)
							p.must(err)
							n, display := int64(0), ""
							if row := own.Row(row.Indicator, row.FieldKey); row != nil {
								n, display = row.N, row.Index.Display(2)
							}
							if n != of.N || display != of.Index.Display(2) {
								t.Errorf("round %d, %s, channel %q, %s at %s: %d people, %q; as a part %d, %q", round, part, channel, row.Key(), of.Point.Name, n, display, of.N, of.Index.Display(2))
							}
							anew := p.board(q)
							if diff := cmp.Diff(figures(anew), figures(own)); diff != "" {
								t.Errorf("round %d, %s: what is kept is something else: %s", round, of.Point.Name, diff)
							}
						}
					}
				}
			}
			p.answered(answer{point: "so-2", scale: "51", times: 7 + round, month: 9, field: "dat-dai"}, answer{point: "so-1", scale: "15", times: 9, field: "xay-dung"})
		}
	})
}

// TestCounterThatWorksForAnother: what was answered at it counts about whom it was
// judged for then, on either board; and versions left out are said where they were answered.
func TestCounterThatWorksForAnother(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		p := small(t, st)
		first := p.versions["quay-nhanh"]
		d := first.Definition
		d.Headline, d.Method = "", string(score.Sipas2023)
		newest := p.publish(d)
		p.answered(answer{point: "so-1", version: newest, scale: "5", times: 10}, answer{point: "so-2", version: newest, scale: "5", times: 10})
		r := p.reporter()
		leftOut := func(name string) bool {
			t.Helper()
			board, err := r.Board(t.Context(), p.snap(), p.counter(name))
			p.must(err)
			return board.Row(target.IndicatorField, "dat-dai").LeftOut
		}
		if leftOut("so-1") || leftOut("so-2") {
			t.Error("versions are said to be left out that nobody answered")
		}
		p.answered(answer{point: "so-2", version: first, scale: "5", times: 10})
		if leftOut("so-1") || !leftOut("so-2") {
			t.Error("a version left out is said at another counter than where it was answered")
		}

		former := p.counter("so-1")
		point := p.points["so-1"]
		point.JudgedID = p.agencies["xa"]
		p.must(st.Registry.Change(t.Context(), testkit.Author(), func(c *registry.Change) error {
			return c.UpdateServicePoints(t.Context(), []agency.ServicePoint{point})
		}))
		p.points["so-1"] = point
		p.answered(answer{point: "so-1", version: newest, scale: "1", times: 20})
		var got []string
		for _, q := range []report.Query{former, p.counter("so-1")} {
			row := p.board(q).Row(target.IndicatorField, "dat-dai")
			got = append(got, fmt.Sprint(row.N, " ", row.Index.Display(0)))
		}
		if diff := cmp.Diff([]string{"10 100%", "20 0%"}, got); diff != "" {
			t.Error(diff)
		}
	})
}
