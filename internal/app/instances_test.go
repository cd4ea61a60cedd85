package app_test

import (
	"net/http"
	"testing"
	"time"

	"sipas/internal/testkit"
)

// TestACounterClosedOnceIsClosedEverywhere: whoever closes a counter, every
// instance shows it closed, and takes no answer, without being started anew. How
// long it takes is logged; it is to be two seconds at most.
func TestACounterClosedOnceIsClosedEverywhere(t *testing.T) {
	t.Parallel()
	url := testkit.PostgresURL(t)
	hall := openHall(t, url)
	one, two := startServer(t, "SIPAS_DATABASE_URL="+url), startServer(t, "SIPAS_DATABASE_URL="+url)
	for round, command := range []string{"close", "open", "close"} {
		want := http.StatusNotFound
		if command == "open" {
			want = http.StatusOK
		}
		if code, said := run(t, t.TempDir(), "service-points", command, "--database-url", url, hall.code); code != 0 {
			t.Fatalf("%s: %d %s", command, code, said)
		}
		changed := time.Now()
		for _, server := range []*server{one, two} {
			for {
				status, _ := get(server.base + "/q/" + hall.code)
				if status == want {
					break
				}
				if time.Since(changed) > 30*time.Second {
					t.Fatalf("round %d: %s is not seen: status %d", round, command, status)
				}
				time.Sleep(5 * time.Millisecond)
			}
			t.Logf("%s was seen after %d ms", command, time.Since(changed).Milliseconds())
		}
	}
}
