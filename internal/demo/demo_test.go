package demo_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/agency"
	"sipas/internal/demo"
	"sipas/internal/fault"
	"sipas/internal/intake"
	"sipas/internal/preset"
	"sipas/internal/publication"
	"sipas/internal/registry"
	"sipas/internal/store"
	"sipas/internal/testkit"
)

// door opens an intake on a store, in the civil days of the province.
func door(tb testing.TB, st *testkit.Place, log *slog.Logger) *intake.Intake {
	tb.Helper()
	in := intake.New(st.Registry, st.Store, intake.Options{
		Now:  func() time.Time { return time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC) },
		Zone: time.FixedZone("ICT", 7*60*60), Log: log,
	})
	tb.Cleanup(func() {
		if err := in.Close(context.Background()); err != nil {
			tb.Error(err)
		}
	})
	return in
}

func quiet(t *testing.T) *slog.Logger { return slog.New(slog.NewTextHandler(t.Output(), nil)) }

// totals is everything that is counted, by names that two databases share.
type totals struct {
	Responses int64
	Scale     []store.ScaleTally
	Choices   []store.ChoiceTally
}

func count(t *testing.T, st *testkit.Place) totals {
	t.Helper()
	ctx, q := t.Context(), store.TallyQuery{FromMonth: 202101, ToMonth: 202512, By: []store.Dimension{store.ByMonth, store.ByField, store.ByAgency, store.ByPoint, store.ByChannel}}
	people, err1 := st.PeopleTallies(ctx, q)
	scale, err2 := st.ScaleTallies(ctx, q)
	choices, err3 := st.ChoiceTallies(ctx, q)
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	all := totals{Scale: scale, Choices: choices}
	for _, p := range people {
		all.Responses += p.Responses
	}
	return all
}

func TestSameSeedSameTotals(t *testing.T) {
	t.Parallel()
	const n = 1000
	fill := func(t *testing.T, st *testkit.Place, seed uint64) totals {
		t.Helper()
		last := 0
		err := demo.Fill(t.Context(), st.DB, st.Registry, door(t, st, quiet(t)), demo.Options{
			Seed: seed, Responses: n,
			Progress: func(done, total int) {
				if done != last+1 || total != n {
					t.Errorf("progress %d of %d after %d", done, total, last)
				}
				last = done
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		if last != n {
			t.Errorf("progress ended at %d", last)
		}
		return count(t, st)
	}
	reference := fill(t, testkit.SQLite(t), 7)
	if reference.Responses != n || len(reference.Choices) == 0 {
		t.Errorf("%d responses and %d cells of choices, want %d responses", reference.Responses, len(reference.Choices), n)
	}
	if other := fill(t, testkit.SQLite(t), 8); cmp.Equal(reference, other) {
		t.Error("another seed gives the same totals")
	}
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		if diff := cmp.Diff(reference, fill(t, st, 7)); diff != "" {
			t.Errorf("the same seed gives other totals: %s", diff)
		}
		// Again: every answer is known, and nothing is added.
		if diff := cmp.Diff(reference, fill(t, st, 7)); diff != "" {
			t.Errorf("filling again changes the totals: %s", diff)
		}
		counted, err := st.Recount(t.Context(), false, nil)
		if err != nil {
			t.Fatal(err)
		}
		if counted.Responses != n || counted.Drift != 0 {
			t.Errorf("recount: %+v", counted)
		}
		checkPlaces(t, st)
	})
}

// checkPlaces looks at what stands around the answers.
func checkPlaces(t *testing.T, st *testkit.Place) {
	t.Helper()
	ctx := t.Context()
	synthetic, err1 := st.Setting(ctx, registry.SettingSynthetic)
	agencies, err2 := st.Agencies(ctx)
	points, err3 := st.ServicePoints(ctx)
	successions, err4 := st.Successions(ctx)
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		t.Fatal(err)
	}
	if synthetic != "1" {
		t.Errorf("the database is not marked as synthetic: %q", synthetic)
	}
	byID := map[int64]agency.Agency{}
	kinds := map[agency.Kind]int{}
	for _, a := range agencies {
		byID[a.ID] = a
		kinds[a.Kind]++
	}
	for _, kind := range agency.Kinds() {
		if kinds[kind] == 0 {
			t.Errorf("no agency is a %s", kind)
		}
	}
	served, channels := map[int64]bool{}, map[agency.Channel]bool{}
	for _, p := range points {
		served[p.AgencyID], channels[p.Channel] = true, true
		if gone := byID[p.AgencyID].ValidTo != ""; p.Active == gone {
			t.Errorf("%s of %s: active %v", p.Name["vi"], byID[p.AgencyID].Code, p.Active)
		}
		if p.Name["en"] == "" {
			t.Errorf("%s has no English name", p.Name["vi"])
		}
	}
	if len(points) < 40 || len(served) < 12 || len(channels) != 4 {
		t.Errorf("%d points of %d agencies by %d channels", len(points), len(served), len(channels))
	}
	into := map[int64]int{}
	for _, s := range successions {
		into[s.ToID]++
		if byID[s.FromID].ValidTo != s.Day || byID[s.ToID].ValidFrom != s.Day {
			t.Errorf("%s is followed by %s on %s", byID[s.FromID].Code, byID[s.ToID].Code, s.Day)
		}
	}
	var merged []int
	for _, n := range into {
		merged = append(merged, n)
	}
	slices.Sort(merged)
	if diff := cmp.Diff([]int{2, 4}, merged); diff != "" {
		t.Errorf("communes merged: %s", diff)
	}
}

