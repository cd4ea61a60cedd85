package jobs_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sipas/internal/db"
	"sipas/internal/jobs"
	"sipas/internal/testkit"
)

// doomed names the database of a process that begins a job and never ends it.
const doomed = "SIPAS_TEST_DOOMED"

// TestMain lets the test program be such a process.
func TestMain(m *testing.M) {
	if url := os.Getenv(doomed); url != "" {
		fmt.Fprintln(os.Stdout, beginForEver(url))
		return
	}
	m.Run()
}

func beginForEver(url string) error {
	d, err := db.Open(context.Background(), url)
	if err != nil {
		return err
	}
	r, err := jobs.New(d, jobs.Options{Log: slog.New(slog.DiscardHandler), Now: time.Now, Lease: shortLease},
		jobs.On("letter", func(ctx context.Context, c *jobs.Claimed) error {
			return d.Change(ctx, func(tx *db.Tx) error {
				err := errors.Join(effect(ctx, tx, c), c.Done(ctx, tx))
				fmt.Fprintln(os.Stdout, "begun", err)
				select {} // the transaction is open, and its end is near
			})
		}))
	if err != nil {
		return err
	}
	r.Start(context.Background())
	select {}
}

const shortLease = time.Second

// TestAKilledProgramsJobIsDone kills a process in the middle of a job. Others
// take it up when its lease is over, and one of them does it, once.
func TestAKilledProgramsJobIsDone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, url string) {
		d := open(t, url)
		add(t, d, jobs.Job{Kind: "letter"})
		itself, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		process := exec.Command(itself)
		process.Env = append(os.Environ(), doomed+"="+url)
		out, err := process.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := process.Start(); err != nil {
			t.Fatal(err)
		}
		said := bufio.NewScanner(out)
		if !said.Scan() || said.Text() != "begun <nil>" {
			t.Errorf("the process says %q", said.Text())
		}
		if err := process.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = process.Wait() // it was killed
		if e := list(t, d, "letter")[0]; e.State == jobs.Done || e.Attempts != 1 || len(effects(t, d)) != 0 {
			t.Errorf("after the kill: %+v, effects %v", e, effects(t, d))
		}
		for range 2 {
			own := open(t, url)
			o := quick(t)
			o.Lease, o.Pause = shortLease, time.Millisecond
			start(t, own, o, jobs.On("letter", once(own)))
		}
		e := only(t, d, "letter", done)
		if e.Attempts != 2 || effects(t, d)[e.ID] != 1 {
			t.Errorf("%d attempts, effects %v", e.Attempts, effects(t, d))
		}
	})
}

// TestWhoLostTheLeaseCannotEndTheJob has a handler that hangs for longer than its
// lease while another does its job.
func TestWhoLostTheLeaseCannotEndTheJob(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, url string) {
		d, other := open(t, url), open(t, url)
		begun, goOn, late := make(chan bool), make(chan bool), make(chan error, 1)
		o := quick(t)
		o.Lease = time.Hour // it will not extend it in time
		o.Workers = 1
		o.Pause = time.Millisecond
		start(t, d, o, jobs.On("letter", func(ctx context.Context, c *jobs.Claimed) error {
			begun <- true
			<-goOn
			err := once(d)(ctx, c)
			late <- err
			if c.Attempt == 1 {
				return nil // it believes that all is well
			}
			return err
		}))
		add(t, d, jobs.Job{Kind: "letter"})
		<-begun
		passes(t, d, time.Hour)
		start(t, other, o, jobs.On("letter", once(other)))
		e := only(t, d, "letter", done)
		close(goOn)
		if err := <-late; !errors.Is(err, jobs.ErrLost) {
			t.Errorf("it ended a job that was somebody else's: %v", err)
		}
		if e = only(t, d, "letter", done); e.Attempts != 2 || effects(t, d)[e.ID] != 1 {
			t.Errorf("%d attempts, effects %v", e.Attempts, effects(t, d))
		}
	})
}

