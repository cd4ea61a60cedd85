package keep

import (
	"context"
	"errors"
	"testing"
)

// TestTurnsLeaveNothing: one has the turn, another waits and a third gives up; in the
// end there is nothing left of them.
func TestTurnsLeaveNothing(t *testing.T) {
	t.Parallel()
	turns := NewTurns[string]()
	first, err := turns.Take(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	other, err := turns.Take(t.Context(), "b")
	if err != nil {
		t.Fatal(err)
	}
	other()
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := turns.Take(gone, "a"); !errors.Is(err, context.Canceled) {
		t.Errorf("who gave up got %v", err)
	}
	second := make(chan func())
	go func() {
		done, err := turns.Take(t.Context(), "a")
		if err != nil {
			t.Error(err)
		}
		second <- done
	}()
	for turns.Askers("a") < 2 {
		select {
		case <-second:
			t.Fatal("two have the turn")
		default:
		}
	}
	first()
	(<-second)()
	if len(turns.taken) != 0 || turns.Askers("a") != 0 {
		t.Errorf("%d turns are left over", len(turns.taken))
	}
}
