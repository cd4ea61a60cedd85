package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"runtime/debug"
	"strings"
	"sync"
	"time"
	"unicode"

	"sipas/internal/db"
)

// errTooLong is why an attempt ends that took as long as it may.
var errTooLong = errors.New("the job takes too long")

// run makes an attempt at a job that is held until a moment.
func (r *Runner) run(ctx context.Context, c *Claimed, held time.Time) {
	timed, cancel := context.WithTimeoutCause(ctx, r.o.Longest, errTooLong)
	defer cancel()
	working, stop := context.WithCancelCause(timed)
	var holding sync.WaitGroup
	holding.Go(func() { r.hold(working, c, held, stop) })
	err := r.attempt(working, c)
	cause := context.Cause(working)
	stop(nil)
	holding.Wait()
	if err != nil && cause != nil && !errors.Is(cause, errDrained) {
		err = errors.Join(cause, err)
	}
	r.end(context.WithoutCancel(ctx), c, err, errors.Is(cause, errDrained))
}

// attempt calls the handler. Its panic is an error like any other.
func (r *Runner) attempt(ctx context.Context, c *Claimed) (err error) {
	defer func() {
		if p := recover(); p != nil {
			r.o.Log.Error("a job panicked", "job", c.ID, "kind", c.Kind, "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return r.handlers[c.Kind].work(ctx, c)
}

// hold extends the lease until ctx ends. If that cannot be done in time, lost
// ends the attempt before somebody else may begin one.
func (r *Runner) hold(ctx context.Context, c *Claimed, held time.Time, lost context.CancelCauseFunc) {
	lose := func() {
		if !c.lease.ended.Load() {
			lost(ErrLost)
		}
	}
	stopsBefore := r.o.Lease / 6
	over := time.AfterFunc(held.Sub(r.o.Now())-stopsBefore, lose)
	defer over.Stop()
	tick := time.NewTicker(r.o.Lease / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		held := r.o.Now().Add(r.o.Lease)
		patient, cancel := context.WithTimeout(ctx, r.o.Lease/4)
		err := c.extend(patient, r.db, r.o.Lease)
		cancel()
		switch {
		case err == nil:
			over.Reset(held.Sub(r.o.Now()) - stopsBefore)
		case errors.Is(err, ErrLost):
			lose()
		}
	}
}

// end writes how an attempt ended. It goes on trying while the lease lasts.
func (r *Runner) end(ctx context.Context, c *Claimed, failure error, drained bool) {
	var write func(tx *db.Tx) error
	switch {
	case failure == nil:
		write = func(tx *db.Tx) error { return c.complete(ctx, tx) }
	case drained:
		r.log(c).Info("a job is given back, for the program ends")
		write = func(tx *db.Tx) error { return c.wait(ctx, tx, 0, c.Attempt-1, "") }
	default:
		next := r.judge(c, failure)
		write = func(tx *db.Tx) error { return next(ctx, tx) }
	}
	err := r.insist(ctx, write)
	if c.lease.ended.Load() && errors.Is(err, ErrLost) {
		err = nil // the handler has ended it
	}
	if err != nil {
		r.log(c).Warn("how a job ended could not be written; it is done again", "error", err)
	}
}

func (r *Runner) log(c *Claimed) *slog.Logger {
	return r.o.Log.With("job", c.ID, "kind", c.Kind, "attempt", c.Attempt)
}

// insist commits a change, for as long as a lease lasts.
func (r *Runner) insist(ctx context.Context, change func(tx *db.Tx) error) error {
	ctx, cancel := context.WithTimeout(ctx, r.o.Lease)
	defer cancel()
	for {
		err := r.db.Change(ctx, change)
		if err == nil || errors.Is(err, ErrLost) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(r.o.Poll):
		}
	}
}

// judge decides what comes after a failed attempt, and gives what writes it: the
// job waits for the next one, or is given up.
func (r *Runner) judge(c *Claimed, failure error) func(context.Context, *db.Tx) error {
	log := r.log(c).With("error", failure)
	if c.lease.every == 0 && c.Attempt >= r.o.Attempts {
		log.Error("a job is given up; see `sipas jobs list`")
		return func(ctx context.Context, tx *db.Tx) error { return c.giveUp(ctx, tx, line(failure)) }
	}
	pause := backOff(r.o.Pause, c.Attempt, rand.Float64())
	if c.lease.every > 0 {
		pause = min(pause, c.lease.every)
	}
	log.Warn("a job failed and is tried again", "in", pause.Round(time.Second))
	return func(ctx context.Context, tx *db.Tx) error { return c.wait(ctx, tx, pause, c.Attempt, line(failure)) }
}

// backOff is how long a job waits after an attempt: twice as long each time,
// shortened by up to half at random (0 to 1), so that jobs which failed together
// do not come back together.
func backOff(first time.Duration, attempt int, random float64) time.Duration {
	longest := min(float64(first)*math.Pow(2, float64(attempt-1)), float64(longestPause))
	return time.Duration(longest * (1 - random/2))
}

// longestLine is how many characters of an error are kept.
const longestLine = 500

// line is an error as one line that both databases store.
func line(err error) string {
	text := []rune(strings.ToValidUTF8(err.Error(), "�"))
	if len(text) > longestLine {
		text = append(text[:longestLine], '…')
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, string(text))
}
