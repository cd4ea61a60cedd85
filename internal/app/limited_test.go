package app_test

import (
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"sipas/internal/survey"
)

// TestAReachedLimitIsCounted by its kind, for whoever watches the server.
func TestAReachedLimitIsCounted(t *testing.T) {
	t.Parallel()
	url := "sqlite:" + filepath.Join(t.TempDir(), "sipas.db")
	migrated(t, url)
	hall := openHall(t, url)
	s := startServer(t, "SIPAS_DATABASE_URL="+url, "SIPAS_METRICS_TOKEN=0123456789abcdef", "SIPAS_LIMIT_NO_COOKIE=1/1h")
	for _, want := range []int{http.StatusCreated, http.StatusTooManyRequests, http.StatusTooManyRequests} {
		id := survey.NewID(time.Now())
		if status, _, reply := post(s.base, hall.code, id, answer(hall.version, id)); status != want {
			t.Errorf("status %d, want %d: %s", status, want, reply)
		}
	}
	s.awaitMetric(t, `sipas_limited_total{limit="no-cookie"} 2`)
}
