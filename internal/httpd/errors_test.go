package httpd_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"sipas/internal/auth"
	"sipas/internal/fault"
	"sipas/internal/httpd"
	"sipas/internal/intake"
	"sipas/internal/limit"
	"sipas/internal/message"
	"sipas/internal/paper"
	"sipas/internal/strictjson"
	"sipas/internal/testkit"
)

// TestFailureOf reads the table of errors and their answers.
func TestFailureOf(t *testing.T) {
	t.Parallel()
	printer := loadCatalogues(t).For(message.Default)
	problems := []fault.Problem{{Where: "answers.overall", Key: fault.ProblemRequired}}
	tests := []struct {
		err        error
		status     int
		key        string
		retryAfter time.Duration
		problems   int
	}{
		{&fault.Invalid{Problems: problems}, 422, "error.invalid", 0, 1},
		{&limit.TooMany{RetryAfter: 90 * time.Second}, 429, "error.too-many", 90 * time.Second, 0},
		{&intake.Unavailable{RetryAfter: 5 * time.Second, Cause: fault.ErrConflict}, 503, "error.unavailable", 5 * time.Second, 0},
		{&http.MaxBytesError{Limit: httpd.OrdinaryBody}, 413, "error.too-large", 0, 0},
		{fmt.Errorf("%w: %w", strictjson.ErrMalformed, &http.MaxBytesError{}), 413, "error.too-large", 0, 0},
		{&paper.Unwritable{}, 409, "error.no-font", 0, 0},
		{fault.ErrNotFound, 404, "error.not-found", 0, 0},
		{fault.ErrClosed, 404, "error.not-found", 0, 0},
		{fault.ErrReplaced, 404, "error.not-found", 0, 0},
		{fault.ErrConflict, 409, "error.conflict", 0, 0},
		{fault.ErrRemoved, 410, "error.removed", 0, 0},
		{fault.ErrForbidden, 403, "error.forbidden", 0, 0},
		{httpd.ErrCrossOrigin, 403, "error.cross-origin", 0, 0},
		{httpd.ErrSignIn, 401, "error.sign-in", 0, 0},
		{auth.ErrBadLogin, 401, "error.sign-in", 0, 0},
		{httpd.ErrMethod, 405, "error.method", 0, 0},
		{httpd.ErrMediaType, 415, "error.media-type", 0, 0},
		{httpd.ErrKeyMissing, 400, "error.idempotency-key", 0, 0},
		{strictjson.ErrMalformed, 400, "error.malformed", 0, 0},
		{httpd.ErrQuery, 400, "error.query", 0, 0},
		{context.Canceled, 499, "error.internal", 0, 0},
		{context.DeadlineExceeded, 503, "error.away", 5 * time.Second, 0},
		{errors.New("ERROR: relation \"responses\" does not exist"), 500, "error.internal", 0, 0},
	}
	for _, test := range tests {
		for _, err := range []error{test.err, fmt.Errorf("while doing something: %w", test.err), errors.Join(errors.New("before"), test.err)} {
			f := httpd.FailureOf(err)
			if f.Status != test.status || f.Key != test.key || f.RetryAfter != test.retryAfter || len(f.Problems) != test.problems {
				t.Errorf("%v: %+v, want %+v", err, f, test)
			}
		}
		if !printer.Has(test.key) {
			t.Errorf("%s has no text", test.key)
		}
	}
}

func TestRetrySeconds(t *testing.T) {
	t.Parallel()
	for after, want := range map[time.Duration]int{0: 1, time.Millisecond: 1, time.Second: 1, 1001 * time.Millisecond: 2, time.Hour: 3600} {
		if got := (httpd.Failure{RetryAfter: after}).RetrySeconds(); got != want {
			t.Errorf("%s: %d, want %d", after, got, want)
		}
	}
}

// TestPanicIsNotEchoed: a fault of ours is logged and says nothing to readers.
func TestPanicIsNotEchoed(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t), func(d *httpd.Deps) {
		d.MetricsToken = "a token"
		d.Metrics = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("SELECT secret FROM somewhere") })
	})
	r := h.get(h.client(), "/metrics", "Authorization", "Bearer a token")
	id := r.header.Get("X-Request-Id")
	r.check(t, "panic", http.StatusInternalServerError, []string{id}, append(leaks, "secret"))
	if log := h.log.String(); !strings.Contains(log, "SELECT secret") || !strings.Contains(log, id) {
		t.Errorf("the fault of request %q is not in the log", id)
	}
}

// TestMetrics: only who has the token learns that there is something.
func TestMetrics(t *testing.T) {
	t.Parallel()
	metrics := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "responses_total 7") })
	const token = "đo-0123456789abcdef"
	with := newHarness(t, testkit.SQLite(t), func(d *httpd.Deps) { d.Metrics, d.MetricsToken = metrics, token })
	without := newHarness(t, testkit.SQLite(t), func(d *httpd.Deps) { d.Metrics = metrics })
	with.get(with.client(), "/metrics", "Authorization", "Bearer "+token).check(t, "token", http.StatusOK, []string{"responses_total 7"}, nil)
	for _, h := range []*harness{with, without} {
		for _, given := range []string{"", "Bearer", "Bearer ", "Bearer wrong", "Basic " + token, token, "bearer " + token, "Bearer " + token + "x"} {
			h.get(h.client(), "/metrics", "Authorization", given).check(t, given, http.StatusNotFound, nil, append(leaks, "responses_total"))
		}
	}
	without.get(without.client(), "/metrics", "Authorization", "Bearer "+token).check(t, "no token set", http.StatusNotFound, nil, []string{"responses_total"})

	// Servers cut the blank off; what stands before this one may not.
	empty, w := httptest.NewRequest(http.MethodGet, "/metrics", nil), httptest.NewRecorder()
	empty.Header.Set("Authorization", "Bearer ")
	without.http.Config.Handler.ServeHTTP(w, empty)
	if w.Code != http.StatusNotFound {
		t.Errorf("an empty token where none is set: %d", w.Code)
	}
}

// TestGoneReader: nobody is told of an error when nobody listens any more.
func TestGoneReader(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	w := httptest.NewRecorder()
	h.http.Config.Handler.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/api/v1/board", nil))
	for _, leak := range leaks {
		if strings.Contains(w.Body.String(), leak) {
			t.Errorf("%q in %s", leak, w.Body)
		}
	}
}
