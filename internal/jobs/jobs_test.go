package jobs_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sipas/internal/db"
	"sipas/internal/fault"
	"sipas/internal/jobs"
	"sipas/internal/testkit"
)

// each runs a test on both databases, with the URL of an empty one.
func each(t *testing.T, test func(t *testing.T, url string)) {
	t.Helper()
	for name, database := range map[string]func(testing.TB) string{"sqlite": testkit.SQLiteURL, "postgres": testkit.PostgresURL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, database(t))
		})
	}
}

// open opens a database once more, as another instance does, and makes a table
// for what handlers change.
func open(t *testing.T, url string) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	if _, err := d.Exec(t.Context(), "CREATE TABLE IF NOT EXISTS effects (job BIGINT NOT NULL)"); err != nil {
		t.Fatal(err)
	}
	return d
}

// journal is a log that tests read.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// quick are options of a runner that looks often and gives up late.
func quick(t *testing.T) jobs.Options {
	return jobs.Options{Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Now: time.Now, Poll: 5 * time.Millisecond}
}

// start runs a runner until the end of the test.
func start(t *testing.T, d *db.DB, o jobs.Options, handlers ...jobs.Handler) *jobs.Runner {
	t.Helper()
	r, err := jobs.New(d, o, handlers...)
	if err != nil {
		t.Fatal(err)
	}
	r.Start(t.Context())
	t.Cleanup(func() { stop(t, r) })
	return r
}

func stop(t *testing.T, r *jobs.Runner) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := r.Close(ctx); err != nil {
		t.Error(err)
	}
}

