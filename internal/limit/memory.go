package limit

import (
	"context"
	"hash/maphash"
	"maps"
	"math/bits"
	"slices"
	"sync"
	"time"
)

const (
	shards     = 64      // at most 64: Take keeps the set of locked shards in one word
	maxBuckets = 1 << 18 // over all shards; about 12 MB
	maxInShard = maxBuckets / shards
	sweepEvery = int64(time.Minute / time.Microsecond)
)

// Memory limits within this process. It holds at most 262,144 buckets: full ones (equal
// to buckets never used) are dropped about once a minute, and if that does not make room,
// those nearest to full, whose loss forgives least.
type Memory struct {
	now    func() time.Time
	start  time.Time
	seeds  [2]maphash.Seed
	shards [shards]shard
}

// key stands for a bucket: two hashes of its name with secret seeds. A server in use knows
// tens of thousands of them, whose names would take five times as much, and more again of
// the collector's time.
type key [2]uint64

func (m *Memory) keyOf(scope, name string) key {
	type bucket struct{ scope, name string }
	b := bucket{scope, name}
	return key{maphash.Comparable(m.seeds[0], b), maphash.Comparable(m.seeds[1], b)}
}

type shard struct {
	mu      sync.Mutex
	tat     map[key]int64 // microseconds since Memory.start
	sweepAt int64
}

// NewMemory returns an empty in-process limiter. A clock with a monotonic reading, such
// as time.Now, keeps it right when the wall clock is set.
func NewMemory(now func() time.Time) *Memory {
	m := &Memory{now: now, start: now(), seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}}
	for i := range m.shards {
		m.shards[i].tat = map[key]int64{}
	}
	return m
}

// Take implements Limiter.
func (m *Memory) Take(ctx context.Context, scope string, buckets ...Bucket) error {
	return m.move(ctx, scope, buckets, 1)
}

// GiveBack implements Limiter.
func (m *Memory) GiveBack(ctx context.Context, scope string, buckets ...Bucket) error {
	return m.move(ctx, scope, buckets, -1)
}

// move takes one event from every bucket or none, or gives one back (-1).
func (m *Memory) move(ctx context.Context, scope string, buckets []Bucket, events int64) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := check(buckets); err != nil {
		return err
	}
	type slot struct {
		shard *shard
		key   key
		skip  bool
		tat   int64
	}
	var few [6]slot // spares the allocation in the usual case
	slots := few[:0]
	var used uint64
	for _, b := range buckets {
		k := m.keyOf(scope, b.Name)
		i := k[0] % shards
		slots = append(slots, slot{shard: &m.shards[i], key: k})
		used |= 1 << i
	}
	m.lock(used)
	defer m.unlock(used)

	now := m.now().Sub(m.start).Microseconds() // under the locks, so that it does not run backwards
	var refused *TooMany
	inUse := false
	for i, b := range buckets {
		s := &slots[i]
		s.tat = s.shard.tat[s.key]
		if i == 0 {
			inUse = s.tat > now
		}
		if s.skip = skipped(buckets, i, inUse); s.skip {
			continue
		}
		s.tat = min(max(s.tat, now), now+b.Rate.burst()) + events*b.Rate.interval()
		wait := time.Duration(s.tat-b.Rate.burst()-now) * time.Microsecond
		if wait > 0 && (refused == nil || wait > refused.RetryAfter) {
			refused = &TooMany{Bucket: b.Name, RetryAfter: wait}
		}
	}
	if refused != nil {
		return refused
	}
	for i := range slots {
		if s := &slots[i]; !s.skip {
			s.shard.put(s.key, s.tat, now)
		}
	}
	return nil
}

// Close implements Limiter; there is nothing to free.
func (m *Memory) Close() error { return nil }

// lock takes the shards of the set in ascending order, so that two calls never wait for
// each other in a circle.
func (m *Memory) lock(set uint64) {
	for ; set != 0; set &= set - 1 {
		m.shards[bits.TrailingZeros64(set)].mu.Lock()
	}
}

func (m *Memory) unlock(set uint64) {
	for ; set != 0; set &= set - 1 {
		m.shards[bits.TrailingZeros64(set)].mu.Unlock()
	}
}

func (s *shard) put(k key, tat, now int64) {
	if len(s.tat) >= maxInShard || now >= s.sweepAt {
		s.sweep(now)
	}
	if tat <= now { // full, as if never used
		delete(s.tat, k)
		return
	}
	s.tat[k] = tat
}

// sweep drops full buckets, and in a flood also the eighth nearest to full; so the cost of
// a sweep is spread over many events.
func (s *shard) sweep(now int64) {
	s.sweepAt = now + sweepEvery
	s.dropUntil(now)
	if len(s.tat) > maxInShard*7/8 {
		tats := slices.Sorted(maps.Values(s.tat))
		s.dropUntil(tats[len(tats)/8])
	}
}

func (s *shard) dropUntil(tat int64) {
	maps.DeleteFunc(s.tat, func(_ key, t int64) bool { return t <= tat })
}
