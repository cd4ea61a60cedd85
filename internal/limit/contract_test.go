package limit

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"sipas/internal/testkit"
)

// patient is for tests on a busy machine, where the subject is not the time-out.
const patient = "dial_timeout=30s&read_timeout=30s&write_timeout=30s&pool_timeout=30s"

func newRedis(t testing.TB, address string) *Redis {
	t.Helper()
	join := "?"
	if strings.Contains(address, "?") {
		join = "&"
	}
	r, err := NewRedis(address + join + patient)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil && !errors.Is(err, redis.ErrClosed) {
			t.Error(err)
		}
	})
	return r
}

// newMiniredis returns a Redis in this process and its address.
func newMiniredis(t testing.TB) (*miniredis.Miniredis, string) {
	t.Helper()
	m := miniredis.RunT(t)
	return m, "redis://" + m.Addr()
}

// scope is one that no other test and no other run uses.
func scope(t testing.TB) string {
	return fmt.Sprintf("%s %d", t.Name(), time.Now().UnixNano())
}

func wantTooMany(t testing.TB, err error) *TooMany {
	t.Helper()
	var refused *TooMany
	if !errors.As(err, &refused) {
		t.Fatalf("got %v, want a *TooMany", err)
	}
	return refused
}

func TestContract(t *testing.T) {
	t.Parallel()
	implementations := map[string]func(t *testing.T) Limiter{
		"memory":    func(*testing.T) Limiter { return NewMemory(time.Now) },
		"miniredis": func(t *testing.T) Limiter { _, address := newMiniredis(t); return newRedis(t, address) },
		"redis":     func(t *testing.T) Limiter { return newRedis(t, testkit.Redis(t).URL()) },
		"cluster":   func(t *testing.T) Limiter { return newRedis(t, testkit.RedisCluster(t).URL()) },
		"fallback": func(t *testing.T) Limiter {
			f := NewFallback(newRedis(t, testkit.Redis(t).URL()), NewMemory(time.Now), 2, discard, time.Now)
			f.patience = time.Minute
			return f
		},
	}
	for name, open := range implementations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := open(t)
			t.Run("exact", func(t *testing.T) { t.Parallel(); exact(t, l) })
			t.Run("refills", func(t *testing.T) { t.Parallel(); refills(t, l) })
			t.Run("all or nothing", func(t *testing.T) { t.Parallel(); allOrNothing(t, l) })
			t.Run("off", func(t *testing.T) { t.Parallel(); off(t, l) })
			t.Run("apart", func(t *testing.T) { t.Parallel(); apart(t, l) })
			t.Run("refuses nonsense", func(t *testing.T) { t.Parallel(); refusesNonsense(t, l) })
			t.Run("gives back", func(t *testing.T) { t.Parallel(); givesBack(t, l) })
			t.Run("arrivals", func(t *testing.T) { t.Parallel(); arrivals(t, l) })
			t.Run("gone caller", func(t *testing.T) { t.Parallel(); goneCaller(t, l) })
		})
	}
}

func exact(t *testing.T, l Limiter) {
	for _, r := range []Rate{{20, time.Hour}, {7, time.Hour}, {1, time.Hour}} {
		var admitted atomic.Int64
		s := scope(t)
		var callers sync.WaitGroup
		for range 300 {
			callers.Go(func() {
				err := l.Take(t.Context(), s, Bucket{Name: "x", Rate: r}, Bucket{Name: "wide", Rate: Rate{1000, time.Hour}})
				if err == nil {
					admitted.Add(1)
					return
				}
				var refused *TooMany
				if !errors.As(err, &refused) {
					t.Error(err)
				} else if refused.Bucket != "x" || refused.RetryAfter <= 0 || refused.RetryAfter > r.Per {
					t.Errorf("%+v", refused)
				}
			})
		}
		callers.Wait()
		if got := admitted.Load(); got != int64(r.Count) {
			t.Errorf("%v: admitted %d of 300", r, got)
		}
	}
}

