package store_test

import (
	"math/rand/v2"
	"testing"

	"sipas/internal/civil"
	"sipas/internal/store"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// TestAClosedQuarterCountsItsDays: after its closing a quarter of reports has every
// answer of its days, with those that were carried into it and without those that
// wait on at the province, question by question; and so has any span that begins and
// ends with a closing.
func TestAClosedQuarterCountsItsDays(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		g := newGame(t, buildProvince(t, st, 1), 31)
		type question struct{ table, what string }
		answered := map[question]map[civil.HalfMonth]int64{} // by the half month of the day
		note := func(q question) {
			if answered[q] == nil {
				answered[q] = map[civil.HalfMonth]int64{}
			}
			answered[q][g.now]++
		}
		first := g.now
		cuts := []civil.HalfMonth{first}
		waited := map[question]map[civil.HalfMonth]int64{} // at each cut-off
		for g.now < 20261215 {
			for range 20 + g.random.IntN(40) {
				r := g.response(g.points[g.random.IntN(len(g.points))])
				if _, err := g.tallies.SaveResponses(t.Context(), []survey.Response{r}); err != nil {
					t.Fatal(err)
				}
				note(question{"tally_people", ""})
				for _, chosen := range r.Choices {
					for _, choice := range chosen.Choices {
						note(question{"tally_choice", chosen.Question + "=" + choice})
					}
				}
				for _, n := range r.Numbers {
					note(question{"tally_number", n.Question})
				}
			}
			ended := g.now
			g.now = g.now.Next()
			if _, err := g.tallies.Close(t.Context(), g.until(g.now)); err != nil {
				t.Fatal(err)
			}
			if !g.closing.Ends(ended) {
				continue
			}
			cuts = append(cuts, g.now)
			for k, r := range readRows(t, st) {
				q := question{k.table, k.what}
				if waited[q] == nil {
					waited[q] = map[civil.HalfMonth]int64{}
				}
				waited[q][g.now] += r.waits[0]
			}
		}
		rows := readRows(t, st)
		for i, from := range cuts {
			for _, before := range cuts[i+1:] {
				for q, by := range answered {
					want := waited[q][from] - waited[q][before]
					for h := from; h < before; h = h.Next() {
						want += by[h]
					}
					var shown int64
					for k, r := range rows {
						if k.table == q.table && k.what == q.what && from <= k.half && k.half < before {
							shown += r.shown[0]
						}
					}
					if shown != want {
						t.Errorf("%+v from %s to %s: %d shown, want %d", q, from.From(), before.From(), shown, want)
					}
				}
			}
		}
		if len(cuts) != 5 {
			t.Errorf("%d quarters", len(cuts)-1)
		}
	})
}

// TestShownOnceADay: where groups are not shown at once they wait for Show, or for
// the closing.
func TestShownOnceADay(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		p := buildProvince(t, st, 1)
		g := newGame(t, p, 41)
		g.tallies = store.New(p.DB, store.Options{K: func() int64 { return 3 }, Daily: true})
		g.random = rand.New(rand.NewPCG(4, 1))
		shown := func() (n int64) {
			for k, r := range readRows(t, st) {
				if k.table == "tally_people" {
					n += r.shown[0]
				}
			}
			return n
		}
		point := g.points[0]
		answers := func(n int) {
			for range n {
				r := g.response(point)
				r.CampaignID = 0
				if _, err := g.tallies.SaveResponses(t.Context(), []survey.Response{r}); err != nil {
					t.Fatal(err)
				}
			}
		}
		show := func() {
			if err := g.tallies.Show(t.Context(), g.now); err != nil {
				t.Fatal(err)
			}
		}
		for i, step := range []struct {
			do   func()
			want int64
		}{
			{func() { answers(7) }, 0}, {show, 7}, {func() { answers(2) }, 7}, {show, 7}, {func() { answers(1) }, 7}, {show, 10}, {show, 10},
			{func() { answers(4) }, 10},
			{func() {
				if _, err := g.tallies.Close(t.Context(), g.until(g.now.Next())); err != nil {
					t.Fatal(err)
				}
			}, 14},
		} {
			if step.do(); shown() != step.want {
				t.Errorf("step %d: %d people are shown, want %d", i, shown(), step.want)
			}
		}
		noDrift(t, st, 14)
	})
}

// chosen plays who chose a reason at counters of one field, with groups of five.
type chosen struct{ *game }

func newChosen(t *testing.T, st *testkit.Place, seed uint64) chosen {
	g := newGame(t, buildProvince(t, st, 1), seed)
	g.tallies = store.New(st.DB, store.Options{K: func() int64 { return 5 }})
	return chosen{g}
}

// The counters of a department and of a commune.
const desk, window, near, far = 0, 1, 3, 4

