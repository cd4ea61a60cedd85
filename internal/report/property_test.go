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

// TestBoardsCountWhatIsShown compares boards of random responses with counting the
// responses one by one: of each question at a service point, in a field, a half month
// and a channel, they wait until they are k, and are then shown together.
func TestBoardsCountWhatIsShown(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		const k = score.DefaultK
		random := rand.New(rand.NewPCG(1, 2))
		p := small(t, st)
		under := map[string][]string{"": {"so", "xa", "vien"}, "so": {"so"}, "xa": {"xa"}, "vien": {"vien"}}
		of := map[string]string{"so-1": "so", "so-2": "so", "xa-1": "xa", "vien-1": "vien"}
		type row struct {
			point, field string
			month        int
			channel      agency.Channel
		}
		shown, waits := map[row]score.Counts{}, map[row]score.Counts{}
		for range 12 {
			var sent []answer
			for range 10 {
				name := []string{"so-1", "so-2", "xa-1", "vien-1"}[random.IntN(4)]
				fields := p.points[name].FieldKeys
				sent = append(sent, answer{
					point: name, field: fields[random.IntN(len(fields))], month: 1 + random.IntN(12), scale: string('1' + byte(random.IntN(5))),
					channel: agency.Channels()[random.IntN(2)], times: 1 + random.IntN(4),
				})
			}
			p.answered(sent...)
			for _, a := range sent {
				r := row{a.point, a.field, a.month, a.channel}
				c := waits[r]
				c[a.scale[0]-'0'] += int64(a.times)
				waits[r] = c
			}
			for r, c := range waits { // the answers of a batch come together
				if c.Valid() >= k {
					shown[r], waits[r] = shown[r].Add(c), score.Counts{}
				}
			}
		}
		procedures := map[string]bool{"dat-dai": true, "xay-dung": true, agency.FieldUnsaidProcedure: true}
		figures := 0
		for office, codes := range under {
			for _, part := range []string{"Y", "H1", "H2", "9M", "Q1", "Q3", "M04", "M12", "RQ2"} {
				for _, channel := range []agency.Channel{"", agency.ChannelQR} {
					q := report.Query{Period: p.period(part), AgencyID: p.agencies[office], Channel: channel}
					for _, line := range p.board(q).Rows {
						var c score.Counts
						for r, counts := range shown {
							matches := r.field == line.FieldKey || line.Indicator == target.IndicatorProcedures && procedures[r.field]
							day := fmt.Sprintf("2025-%02d-15", r.month)
							if slices.Contains(codes, of[r.point]) && matches && q.Period.From() <= day && day < q.Period.To() && (channel == "" || channel == r.channel) {
								c = c.Add(counts)
							}
						}
						want := score.SingleQuestion.Overall(score.Tally{Headline: c})
						if line.N != c.Valid() || line.Index.HasData != want.HasData || line.Index.Value.Cmp(want.Value) != 0 {
							t.Errorf("%s %s %s, %s of %s: n %d, %s, want %d, %s", office, part, channel, line.Indicator, line.FieldKey,
								line.N, line.Index.Display(2), c.Valid(), want.Display(2))
						}
						if line.HasFigure() {
							figures++
						}
					}
				}
			}
		}
		if figures < 50 {
			t.Errorf("only %d figures are shown: nothing is tested", figures)
		}
	})
}
