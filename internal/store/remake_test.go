package store_test

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"

	"sipas/internal/civil"
	"sipas/internal/store"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// TestMadeAgainAsTheyCame: answers that came one by one, with half months closed in
// between, and the tallies made of them again after an upgrade are the same, row by
// row, shown and waiting.
func TestMadeAgainAsTheyCame(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		g := newGame(t, buildProvince(t, st, 1), 21)
		last := g.fill(20260701)
		before := readRows(t, st)
		g.unmade()
		calls := 0
		interrupted, stop := context.WithCancel(t.Context())
		_, err := g.tallies.Remake(interrupted, func(id int64) *survey.Version {
			if calls++; calls == 200 {
				stop() // as a kill would
			}
			return g.find(id)
		}, g.until(last), nil)
		if err == nil {
			t.Error("it was not interrupted")
		}
		if made, err := st.Made(t.Context()); err != nil || made {
			t.Errorf("made after an interruption: %v, %v", made, err)
		}
		g.same("after an interruption", map[rowKey]rowSums{})
		if needed, err := g.tallies.Remake(t.Context(), g.find, g.until(last), nil); err != nil || !needed {
			t.Errorf("needed %v, %v", needed, err)
		}
		g.same("made again", before)
		if needed, err := g.tallies.Remake(t.Context(), g.find, g.until(last), nil); err != nil || needed {
			t.Errorf("needed once more: %v, %v", needed, err)
		}
		if _, err := g.tallies.Close(t.Context(), g.until(last)); err != nil {
			t.Error(err)
		}
		g.same("closed once more", before)
		for _, statement := range []string{"UPDATE tally_scale SET n4 = n4 + 1 WHERE item = 0", "DELETE FROM tally_number"} {
			if _, err := st.Exec(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
		if found, err := g.tallies.Mend(t.Context(), testkit.Author(), morning, g.find, g.until(last), nil); err != nil || found.Drift == 0 {
			t.Errorf("mended: %+v, %v", found, err)
		}
		g.same("mended", before)
	})
}

// TestClosingBesideOthers: several instances close at the same time while others
// take answers in, and remove some; nothing is lost or counted twice.
func TestClosingBesideOthers(t *testing.T) {
	t.Parallel()
	url := testkit.PostgresURL(t)
	g := newGame(t, buildProvince(t, testkit.OpenStore(t, url), 1), 22)
	stores := []*store.Store{g.tallies, store.New(testkit.OpenStore(t, url).DB, store.Options{K: func() int64 { return g.k }})}
	var batches [][]survey.Response
	for g.now < 20260415 {
		for range 6 {
			var batch []survey.Response
			for range 1 + g.random.IntN(12) {
				batch = append(batch, g.response(g.points[g.random.IntN(len(g.points))]))
			}
			batches = append(batches, batch)
		}
		g.now = g.now.Next()
	}
	var all sync.WaitGroup
	for w, st := range stores {
		all.Go(func() {
			for i := w; i < len(batches); i += len(stores) {
				if _, err := st.SaveResponses(t.Context(), batches[i]); err != nil {
					t.Errorf("save: %v", err)
				}
				gone := batches[i][0]
				if i%5 > 0 {
					continue
				}
				for _, p := range g.points {
					if p.ID == gone.ServicePointID {
						if err := st.RemoveResponse(t.Context(), testkit.Author(), gone.At, p, gone.Receipt, g.find); err != nil {
							t.Errorf("remove: %v", err)
						}
					}
				}
			}
		})
		all.Go(func() {
			for range 15 {
				if _, err := st.Close(t.Context(), g.until(g.now)); err != nil {
					t.Errorf("close: %v", err)
				}
			}
		})
	}
	all.Wait()
	for i, batch := range batches {
		if i%5 == 0 {
			batch = batch[1:]
		}
		g.kept = append(g.kept, batch...)
	}
	if _, err := g.tallies.Close(t.Context(), g.until(g.now)); err != nil {
		t.Fatal(err)
	}
	g.rows = readRows(t, g.Place)
	g.checkTotals("closing beside others")
	for k, r := range g.rows {
		if k.half < g.now && r.waits != [8]int64{} {
			t.Errorf("somebody waits in %+v, which is over: %+v", k, r)
		}
	}
	noDrift(t, g.Place, int64(len(g.kept)))
}

// fill answers one by one until a half month, closing each when it is over.
func (g *game) fill(until civil.HalfMonth) civil.HalfMonth {
	g.random = rand.New(rand.NewPCG(9, 9))
	for ; g.now < until; g.now = g.now.Next() {
		if _, err := g.tallies.Close(g.Context(), g.until(g.now)); err != nil {
			g.Fatal(err)
		}
		for range g.random.IntN(60) {
			r := g.response(g.points[g.random.IntN(len(g.points))])
			if _, err := g.tallies.SaveResponses(g.Context(), []survey.Response{r}); err != nil {
				g.Fatal(err)
			}
		}
	}
	if _, err := g.tallies.Close(g.Context(), g.until(g.now)); err != nil {
		g.Fatal(err)
	}
	return g.now
}

// unmade is what an upgrade leaves: answers, and no tallies.
func (g *game) unmade() {
	for _, table := range rowTables() {
		if _, err := g.Exec(g.Context(), "DELETE FROM "+table.name); err != nil {
			g.Fatal(err)
		}
	}
	if _, err := g.Exec(g.Context(), "UPDATE tallies_made SET made = 0"); err != nil {
		g.Fatal(err)
	}
}

// same wants the rows to be as given.
func (g *game) same(when string, want map[rowKey]rowSums) {
	g.Helper()
	got, wrong := readRows(g.T, g.Place), 0
	for k := range union(want, got) {
		if want[k] != got[k] {
			if wrong++; wrong < 4 {
				g.Errorf("%s: %+v: %+v, want %+v", when, k, got[k], want[k])
			}
		}
	}
}
