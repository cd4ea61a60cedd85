package entry_test

import (
	"database/sql"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/agency"
	"sipas/internal/campaign"
	"sipas/internal/entry"
	"sipas/internal/fault"
	"sipas/internal/testkit"
)

// What a batch may be, and that one which is dropped leaves nothing but what the log says.
func TestOpenAndDrop(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		o := newOffice(t, st, scales(1))
		good := entry.Batch{PointID: o.point.ID, VersionID: o.version.ID, Channel: agency.ChannelPaper, Language: "vi", From: "2026-11-01", To: "2026-11-27", Expected: 500}
		for want, change := range map[string]func(b *entry.Batch){
			"version unknown-version":                       func(b *entry.Batch) { b.VersionID = 99 },
			"language unknown-language":                     func(b *entry.Batch) { b.Language = "en" },
			"channel entry-channel":                         func(b *entry.Batch) { b.Channel = agency.ChannelQR },
			"from entry-day":                                func(b *entry.Batch) { b.From = "2026-02-30" },
			"from entry-day, to entry-day":                  func(b *entry.Batch) { b.From, b.To = "2026-11-28", "2026-11-28" },
			"to entry-days 31":                              func(b *entry.Batch) { b.From = "2026-10-27" },
			"from entry-old 400":                            func(b *entry.Batch) { b.From, b.To = "2025-10-22", "2025-10-22" },
			"expected entry-expected 500":                   func(b *entry.Batch) { b.Expected = 501 },
			"to entry-days 31, expected entry-expected 500": func(b *entry.Batch) { b.To, b.Expected = "2026-10-31", 0 },
		} {
			b := good
			change(&b)
			_, err := o.Book.Open(t.Context(), testkit.Author(), o.snap, b)
			refused(t, err, want)
		}
		kept, err := o.Book.Open(t.Context(), testkit.Author(), o.snap, good)
		if err != nil {
			t.Fatal(err)
		}
		other := o.batch(t, 1, false)
		o.put(t, kept, sheet(1, 1, one, "a.q1", "5"))
		o.put(t, other, sheet(1, 1, one, "a.q1", "4"))
		if p, err := o.ProgressOf(t.Context(), other); err != nil || p != (entry.Progress{Typed: [3]int{0, 1, 0}, Last: [3]int{0, 1, 0}}) {
			t.Errorf("%+v, %v", p, err)
		}
		if err := o.Drop(t.Context(), testkit.Author(), o.snap, other); err != nil {
			t.Fatal(err)
		}
		all, err := o.Book.All(t.Context())
		if err != nil || len(all) != 1 || all[0] != kept || o.rows(t, "entry_sheets") != 1 {
			t.Errorf("%+v, %v", all, err)
		}
		if err := o.Drop(t.Context(), testkit.Author(), o.snap, other); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("dropped twice: %v", err)
		}
		if len(o.kept(t)) != 0 {
			t.Error("what was dropped is an answer")
		}
	})
}

// A campaign's own survey can be typed in at its counters, and a sheet counts to the
// campaign that was asked on its day.
func TestSheetsOfACampaign(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		ctx, o := t.Context(), newOffice(t, st, scales(1))
		other := scales(2)
		other.Key = "campaign"
		v, err := st.PublishVersion(ctx, other, o.now)
		if err != nil {
			t.Fatal(err)
		}
		batch := entry.Batch{PointID: o.point.ID, VersionID: v.ID, Channel: agency.ChannelPaper, Language: "vi", From: "2026-11-10", To: "2026-11-20", Expected: 3}
		if o.snap, err = st.Snapshot(ctx); err != nil {
			t.Fatal(err)
		}
		_, err = o.Book.Open(ctx, testkit.Author(), o.snap, batch)
		refused(t, err, "version unknown-version")
		kept, err := st.KeepCampaign(ctx, campaign.Campaign{Name: text("Đợt một"), FirstDay: "2026-11-11", LastDay: "2026-11-15", VersionID: v.ID, PointIDs: []int64{o.point.ID}}, "2026-11-10")
		if err != nil {
			t.Fatal(err)
		}
		if o.snap, err = st.Snapshot(ctx); err != nil {
			t.Fatal(err)
		}
		b, err := o.Book.Open(ctx, testkit.Author(), o.snap, batch)
		if err != nil {
			t.Fatal(err)
		}
		for n, day := range []string{"2026-11-11", "2026-11-15", "2026-11-16"} {
			o.put(t, b, sheet(n+1, 1, one, "a.q1", "4", "day", day))
		}
		if _, err := o.Book.Close(ctx, testkit.Author(), o.snap, b, false); err != nil {
			t.Fatal(err)
		}
		o.kept(t)
		var got []string
		if err := st.Query(ctx, "SELECT day, campaign_id FROM responses ORDER BY day", nil, func(rows *sql.Rows) error {
			var day string
			var id int64
			err := rows.Scan(&day, &id)
			got = append(got, fmt.Sprint(day, " ", id == kept.ID))
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"2026-11-11 true", "2026-11-15 true", "2026-11-16 false"}, got); diff != "" {
			t.Error(diff)
		}
	})
}
