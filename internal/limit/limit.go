// Package limit answers how often something may happen.
//
// A [Bucket] is filled again at a steady [Rate] and holds a burst of Count events.
// [Memory] keeps buckets in this process, [Redis] shares them between processes,
// and [Fallback] takes the first when the second is away. All three use the same
// arithmetic, the generic cell rate algorithm (GCRA, ITU-T I.371 annex A): for each
// bucket one number is kept, the theoretical arrival time (TAT) of the next event of
// a steady stream; an event is refused when it would push the TAT further than one
// burst into the future. This is the only package that talks to Redis.
package limit

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// Bucket names one limited thing within a scope and its rate.
type Bucket struct {
	// Name is a kind, or KIND:WHICH, such as "device:abc". Only the kind is ever told.
	Name string
	Rate Rate
	// Arrival takes from this bucket only where the first one of the call is full: so it
	// counts who comes instead of how often they come. Where the first one is off, nobody
	// knows who comes, and this one is skipped.
	Arrival bool
}

// Limiter takes events from buckets. Implementations are safe for concurrent use.
type Limiter interface {
	// Take takes one event from every bucket, or none at all if any of them is empty:
	// then the error is a *TooMany. The scope (such as the code of a service point)
	// keeps equal names apart; one Take has one scope so that all its buckets live on
	// one node of a Redis Cluster. Buckets whose rate is off are skipped. A rate that
	// ParseRate would refuse, or a name given twice, is an error.
	Take(ctx context.Context, scope string, buckets ...Bucket) error

	// GiveBack returns one event to every bucket, for what turned out not to count. A
	// bucket never holds more than its burst.
	GiveBack(ctx context.Context, scope string, buckets ...Bucket) error

	// Close frees connections. The limiter must not be used afterwards.
	Close() error
}

// TooMany says that a bucket is empty. Of several empty buckets it names the one that
// takes longest to let an event through.
type TooMany struct {
	// Bucket is the name of the bucket. It may hold a network address or a device id
	// and therefore is not part of the error text.
	Bucket string
	// RetryAfter is when the next event fits: above 0 and at most the rate's Per.
	RetryAfter time.Duration
}

// Error implements error.
func (e *TooMany) Error() string {
	return fmt.Sprintf("limit: too many (%s), retry after %s", e.Kind(), e.RetryAfter)
}

// Kind says which sort of bucket was empty, and nothing about whose.
func (e *TooMany) Kind() string {
	kind, _, _ := strings.Cut(e.Bucket, ":")
	return kind
}

// skipped tells whether a bucket is not asked; known is whether the first one was in use.
func skipped(buckets []Bucket, i int, known bool) bool {
	return buckets[i].Rate.Off() || buckets[i].Arrival && (known || buckets[0].Rate.Off())
}

// check refuses what no implementation can count: a malformed rate, or a bucket named
// twice, which would be read before it was written.
func check(buckets []Bucket) error {
	for i, b := range buckets {
		if b.Rate.Off() {
			continue
		}
		if err := b.Rate.check(); err != nil {
			return fmt.Errorf("limit: bucket %d: %w", i+1, err)
		}
		for j, other := range buckets[:i] {
			if other.Name == b.Name && !other.Rate.Off() {
				return fmt.Errorf("limit: buckets %d and %d have the same name", j+1, i+1)
			}
		}
	}
	return nil
}
