package app_test

import (
	"maps"
	"net/http"
	"sync"
	"testing"
	"time"

	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// until waits for something that the program does by itself after a while.
func until(t *testing.T, what string, reached func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !reached(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never: %s", what)
		}
	}
}

func (s *server) ready(want int) func() bool {
	return func() bool {
		status, _ := get(s.base + "/readyz")
		return status == want
	}
}

// onlyRefused fails if citizens saw anything but receipts and 503 with
// Retry-After, or no refusal at all.
func (c *citizens) onlyRefused(t *testing.T, during string) {
	t.Helper()
	seen := c.seen()
	delete(seen, http.StatusCreated)
	if seen[http.StatusServiceUnavailable] == 0 || len(seen) != 1 {
		t.Errorf("%s citizens saw %v, want 503 with Retry-After", during, seen)
	}
}

// TestPgBouncerLosesNothing: the next transaction may reach another session of
// the server, which knows nothing of the one before.
func TestPgBouncerLosesNothing(t *testing.T) {
	t.Parallel()
	postgres := testkit.OwnPostgres(t)
	pooler := testkit.OwnPgBouncer(t, postgres, 3)
	migrated(t, pooler.URL())
	hall := openHall(t, pooler.URL())
	server := startServer(t, "SIPAS_DATABASE_URL="+pooler.URL())
	const people = 200
	receipts := map[string]string{}
	var mu sync.Mutex
	var all sync.WaitGroup
	for range people {
		all.Go(func() {
			id := survey.NewID(time.Now())
			status, _, reply := post(server.base, hall.code, id, answer(hall.version, id))
			if status != http.StatusCreated {
				t.Errorf("%d %s", status, reply)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			receipts[id] = receiptIn(reply)
		})
	}
	all.Wait()
	allKept(t, hall.st, server.base, hall.code, hall.version, receipts)

	c := begin(hall.code, hall.version, 8, server.base)
	c.await(t, 100)
	pooler.Stop(t)
	until(t, "not ready without the pooler", server.ready(http.StatusServiceUnavailable))
	pooler.Start(t)
	until(t, "ready again", server.ready(http.StatusOK))
	c.await(t, 100)
	receipts = c.finish()
	c.onlyRefused(t, "while the pooler was away")
	// The test's own idle connections ended with the pooler.
	allKept(t, testkit.OpenStore(t, pooler.URL()), server.base, hall.code, hall.version, receipts)
}

// TestFailoverNeedsNoRestart: the server cuts every connection and only reads
// for whoever connects next, as a standby does.
func TestFailoverNeedsNoRestart(t *testing.T) {
	t.Parallel()
	postgres, hall, server := ownPostgresHall(t)
	c := begin(hall.code, hall.version, 8, server.base)
	c.await(t, 100)
	writer := postgres.URL() + "&default_transaction_read_only=off"
	testkit.Exec(t, writer, "ALTER DATABASE postgres SET default_transaction_read_only = on")
	testkit.Exec(t, writer, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()")
	until(t, "not ready while it only reads", server.ready(http.StatusServiceUnavailable))
	if status, _ := get(server.base + "/q/" + hall.code); status != http.StatusOK {
		t.Errorf("the form: %d", status)
	}
	until(t, "somebody is refused", func() bool { return c.seen()[http.StatusServiceUnavailable] > 0 })
	receipts := c.finish()
	c.onlyRefused(t, "while the server only read")
	// Sessions that began before stay as they are.
	testkit.Exec(t, writer, "ALTER DATABASE postgres RESET default_transaction_read_only")
	until(t, "ready again", server.ready(http.StatusOK))
	c = begin(hall.code, hall.version, 8, server.base)
	c.await(t, 100)
	maps.Copy(receipts, c.finish())
	if seen := c.seen(); len(seen) != 1 {
		t.Errorf("after it was ready again citizens saw %v", seen)
	}
	allKept(t, testkit.OpenStore(t, postgres.URL()), server.base, hall.code, hall.version, receipts)
}
