package jobs

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sipas/internal/db"
	"sipas/internal/testkit"
)

// TestLookingNeedsNoWriter: where nothing is due, looking for jobs does not wait
// for whoever writes to SQLite's file, nor keep anybody waiting.
func TestLookingNeedsNoWriter(t *testing.T) {
	t.Parallel()
	d, err := db.Open(t.Context(), testkit.SQLiteURL(t))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	r, err := New(d, Options{Log: slog.New(slog.DiscardHandler), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := r.look(t.Context()); err != nil || !r.scheduled {
		t.Fatalf("its own chore is not there: %v", err)
	}
	err = d.Change(t.Context(), func(tx *db.Tx) error {
		// Due, but of a kind that this runner leaves alone.
		if err := Add(t.Context(), tx, Job{Kind: "unknown"}); err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if c, _, pause, err := r.look(ctx); c != nil || pause != shippedPoll || err != nil {
			t.Errorf("while another writes: %v, %v, %v", c, pause, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if c, _, _, err := r.look(t.Context()); c != nil || err != nil {
		t.Errorf("of an unknown kind: %v, %v", c, err)
	}
}

// TestAJobWaitsForTheChangeThatAsksForIt: a change asks for what waits already.
// Begun before the change is committed, it would not see what was changed, and
// nothing would be left to do it again.
func TestAJobWaitsForTheChangeThatAsksForIt(t *testing.T) {
	t.Parallel()
	d, err := db.Open(t.Context(), testkit.PostgresURL(t)) // SQLite has one writer
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	r, err := New(d, Options{Log: slog.New(slog.DiscardHandler), Now: time.Now}, On("sum", nil))
	if err != nil {
		t.Fatal(err)
	}
	asks := func(tx *db.Tx) error { return Add(t.Context(), tx, Job{Kind: "sum", Key: "7"}) }
	if err := d.Change(t.Context(), asks); err != nil {
		t.Fatal(err)
	}
	err = d.Change(t.Context(), func(tx *db.Tx) error {
		if err := asks(tx); err != nil {
			return err
		}
		if c, _, err := r.claim(t.Context()); c != nil || err != nil {
			t.Errorf("before the change is committed: %v, %v", c, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if c, _, err := r.claim(t.Context()); c == nil || err != nil {
		t.Errorf("after it: %v, %v", c, err)
	}
}

func TestBackOff(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		first := time.Duration(rapid.Int64Range(1, int64(time.Minute)).Draw(t, "first"))
		attempt := rapid.IntRange(1, 100_000).Draw(t, "attempt")
		random := rapid.Float64Range(0, 1).Draw(t, "random")
		longest, got, next := backOff(first, attempt, 0), backOff(first, attempt, random), backOff(first, attempt+1, 0)
		if longest > longestPause || next < longest || next > 2*longest || got > longest || got < longest/2-1 {
			t.Fatalf("%s, %s, then %s", longest, got, next)
		}
		if attempt == 1 && longest != first {
			t.Fatalf("it begins with %s", longest)
		}
	})
	night := time.Duration(0)
	for attempt := 1; attempt < shippedAttempts; attempt++ {
		night += backOff(shippedPause, attempt, 1)
	}
	if night < 3*time.Hour {
		t.Errorf("a job is given up after %s already", night)
	}
}
