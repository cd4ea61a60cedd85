package report_test

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sipas/internal/agency"
	"sipas/internal/report"
	"sipas/internal/score"
	"sipas/internal/target"
	"sipas/internal/testkit"
)

// BenchmarkBoard measures boards over five years of a province: 450 service
// points of 150 agencies, about 10 million people.
func BenchmarkBoard(b *testing.B) {
	p, hall := loadedProvince(b)
	reporter := p.reporter()
	for _, test := range []struct {
		name string
		q    report.Query
	}{
		{"province", report.Query{Period: p.period("Y")}},
		{"province-month", report.Query{Period: p.period("M05")}},
		{"agency", report.Query{Period: p.period("Y"), AgencyID: hall}},
		{"channel", report.Query{Period: p.period("Y"), Channel: agency.ChannelKiosk}},
		{"detail", report.Query{Period: p.period("Y"), Detail: true}},
		{"agency-detail", report.Query{Period: p.period("Y"), AgencyID: hall, Detail: true}},
	} {
		b.Run(test.name, func(b *testing.B) {
			var times []time.Duration
			for b.Loop() {
				start := time.Now()
				if _, err := reporter.Board(b.Context(), p.snap(), test.q); err != nil {
					b.Fatal(err)
				}
				times = append(times, time.Since(start))
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)*95/100].Microseconds())/1000, "p95-ms")
		})
	}
}

// loadedProvince fills the tally tables directly, with the counts that a share
// of 10 million responses would have left.
func loadedProvince(b *testing.B) (*province, int64) {
	b.Helper()
	url := testkit.SQLiteURL(b)
	st := testkit.OpenStore(b, url)
	p := newProvince(b, st)
	for _, f := range []string{"dat-dai", "xay-dung", "y-te"} {
		p.target(target.Target{Plan: "KH", Indicator: target.IndicatorField, FieldKey: f, Percent: 8500})
	}
	for i := range 150 {
		p.office(fmt.Sprintf("xa-%d", i), "tinh", agency.KindCommune)
	}
	for i := range 450 {
		p.point(fmt.Sprintf("p%d", i), fmt.Sprintf("xa-%d", i%150), "quay-nhanh", "dat-dai", "xay-dung")
	}
	db, err := sql.Open("sqlite", strings.TrimPrefix(url, "sqlite:"))
	p.must(err)
	defer func() { p.must(db.Close()) }()

	tx, err := db.Begin()
	p.must(err)
	insert := func(table string, waiting int, values ...any) {
		_, err := tx.Exec("INSERT INTO "+table+" VALUES ("+strings.TrimSuffix(strings.Repeat("?,", len(values)), ",")+strings.Repeat(", 0", waiting+1)+")", values...)
		p.must(err)
	}
	version := p.versions["quay-nhanh"].ID
	for year := 2021; year <= 2025; year++ {
		for month := 1; month <= 12; month++ {
			for i := range 450 {
				fields := []string{"dat-dai", "xay-dung"}[:1+min(1, i%10/7)]
				point := p.points[fmt.Sprintf("p%d", i)]
				for _, field := range fields {
					for c, channel := range []string{"kiosk", "qr"} {
						n := 20 + (i*7+month*13+c*31)%250
						for item := range 6 {
							insert("tally_scale", 6, year*10000+month*100+1, version, item, field, point.AgencyID, channel, point.ID, 0, 0,
								0, n/20, n/20, n/10, n/2, n/3)
						}
						for _, reason := range []string{"waiting", "attitude", "late-result"} {
							insert("tally_choice", 1, year*10000+month*100+1, version, "reasons", reason, field, point.AgencyID, channel, point.ID, 0, 0, n/10)
						}
						insert("tally_people", 8, year*10000+month*100+1, version, field, point.AgencyID, channel, point.ID, 0, 0,
							n, n, n/2, n*score.ShareUnit/2, n*score.ShareUnit*score.ShareUnit/3, 0, 0, 0)
					}
				}
			}
		}
	}
	p.must(tx.Commit())
	return p, p.agencies["xa-7"]
}
