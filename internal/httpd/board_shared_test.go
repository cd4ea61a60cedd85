package httpd_test

import (
	"net/http"
	"strings"
	"testing"

	"sipas/internal/access"
	"sipas/internal/testkit"
)

// TestAKeptPageIsForWhoMaySeeIt: whoever looks at a board after others, who may see
// more, less or something else of it, gets what a server gives that nobody asked before.
func TestAKeptPageIsForWhoMaySeeIt(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	h := newHarness(t, st)
	h.year2025()
	askers := map[string]*http.Client{}
	for _, a := range []struct {
		role  access.Role
		scope int64
	}{{access.Administrator, 0}, {access.Viewer, 0}, {access.Viewer, h.environment.ID}, {access.Viewer, h.environment.ID}} {
		login := h.account(a.role, a.scope)
		askers[login] = h.signedIn(login)
	}
	paths := []string{
		"/bang?year=2025", "/bang?year=2025&agency=so-tnmt", "/bang?year=2025&agency=so-tnmt&lang=en", "/bang?year=2025&agency=so-tnmt&open=1&lang=vi",
		"/bang?year=2025&agency=so-tnmt&row=TTHC.quay-nhanh", "/bang?year=2025&field=dat-dai",
		"/api/v1/board?year=2025&agency=so-tnmt", "/api/v1/board?year=2025&agency=so-tnmt&detail=1",
	}
	want := map[string]string{}
	for login, client := range askers {
		for _, path := range paths {
			r := serve(t, st).get(client, path)
			if r.status != http.StatusOK || strings.HasPrefix(path, "/bang") && !strings.Contains(r.body, login) {
				t.Fatalf("%s: %d %.200s", path, r.status, r.body)
			}
			want[login+path] = r.body
		}
	}
	for range 2 {
		for _, path := range paths {
			for login, client := range askers {
				if got := h.get(client, path).body; got != want[login+path] {
					t.Errorf("%s gets something else of %s than if nobody had asked before", login, path)
				}
			}
		}
	}
}
