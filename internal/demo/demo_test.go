package demo_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/agency"
	"sipas/internal/auth"
	"sipas/internal/civil"
	"sipas/internal/demo"
	"sipas/internal/fault"
	"sipas/internal/intake"
	"sipas/internal/preset"
	"sipas/internal/procedure"
	"sipas/internal/publication"
	"sipas/internal/reform"
	"sipas/internal/registry"
	"sipas/internal/score"
	"sipas/internal/store"
	"sipas/internal/survey"
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

// answers is everything that was answered, by service point and id.
func answers(t *testing.T, st *testkit.Place) map[string]survey.Response {
	t.Helper()
	all := map[string]survey.Response{}
	for r, err := range st.Responses(t.Context(), civil.Days{}) {
		if err != nil {
			t.Fatal(err)
		}
		all[fmt.Sprint(r.ServicePointID, " ", r.ID)] = r
	}
	return all
}

// shown is how many responses are shown, and the last half month that any are in.
func shown(t *testing.T, st *testkit.Place) (n int64, last civil.HalfMonth) {
	t.Helper()
	tallies, err := st.PeopleTallies(t.Context(), store.TallyQuery{From: 20210101, Before: 20310101, By: []store.Dimension{store.ByHalfMonth}})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range tallies {
		n, last = n+p.Responses, max(last, p.HalfMonth)
	}
	return n, last
}