// refills runs on the real clock and holds however slow the machine is: it counts against
// the time that has really passed, and waiting longer than told does no harm.
func refills(t *testing.T, l Limiter) {
	b := Bucket{Name: "x", Rate: Rate{4, 400 * time.Millisecond}}
	s := scope(t)
	begin := time.Now()
	admitted := 0
	for range 3 {
		for {
			err := l.Take(t.Context(), s, b)
			if err == nil {
				admitted++
				continue
			}
			refused := wantTooMany(t, err)
			if refused.RetryAfter <= 0 || refused.RetryAfter > b.Rate.Per {
				t.Fatalf("retry after %s", refused.RetryAfter)
			}
			time.Sleep(refused.RetryAfter)
			break
		}
		if err := l.Take(t.Context(), s, b); err != nil {
			t.Fatalf("after the wait: %v", err)
		}
		admitted++
	}
	most := b.Rate.Count + int(time.Since(begin)*time.Duration(b.Rate.Count)/b.Rate.Per) + 1
	if admitted < b.Rate.Count+3 || admitted > most {
		t.Errorf("admitted %d, want %d to %d", admitted, b.Rate.Count+3, most)
	}
}

func allOrNothing(t *testing.T, l Limiter) {
	s := scope(t)
	one, three := Bucket{Name: "one", Rate: Rate{1, time.Hour}}, Bucket{Name: "three", Rate: Rate{3, 3 * time.Hour}}
	if err := l.Take(t.Context(), s, three, one); err != nil {
		t.Fatal(err)
	}
	for range 10 {
		if refused := wantTooMany(t, l.Take(t.Context(), s, three, one)); refused.Bucket != "one" {
			t.Fatalf("%+v", refused)
		}
	}
	for range 2 { // the ten refusals have cost the other bucket nothing
		if err := l.Take(t.Context(), s, three); err != nil {
			t.Fatal(err)
		}
	}
	wantTooMany(t, l.Take(t.Context(), s, three))

	long := Bucket{Name: "long", Rate: Rate{1, 24 * time.Hour}}
	if err := l.Take(t.Context(), s, long); err != nil {
		t.Fatal(err)
	}
	if refused := wantTooMany(t, l.Take(t.Context(), s, one, long, three)); refused.Bucket != "long" || refused.RetryAfter < 23*time.Hour {
		t.Errorf("of several empty buckets: %+v", refused)
	}
}

