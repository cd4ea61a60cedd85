package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"sipas/internal/db"
)

// Options are what a runner needs beside its handlers. A zero number is the one
// that is shipped.
type Options struct {
	Log *slog.Logger
	Now func() time.Time // for how long a lease is held here; never compared with others

	// Lease is for how long a job is not given to anybody else after the last
	// sign of life of who runs it.
	Lease time.Duration
	// Poll is how often jobs are looked for that others have added.
	Poll time.Duration
	// Pause is how long a job waits after its first failed attempt; after each
	// further one twice as long, but never longer than longestPause.
	Pause time.Duration
	// Attempts is after how many of them a job is given up.
	Attempts int
	// Workers is how many jobs run at once.
	Workers int
	// Longest is how long an attempt may take.
	Longest time.Duration
}

// What is shipped. Sixteen attempts last a night: somebody who comes in the
// morning and mends what was broken need do nothing else.
const (
	shippedLease    = time.Minute
	shippedPoll     = 2 * time.Second
	shippedPause    = 10 * time.Second
	shippedAttempts = 16
	shippedWorkers  = 2
	shippedLongest  = 30 * time.Minute

	longestPause = time.Hour
)

// Runner does jobs. Any number of them may work on one database.
type Runner struct {
	db       *db.DB
	handlers map[string]Handler
	kinds    []any // of handlers
	o        Options

	wake  chan struct{}
	slots chan struct{} // one for each job that runs
	all   sync.WaitGroup

	stop context.CancelFunc      // ends claiming; nil: not started
	drop context.CancelCauseFunc // ends what runs

	// Of the goroutine that claims.
	scheduled, away bool
}

// New makes a runner that knows some kinds of jobs. Jobs of other kinds are
// left alone: another version of the program may know them.
func New(d *db.DB, o Options, handlers ...Handler) (*Runner, error) {
	o.Lease = shipped(o.Lease, shippedLease)
	o.Poll = shipped(o.Poll, shippedPoll)
	o.Pause = shipped(o.Pause, shippedPause)
	o.Attempts = shipped(o.Attempts, shippedAttempts)
	o.Workers = shipped(o.Workers, shippedWorkers)
	o.Longest = shipped(o.Longest, shippedLongest)
	r := &Runner{db: d, o: o, handlers: map[string]Handler{}, wake: make(chan struct{}, 1), slots: make(chan struct{}, o.Workers)}
	for _, h := range append(handlers, Every(forgetKind, forgetPause, r.forget)) {
		if _, twice := r.handlers[h.kind]; twice || h.kind == "" {
			return nil, fmt.Errorf("jobs: kind %q has two handlers, or no name", h.kind)
		}
		r.handlers[h.kind] = h
		r.kinds = append(r.kinds, h.kind)
	}
	return r, nil
}

func shipped[N int | time.Duration](given, otherwise N) N {
	if given == 0 {
		return otherwise
	}
	return given
}

// Start begins to do jobs. When ctx ends, no more are begun; those that run go
// on until Close.
func (r *Runner) Start(ctx context.Context) {
	claiming, stop := context.WithCancel(ctx)
	working, drop := context.WithCancelCause(context.WithoutCancel(ctx))
	r.stop, r.drop = stop, drop
	r.all.Go(func() { r.serve(claiming, working) })
}

// Wake has it look for jobs now, after a transaction that added some was
// committed. Without it they begin up to Options.Poll later.
func (r *Runner) Wake() {
	select {
	case r.wake <- struct{}{}:
	default: // it is going to look anyway
	}
}

// errDrained is why jobs end that take longer than a shutdown may.
var errDrained = errors.New("the program ends")

// drainPatience is how long a handler may take to notice that its ctx ended.
const drainPatience = 2 * time.Second

// Close begins no more jobs and waits for those that run until ctx ends. Then
// they are told to stop, and what stops is given back: another runner may do it
// at once. What does not stop keeps its lease, and is context.DeadlineExceeded.
func (r *Runner) Close(ctx context.Context) error {
	if r.stop == nil {
		return nil
	}
	r.stop()
	done := make(chan struct{})
	go func() {
		r.all.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-ctx.Done():
	}
	r.drop(errDrained)
	select {
	case <-done:
		return nil
	case <-time.After(drainPatience):
		return fmt.Errorf("jobs: %w", context.DeadlineExceeded)
	}
}

// serve claims jobs while it has hands for them.
func (r *Runner) serve(claiming, working context.Context) {
	for {
		select {
		case <-claiming.Done():
			return
		case r.slots <- struct{}{}:
		}
		c, held, pause := r.next(claiming)
		if c == nil {
			<-r.slots
			r.sleep(claiming, pause)
			continue
		}
		r.all.Go(func() {
			defer func() { <-r.slots }()
			r.run(working, c, held)
		})
	}
}

func (r *Runner) sleep(ctx context.Context, pause time.Duration) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-r.wake:
	}
}

// claimPatience is how long the database may take to hand out a job.
const claimPatience = 10 * time.Second

// next claims a job, which is held for sure until a moment; without one it says
// when to look again.
func (r *Runner) next(ctx context.Context) (c *Claimed, held time.Time, pause time.Duration) {
	// Not cut off with ctx: a claim whose answer nobody hears would have a lease.
	patient, cancel := context.WithTimeout(context.WithoutCancel(ctx), claimPatience)
	defer cancel()
	if ctx.Err() != nil {
		return nil, held, 0
	}
	c, held, pause, err := r.look(patient)
	if err != nil && !r.away {
		r.o.Log.Warn("jobs wait: the database does not give them; trying on", "error", err)
	}
	if err == nil && r.away {
		r.o.Log.Info("the database gives jobs again")
	}
	r.away = err != nil
	return c, held, pause
}

func (r *Runner) look(ctx context.Context) (c *Claimed, held time.Time, pause time.Duration, err error) {
	if !r.scheduled {
		if err := r.schedule(ctx); err != nil {
			return nil, held, r.o.Poll, err
		}
		r.scheduled = true
	}
	in, found, err := r.due(ctx)
	switch {
	case err != nil || !found:
		return nil, held, r.o.Poll, err
	case in > 0:
		return nil, held, min(in, r.o.Poll), nil
	}
	held = r.o.Now().Add(r.o.Lease)
	c, again, err := r.claim(ctx)
	if again {
		return nil, held, 0, nil
	}
	return c, held, r.o.Poll, err
}
