package report_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"sipas/internal/agency"
	"sipas/internal/report"
	"sipas/internal/score"
	"sipas/internal/target"
	"sipas/internal/testkit"
)

// TestBoardsCountWhatWasSaved compares boards of random responses with counting
// the responses one by one: shown figures are exact, and few people are hidden.
func TestBoardsCountWhatWasSaved(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		const k = score.DefaultK
		random := rand.New(rand.NewPCG(1, 2))
		p := small(t, st)
		under := map[string][]string{"": {"so", "xa", "vien"}, "so": {"so"}, "xa": {"xa"}, "vien": {"vien"}}
		of := map[string]string{"so-1": "so", "so-2": "so", "xa-1": "xa", "vien-1": "vien"}
		var sent []answer
		for range 60 {
			name := []string{"so-1", "so-2", "xa-1", "vien-1"}[random.IntN(4)]
			fields := p.points[name].FieldKeys
			sent = append(sent, answer{
				point: name, field: fields[random.IntN(len(fields))], month: 1 + random.IntN(12), scale: string('1' + byte(random.IntN(5))),
				channel: agency.Channels()[random.IntN(2)], times: 1 + random.IntN(12),
			})
		}
		p.answered(sent...)
		procedures := map[string]bool{"dat-dai": true, "xay-dung": true, agency.FieldUnsaidProcedure: true}
		shown := 0
		for office, codes := range under {
			for _, part := range []string{"Y", "H1", "H2", "9M", "Q1", "Q3", "M04", "M12"} {
				for _, channel := range []agency.Channel{"", agency.ChannelQR} {
					q := report.Query{Period: p.period(part), AgencyID: p.agencies[office], Channel: channel}
					for _, row := range p.board(q).Rows {
						var c score.Counts
						for _, a := range sent {
							in := false
							for _, code := range codes {
								in = in || of[a.point] == code
							}
							matches := a.field == row.FieldKey || row.Indicator == target.IndicatorProcedures && procedures[a.field]
							if in && matches && slices.Contains(q.Period.Months(), fmt.Sprintf("2025-%02d", a.month)) && (channel == "" || channel == a.channel) {
								c[a.scale[0]-'0'] += int64(a.times)
							}
						}
						at := fmt.Sprintf("%s %s %s, %s of %s", office, part, channel, row.Indicator, row.FieldKey)
						switch want := score.SingleQuestion.Overall(score.Tally{Headline: c}); {
						case row.Hidden && (row.N != 0 || row.Index.HasData):
							t.Errorf("%s: hidden, and yet %+v", at, row.Figure)
						case !row.Hidden && score.TooFew(c.Valid(), k):
							t.Errorf("%s: %d people are shown", at, c.Valid())
						case !row.Hidden && (row.N != c.Valid() || row.Index.HasData != want.HasData || row.Index.Value.Cmp(want.Value) != 0):
							t.Errorf("%s: n %d, %s, want %d, %s", at, row.N, row.Index.Display(2), c.Valid(), want.Display(2))
						case row.HasFigure():
							shown++
						}
					}
				}
			}
		}
		if shown < 50 {
			t.Errorf("only %d figures are shown: nothing is tested", shown)
		}
	})
}

// TestSubtraction: what is hidden cannot be had from the total and the others,
// for each way a total is split.
func TestSubtraction(t *testing.T) {
	t.Parallel()
	p := small(t, testkit.SQLite(t))
	p.answered(
		answer{point: "so-1", scale: "5", times: 40, month: 1}, answer{point: "so-2", scale: "5", times: 50, month: 2},
		answer{point: "so-1", scale: "5", times: 30, month: 3}, answer{point: "xa-1", scale: "1", times: 3, month: 2},
		answer{point: "xa-1", scale: "4", times: 60, month: 5}, answer{point: "so-2", field: "dat-dai", scale: "4", times: 9, month: 5},
		answer{point: "xa-1", field: "xay-dung", scale: "4", times: 30, month: 5}, answer{point: "so-1", field: "xay-dung", scale: "1", times: 2, month: 5},
		answer{point: "so-1", field: "xay-dung", scale: "1", times: 20, month: 6},
	)
	hidden := func(office, part, field string) bool {
		q := report.Query{Period: p.period(part), AgencyID: p.agencies[office]}
		return p.board(q).Row(target.IndicatorField, field).Hidden
	}
	for _, test := range []struct {
		office, part, field string
		want                bool
	}{
		{"xa", "M02", "dat-dai", true},  // 3 people
		{"so", "M02", "dat-dai", true},  // the province's month less these
		{"xa", "Q1", "dat-dai", true},   // the same 3 people
		{"", "M02", "dat-dai", false},   // 53 people
		{"", "Q1", "dat-dai", false},    // 123
		{"xa", "Y", "dat-dai", false},   // 63
		{"xa", "M05", "dat-dai", true},  // the commune's year less these 60 is 3
		{"so", "M05", "xay-dung", true}, // 2 people
		{"xa", "M05", "xay-dung", true}, // the province's month less these
		{"so", "M06", "xay-dung", true}, // the department's quarter less these
		{"so", "Q2", "xay-dung", false}, // 22 people
		{"", "M05", "xay-dung", false},  // 32 people
	} {
		if got := hidden(test.office, test.part, test.field); got != test.want {
			t.Errorf("%q %s %s: hidden %t, want %t", test.office, test.part, test.field, got, test.want)
		}
	}
}