func off(t *testing.T, l Limiter) {
	s := scope(t)
	for range 50 {
		if err := l.Take(t.Context(), s, Bucket{Name: "x"}, Bucket{Name: "x"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Take(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if err := l.Take(t.Context(), s, Bucket{Name: "off"}, Bucket{Name: "one", Rate: Rate{1, time.Hour}}); err != nil {
		t.Fatal(err)
	}
	if refused := wantTooMany(t, l.Take(t.Context(), s, Bucket{Name: "off"}, Bucket{Name: "one", Rate: Rate{1, time.Hour}})); refused.Bucket != "one" {
		t.Errorf("%+v", refused)
	}
}

func apart(t *testing.T, l Limiter) {
	s := scope(t)
	rate := Rate{1, time.Hour}
	for _, place := range [][2]string{
		{s, "x"}, {s, "y"}, {s, ""}, {s + "2", "x"}, {s + "}:x", "y"}, {s, "x}:y"}, {s + "{}", "x"}, {s + ":", "x"},
		{s + "%7B%7D", "x"}, {"", s}, {"*", s}, {"%2A", s}, {s, "x\x00\r\n"}, {s, "đường"}, {s, strings.Repeat("dài", 5000)},
	} {
		if err := l.Take(t.Context(), place[0], Bucket{Name: place[1], Rate: rate}); err != nil {
			t.Errorf("%.60q was not apart: %v", place, err)
		}
		wantTooMany(t, l.Take(t.Context(), place[0], Bucket{Name: place[1], Rate: rate}))
	}
}

func refusesNonsense(t *testing.T, l Limiter) {
	s := scope(t)
	good := Bucket{Name: "good", Rate: Rate{1, time.Hour}}
	for _, buckets := range [][]Bucket{
		{good, {Name: "x", Rate: Rate{-1, time.Hour}}}, {good, {Name: "x", Rate: Rate{1, 0}}}, {good, {Name: "x", Rate: Rate{0, time.Hour}}},
		{good, {Name: "x", Rate: Rate{1, -time.Hour}}}, {good, good},
	} {
		err := l.Take(t.Context(), s, buckets...)
		var refused *TooMany
		if err == nil || errors.As(err, &refused) {
			t.Errorf("%v: %v", buckets, err)
		}
	}
	if err := l.Take(t.Context(), s, good); err != nil {
		t.Errorf("nonsense has taken an event: %v", err)
	}
}

func goneCaller(t *testing.T, l Limiter) {
	s := scope(t)
	gone, leave := context.WithCancel(t.Context())
	leave()
	b := Bucket{Name: "x", Rate: Rate{1, time.Hour}}
	if err := l.Take(gone, s, b); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	if err := l.Take(t.Context(), s, b); err != nil {
		t.Errorf("a caller who had gone has taken an event: %v", err)
	}
}

// In a bubble the clock is exact, so is the refill.
func TestMemoryRefillsExactly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := NewMemory(time.Now)
		b := Bucket{Name: "x", Rate: Rate{6, time.Minute}}
		for range 6 {
			if err := l.Take(t.Context(), "s", b); err != nil {
				t.Fatal(err)
			}
		}
		for range 20 {
			if refused := wantTooMany(t, l.Take(t.Context(), "s", b)); refused.RetryAfter != 10*time.Second {
				t.Fatalf("retry after %s", refused.RetryAfter)
			}
			time.Sleep(10*time.Second - time.Microsecond)
			wantTooMany(t, l.Take(t.Context(), "s", b))
			time.Sleep(time.Microsecond)
			if err := l.Take(t.Context(), "s", b); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(24 * time.Hour) // a long rest saves up one burst, not more
		for range 6 {
			if err := l.Take(t.Context(), "s", b); err != nil {
				t.Fatal(err)
			}
		}
		wantTooMany(t, l.Take(t.Context(), "s", b))
	})
}

// givesBack: what did not count is there again, and never more than a burst.
func givesBack(t *testing.T, l Limiter) {
	s := scope(t)
	b := Bucket{Name: "x", Rate: Rate{3, time.Hour}}
	if err := l.GiveBack(t.Context(), s, b, b.arrival()); err == nil {
		t.Error("the same name twice was given back")
	}
	for range 5 { // to a full bucket: nothing is saved up
		if err := l.GiveBack(t.Context(), s, b); err != nil {
			t.Fatal(err)
		}
	}
	take := func(want int) {
		t.Helper()
		for range want {
			if err := l.Take(t.Context(), s, b); err != nil {
				t.Fatal(err)
			}
		}
		wantTooMany(t, l.Take(t.Context(), s, b))
	}
	take(3)
	for range 2 {
		if err := l.GiveBack(t.Context(), s, b, Bucket{Name: "off"}); err != nil {
			t.Fatal(err)
		}
	}
	take(2)
}

// arrivals: 4 who come often take one arrival each; the fifth finds the door shut, until one
// of those who are in has left.
func arrivals(t *testing.T, l Limiter) {
	s := scope(t)
	who := func(i int) Bucket { return Bucket{Name: fmt.Sprintf("device:%d", i), Rate: Rate{3, time.Hour}} }
	door := Bucket{Name: "new", Rate: Rate{4, time.Hour}, Arrival: true}
	wide := Bucket{Name: "wide", Rate: Rate{1000, time.Hour}}
	for i := range 4 {
		for range 3 {
			if err := l.Take(t.Context(), s, who(i), door, wide); err != nil {
				t.Fatalf("device %d: %v", i, err)
			}
		}
		if refused := wantTooMany(t, l.Take(t.Context(), s, who(i), door, wide)); refused.Kind() != "device" {
			t.Errorf("device %d: %+v", i, refused)
		}
	}
	for range 3 { // who is refused has not come, and does not count as one who is in
		if refused := wantTooMany(t, l.Take(t.Context(), s, who(5), door, wide)); refused.Kind() != "new" {
			t.Errorf("the fifth: %+v", refused)
		}
	}
	// Where nobody knows who comes, arrivals are not counted.
	if err := l.Take(t.Context(), s, Bucket{Name: "device"}, door, wide); err != nil {
		t.Error(err)
	}
}

func (b Bucket) arrival() Bucket {
	b.Arrival = true
	return b
}
