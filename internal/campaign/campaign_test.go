package campaign_test

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sipas/internal/agency"
	"sipas/internal/campaign"
	"sipas/internal/civil"
)

// tree is 1 > (2 > 3, 4).
var tree = agency.NewTree([]agency.Agency{{ID: 1}, {ID: 2, ParentID: 1}, {ID: 3, ParentID: 2}, {ID: 4, ParentID: 1}})

// points are two counters of each agency, one of them a kiosk.
func points() (all []agency.ServicePoint) {
	for id := range int64(4) {
		all = append(all,
			agency.ServicePoint{ID: 10 + id, JudgedID: 1 + id, Channel: agency.ChannelQR},
			agency.ServicePoint{ID: 20 + id, JudgedID: 1 + id, Channel: agency.ChannelKiosk})
	}
	return all
}

// day is one of the year 2026, counted from 1.
func day(n int) string {
	return time.Date(2026, 1, n, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

func noonOf(n int) campaign.Moment {
	return campaign.Moment{At: time.Date(2026, 1, n, 12, 0, 0, 0, time.UTC), Day: day(n)}
}

const lastDrawn = 40

// drawn are some campaigns by their first day, as they are kept.
func drawn(t *rapid.T, most int) campaign.List {
	var all campaign.List
	for i := range rapid.IntRange(0, most).Draw(t, "campaigns") {
		first := rapid.IntRange(1, lastDrawn).Draw(t, "first")
		c := campaign.Campaign{
			ID: int64(i + 1), FirstDay: day(first), LastDay: day(first + rapid.IntRange(0, 10).Draw(t, "days")),
			AgencyIDs: slices.Sorted(slices.Values(rapid.SliceOfNDistinct(rapid.Int64Range(1, 4), 0, 2, rapid.ID).Draw(t, "agencies"))),
			PointIDs:  slices.Sorted(slices.Values(rapid.SliceOfNDistinct(rapid.SampledFrom([]int64{10, 13, 20, 22}), 0, 1, rapid.ID).Draw(t, "points"))),
		}
		if rapid.Bool().Draw(t, "kiosks") {
			c.Channels = []agency.Channel{agency.ChannelKiosk}
		}
		all = append(all, c)
	}
	slices.SortStableFunc(all, func(a, b campaign.Campaign) int { return cmp.Compare(a.FirstDay, b.FirstDay) })
	return all
}

// narrowness is the rule's first part in other words: 0 where it does not cover.
func narrowness(c campaign.Campaign, p agency.ServicePoint) int {
	depth := 0
	for _, id := range c.AgencyIDs {
		for i, above := range tree.Path(p.JudgedID) {
			if above.ID == id {
				depth = max(depth, 10+i)
			}
		}
	}
	switch {
	case len(c.Channels) > 0 && p.Channel != agency.ChannelKiosk:
		return 0
	case slices.Contains(c.PointIDs, p.ID):
		return 100
	case depth > 0:
		return depth
	case len(c.AgencyIDs)+len(c.PointIDs) == 0:
		return 1
	}
	return 0
}

// TestWhichCampaignHolds: of those that run at a counter on a day, one by one, whoever
// names it less narrowly, then for all channels, then begins earlier, then is older
// goes; the last one left is asked.
func TestWhichCampaignHolds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := drawn(t, 6)
		for _, p := range points() {
			for n := 1; n <= lastDrawn+12; n += 3 {
				left := slices.DeleteFunc(slices.Clone(all), func(c campaign.Campaign) bool {
					return day(n) < c.FirstDay || c.LastDay < day(n) || narrowness(c, p) == 0
				})
				for _, part := range []func(campaign.Campaign) string{
					func(c campaign.Campaign) string { return fmt.Sprintf("%03d", narrowness(c, p)) },
					func(c campaign.Campaign) string { return fmt.Sprint(len(c.Channels)) },
					func(c campaign.Campaign) string { return c.FirstDay },
					func(c campaign.Campaign) string { return fmt.Sprintf("%03d", c.ID) },
				} {
					best := ""
					for _, c := range left {
						best = max(best, part(c))
					}
					left = slices.DeleteFunc(left, func(c campaign.Campaign) bool { return part(c) != best })
				}
				got := all.Holding(tree, &p, noonOf(n))
				if len(left) == 0 && got != nil || len(left) == 1 && (got == nil || got.ID != left[0].ID) || len(left) > 1 {
					t.Fatalf("counter %d on %s: %+v, want %+v", p.ID, day(n), got, left)
				}
			}
		}
	})
}

