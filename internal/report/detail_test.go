package report_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/agency"
	"sipas/internal/joined"
	"sipas/internal/score"
	"sipas/internal/target"
	"sipas/internal/testkit"
)

func TestDetail(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		p := small(t, st)
		p.target(target.Target{Indicator: target.IndicatorField, FieldKey: "dat-dai", Percent: 9000})
		// Questions: overall, access, procedure, staff, result, feedback.
		p.answered(
			answer{point: "so-1", scale: "5.52", times: 20, reasons: []string{"waiting", "attitude"}},
			answer{point: "so-2", scale: "2.5", times: 20, reasons: []string{"waiting"}},
			answer{point: "xa-1", scale: "4..0", times: 40, month: 9},
			answer{point: "xa-1", scale: "4....4", times: 4, month: 9, reasons: []string{"online"}},
		)
		q := p.year("")
		q.Detail = true
		b := p.board(q)
		row := b.Row(target.IndicatorField, "dat-dai")
		if row.N != 84 || row.Levels != (score.Counts{0, 0, 20, 0, 44, 20}) {
			t.Errorf("n %d, levels %v", row.N, row.Levels)
		}
		var factors []string
		for _, f := range row.Factors {
			factors = append(factors, f.Key+" "+f.Label["vi"]+" "+f.Index.Display(1))
		}
		want := []string{"access Tiếp cận ", "procedure Thủ tục 100%", "staff Cán bộ 0%", "result Trả kết quả ", "feedback Xử lý góp ý "}
		if diff := cmp.Diff(want, factors); diff != "" {
			t.Errorf("factors: %s", diff)
		}
		if len(row.Drivers) != 2 || row.Drivers[0].Key != "staff" {
			t.Errorf("drivers: %+v", row.Drivers)
		}
		if w := b.Finding.Worst; w == nil || w.Factor == nil || w.Factor.Key != "staff" {
			t.Errorf("finding: %+v", b.Finding)
		}
		if r := row.Reasons; r[0].Choice != "waiting" || r[0].N != 40 || r[1].Choice != "attitude" || r[1].N != 20 ||
			r[1].Share.Percent("vi", 1) != "23,8%" || r[2].N != 0 {
			t.Errorf("reasons: %+v", r)
		}
		if m := row.Trend; len(m) != 12 || m[4].Month != 202505 || m[4].N != 40 || m[8].N != 44 || m[0].HasFigure() {
			t.Errorf("trend: %+v", m)
		}
		var parts []string
		for _, part := range row.Parts {
			parts = append(parts, part.Agency.Code+" "+part.Index.Display(1))
		}
		if diff := cmp.Diff([]string{"so 50%", "xa 100%", "vien "}, parts); diff != "" {
			t.Errorf("parts: %s", diff)
		}
		q = p.year("so")
		q.Detail = true
		row = p.board(q).Row(target.IndicatorField, "dat-dai")
		parts = nil
		for _, part := range row.Parts {
			parts = append(parts, part.Point.Name["vi"]+" "+part.Index.Display(1)+" "+string(part.Targets[0].Standing))
		}
		if diff := cmp.Diff([]string{"so-2 0% not-enough-data", "so-1 100% not-enough-data"}, parts); diff != "" {
			t.Errorf("points: %s", diff)
		}
	})
}

// TestYesAndNoAreNoReasons: whether somebody gave feedback is nothing that they
// want to be better.
func TestYesAndNoAreNoReasons(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		p := small(t, st)
		all := string(slices.Repeat([]byte{'4'}, len(p.versions["sipas"].Scale())))
		p.answered(
			answer{point: "so-s", scale: all, times: 20, gave: "given"}, answer{point: "so-s", scale: all, times: 30, gave: "not-given"},
			answer{point: "so-1", scale: "2", times: 20, reasons: []string{"waiting"}},
		)
		q := p.year("")
		q.Detail = true
		for _, row := range p.board(q).Rows {
			switch {
			case row.SurveyKey == "sipas" && (row.N != 50 || len(row.Reasons) != 0):
				t.Errorf("%s: n %d, reasons %+v", row.Indicator, row.N, row.Reasons)
			case row.SurveyKey == "quay-nhanh" && (len(row.Reasons) == 0 || row.Reasons[0].N != 20):
				t.Errorf("%s of the quick form: %+v", row.Indicator, row.Reasons)
			}
		}
	})
}

