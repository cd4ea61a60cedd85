package report_test

import (
	"runtime"
	"testing"
	"time"
	"weak"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/registry"
	"sipas/internal/report"
	"sipas/internal/testkit"
	"sipas/surveys"
)

// eachDatabase runs a benchmark on every database.
func eachDatabase(b *testing.B, run func(b *testing.B, st *testkit.Place)) {
	b.Run("sqlite", func(b *testing.B) { run(b, testkit.SQLite(b)) })
	b.Run("postgres", func(b *testing.B) { run(b, testkit.OpenStore(b, testkit.PostgresURL(b))) })
}

// large is a province of 200 agencies with 2,000 service points, or a part of that,
// that were answered in the first months of 2025.
func large(t testing.TB, st *testkit.Place, part, months int) (*report.Reporter, *registry.Snapshot) {
	t.Helper()
	definitions, err := surveys.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	testkit.Large(t, st, 200/part, 2000/part, definitions)
	testkit.Answered(t, st, months)
	return report.New(st.Store, report.Options{Now: func() time.Time { return noon }, Zone: zone()}), snapshotOf(t, st)
}

func snapshotOf(t testing.TB, st *testkit.Place) *registry.Snapshot {
	t.Helper()
	snap, err := st.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return snap
}

// BenchmarkBoardHit measures a board that was made before, in a year all months of
// which several writers have changed.
func BenchmarkBoardHit(b *testing.B) {
	eachDatabase(b, func(b *testing.B, st *testkit.Place) {
		r, snap := large(b, st, 1, 12)
		q := report.Query{Period: yearOf(b, "Y"), Detail: true}
		board := boardOf(b, r, snap, q)
		b.ReportAllocs()
		for b.Loop() {
			if boardOf(b, r, snap, q) != board {
				b.Fatal("the board was made again")
			}
		}
	})
}

// BenchmarkBoardAnew measures a board that nobody asked for before.
func BenchmarkBoardAnew(b *testing.B) {
	eachDatabase(b, func(b *testing.B, st *testkit.Place) {
		_, snap := large(b, st, 1, 12)
		b.ReportAllocs()
		for b.Loop() {
			r := report.New(st.Store, report.Options{Now: func() time.Time { return noon }, Zone: zone()})
			boardOf(b, r, snap, report.Query{Period: yearOf(b, "Y"), Detail: true})
		}
	})
}

func boardOf(t testing.TB, r *report.Reporter, snap *registry.Snapshot, q report.Query) *report.Board {
	board, err := r.Board(t.Context(), snap, q)
	if err != nil {
		t.Fatal(err)
	}
	return board
}

func yearOf(t testing.TB, part string) civil.Period {
	t.Helper()
	period, err := civil.ParsePeriod(2025, part)
	if err != nil {
		t.Fatal(err)
	}
	return period
}

// twoHundredBoards asks for different boards, every so many with all details.
func twoHundredBoards(t testing.TB, r *report.Reporter, snap *registry.Snapshot, agencies int64, detailed int) {
	t.Helper()
	asked := 0
	for _, part := range []string{"Y", "H1", "Q1", "M01"} {
		for id := int64(0); id < agencies && asked < 200; id++ {
			boardOf(t, r, snap, report.Query{Period: yearOf(t, part), AgencyID: id, Detail: asked%detailed == 0})
			asked++
		}
	}
}

// BenchmarkKeptBoards measures the heap after 200 different boards of a year.
func BenchmarkKeptBoards(b *testing.B) {
	st := testkit.SQLite(b)
	r, snap := large(b, st, 1, 12)
	for b.Loop() {
		twoHundredBoards(b, r, snap, 100, 1)
	}
	b.ReportMetric(heap(), "heap-MB")
	runtime.KeepAlive(r)
}

// TestKeptBoardsAreBounded runs alone, since it measures memory. The province is
// a small one and most boards have no details, as looking for races takes its time.
func TestKeptBoardsAreBounded(t *testing.T) { //nolint:paralleltest // memory of the whole process
	st := testkit.SQLite(t)
	r, snap := large(t, st, 4, 1)
	twoHundredBoards(t, r, snap, 50, 5)
	if after := heap(); after > 100 {
		t.Errorf("the heap is %.0f MB after 200 boards, want at most 100", after)
	}

	// What a hit takes.
	q := report.Query{Period: yearOf(t, "M01"), AgencyID: 49, Detail: true}
	board := boardOf(t, r, snap, q)
	const times = 20
	var start, end runtime.MemStats
	runtime.ReadMemStats(&start)
	for range times {
		if boardOf(t, r, snap, q) != board {
			t.Fatal("the board was made again")
		}
	}
	runtime.ReadMemStats(&end)
	if each := (end.TotalAlloc - start.TotalAlloc) / times; each > 200_000 {
		t.Errorf("a board that was made before takes %d bytes, want at most 200,000", each)
	}
	runtime.KeepAlive(r)
}

// heap is what is in use, in MB.
func heap() float64 {
	runtime.GC()
	runtime.GC() // what the first has set free for finalizers
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / (1 << 20)
}

// A board is kept longer than what administrators kept when it was made.
func TestKeptBoardsHoldNoSnapshot(t *testing.T) {
	t.Parallel()
	p := small(t, testkit.SQLite(t))
	p.answered(answer{point: "so-2", month: 3, scale: "5", times: 10}, answer{point: "so-s", scale: "5", times: 10})
	r := p.reporter()
	snapshot, points, agencies := asked(t, p, r)
	for tries := 0; snapshot.Value() != nil || points.Value() != nil || agencies.Value() != nil; tries++ {
		if tries == 20 {
			t.Fatalf("still there: snapshot %t, points %t, agencies %t", snapshot.Value() != nil, points.Value() != nil, agencies.Value() != nil)
		}
		runtime.GC()
	}
	runtime.KeepAlive(r)
}

// asked asks for boards of every kind and forgets what they were made of.
func asked(t *testing.T, p *province, r *report.Reporter) (weak.Pointer[registry.Snapshot], weak.Pointer[agency.ServicePoint], weak.Pointer[agency.Agency]) {
	t.Helper()
	snap := p.snap()
	for _, office := range []string{"", "tinh", "so"} {
		q := p.year(office)
		q.Detail = true
		if board := boardOf(t, r, snap, q); len(board.Rows) == 0 {
			t.Fatalf("no rows for %q", office)
		}
	}
	return weak.Make(snap), weak.Make(&snap.Points[0]), weak.Make(&snap.Tree.All()[0])
}
