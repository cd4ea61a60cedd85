package report_test

import (
	"math/rand/v2"
	"testing"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/report"
	"sipas/internal/score"
	"sipas/internal/store"
	"sipas/internal/target"
	"sipas/internal/testkit"
)

// closed closes all half months of 2025.
func (p *province) closed() {
	p.t.Helper()
	c := testkit.Closing(p.snap(), noon)
	c.Now = 20260101
	_, err := p.store.Store.Close(p.t.Context(), c)
	p.must(err)
}

// TestWhatUnitsHoldIsOfTheirKind: what waited at hospitals is held by the province
// at the end of a quarter as an answer about public services, and what waited at
// departments and communes as one about procedures, also where the survey is not read
// by field.
func TestWhatUnitsHoldIsOfTheirKind(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		p := small(t, st)
		p.office("vien-2", "tinh", agency.KindHospital)
		levels := ""
		for range p.versions["sipas"].Scale() {
			levels += "4"
		}
		for office, good := range map[string]string{"so": "1", "xa": "1", "vien": "5", "vien-2": "5"} {
			p.point(office+"-y", office, "quay-nhanh", "y-te")
			p.point(office+"-ys", office, "sipas", "y-te")
			p.answered(answer{point: office + "-y", scale: good, times: 3}, answer{point: office + "-ys", scale: levels, times: 4})
		}
		rows := func() map[target.IndicatorKind]string {
			said := map[target.IndicatorKind]string{}
			for _, row := range p.board(p.year("")).Rows {
				said[row.Indicator] = score.FormatCount("vi", row.N) + " " + row.Index.Display(0)
			}
			return said
		}
		if got := rows(); len(got) != 0 {
			t.Errorf("nobody's answers are complete, and the board has %v", got)
		}
		p.closed()
		want := map[target.IndicatorKind]string{target.IndicatorField: "6 100%", target.IndicatorProcedures: "6 0%", target.IndicatorSIPAS: "8 100%"}
		got := rows()
		for kind, line := range want {
			if got[kind] != line {
				t.Errorf("%s: %q, want %q", kind, got[kind], line)
			}
		}
		q := p.year("vien")
		q.Detail = true
		if board := p.board(q); len(board.Rows) != 0 {
			t.Errorf("a hospital shows what the province holds: %+v", board.Rows)
		}
	})
}

// TestWholeIsItsPartsAndWhatItHolds: of random answers, on any board and after
// closing; and a closed quarter of the province lacks fewer than k of a field.
func TestWholeIsItsPartsAndWhatItHolds(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		random := rand.New(rand.NewPCG(3, 4))
		p := small(t, st)
		p.office("phong", "xa", agency.KindCommune)
		p.point("phong-1", "phong", "quay-nhanh", "dat-dai", "xay-dung")
		total := map[string]int64{}
		for range 20 {
			var sent []answer
			for range 4 {
				name := []string{"so-1", "so-2", "xa-1", "phong-1"}[random.IntN(4)]
				a := answer{point: name, field: "dat-dai", month: 1 + random.IntN(11), scale: string('1' + byte(random.IntN(5))), times: 1 + random.IntN(3)}
				total[a.field] += int64(a.times)
				sent = append(sent, a)
			}
			p.answered(sent...)
		}
		p.closed()
		var headline []store.VersionItem
		position, _ := p.versions["quay-nhanh"].Position("overall")
		headline = append(headline, store.VersionItem{VersionID: p.versions["quay-nhanh"].ID, Item: position})
		held := func(office string) (n int64) {
			tallies, err := st.ScaleTallies(t.Context(), store.TallyQuery{
				From: 20250101, Before: 20260101, AgencyIDs: []int64{p.agencies[office]}, FieldKeys: []string{"dat-dai"}, Items: headline, Holders: store.Units,
			})
			p.must(err)
			for _, tally := range tallies {
				n += tally.Counts.Valid()
			}
			return n
		}
		someHeld := false
		for _, office := range []string{"tinh", "so", "xa", "phong"} {
			q := p.year(office)
			q.Detail = true
			row := p.board(q).Row(target.IndicatorField, "dat-dai")
			sum := held(office)
			someHeld = someHeld || sum > 0
			for _, part := range row.Parts {
				sum += part.N
			}
			var months int64
			for _, month := range row.Trend {
				months += month.N
			}
			if row.N != sum || row.N != months {
				t.Errorf("%s: %d people, %d with those of its parts, %d of the months", office, row.N, sum, months)
			}
		}
		if !someHeld {
			t.Error("no unit holds anything: little is tested")
		}
		whole := p.board(report.Query{Period: p.spanTo(20260101)}).Row(target.IndicatorField, "dat-dai")
		if lacks := total["dat-dai"] - whole.N; lacks < 0 || lacks >= score.DefaultK {
			t.Errorf("the province shows %d of %d", whole.N, total["dat-dai"])
		}
	})
}

// spanTo is all of 2025 up to a half month.
func (p *province) spanTo(before civil.HalfMonth) civil.Period {
	return civil.Period{Year: 2025, Kind: civil.Span, Number: 1, SpanFirst: 20250101, SpanBefore: before}
}