// answer sends the answers of some people, the first of whom chose the reason.
func (c chosen) answer(point, people, chose int) {
	c.Helper()
	for i := range people {
		r := c.response(c.points[point])
		r.FieldKey, r.CampaignID, r.Choices = c.points[near].FieldKeys[0], 0, nil
		if i < chose {
			r.Choices = []survey.ChosenAnswer{{Question: "reasons", Choices: []string{"slow"}}}
		}
		c.version.Judge(&r)
		if _, err := c.tallies.SaveResponses(c.Context(), []survey.Response{r}); err != nil {
			c.Fatal(err)
		}
	}
}

// over closes what is before a half month, and gives how many are shown who chose the
// reason.
func (c chosen) over(until civil.HalfMonth) (n int64) {
	c.Helper()
	for c.now < until {
		c.now = c.now.Next()
	}
	if _, err := c.tallies.Close(c.Context(), c.until(c.now)); err != nil {
		c.Fatal(err)
	}
	for k, r := range readRows(c.T, c.Place) {
		if k.what == "reasons=slow" {
			n += r.shown[0]
		}
	}
	return n
}

// TestAClosingTellsNothingOfTheLast: four of five people chose a reason, and of the
// five everything else is shown. One more comes before the cut-off day. Were the
// reason shown then, it would be that one's; it waits until it may be any of five.
func TestAClosingTellsNothingOfTheLast(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		c := newChosen(t, st, 51)
		c.answer(near, 5, 4)
		c.answer(near, 1, 1)
		if n := c.over(20260315); n != 0 {
			t.Errorf("the reason of the last is shown, of %d people", n)
		}
		c.answer(far, 4, 0)
		if n := c.over(20260615); n != 5 {
			t.Errorf("of five who came since, and any of whom it may be, %d are shown", n)
		}
	})
}

// TestAClosingTellsNothingOfTheLastElsewhere: a commune's five are shown at the cut-off
// day, but for a reason of four of them. Of the one who came to a department it must
// not be shown at the province, together with these.
func TestAClosingTellsNothingOfTheLastElsewhere(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		c := newChosen(t, st, 52)
		c.answer(near, 3, 2)
		c.answer(far, 2, 2)
		c.answer(desk, 1, 1)
		if n := c.over(20260315); n != 0 {
			t.Errorf("the reason of the last is shown, of %d people", n)
		}
		c.answer(window, 4, 0)
		if n := c.over(20260615); n != 5 {
			t.Errorf("of five who came since, and any of whom it may be, %d are shown", n)
		}
	})
}

// TestOneWhoCameKeepsNothingBackElsewhere: what is left over at counters where nobody
// has come since is put together at the cut-off day, though one came to another counter.
func TestOneWhoCameKeepsNothingBackElsewhere(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		c := newChosen(t, st, 53)
		c.answer(near, 5, 4)
		c.answer(desk, 5, 3)
		c.answer(window, 1, 1)
		if n := c.over(20260315); n != 7 {
			t.Errorf("%d people are shown who chose the reason, want 7 and not the last", n)
		}
	})
}

// TestACampaignIsClosedAtItsEnd: in the middle of a quarter what waits of a campaign is
// put together at its end, and shown of the units above; what waits of no campaign goes
// on waiting where it is, and both are never put together.
func TestACampaignIsClosedAtItsEnd(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		c := newChosen(t, st, 54)
		for c.now < 20260201 {
			c.now = c.now.Next()
		}
		answers := func(point, people int, campaign int64) {
			for range people {
				r := c.response(c.points[point])
				r.FieldKey, r.CampaignID = c.points[near].FieldKeys[0], campaign
				if _, err := c.tallies.SaveResponses(t.Context(), []survey.Response{r}); err != nil {
					t.Fatal(err)
				}
			}
		}
		answers(near, 3, inCampaign)
		answers(near, 3, 0)
		answers(far, 3, inCampaign)
		answers(far, 3, 0)
		answers(desk, 2, inCampaign)
		shown := func() (of, none int64) {
			for k, r := range readRows(t, st) {
				switch {
				case k.table != "tally_people":
				case k.campaign == 0:
					none += r.shown[0]
				case r.shown[0] > 0 && (k.point != 0 || c.closing.Tree.Depth(k.agency) != 1):
					t.Errorf("shown are %d people of %+v", r.shown[0], k)
				default:
					of += r.shown[0]
				}
			}
			return of, none
		}
		c.over(20260215)
		if of, none := shown(); of != 0 || none != 0 {
			t.Errorf("before its end %d people of the campaign and %d others are shown", of, none)
		}
		c.over(20260301)
		if of, none := shown(); of != 6 || none != 0 {
			t.Errorf("after its end %d people of the campaign, want 6, and %d others are shown", of, none)
		}
		c.over(20260315)
		if of, none := shown(); of != 6 || none != 6 {
			t.Errorf("after the quarter %d people of the campaign and %d others are shown, want 6 of each", of, none)
		}
		noDrift(t, st, 14)
	})
}