func TestFillRefuses(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	if err := preset.Apply(t.Context(), st.Registry, testkit.Author(), "tay-ninh", time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	err := demo.Fill(t.Context(), st.DB, st.Registry, door(t, st, quiet(t)), demo.Options{Seed: 1, Responses: 10})
	if !errors.Is(err, fault.ErrConflict) {
		t.Errorf("another province's database: %v", err)
	}
	if synthetic, err := st.Setting(t.Context(), registry.SettingSynthetic); err != nil || synthetic != "" {
		t.Errorf("it was marked as synthetic: %q, %v", synthetic, err)
	}
}

// TestFillLeavesARealDatabaseAlone: the same province's own database, with or
// without accounts, is not mixed with made-up citizens.
func TestFillLeavesARealDatabaseAlone(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	if err := preset.Apply(t.Context(), st.Registry, testkit.Author(), "binh-thuan", time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	if err := demo.Fill(t.Context(), st.DB, st.Registry, door(t, st, quiet(t)), demo.Options{Seed: 1, Responses: 10}); !errors.Is(err, fault.ErrConflict) {
		t.Errorf("a seeded database: %v", err)
	}
	if synthetic, err := st.Setting(t.Context(), registry.SettingSynthetic); err != nil || synthetic != "" || count(t, st).Responses != 0 {
		t.Errorf("%q, %v, %d responses", synthetic, err, count(t, st).Responses)
	}
}

// TestFillStops: a Fill whose context ends says so, and the next one goes on.
func TestFillStops(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	ctx, cancel := context.WithCancel(t.Context())
	err := demo.Fill(ctx, st.DB, st.Registry, door(t, st, quiet(t)), demo.Options{Seed: 1, Responses: 1500, Progress: func(done, _ int) {
		if done == 100 {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled Fill returns %v", err)
	}
	if err := demo.Fill(t.Context(), st.DB, st.Registry, door(t, st, quiet(t)), demo.Options{Seed: 1, Responses: 1500}); err != nil {
		t.Fatal(err)
	}
	if got := count(t, st).Responses; got != 1500 {
		t.Errorf("%d responses, want 1500", got)
	}
}

// TestFillUntilToday: people come up to yesterday, the years after the plan have
// targets that say they are the demonstration's own, and the public page has
// the years before the last of the plan. Again, nothing is added.
func TestFillUntilToday(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		today := time.Date(2026, 11, 26, 3, 0, 0, 0, time.UTC)
		for range 2 {
			in := intake.New(st.Registry, st.Store, intake.Options{Now: func() time.Time { return today }, Zone: time.FixedZone("ICT", 7*60*60), Log: quiet(t)})
			err := demo.Fill(t.Context(), st.DB, st.Registry, in, demo.Options{Seed: 3, Responses: 2000, Until: today})
			if err := errors.Join(err, in.Close(context.Background())); err != nil {
				t.Fatal(err)
			}
			tallies, err1 := st.PeopleTallies(t.Context(), store.TallyQuery{FromMonth: 202101, ToMonth: 203012, By: []store.Dimension{store.ByMonth}})
			targets, err2 := st.Targets(t.Context())
			published, err3 := publication.New(st.DB, nil, nil).Publications(t.Context())
			if err := errors.Join(err1, err2, err3); err != nil {
				t.Fatal(err)
			}
			all, late := int64(0), 0
			for _, p := range tallies {
				all += p.Responses
				late = max(late, p.Month)
			}
			if all != 2000 || late != 202611 {
				t.Errorf("%d responses up to %d", all, late)
			}
			own := 0
			for _, target := range targets {
				switch {
				case target.Plan == "3612/KH-UBND 2021-09-29" && target.Year <= 2025:
				case target.Plan == "Bản trình diễn" && target.Year == 2026 && target.Note["vi"] != "" && target.Note["en"] != "":
					own++
				default:
					t.Errorf("target %+v", target)
				}
			}
			if own != 7 {
				t.Errorf("%d targets of its own, want one for each indicator", own)
			}
			var years []int
			for _, p := range published {
				years = append(years, p.Year)
				if p.Period != "Y" || p.Edition != 1 || !strings.Contains(string(p.Board), `"synthetic":true`) {
					t.Errorf("published %d %s, edition %d", p.Year, p.Period, p.Edition)
				}
			}
			if diff := cmp.Diff([]int{2024, 2023, 2022, 2021}, years); diff != "" {
				t.Error(diff)
			}
		}
	})
}

// BenchmarkFill makes the whole demonstration, or as many answers as
// SIPAS_DEMO_RESPONSES says.
func BenchmarkFill(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("SIPAS_DEMO_RESPONSES"))
	if err != nil {
		n = demo.DefaultResponses
	}
	for b.Loop() {
		b.StopTimer()
		st := testkit.SQLite(b)
		in := door(b, st, slog.New(slog.DiscardHandler))
		b.StartTimer()
		if err := demo.Fill(b.Context(), st.DB, st.Registry, in, demo.Options{Seed: 1, Responses: n}); err != nil {
			b.Fatal(err)
		}
		s := in.Stats()
		b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "responses/s")
		b.ReportMetric(float64(s.Accepted)/float64(s.Batches), "responses/commit")
	}
}