// TestALeaseIsExtended has a job that takes several leases, and then loses its.
func TestALeaseIsExtended(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, url string) {
		d := open(t, url)
		o := quick(t)
		o.Lease = 3 * time.Second
		ended := make(chan error, 1)
		var begun atomic.Int64
		work := jobs.On("letter", func(ctx context.Context, _ *jobs.Claimed) error {
			begun.Add(1)
			<-ctx.Done()
			ended <- context.Cause(ctx)
			return ctx.Err()
		})
		start(t, d, o, work)
		add(t, d, jobs.Job{Kind: "letter"})
		first := only(t, d, "letter", func(e jobs.Entry) bool { return e.State == jobs.Running })
		only(t, d, "letter", func(e jobs.Entry) bool { return e.Due.Sub(first.Due) > o.Lease })
		if begun.Load() != 1 {
			t.Errorf("begun %d times", begun.Load())
		}
		if _, err := d.Exec(t.Context(), "UPDATE jobs SET lease = 'somebody', due_at = due_at + 3600000000 WHERE kind = 'letter'"); err != nil {
			t.Fatal(err)
		}
		if err := <-ended; !errors.Is(err, jobs.ErrLost) {
			t.Errorf("the attempt ended for %v", err)
		}
		if e := only(t, d, "letter", func(jobs.Entry) bool { return true }); e.State != jobs.Running {
			t.Errorf("it took the job from whose it is: %+v", e)
		}
	})
}

// TestAnAttemptMayNotLastForEver: a handler that hangs is told, and the attempt
// has failed.
func TestAnAttemptMayNotLastForEver(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, url string) {
		d := open(t, url)
		o := quick(t)
		o.Longest = time.Millisecond
		start(t, d, o, jobs.On("letter", func(ctx context.Context, _ *jobs.Claimed) error {
			<-ctx.Done()
			return ctx.Err()
		}))
		add(t, d, jobs.Job{Kind: "letter"})
		e := only(t, d, "letter", func(e jobs.Entry) bool { return e.State == jobs.Waiting && e.Attempts == 1 })
		if !strings.Contains(e.Error, "takes too long") {
			t.Errorf("%+v", e)
		}
	})
}

// TestDrain ends a runner while jobs run: one ends in time, one is given back,
// and one does not listen.
func TestDrain(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, url string) {
		d := open(t, url)
		o := quick(t)
		o.Workers = 3
		begun, goOn, end := make(chan bool), make(chan bool), make(chan bool)
		defer close(end)
		r, err := jobs.New(d, o,
			jobs.On("quick", func(ctx context.Context, c *jobs.Claimed) error {
				begun <- true
				<-goOn
				return once(d)(ctx, c)
			}),
			jobs.On("slow", func(ctx context.Context, _ *jobs.Claimed) error {
				begun <- true
				<-ctx.Done()
				return ctx.Err()
			}),
			jobs.On("deaf", func(context.Context, *jobs.Claimed) error {
				begun <- true
				<-end
				return nil
			}))
		if err != nil {
			t.Fatal(err)
		}
		ctx, shutdown := context.WithCancel(t.Context())
		r.Start(ctx)
		add(t, d, jobs.Job{Kind: "quick"}, jobs.Job{Kind: "slow"}, jobs.Job{Kind: "deaf"})
		for range 3 {
			<-begun
		}
		shutdown()
		add(t, d, jobs.Job{Kind: "late"})
		patience, over := context.WithCancel(t.Context())
		closed := make(chan error)
		go func() { closed <- r.Close(patience) }()
		close(goOn)
		only(t, d, "quick", done)
		over()
		if err := <-closed; !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Close: %v", err)
		}
		for kind, want := range map[string]jobs.Entry{
			"slow": {State: jobs.Waiting, Attempts: 0}, "deaf": {State: jobs.Running, Attempts: 1}, "late": {State: jobs.Waiting},
		} {
			if e := only(t, d, kind, func(jobs.Entry) bool { return true }); e.State != want.State || e.Attempts != want.Attempts {
				t.Errorf("%s: %+v", kind, e)
			}
		}
		other := open(t, url)
		start(t, other, quick(t), jobs.On("slow", once(other)), jobs.On("late", once(other)))
		only(t, d, "slow", done)
		only(t, d, "late", done)
	})
}

// TestARunnerThatNeverStartedCloses, as in an app that only opens.
func TestARunnerThatNeverStartedCloses(t *testing.T) {
	t.Parallel()
	r, err := jobs.New(open(t, testkit.SQLiteURL(t)), quick(t))
	if err != nil {
		t.Fatal(err)
	}
	stop(t, r)
}

func TestWake(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, url string) {
		d := open(t, url)
		o := quick(t)
		o.Poll = time.Hour
		r := start(t, d, o, jobs.On("letter", once(d)))
		for range 3 {
			add(t, d, jobs.Job{Kind: "letter"})
			r.Wake()
			until(t, "all are done", func() bool {
				all := list(t, d, "letter")
				return all[len(all)-1].State == jobs.Done
			})
		}
	})
}