// TestCalendar: what is told of two campaigns is what counters ask on each of the days
// that are told, and no others are; and a day is a gap or has a campaign.
func TestCalendar(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all, in := drawn(t, 5), campaign.Span{First: day(5), Last: day(45)}
		told := map[string]campaign.Overlap{}
		for _, o := range all.Overlaps(tree, points(), in) {
			told[fmt.Sprint(o.A.ID, o.B.ID)] = o
		}
		for i, a := range all {
			for _, b := range all[i+1:] {
				o, overlap := told[fmt.Sprint(a.ID, b.ID)]
				two := campaign.List{a, b}
				for n := 5; n <= 45; n++ {
					asksA, asksB, both := 0, 0, 0
					for _, p := range points() {
						if d := day(n); narrowness(a, p) == 0 || narrowness(b, p) == 0 || d < b.FirstDay || a.LastDay < d || b.LastDay < d {
							continue
						}
						both++
						if two.Holding(tree, &p, noonOf(n)).ID == a.ID {
							asksA++
						} else {
							asksB++
						}
					}
					inside := overlap && o.First <= day(n) && day(n) <= o.Last
					if inside != (both > 0) || inside && (o.AsksA != asksA || o.AsksB != asksB) {
						t.Fatalf("on %s %d and %d counters ask %d and %d; told is %+v", day(n), asksA, asksB, a.ID, b.ID, o)
					}
				}
			}
		}
		gaps := all.Gaps(in)
		for n := 5; n <= 45; n++ {
			is := func(s campaign.Span) bool { return s.First <= day(n) && day(n) <= s.Last }
			runs := slices.ContainsFunc(all, func(c campaign.Campaign) bool { return is(c.Span()) })
			if slices.ContainsFunc(gaps, is) == runs {
				t.Fatalf("%s has a campaign: %t; gaps are %v", day(n), runs, gaps)
			}
		}
	})
}

// TestEndedAtOnce: whoever opens the form after that moment is asked what the counter
// asks otherwise, on the same day already; answers count for some days more.
func TestEndedAtOnce(t *testing.T) {
	t.Parallel()
	c := campaign.Campaign{ID: 1, FirstDay: day(3), LastDay: day(30)}.Ended(noonOf(9))
	before := noonOf(9)
	before.At = before.At.Add(-time.Second)
	p := points()[0]
	for _, test := range []struct {
		at    campaign.Moment
		holds bool
		state campaign.State
	}{
		{noonOf(2), false, campaign.Planned}, {noonOf(3), true, campaign.Running}, {before, true, campaign.Running},
		{noonOf(9), false, campaign.Over}, {noonOf(10), false, campaign.Over},
	} {
		held := campaign.List{c}.Holding(tree, &p, test.at) != nil
		if held != test.holds || c.State(test.at) != test.state {
			t.Errorf("at %v it holds: %t, and is %s", test.at, held, c.State(test.at))
		}
	}
	for n, want := range map[int]bool{2: false, 3: true, 9: true, 9 + campaign.Late: true, 10 + campaign.Late: false} {
		if c.Counts(day(n)) != want {
			t.Errorf("an answer of day %d counts: %t", n, !want)
		}
	}
	if ids := (campaign.List{c}).EndingIn(civil.HalfMonthOf(day(9))); !slices.Equal(ids, []int64{1}) {
		t.Errorf("in its last half month %v end", ids)
	}
	if ids := (campaign.List{c}).EndingIn(civil.HalfMonthOf(day(30))); len(ids) > 0 {
		t.Errorf("when it was to end %v end", ids)
	}
}