// TestSameSeedSameAnswers: the same answers come from one seed on both databases,
// and the figures are rich: all but what waits for its group is shown, though who
// is in a group with whom depends on who came at the same moment.
func TestSameSeedSameAnswers(t *testing.T) {
	t.Parallel()
	const n = 1000
	fill := func(t *testing.T, st *testkit.Place, seed uint64) map[string]survey.Response {
		t.Helper()
		last := 0
		err := demo.Fill(t.Context(), st.DB, st.Registry, st.Store, door(t, st, quiet(t)), demo.Options{
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
		return answers(t, st)
	}
	first := testkit.SQLite(t)
	reference := fill(t, first, 7)
	handled := caseload(t, first)
	if len(reference) != n {
		t.Errorf("%d responses, want %d", len(reference), n)
	}
	if other := fill(t, testkit.SQLite(t), 8); cmp.Equal(reference, other) {
		t.Error("another seed gives the same answers")
	}
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		if diff := cmp.Diff(reference, fill(t, st, 7)); diff != "" {
			t.Errorf("the same seed gives other answers: %s", diff)
		}
		// Again: every answer is known, and nothing is added.
		if diff := cmp.Diff(reference, fill(t, st, 7)); diff != "" {
			t.Errorf("filling again changes the answers: %s", diff)
		}
		if diff := cmp.Diff(handled, caseload(t, st)); diff != "" {
			t.Errorf("the same seed gives other files: %s", diff)
		}
		counted, err := st.Recount(t.Context(), false, nil)
		if err != nil {
			t.Fatal(err)
		}
		if counted.Responses != n || counted.Drift != 0 {
			t.Errorf("recount: %+v", counted)
		}
		// What is not yet shown of the province are fewer than k of each field and
		// version, of agencies and of public services.
		snap, err := st.Snapshot(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		most := int64(2 * (score.DefaultK - 1) * len(snap.Fields) * len(snap.Surveys))
		if got, _ := shown(t, st); got > n || got < n-most {
			t.Errorf("%d responses of %d are shown, want at least %d", got, n, n-most)
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
	checkReforms(t, st)
}

// checkReforms: the mergers and dissolutions were carried out, each on its day, and the
// desks of former communes are those of who took over.
func checkReforms(t *testing.T, st *testkit.Place) {
	t.Helper()
	reforms := reform.New(st.DB, st.Registry, auth.New(st.DB, auth.Options{}), reform.Options{})
	all, err1 := reforms.All(t.Context())
	snap, err2 := st.Snapshot(t.Context())
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	kinds := map[reform.Kind]int{}
	for _, r := range all {
		kinds[r.Kind]++
		if r.Undone() || r.Day != "2025-07-01" || r.At.Format(time.DateOnly) != r.Day {
			t.Errorf("reform %+v", r)
		}
	}
	if diff := cmp.Diff(map[reform.Kind]int{reform.Merge: 2, reform.Dissolve: 10}, kinds); diff != "" {
		t.Errorf("reforms: %s", diff)
	}
	if a, _ := snap.Tree.ByCode("xa-lien-huong"); len(snap.PointsOf(a.ID)) != 6 { // 4 that were moved, 2 of its own
		t.Errorf("desks of xã Liên Hương: %v", snap.PointsOf(a.ID))
	}
}

// caseload is all files handled by agency, half month and procedure.
func caseload(t *testing.T, st *testkit.Place) map[string]procedure.Counts {
	t.Helper()
	snap, err := st.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	found, codes := map[string]procedure.Counts{}, map[int64]string{}
	err = procedure.New(st.DB).Read(t.Context(), func(r procedure.Reader) error {
		all, err1 := r.All(t.Context())
		halves, err2 := r.HalfMonths(t.Context())
		for _, p := range all {
			codes[p.ID] = p.Code
		}
		for _, half := range halves {
			files, err := r.Of(t.Context(), half)
			if err != nil {
				return err
			}
			for _, f := range files {
				a, _ := snap.Tree.Agency(f.AgencyID)
				if f.Late > f.Handled || a.ValidFrom > half.From() || a.ValidTo != "" && half.From() >= a.ValidTo {
					t.Errorf("files of %s: %+v", a.Code, f)
				}
				found[strings.Join([]string{a.Code, half.From(), codes[f.ProcedureID]}, " ")] = f.Counts
			}
		}
		return errors.Join(err1, err2)
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestFillRefuses(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	if err := preset.Apply(t.Context(), st.Registry, testkit.Author(), preset.Named("tay-ninh"), time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	err := demo.Fill(t.Context(), st.DB, st.Registry, st.Store, door(t, st, quiet(t)), demo.Options{Seed: 1, Responses: 10})
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
	if err := preset.Apply(t.Context(), st.Registry, testkit.Author(), preset.Named("binh-thuan"), time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	if err := demo.Fill(t.Context(), st.DB, st.Registry, st.Store, door(t, st, quiet(t)), demo.Options{Seed: 1, Responses: 10}); !errors.Is(err, fault.ErrConflict) {
		t.Errorf("a seeded database: %v", err)
	}
	if synthetic, err := st.Setting(t.Context(), registry.SettingSynthetic); err != nil || synthetic != "" || len(answers(t, st)) != 0 {
		t.Errorf("%q, %v, %d responses", synthetic, err, len(answers(t, st)))
	}
}

// TestFillStops: a Fill whose context ends says so, and the next one goes on, whether
// it ended before the reform or after it.
func TestFillStops(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	for _, stop := range []int{100, 1450} {
		ctx, cancel := context.WithCancel(t.Context())
		err := demo.Fill(ctx, st.DB, st.Registry, st.Store, door(t, st, quiet(t)), demo.Options{Seed: 1, Responses: 1500, Progress: func(done, _ int) {
			if done == stop {
				cancel()
			}
		}})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("a Fill cancelled after %d returns %v", stop, err)
		}
	}
	if err := demo.Fill(t.Context(), st.DB, st.Registry, st.Store, door(t, st, quiet(t)), demo.Options{Seed: 1, Responses: 1500}); err != nil {
		t.Fatal(err)
	}
	if got := len(answers(t, st)); got != 1500 {
		t.Errorf("%d responses, want 1500", got)
	}
	checkPlaces(t, st)
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
			err := demo.Fill(t.Context(), st.DB, st.Registry, st.Store, in, demo.Options{Seed: 3, Responses: 2000, Until: today})
			if err := errors.Join(err, in.Close(context.Background())); err != nil {
				t.Fatal(err)
			}
			targets, err1 := st.Targets(t.Context())
			published, err2 := publication.New(st.DB, nil, nil).Publications(t.Context())
			if err := errors.Join(err1, err2); err != nil {
				t.Fatal(err)
			}
			late := ""
			for _, r := range answers(t, st) {
				late = max(late, r.Day)
			}
			if n := len(answers(t, st)); n != 2000 || late < "2026-11-15" || late > "2026-11-25" {
				t.Errorf("%d responses up to %s", n, late)
			}
			if _, last := shown(t, st); last != 20261115 && last != 20261101 {
				t.Errorf("figures end in the half month of %s", last.From())
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
		if err := demo.Fill(b.Context(), st.DB, st.Registry, st.Store, in, demo.Options{Seed: 1, Responses: n}); err != nil {
			b.Fatal(err)
		}
		s := in.Stats()
		b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "responses/s")
		b.ReportMetric(float64(s.Accepted)/float64(s.Batches), "responses/commit")
	}
}