// TestVersionsAreAdded: a question that moved and kept its key is one question.
func TestVersionsAreAdded(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		p := small(t, st)
		first := p.versions["quay-nhanh"]
		d := first.Definition
		d.Sections = slices.Clone(d.Sections)
		d.Sections[0], d.Sections[1] = d.Sections[1], d.Sections[0] // the overall question comes after the factors
		moved := p.publish(d)
		if at, _ := moved.Position("overall"); at == 0 {
			t.Fatal("the question did not move")
		}
		p.answered(
			answer{point: "so-1", version: first, scale: "5", times: 10},
			answer{point: "so-1", version: moved, scale: "11111" + "2", times: 10, month: 6},
		)
		row := p.board(p.year("")).Row(target.IndicatorField, "dat-dai")
		if row.N != 20 || row.Index.Display(1) != "50%" || row.WordingChanged || row.LeftOut {
			t.Errorf("moved: %+v", row)
		}

		d.Sections[1].Questions = slices.Clone(d.Sections[1].Questions)
		d.Sections[1].Questions[0].Text = agency.Text{"vi": "Câu hỏi khác?", "en": "Another question?"}
		p.answered(answer{point: "so-1", version: p.publish(d), scale: ".....5", times: 20, month: 7})
		if row = p.board(p.year("")).Row(target.IndicatorField, "dat-dai"); row.N != 40 || !row.WordingChanged {
			t.Errorf("reworded: %+v", row)
		}
		detailed := p.year("")
		detailed.Detail = true
		for i, m := range p.board(detailed).Row(target.IndicatorField, "dat-dai").Trend {
			if want := (joined.Mark{Changed: i == 5 || i == 6, Breaks: i == 6}); m.Mark != want {
				t.Errorf("month %d: %+v, want %+v", m.Month, m.Mark, want)
			}
		}
		month := p.year("")
		month.Period = p.period("M07")
		if row = p.board(month).Row(target.IndicatorField, "dat-dai"); row.N != 20 || row.WordingChanged {
			t.Errorf("a month with one wording: %+v", row)
		}

		d.Headline, d.Method = "", "sipas-2023"
		p.answered(answer{point: "so-1", version: p.publish(d), scale: "44444" + "4", times: 20, month: 8})
		row = p.board(p.year("")).Row(target.IndicatorField, "dat-dai")
		if row.N != 20 || row.Index.Display(1) != "100%" || !row.LeftOut {
			t.Errorf("another headline: %+v", row)
		}
	})
}

// TestSurveysAreNotPooled: two surveys about one field have a row each, and one
// of them counts.
func TestSurveysAreNotPooled(t *testing.T) {
	t.Parallel()
	p := small(t, testkit.SQLite(t))
	p.target(target.Target{Indicator: target.IndicatorField, FieldKey: "y-te", Percent: 8500})
	p.must(p.store.AddIndicator(t.Context(), target.Indicator{Kind: target.IndicatorField, FieldKey: "y-te", SurveyKey: "quay-nhanh", Order: 1}))
	p.must(p.store.AddIndicator(t.Context(), target.Indicator{Kind: target.IndicatorField, FieldKey: "y-te", SurveyKey: "sipas", Counts: true, Order: 2}))
	all := slices.Repeat([]byte{'4'}, len(p.versions["sipas"].Scale()))
	p.answered(answer{point: "vien-1", scale: "1", times: 30}, answer{point: "vien-s", scale: string(all), times: 50})
	b := p.board(p.year(""))
	want := []line{
		{target.IndicatorField, "y-te", "quay-nhanh", 30, "0%"},
		{target.IndicatorField, "y-te", "sipas", 50, "100%"},
	}
	if diff := cmp.Diff(want, lines(b)); diff != "" {
		t.Error(diff)
	}
	if len(b.Rows[0].Targets) != 0 || len(b.Rows[1].Targets) != 1 || b.Rows[1].Targets[0].Standing != score.Met {
		t.Errorf("targets: %+v, %+v", b.Rows[0].Targets, b.Rows[1].Targets)
	}
}

func TestChannels(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		p := small(t, st)
		p.answered(
			answer{point: "so-1", scale: "5", times: 10}, answer{point: "so-1", scale: "1", times: 30, channel: agency.ChannelPaper},
			answer{point: "xa-1", scale: "1", times: 8, channel: agency.ChannelKiosk}, answer{point: "xa-1", scale: "1", times: 3, channel: agency.ChannelOnline},
		)
		n := map[agency.Channel]int64{}
		for _, c := range append(agency.Channels(), "") {
			q := p.year("")
			q.Channel = c
			if row := p.board(q).Row(target.IndicatorField, "dat-dai"); row != nil {
				n[c] = row.N
			}
		}
		// The 3 online answers wait.
		if diff := cmp.Diff(map[agency.Channel]int64{"": 48, agency.ChannelQR: 10, agency.ChannelPaper: 30, agency.ChannelKiosk: 8}, n); diff != "" {
			t.Error(diff)
		}
	})
}