// TestWhatMayBeChanged: of one that has not begun all; of one that runs its name and its
// last day, not into the past; of one that is over its name.
func TestWhatMayBeChanged(t *testing.T) {
	t.Parallel()
	kept := campaign.Campaign{ID: 1, Name: agency.Text{"vi": "Đợt một"}, FirstDay: day(10), LastDay: day(20), VersionID: 1, AgencyIDs: []int64{2}}
	changes := map[string]func(*campaign.Campaign){
		"name":       func(c *campaign.Campaign) { c.Name = agency.Text{"vi": "Đợt hai"} },
		"first_day":  func(c *campaign.Campaign) { c.FirstDay = day(11) },
		"last_day":   func(c *campaign.Campaign) { c.LastDay = day(19) },
		"yesterday":  func(c *campaign.Campaign) { c.LastDay = day(14) },
		"version":    func(c *campaign.Campaign) { c.VersionID = 2 },
		"channels":   func(c *campaign.Campaign) { c.Channels = []agency.Channel{agency.ChannelQR} },
		"agencies":   func(c *campaign.Campaign) { c.AgencyIDs = []int64{2, 3} },
		"points":     func(c *campaign.Campaign) { c.PointIDs = []int64{10} },
		"everywhere": func(c *campaign.Campaign) { c.AgencyIDs = nil },
	}
	want := map[string][]string{
		"name":       {"", "", ""},
		"first_day":  {"", "first_day campaign-begun", "first_day campaign-over"},
		"last_day":   {"", "", "last_day campaign-over"},
		"yesterday":  {"", "last_day campaign-past", "last_day campaign-over"},
		"version":    {"", "version campaign-begun", "version campaign-over"},
		"channels":   {"", "channels campaign-begun", "channels campaign-over"},
		"agencies":   {"", "agencies campaign-begun", "agencies campaign-over"},
		"points":     {"", "points campaign-begun", "points campaign-over"},
		"everywhere": {"", "agencies campaign-begun", "agencies campaign-over"},
	}
	for name, change := range changes {
		for i, now := range []campaign.Moment{noonOf(9), noonOf(15), noonOf(21)} {
			next := kept
			change(&next)
			said := ""
			for _, p := range kept.Becomes(next, now) {
				said = p.Where + " " + p.Key
			}
			if said != want[name][i] {
				t.Errorf("%s on %s: %q, want %q", name, now.Day, said, want[name][i])
			}
		}
	}
	if found := (&campaign.Campaign{}).Becomes(kept, noonOf(11)); len(found) != 1 || found[0].Key != campaign.ProblemPast {
		t.Errorf("one that would have begun yesterday: %v", found)
	}
}

// TestWhatIsWrongWithACampaign by itself.
func TestWhatIsWrongWithACampaign(t *testing.T) {
	t.Parallel()
	long := ""
	for range 121 {
		long += "ọ"
	}
	for _, test := range []struct {
		change func(*campaign.Campaign)
		want   string
	}{
		{func(*campaign.Campaign) {}, ""},
		{func(c *campaign.Campaign) { c.Name = agency.Text{"en": "One"} }, "name_vi required"},
		{func(c *campaign.Campaign) { c.Name["en"] = long }, "name_en too-long"},
		{func(c *campaign.Campaign) { c.Name["vi"] = "a\x07" }, "name_vi control-character"},
		{func(c *campaign.Campaign) { c.FirstDay = "2026-02-30" }, "first_day campaign-day"},
		{func(c *campaign.Campaign) { c.LastDay = "" }, "last_day campaign-day"},
		{func(c *campaign.Campaign) { c.LastDay = day(9) }, "last_day campaign-order"},
		{func(c *campaign.Campaign) { c.LastDay = "2031-01-10" }, "last_day campaign-long"},
		{func(c *campaign.Campaign) { c.LastDay = "2031-01-09" }, ""},
		{func(c *campaign.Campaign) { c.VersionID = 0 }, "version campaign-version"},
		{func(c *campaign.Campaign) { c.Channels = []agency.Channel{"fax"} }, "channels campaign-channel"},
	} {
		c := campaign.Campaign{Name: agency.Text{"vi": "Đợt một"}, FirstDay: day(10), LastDay: day(10), VersionID: 1}
		test.change(&c)
		said := ""
		for _, p := range c.Problems() {
			said += p.Where + " " + p.Key
		}
		if said != test.want {
			t.Errorf("%+v: %q, want %q", c, said, test.want)
		}
	}
}