// TestTheDatabaseGoesAway: a runner says so once, and goes on.
func TestTheDatabaseGoesAway(t *testing.T) {
	t.Parallel()
	server := testkit.OwnPostgres(t)
	url := server.Database(t)
	d, err := db.Open(t.Context(), url)
	if err == nil {
		_, err = d.Migrate(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	d.Close()
	d = open(t, url)
	var log journal
	o := quick(t)
	o.Log = slog.New(slog.NewTextHandler(&log, nil))
	o.Workers = 1
	start(t, d, o, jobs.On("letter", once(d)))
	says := func(text string) func() bool {
		return func() bool { return strings.Contains(log.String(), text) }
	}
	add(t, d, jobs.Job{Kind: "letter"})
	only(t, d, "letter", done)
	server.Stop(t)
	until(t, "it says so", says("jobs wait"))
	time.Sleep(100 * time.Millisecond) // it tries on, and says nothing of it
	server.Start(t)
	until(t, "it is back", says("gives jobs again"))
	add(t, d, jobs.Job{Kind: "letter"})
	until(t, "it goes on", func() bool { all := list(t, d, "letter"); return len(all) == 2 && all[1].State == jobs.Done })
	if n := strings.Count(log.String(), "jobs wait"); n != 1 {
		t.Errorf("it says %d times that it waits:\n%s", n, log.String())
	}
}

// TestDumpAndRestore moves jobs to the other database, one of them running.
func TestDumpAndRestore(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, url string) {
		d := open(t, url)
		begun, end := make(chan bool), make(chan bool)
		start(t, d, quick(t), jobs.On("letter", func(context.Context, *jobs.Claimed) error {
			begun <- true
			<-end
			return nil
		}))
		defer close(end)
		add(t, d, jobs.Job{Kind: "letter", Payload: "to the province"})
		<-begun
		var file bytes.Buffer
		if _, err := d.Dump(t.Context(), &file, jobs.Tables(), time.Now(), nil); err != nil {
			t.Fatal(err)
		}
		to := testkit.SQLiteURL
		if d.Dialect() == "sqlite" {
			to = testkit.PostgresURL
		}
		restored := open(t, to(t))
		if _, err := restored.Load(t.Context(), &file, jobs.Tables(), nil); err != nil {
			t.Fatal(err)
		}
		passes(t, restored, time.Hour)
		if e := list(t, restored, "letter")[0]; e.State != jobs.Waiting || e.Attempts != 1 {
			t.Errorf("restored: %+v", e)
		}
		var payload atomic.Value
		o := quick(t)
		o.Pause = time.Millisecond
		start(t, restored, o, jobs.On("letter", func(_ context.Context, c *jobs.Claimed) error {
			payload.Store(string(c.Payload))
			return nil
		}))
		only(t, restored, "letter", done)
		if payload.Load() != `"to the province"` {
			t.Errorf("payload %v", payload.Load())
		}
		add(t, restored, jobs.Job{Kind: "letter"}) // its id is a new one
		until(t, "two are done", func() bool { return len(list(t, restored, "letter")) == 2 })
	})
}

// TestJobsAreForgotten: the list is not endless.
func TestJobsAreForgotten(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, url string) {
		d := open(t, url)
		o := quick(t)
		o.Attempts = 1
		start(t, d, o, jobs.On("letter", once(d)), jobs.On("broken", func(context.Context, *jobs.Claimed) error {
			return errors.New("no")
		}))
		add(t, d, jobs.Job{Kind: "letter"}, jobs.Job{Kind: "broken"})
		only(t, d, "letter", done)
		only(t, d, "broken", func(e jobs.Entry) bool { return e.State == jobs.Failed })
		rested := func(e jobs.Entry) bool {
			return e.State == jobs.Waiting && time.Until(e.Due) > time.Hour && !e.Ended.IsZero()
		}
		passes(t, d, 6*24*time.Hour)
		only(t, d, "forget-jobs", rested)
		only(t, d, "letter", done)
		passes(t, d, 2*24*time.Hour)
		until(t, "what is done is gone", func() bool { return len(list(t, d, "letter")) == 0 })
		only(t, d, "broken", func(e jobs.Entry) bool { return e.State == jobs.Failed })
		passes(t, d, 90*24*time.Hour)
		until(t, "what was given up is gone", func() bool { return len(list(t, d, "broken")) == 0 })
	})
}
