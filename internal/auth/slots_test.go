package auth

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
)

// slow are passwords each of which is hashed until it is released; started counts
// them.
func slow(started *int) (p passwords, release chan struct{}) {
	release = make(chan struct{})
	return passwords{slots: make(chan struct{}, hashers), derive: func(_, _ []byte, _, _ uint32, _ uint8, _ uint32) []byte {
		*started++
		<-release
		return []byte("key")
	}}, release
}

func TestFewPasswordsAreHashedAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var started, done int // changed while everybody else is blocked
		p, release := slow(&started)
		for range hashers + 3 {
			go func() {
				if _, err := p.key(t.Context(), "", nil, currentParams, keyLength, nil); err != nil {
					t.Errorf("key: %v", err)
				}
				done++
			}()
			synctest.Wait()
		}
		if started != hashers {
			t.Errorf("%d passwords are hashed at once, want %d", started, hashers)
		}

		// Whoever goes away stops waiting.
		ctx, cancel := context.WithCancel(t.Context())
		var gaveUp error
		go func() { _, gaveUp = p.key(ctx, "", nil, currentParams, keyLength, nil) }()
		synctest.Wait()
		if gaveUp != nil {
			t.Errorf("gave up while it might still wait: %v", gaveUp)
		}
		cancel()
		synctest.Wait()
		if !errors.Is(gaveUp, context.Canceled) {
			t.Errorf("after its context was cancelled: %v", gaveUp)
		}
		if started != hashers {
			t.Errorf("%d passwords were hashed, the one that went away among them", started)
		}

		// Each that is ready makes room for one more.
		for i := range hashers + 3 {
			release <- struct{}{}
			synctest.Wait()
			if want := min(hashers+i+1, hashers+3); started != want || done != i+1 {
				t.Errorf("after %d: %d started, want %d; %d done", i+1, started, want, done)
			}
		}
	})
}

func TestNoWorkForARequestThatIsGone(t *testing.T) {
	t.Parallel()
	p := passwords{slots: make(chan struct{}, hashers), derive: func(_, _ []byte, _, _ uint32, _ uint8, _ uint32) []byte {
		t.Error("hashed a password that nobody waits for")
		return nil
	}}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 20 { // a free slot would win now and then
		if _, err := p.key(ctx, "", nil, currentParams, keyLength, nil); !errors.Is(err, context.Canceled) {
			t.Errorf("key: %v", err)
		}
	}
}

// TestTriesBeginWhenTheyAreCompared: who waits for a hasher has not begun, so
// that many who sign in at once do not use up each other's tries.
func TestTriesBeginWhenTheyAreCompared(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var begun, derived int // changed while everybody else is blocked
		p, release := slow(&derived)
		begin := func(ctx context.Context) error { begun++; return ctx.Err() }
		for range hashers + 5 {
			go func() {
				if _, err := p.key(t.Context(), "", nil, currentParams, keyLength, begin); err != nil {
					t.Error(err)
				}
			}()
			synctest.Wait()
		}
		if begun != hashers {
			t.Errorf("%d tries have begun, want %d", begun, hashers)
		}
		for range hashers + 5 {
			release <- struct{}{}
			synctest.Wait()
		}
		refused := errors.New("too many")
		if _, err := p.key(t.Context(), "", nil, currentParams, keyLength, func(context.Context) error { return refused }); !errors.Is(err, refused) {
			t.Errorf("a refused try: %v", err)
		}
		if derived != hashers+5 {
			t.Errorf("%d passwords were hashed, the refused one among them", derived)
		}
	})
}
