package intake_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sipas/internal/intake"
	"sipas/internal/testkit"
)

// started is an intake with a clock that the test moves.
func started(t *testing.T, st *testkit.Place) (in *intake.Intake, advance func(time.Duration)) {
	t.Helper()
	var passed atomic.Int64
	in = intake.New(st.Registry, st.Store, intake.Options{
		Now: func() time.Time { return noon.Add(time.Duration(passed.Load())) },
		Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Zone: time.UTC,
	})
	t.Cleanup(func() {
		if err := in.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return in, func(d time.Duration) { passed.Add(int64(d)) }
}

// TestABatchThatCouldNotBeKeptIsKnown: a probe fits where no batch does.
func TestABatchThatCouldNotBeKeptIsKnown(t *testing.T) {
	t.Parallel()
	url := testkit.PostgresURL(t)
	st := testkit.OpenStore(t, url)
	code, _ := open(t, st)
	in, advance := started(t, st)
	ready := func(want bool, when string) {
		t.Helper()
		if err := in.Ready(t.Context()); (err == nil) != want {
			t.Errorf("%s: %v", when, err)
		}
	}
	full := func(table string) {
		testkit.Exec(t, url, "CREATE TRIGGER full_disk BEFORE INSERT ON "+table+" FOR EACH ROW EXECUTE FUNCTION full_disk()")
	}
	free := func(table string) { testkit.Exec(t, url, "DROP TRIGGER full_disk ON "+table) }
	testkit.Exec(t, url, "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION USING ERRCODE = ''53100''; END'")

	ready(true, "at first")
	full("readiness")
	advance(2 * time.Second)
	ready(false, "nothing can be written")
	free("readiness")
	advance(2 * time.Second)
	ready(true, "it can again")
	full("responses")
	s := submission(5)
	var away *intake.Unavailable
	if _, err := in.SubmitAt(t.Context(), code, s, noon); !errors.As(err, &away) || away.RetryAfter <= 0 {
		t.Errorf("on a full disk: %v", err)
	}
	advance(2 * time.Second)
	ready(false, "the last batch could not be kept")
	advance(4 * time.Second)
	ready(true, "that was long ago")
	if _, err := in.SubmitAt(t.Context(), code, s, noon); !errors.As(err, &away) {
		t.Errorf("on a full disk: %v", err)
	}
	free("responses")
	if _, err := in.SubmitAt(t.Context(), code, s, noon); err != nil {
		t.Error(err)
	}
	ready(true, "a batch was kept")
	recount(t, st, 1)
}

// TestManyHealthChecksShareOneWrite counts what they write.
func TestManyHealthChecksShareOneWrite(t *testing.T) {
	t.Parallel()
	for name, database := range map[string]func(testing.TB) string{"sqlite": testkit.SQLiteURL, "postgres": testkit.PostgresURL} {
		url := database(t)
		st := testkit.OpenStore(t, url)
		testkit.Exec(t, url, "CREATE TABLE writes (n BIGINT)")
		if name == "sqlite" {
			testkit.Exec(t, url, "CREATE TRIGGER w AFTER INSERT ON readiness BEGIN INSERT INTO writes VALUES (1); END")
		} else {
			testkit.Exec(t, url, "CREATE FUNCTION w() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO writes VALUES (1); RETURN NEW; END'")
			testkit.Exec(t, url, "CREATE TRIGGER w BEFORE INSERT ON readiness FOR EACH ROW EXECUTE FUNCTION w()")
		}
		in, advance := started(t, st)
		for range 3 {
			var all sync.WaitGroup
			for range 100 {
				all.Go(func() {
					if err := in.Ready(t.Context()); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			advance(2 * time.Second)
		}
		if writes := testkit.Number(t, url, "SELECT COUNT(*) FROM writes"); writes != 3 {
			t.Errorf("%s: 300 checks at three times made %d writes", name, writes)
		}
	}
}

// TestALockedDatabaseKeepsNobodyWaiting: somebody holds the lock and does not
// let go. The citizen is told before losing patience, and nothing is lost.
func TestALockedDatabaseKeepsNobodyWaiting(t *testing.T) {
	t.Parallel()
	url := testkit.SQLiteURL(t)
	st := testkit.OpenStore(t, url)
	code, _ := open(t, st)
	in, _ := started(t, st)
	letGo := testkit.LockSQLite(t, url)
	patience, cancel := context.WithTimeout(t.Context(), 12*time.Second) // it took 16 s before
	defer cancel()
	s := submission(5)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			var away *intake.Unavailable
			if _, err := in.SubmitAt(patience, code, s, noon); !errors.As(err, &away) {
				t.Errorf("while somebody holds the lock: %v", err)
			}
		})
	}
	all.Wait()
	if err := in.Ready(t.Context()); err == nil {
		t.Error("ready while somebody holds the lock")
	}
	letGo()
	if _, err := in.SubmitAt(t.Context(), code, s, noon); err != nil {
		t.Errorf("when it is free again: %v", err)
	}
	recount(t, st, 1)
}