func add(t *testing.T, d *db.DB, all ...jobs.Job) {
	t.Helper()
	err := d.Change(t.Context(), func(tx *db.Tx) error {
		for _, j := range all {
			if err := jobs.Add(t.Context(), tx, j); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// list are the jobs of a kind, the oldest first.
func list(t *testing.T, d *db.DB, kind string) []jobs.Entry {
	t.Helper()
	all, err := jobs.List(t.Context(), d, jobs.Waiting, jobs.Running, jobs.Done, jobs.Failed)
	if err != nil {
		t.Fatal(err)
	}
	all = slices.DeleteFunc(all, func(e jobs.Entry) bool { return e.Kind != kind })
	slices.Reverse(all)
	return all
}

// until waits for something that is sure to come.
func until(t *testing.T, what string, happened func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !happened(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
	}
}

// only is the one job of a kind, once it is as wanted.
func only(t *testing.T, d *db.DB, kind string, wanted func(jobs.Entry) bool) (e jobs.Entry) {
	t.Helper()
	until(t, "job "+kind+" as wanted", func() bool {
		all := list(t, d, kind)
		if len(all) != 1 {
			t.Fatalf("%d jobs %s, want 1: %v", len(all), kind, all)
		}
		e = all[0]
		return wanted(e)
	})
	return e
}

// passes lets time pass for every job.
func passes(t *testing.T, d *db.DB, span time.Duration) {
	t.Helper()
	us := span.Microseconds()
	if _, err := d.Exec(t.Context(), "UPDATE jobs SET due_at = due_at - $1, created_at = created_at - $2, ended_at = ended_at - $3", us, us, us); err != nil {
		t.Fatal(err)
	}
}

// effect is what handlers change.
func effect(ctx context.Context, tx *db.Tx, c *jobs.Claimed) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO effects (job) VALUES ($1)", c.ID)
	return err
}

// once is a handler that ends its job together with its effect.
func once(d *db.DB) jobs.Work {
	return func(ctx context.Context, c *jobs.Claimed) error {
		return d.Change(ctx, func(tx *db.Tx) error {
			return errors.Join(effect(ctx, tx, c), c.Done(ctx, tx))
		})
	}
}

// effects are how often each job has had its effect.
func effects(t *testing.T, d *db.DB) map[int64]int {
	t.Helper()
	found := map[int64]int{}
	err := d.Query(t.Context(), "SELECT job, COUNT(*) FROM effects GROUP BY job", nil, func(rows *sql.Rows) error {
		var job int64
		var n int
		err := rows.Scan(&job, &n)
		found[job] = n
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func done(e jobs.Entry) bool { return e.State == jobs.Done }

func TestAJobIsPartOfTheChange(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, url string) {
		d := open(t, url)
		stopped := errors.New("the change fails")
		err := d.Change(t.Context(), func(tx *db.Tx) error {
			return errors.Join(jobs.Add(t.Context(), tx, jobs.Job{Kind: "letter"}), stopped)
		})
		if !errors.Is(err, stopped) || len(list(t, d, "letter")) != 0 {
			t.Errorf("rolled back: %v, %v", err, list(t, d, "letter"))
		}
		later := time.Now().Add(time.Hour).Truncate(time.Microsecond)
		add(t, d, jobs.Job{Kind: "letter", After: later}, jobs.Job{Kind: "letter"})
		if all := list(t, d, "letter"); len(all) != 2 || !all[0].Due.Equal(later) || all[1].Due.After(later) {
			t.Errorf("without a key: %v", all)
		}
		// Of a kind and key one waits, until the earlier of the two times.
		add(t, d, jobs.Job{Kind: "sum", Key: "7", After: later}, jobs.Job{Kind: "sum", Key: "7", After: later.Add(time.Hour)})
		if e := only(t, d, "sum", func(jobs.Entry) bool { return true }); !e.Due.Equal(later) {
			t.Errorf("a later one: %v", e)
		}
		add(t, d, jobs.Job{Kind: "sum", Key: "7"})
		if e := only(t, d, "sum", func(jobs.Entry) bool { return true }); !e.Due.Before(later) {
			t.Errorf("an earlier one: %v", e)
		}
		add(t, d, jobs.Job{Kind: "sum", Key: "8"})
		if all := list(t, d, "sum"); len(all) != 2 {
			t.Errorf("another key: %v", all)
		}
	})
}

// TestTwoInstancesDoEachJobOnce has two runners with pools of their own do many
// jobs, and looks that none was in two hands.
func TestTwoInstancesDoEachJobOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, url string) {
		const many = 200
		d := open(t, url)
		for i := range many {
			add(t, d, jobs.Job{Kind: "letter", Payload: i})
		}
		var mu sync.Mutex
		held := map[int64]bool{}
		for range 2 {
			o := quick(t)
			o.Workers = 4
			own := open(t, url)
			start(t, own, o, jobs.On("letter", func(ctx context.Context, c *jobs.Claimed) error {
				mu.Lock()
				if held[c.ID] {
					t.Errorf("job %d is in two hands", c.ID)
				}
				held[c.ID] = true
				mu.Unlock()
				defer func() {
					mu.Lock()
					delete(held, c.ID)
					mu.Unlock()
				}()
				return once(own)(ctx, c)
			}))
		}
		until(t, "all are done", func() bool {
			return !slices.ContainsFunc(list(t, d, "letter"), func(e jobs.Entry) bool { return e.State != jobs.Done })
		})
		found := effects(t, d)
		for _, e := range list(t, d, "letter") {
			if found[e.ID] != 1 || e.Attempts != 1 {
				t.Errorf("job %d had its effect %d times in %d attempts", e.ID, found[e.ID], e.Attempts)
			}
		}
		if len(found) != many {
			t.Errorf("%d jobs of %d", len(found), many)
		}
	})
}

// TestFailedAttempts follows a job that never works until it is given up, and
// until it does work after all.
func TestFailedAttempts(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, url string) {
		d := open(t, url)
		var log journal
		o := quick(t)
		o.Log = slog.New(slog.NewTextHandler(&log, nil))
		o.Pause, o.Attempts = 10*time.Minute, 4
		var works bool // changes while no attempt is made
		start(t, d, o, jobs.On("letter", func(ctx context.Context, c *jobs.Claimed) error {
			switch {
			case works:
				return nil
			case c.Attempt == 2:
				return d.Change(ctx, func(*db.Tx) error { panic("the printer burns") }) // and keeps nobody waiting
			}
			return errors.New("no paper:\n" + strings.Repeat("w", 1000))
		}))
		letter := jobs.Job{Kind: "letter", Key: "7", Payload: map[string]string{"to": "somebody@example.vn"}}
		add(t, d, letter, jobs.Job{Kind: "other"})
		for attempt := 1; attempt < o.Attempts; attempt++ {
			e := only(t, d, "letter", func(e jobs.Entry) bool { return e.Attempts == attempt && e.State == jobs.Waiting })
			most := min(o.Pause<<(attempt-1), time.Hour)
			if pause := e.Due.Sub(e.Ended); pause < most/2 || pause > most {
				t.Errorf("after attempt %d it waits %s, want %s to %s", attempt, pause, most/2, most)
			}
			if attempt == 2 && e.Error != "panic: the printer burns" || attempt != 2 && (!strings.HasPrefix(e.Error, "no paper: www") || len(e.Error) > 510) {
				t.Errorf("after attempt %d its error is %q", attempt, e.Error)
			}
			add(t, d, letter) // is no reason to try again sooner
			if again := only(t, d, "letter", func(jobs.Entry) bool { return true }); !again.Due.Equal(e.Due) {
				t.Errorf("asked for once more it is due %s, not %s", again.Due, e.Due)
			}
			passes(t, d, most)
		}
		e := only(t, d, "letter", func(e jobs.Entry) bool { return e.State == jobs.Failed })
		if e.Attempts != o.Attempts {
			t.Errorf("given up after %d attempts, want %d", e.Attempts, o.Attempts)
		}
		counts, err := jobs.Count(t.Context(), d)
		// "other" has no handler and waits for long; the chore of the package waits.
		if err != nil || counts != (jobs.Counts{Waiting: 2, Failed: 1, Overdue: 1}) {
			t.Errorf("counts %+v, %v", counts, err)
		}
		works = true
		if err := jobs.Retry(t.Context(), d, e.ID); err != nil {
			t.Fatal(err)
		}
		if e := only(t, d, "letter", done); e.Attempts != 1 || e.Error != "" {
			t.Errorf("tried again: %+v", e)
		}
		if err := jobs.Retry(t.Context(), d, e.ID); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("tried again though done: %v", err)
		}
		if text := log.String(); strings.Contains(text, "somebody") || !strings.Contains(text, "jobs_test.go") {
			t.Errorf("the log has no stack, or a payload:\n%s", text)
		}
	})
}

