package report_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"sipas/internal/civil"
	"sipas/internal/report"
	"sipas/internal/score"
	"sipas/internal/testkit"
)

// TestPeriodsCountTheirHalfMonths answers for half a year and closes each half
// month when it is over. Whatever the period, its figure is the sum of those of
// its half months; at a cut-off day fewer than k answers of a field are still not
// shown anywhere. So the first quarter of the reports has every answer of its
// days, less what waits at its end, plus what was carried into it.
func TestPeriodsCountTheirHalfMonths(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		const k = score.DefaultK
		random := rand.New(rand.NewPCG(8, 15))
		p := small(t, st)
		halves := civil.HalfMonths(20251001, 20260501)
		given := map[civil.HalfMonth]map[string]int64{}
		for _, h := range halves {
			given[h] = map[string]int64{}
			for range random.IntN(12) {
				name := []string{"so-1", "so-2", "xa-1"}[random.IntN(3)]
				field := p.points[name].FieldKeys[random.IntN(min(2, len(p.points[name].FieldKeys)))]
				p.answered(answer{point: name, field: field, day: []string{h.From(), h.Last()}[random.IntN(2)], scale: string('1' + byte(random.IntN(5)))})
				given[h][field]++
			}
			over, err := time.Parse(time.DateOnly, h.Next().From())
			p.must(err)
			_, err = st.Store.Close(t.Context(), testkit.Closing(p.snap(), over))
			p.must(err)
		}
		reporter, snap := p.reporter(), p.snap()
		count := func(period civil.Period) map[string]int64 {
			b, err := reporter.Board(t.Context(), snap, report.Query{Period: period})
			p.must(err)
			n := map[string]int64{}
			for _, row := range b.Rows {
				n[row.FieldKey] = row.N
			}
			return n
		}
		span := func(first, last civil.HalfMonth) civil.Period {
			period, err := civil.ParseSpan(first.From(), last.Last())
			p.must(err)
			return period
		}
		shown := map[civil.HalfMonth]map[string]int64{}
		for _, h := range halves {
			shown[h] = count(span(h, h))
		}
		sum := func(of map[civil.HalfMonth]map[string]int64, first, before civil.HalfMonth, field string) (n int64) {
			for _, h := range civil.HalfMonths(first, before) {
				n += of[h][field]
			}
			return n
		}
		var periods []civil.Period
		for _, year := range []int{2025, 2026} {
			for _, part := range append(civil.ReportParts(), civil.PeriodParts()...) {
				period, err := civil.ParsePeriod(year, part)
				p.must(err)
				periods = append(periods, period)
			}
		}
		for range 40 {
			i := random.IntN(len(halves))
			periods = append(periods, span(halves[i], halves[i+random.IntN(len(halves)-i)]))
		}
		fields := []string{"dat-dai", "xay-dung"}
		for _, period := range periods {
			n := count(period)
			for _, field := range fields {
				if want := sum(shown, period.First(), period.Before(), field); n[field] != want {
					t.Errorf("%d %s of %s: %d people, its half months have %d", period.Year, period.Part(), field, n[field], want)
				}
			}
		}
		quarter, err := civil.ParsePeriod(2026, "RQ1")
		p.must(err)
		n := count(quarter)
		for _, field := range fields {
			waits := func(at civil.HalfMonth) int64 {
				waiting := sum(given, halves[0], at, field) - sum(shown, halves[0], at, field)
				if waiting < 0 || waiting >= k {
					t.Errorf("%d of %s wait on the day before %s", waiting, field, at.From())
				}
				return waiting
			}
			came := sum(given, quarter.First(), quarter.Before(), field)
			if want := came + waits(quarter.First()) - waits(quarter.Before()); n[field] != want || came < 2*k {
				t.Errorf("%s of the quarter: %d people, want %d; %d came", field, n[field], want, came)
			}
		}
	})
}
