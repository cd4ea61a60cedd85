package limit

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"sipas/internal/testkit"
)

var discard = slog.New(slog.DiscardHandler)

// diary is a log that is read back; slog's handler locks its writes, and tests read after them.
type diary struct{ bytes.Buffer }

func (d *diary) logger() *slog.Logger { return slog.New(slog.NewTextHandler(d, nil)) }

func (d *diary) count(t *testing.T, away, back int) {
	t.Helper()
	text := d.String()
	if strings.Count(text, "is away") != away || strings.Count(text, "is back") != back || strings.Count(text, "\n") != away+back {
		t.Fatalf("want %d lines on going down and %d on recovery, got:\n%s", away, back, text)
	}
}

func many(t *testing.T, n int, take func() error) (admitted int) {
	t.Helper()
	var ok atomic.Int64
	var callers sync.WaitGroup
	for range n {
		callers.Go(func() {
			err := take()
			var refused *TooMany
			if err == nil {
				ok.Add(1)
			} else if !errors.As(err, &refused) {
				t.Errorf("a caller got %v", err)
			}
		})
	}
	callers.Wait()
	return int(ok.Load())
}

func TestFallbackSurvivesAStoppedRedis(t *testing.T) {
	t.Parallel()
	server := testkit.OwnRedis(t)
	c, log := newClock(), &diary{}
	f := NewFallback(newRedis(t, server.URL()), NewMemory(c.now), 2, log.logger(), c.now)
	f.patience = time.Minute // a busy machine is not an outage
	take := func() error { return f.Take(t.Context(), "s", Bucket{Name: "x", Rate: Rate{20, 1000 * time.Hour}}) }

	if n := many(t, 50, take); n != 20 || f.Degraded() || f.Fallbacks() != 0 {
		t.Fatalf("with Redis: admitted %d, degraded %v, fallbacks %d", n, f.Degraded(), f.Fallbacks())
	}
	for outage := 1; outage <= 2; outage++ {
		server.Stop(t)
		before := f.Fallbacks()
		n := many(t, 50, take)
		if want := map[int]int{1: 10, 2: 0}[outage]; n != want { // half the rate each; the second outage finds it used up
			t.Errorf("outage %d: admitted %d, want %d", outage, n, want)
		}
		if !f.Degraded() || f.Fallbacks()-before != 50 {
			t.Errorf("outage %d: degraded %v, %d fallbacks", outage, f.Degraded(), f.Fallbacks()-before)
		}
		c.move(2 * time.Second)
		many(t, 50, take) // one of them tries Redis again, in vain
		log.count(t, outage, outage-1)

		server.Start(t)
		many(t, 50, take) // the pause is not over
		if !f.Degraded() {
			t.Error("Redis was asked again within a second")
		}
		for f.Degraded() { // the client itself may refuse for a moment
			c.move(2 * time.Second)
			many(t, 2, take)
			time.Sleep(10 * time.Millisecond)
		}
		log.count(t, outage, outage)
	}
}

func TestFallbackSurvivesAHangingRedis(t *testing.T) {
	t.Parallel()
	for _, scheme := range []string{"redis://", "redis+cluster://"} {
		listener, err := net.Listen("tcp", "127.0.0.1:0") // accepts in the kernel, never answers
		if err != nil {
			t.Fatal(err)
		}
		defer listener.Close()
		r, err := NewRedis(scheme + listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		c, log := newClock(), &diary{}
		f := NewFallback(r, NewMemory(c.now), 1, log.logger(), c.now)
		n := many(t, 100, func() error { return f.Take(t.Context(), "s", Bucket{Name: "x", Rate: Rate{20, time.Hour}}) })
		if n != 20 || !f.Degraded() || f.Fallbacks() != 100 {
			t.Errorf("%s admitted %d, degraded %v, fallbacks %d", scheme, n, f.Degraded(), f.Fallbacks())
		}
		log.count(t, 1, 0)
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
}

// away is a primary whose failure a test can steer; real servers are stopped above.
type away struct {
	calls atomic.Int64
	take  func(ctx context.Context) error
}

func (a *away) Take(ctx context.Context, _ string, _ ...Bucket) error {
	a.calls.Add(1)
	return a.take(ctx)
}
func (a *away) GiveBack(ctx context.Context, scope string, buckets ...Bucket) error {
	return a.Take(ctx, scope, buckets...)
}
func (*away) Close() error { return nil }

// In a bubble time is exact: the slow primary costs its patience once a second, one caller.
func TestFallbackAsksASlowPrimaryOnceASecond(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow := &away{take: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }}
		log := &diary{}
		f := NewFallback(slow, NewMemory(time.Now), 1, log.logger(), time.Now)
		take := func() error { return f.Take(t.Context(), "s", Bucket{Name: "x", Rate: Rate{1000, time.Hour}}) }
		begin := time.Now()
		if err := take(); err != nil {
			t.Fatal(err)
		}
		if spent := time.Since(begin); spent != patience {
			t.Errorf("the first caller waited %s", spent)
		}
		for range 5 {
			before := slow.calls.Load()
			many(t, 20, take)
			if slow.calls.Load() != before {
				t.Error("asked again within the pause")
			}
			time.Sleep(retryEvery)
			many(t, 20, take)
			if n := slow.calls.Load() - before; n != 1 {
				t.Errorf("asked %d times after the pause, want once", n)
			}
		}
		log.count(t, 1, 0)
	})
}

func TestFallbackDoesNotBlameThePrimaryForCallersWhoLeave(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow := &away{take: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }}
		log := &diary{}
		f := NewFallback(slow, NewMemory(time.Now), 1, log.logger(), time.Now)
		for range 10 {
			ctx, leave := context.WithTimeout(t.Context(), patience/2)
			if err := f.Take(ctx, "s", Bucket{Name: "x", Rate: Rate{1000, time.Hour}}); err != nil {
				t.Errorf("got %v", err)
			}
			leave()
		}
		if f.Degraded() || slow.calls.Load() != 10 {
			t.Errorf("degraded %v after %d calls", f.Degraded(), slow.calls.Load())
		}
		log.count(t, 0, 0)
	})
}

// A call that was under way when the outage began may still succeed; that is no recovery.
func TestFallbackIgnoresLateAnswers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		answer := make(chan error)
		primary := &away{take: func(context.Context) error { return <-answer }}
		log := &diary{}
		f := NewFallback(primary, NewMemory(time.Now), 1, log.logger(), time.Now)
		var callers sync.WaitGroup
		for range 2 {
			callers.Go(func() {
				if err := f.Take(t.Context(), "s", Bucket{Name: "x", Rate: Rate{9, time.Hour}}); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait() // both are with the primary
		answer <- errors.New("broken")
		synctest.Wait()
		answer <- nil
		callers.Wait()
		if !f.Degraded() {
			t.Error("a late answer has ended the outage")
		}
		log.count(t, 1, 0)

		time.Sleep(retryEvery)
		callers.Go(func() {
			err := f.Take(t.Context(), "s", Bucket{Name: "x", Rate: Rate{9, time.Hour}})
			var refused *TooMany
			if !errors.As(err, &refused) {
				t.Errorf("got %v", err)
			}
		})
		answer <- &TooMany{Bucket: "x", RetryAfter: time.Second} // a refusal is an answer
		callers.Wait()
		if f.Degraded() {
			t.Error("still degraded")
		}
		log.count(t, 1, 1)
	})
}
