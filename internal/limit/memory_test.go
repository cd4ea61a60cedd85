package limit

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// clock stands still until it is moved.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func newClock() *clock { return &clock{t: time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

func (m *Memory) size() (n int) {
	for i := range m.shards {
		n += len(m.shards[i].tat)
	}
	return n
}

// Whatever the rate and however events arrive: in every span between two admitted events
// there are at most Count + span*Count/Per of them, RetryAfter is in range, and an event
// that arrives after it is admitted.
func TestMemoryNeverExceedsTheRate(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := Rate{Count: rapid.IntRange(1, 8).Draw(t, "count"), Per: time.Duration(rapid.IntRange(8, 5000).Draw(t, "per")) * time.Microsecond}
		c := newClock()
		m := NewMemory(c.now)
		var admitted []time.Time
		for _, gap := range rapid.SliceOfN(rapid.IntRange(0, 3000), 1, 60).Draw(t, "gaps") {
			c.move(time.Duration(gap) * time.Microsecond)
			err := m.Take(context.Background(), "s", Bucket{Name: "x", Rate: r})
			if err != nil {
				var refused *TooMany
				if !errors.As(err, &refused) {
					t.Fatal(err)
				}
				if refused.RetryAfter <= 0 || refused.RetryAfter > r.Per {
					t.Fatalf("retry after %s of %s", refused.RetryAfter, r)
				}
				if rapid.Bool().Draw(t, "wait") {
					c.move(refused.RetryAfter)
					if err := m.Take(context.Background(), "s", Bucket{Name: "x", Rate: r}); err != nil {
						t.Fatalf("after the wait: %v", err)
					}
					admitted = append(admitted, c.now())
				}
				continue
			}
			admitted = append(admitted, c.now())
		}
		for i, from := range admitted {
			for j, until := range admitted[i:] {
				most := float64(r.Count) + float64(until.Sub(from))*float64(r.Count)/float64(r.Per)
				if n := j + 1; float64(n) > most {
					t.Fatalf("%s admitted %d within %s", r, n, until.Sub(from))
				}
			}
		}
	})
}

func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	c := newClock()
	m := NewMemory(c.now)
	take := func(name string, r Rate) error { return m.Take(context.Background(), "s", Bucket{Name: name, Rate: r}) }
	short := Rate{10, time.Minute} // one event is made good after 6 s

	for i := range 100_000 {
		if err := take("device:"+strconv.Itoa(i), short); err != nil {
			t.Fatal(err)
		}
	}
	if n := m.size(); n != 100_000 {
		t.Fatalf("%d of 100000 live buckets are kept", n)
	}
	c.move(2 * time.Minute)
	for i := range 10_000 { // touches every shard
		if err := take("other:"+strconv.Itoa(i), short); err != nil {
			t.Fatal(err)
		}
	}
	if n := m.size(); n != 10_000 {
		t.Errorf("%d buckets are kept after the full ones could go, want 10000", n)
	}

	// A flood of new names stays within the bound and does not wash out an empty bucket.
	long := Rate{5, time.Hour}
	for range 5 {
		if err := take("guarded", long); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 2 * maxBuckets {
		if err := take(fmt.Sprintf("flood:%d", i), short); err != nil {
			t.Fatal(err)
		}
		c.move(time.Microsecond)
	}
	if n := m.size(); n > maxBuckets {
		t.Errorf("%d buckets are kept, bound %d", n, maxBuckets)
	}
	wantTooMany(t, take("guarded", long))
}

func TestMemoryTakesManyBucketsAtOnce(t *testing.T) {
	t.Parallel()
	m := NewMemory(time.Now)
	var forth, back []Bucket
	for i := range 100 { // more than there are shards, so that some lie together
		b := Bucket{Name: strconv.Itoa(i), Rate: Rate{1000, time.Hour}}
		forth = append(forth, b)
		back = append([]Bucket{b}, back...)
	}
	var callers sync.WaitGroup
	for range 250 { // both orders at once would deadlock with careless locking
		for _, buckets := range [][]Bucket{forth, back} {
			callers.Go(func() {
				for range 2 {
					if err := m.Take(context.Background(), "s", buckets...); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	callers.Wait()
	for _, b := range forth {
		if err := m.Take(context.Background(), "s", b); err == nil {
			t.Fatalf("bucket %s has let more than 1000 through", b.Name)
		}
	}
}