// TestOneOfAKeyAtATime: what was asked for while a job ran is done after it, by
// one job, whether the first works or not.
func TestOneOfAKeyAtATime(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, url string) {
		d := open(t, url)
		begun, end := make(chan int64), make(chan error)
		handlers := []jobs.Handler{
			jobs.On("sum", func(_ context.Context, c *jobs.Claimed) error {
				begun <- c.ID
				return <-end
			}),
			jobs.On("letter", once(d)),
		}
		o := quick(t)
		o.Pause = time.Minute
		start(t, d, o, handlers...)
		start(t, open(t, url), o, handlers...)
		sum := jobs.Job{Kind: "sum", Key: "7"}
		add(t, d, sum)
		first := <-begun
		add(t, d, sum, sum)
		add(t, d, jobs.Job{Kind: "letter"}) // is due after it
		only(t, d, "letter", done)
		all := list(t, d, "sum")
		if len(all) != 2 || all[0].State != jobs.Running || all[1].State != jobs.Waiting {
			t.Fatalf("while the first runs: %v", all)
		}
		end <- nil
		if second := <-begun; second != all[1].ID || second == first {
			t.Errorf("then job %d runs, want %d", second, all[1].ID)
		}
		add(t, d, sum)
		end <- errors.New("not yet")
		until(t, "it waits again", func() bool {
			all = list(t, d, "sum")
			return len(all) == 2 && all[1].State == jobs.Waiting && all[1].Attempts == 1
		})
		if err := jobs.Retry(t.Context(), d, all[1].ID); err != nil {
			t.Fatal(err)
		}
		<-begun
		end <- nil
		until(t, "nothing is left", func() bool {
			all = list(t, d, "sum")
			return len(all) == 2 && all[0].State == jobs.Done && all[1].State == jobs.Done
		})
	})
}

// TestAChoreRunsOnOneInstance has two instances with the same chore.
func TestAChoreRunsOnOneInstance(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, url string) {
		d := open(t, url)
		rested := func(e jobs.Entry) bool { return e.State == jobs.Waiting && time.Until(e.Due) > 30*time.Minute }
		o := quick(t)
		o.Attempts = 1
		for range 2 {
			own := open(t, url)
			start(t, own, o, jobs.Every("sweep", time.Hour, func(ctx context.Context, c *jobs.Claimed) error {
				if err := own.Change(ctx, func(tx *db.Tx) error { return effect(ctx, tx, c) }); err != nil {
					return err
				}
				if len(effects(t, own)) > 0 && effects(t, own)[c.ID] == 3 {
					return errors.New("the broom broke")
				}
				return nil
			}))
		}
		until(t, "the chore is there", func() bool { return len(list(t, d, "sweep")) == 1 })
		// An hour, and a day in which nobody was there; the third time fails and is
		// made good after a pause.
		for run, span := range []time.Duration{time.Hour, 24 * time.Hour, time.Hour} {
			e := only(t, d, "sweep", rested)
			if n := effects(t, d)[e.ID]; n != run {
				t.Fatalf("it ran %d times, want %d", n, run)
			}
			passes(t, d, span)
			until(t, "it runs", func() bool { return effects(t, d)[e.ID] > run })
		}
		e := only(t, d, "sweep", func(e jobs.Entry) bool { return e.State == jobs.Waiting && e.Attempts == 1 })
		if e.Error != "the broom broke" {
			t.Errorf("after it failed: %+v", e)
		}
		passes(t, d, time.Minute)
		if e := only(t, d, "sweep", rested); e.Attempts != 0 || e.Error != "" || effects(t, d)[e.ID] != 4 {
			t.Errorf("made good: %+v, %v", e, effects(t, d))
		}
	})
}

func TestHandlersAreNamedOnce(t *testing.T) {
	t.Parallel()
	d := open(t, testkit.SQLiteURL(t))
	for _, wrong := range [][]jobs.Handler{
		{jobs.On("letter", nil), jobs.Every("letter", time.Hour, nil)},
		{jobs.On("", nil)},
		{jobs.On("forget-jobs", nil)},
	} {
		if _, err := jobs.New(d, quick(t), wrong...); err == nil {
			t.Errorf("%v are good", wrong)
		}
	}
}
