package keep

import (
	"context"
	"sync"
)

// Turns lets those who want the same thing work one after the other, so that
// whoever waits finds what was made in the meantime instead of making it as well.
// Nobody depends on another: who gives up, or fails, leaves the turn to the next.
type Turns[K comparable] struct {
	mu    sync.Mutex
	taken map[K]*turn
}

type turn struct {
	place  chan struct{} // holds one
	askers int           // who have the turn or wait for it
}

// NewTurns makes turns that nobody has.
func NewTurns[K comparable]() *Turns[K] { return &Turns[K]{taken: map[K]*turn{}} }

// Take waits for the turn at key, or for the end of ctx. Whoever got it calls
// done.
func (t *Turns[K]) Take(ctx context.Context, key K) (done func(), err error) {
	t.mu.Lock()
	at, ok := t.taken[key]
	if !ok {
		at = &turn{place: make(chan struct{}, 1)}
		t.taken[key] = at
	}
	at.askers++
	t.mu.Unlock()
	leave := func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if at.askers--; at.askers == 0 {
			delete(t.taken, key)
		}
	}
	select {
	case at.place <- struct{}{}:
		return func() { <-at.place; leave() }, nil
	case <-ctx.Done():
		leave()
		return nil, context.Cause(ctx)
	}
}

// Askers tells how many have the turn at key or wait for it.
func (t *Turns[K]) Askers(key K) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	if at, ok := t.taken[key]; ok {
		return at.askers
	}
	return 0
}
