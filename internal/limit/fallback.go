package limit

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"
)

const (
	patience   = 100 * time.Millisecond // for one answer of the primary
	retryEvery = time.Second            // between two attempts while the primary is away
)

// Fallback asks a shared limiter and, while that fails or is slow, one in this process. So
// nobody is turned away because the shared one is out of reach, and nothing is ever
// unlimited. The buckets in this process start full and get their share of the rate.
type Fallback struct {
	primary, memory Limiter
	instances       int
	logger          *slog.Logger
	now             func() time.Time
	start           time.Time
	patience        time.Duration

	degraded  atomic.Bool
	nextTry   atomic.Int64 // nanoseconds since start
	fallbacks atomic.Uint64
}

// NewFallback joins the two. Instances is the number of processes that share the primary:
// while it is away each allows that part of every rate, but at least one event per period.
func NewFallback(primary, memory Limiter, instances int, logger *slog.Logger, now func() time.Time) *Fallback {
	return &Fallback{
		primary: primary, memory: memory, instances: instances, logger: logger,
		now: now, start: now(), patience: patience,
	}
}

// Take implements Limiter. Its error is a *TooMany, that of a context done before the call,
// or that of malformed buckets; never that of an absent primary.
func (f *Fallback) Take(ctx context.Context, scope string, buckets ...Bucket) error {
	return f.move(ctx, scope, buckets, Limiter.Take)
}

// GiveBack implements Limiter, with the errors of Take but *TooMany. What was taken from one
// limiter may be given back to the other, where it does no harm: no bucket overflows.
func (f *Fallback) GiveBack(ctx context.Context, scope string, buckets ...Bucket) error {
	return f.move(ctx, scope, buckets, Limiter.GiveBack)
}

// call is one of the methods of a Limiter.
type call func(l Limiter, ctx context.Context, scope string, buckets ...Bucket) error

func (f *Fallback) move(ctx context.Context, scope string, buckets []Bucket, do call) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := check(buckets); err != nil { // not the primary's fault
		return err
	}
	if !f.degraded.Load() {
		if answered, err := f.ask(ctx, scope, buckets, do); answered {
			return err
		}
	} else if f.mayProbe() {
		// Only a probe may end the outage: a late answer to a call from before it
		// proves nothing and would make the log flap.
		if answered, err := f.ask(ctx, scope, buckets, do); answered {
			f.restore()
			return err
		}
	}
	f.fallbacks.Add(1)
	own := make([]Bucket, len(buckets))
	for i, b := range buckets {
		b.Rate = b.Rate.share(f.instances)
		own[i] = b
	}
	return do(f.memory, context.WithoutCancel(ctx), scope, own...)
}

// Degraded says that the primary is away.
func (f *Fallback) Degraded() bool { return f.degraded.Load() }

// Fallbacks counts the calls that the in-process limiter has answered.
func (f *Fallback) Fallbacks() uint64 { return f.fallbacks.Load() }

// Close closes both limiters.
func (f *Fallback) Close() error {
	return errors.Join(f.primary.Close(), f.memory.Close())
}

// ask puts the question to the primary; answered is false if it failed.
func (f *Fallback) ask(ctx context.Context, scope string, buckets []Bucket, do call) (answered bool, err error) {
	patient, cancel := context.WithTimeout(ctx, f.patience)
	defer cancel()
	err = do(f.primary, patient, scope, buckets...)
	var tooMany *TooMany
	if err == nil || errors.As(err, &tooMany) {
		return true, err
	}
	if ctx.Err() == nil { // else the caller has left, which says nothing about the primary
		f.fail(err)
	}
	return false, nil
}

// mayProbe lets one call through each time the pause is over.
func (f *Fallback) mayProbe() bool {
	now, next := f.elapsed(), f.nextTry.Load()
	return now >= next && f.nextTry.CompareAndSwap(next, now+int64(retryEvery))
}

func (f *Fallback) fail(err error) {
	f.nextTry.Store(f.elapsed() + int64(retryEvery)) // before degraded, which lets mayProbe read it
	if f.degraded.CompareAndSwap(false, true) {
		f.logger.Warn("shared rate limiter is away, limiting in this process", "error", err)
	}
}

func (f *Fallback) restore() {
	if f.degraded.CompareAndSwap(true, false) {
		f.logger.Info("shared rate limiter is back", "fallbacks", f.fallbacks.Load())
	}
}

func (f *Fallback) elapsed() int64 { return int64(f.now().Sub(f.start)) }
