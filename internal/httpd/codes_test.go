package httpd_test

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sipas/internal/httpd"
	"sipas/internal/limit"
	"sipas/internal/testkit"
)

// TestUnknownAndClosedCodesCostTheSame counts what is done for a code: the
// forms are read from the database when they are old, whoever asks, and for no
// code in particular. With the database closed any other read would show in the
// answer or in the log.
func TestUnknownAndClosedCodesCostTheSame(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	var turns atomic.Int64
	h := newHarness(t, st, func(d *httpd.Deps) { d.Limiter = countingLimiter{d.Limiter, &turns} })
	form := h.openForm(h.client(), codeLand)
	form.Set("a.overall", "5")
	if err := st.DB.Close(); err != nil {
		t.Fatal(err)
	}
	const reading = "could not be read again"
	neighbour := codeLand[:7] + "4"
	for _, ask := range []struct {
		what string
		of   func(code string) reply
	}{
		{"form", func(code string) reply { return h.get(h.client(), "/q/"+code) }},
		{"answers", func(code string) reply { return h.post(h.client(), "/q/"+code, form) }},
		{"receipt", func(code string) reply { return h.get(h.client(), "/q/"+code+"/xong/7K3MQ9TD") }},
		{"QR", func(code string) reply { return h.get(h.client(), "/q/"+code+"/qr.svg").section("<h1>", "<code>") }},
		{"form by API", func(code string) reply { return h.get(h.client(), "/api/v1/service-points/"+code+"/form") }},
		{"answers by API", func(code string) reply {
			return h.post(h.client(), "/api/v1/service-points/"+code+"/responses", `{}`, "Content-Type", "application/json", "Idempotency-Key", form.Get("submission"))
		}},
	} {
		var first string
		for _, code := range []string{codeUnknown, neighbour, codeStaff, codeClosed} {
			h.clock.Advance(time.Minute)
			before := strings.Count(h.log.String(), reading)
			for range 3 {
				r := ask.of(code)
				said := r.withoutInstance()
				if first == "" {
					first = said
				}
				// A page says to whoever has the code of a closed counter that it is closed.
				if r.status != http.StatusNotFound || said != first && (code != codeClosed || !strings.Contains(said, "Quầy này đã ngừng nhận đánh giá")) {
					t.Errorf("%s of %s: status %d, want the answer to an unknown code, have\n%s", ask.what, code, r.status, r.body)
				}
			}
			if reads := strings.Count(h.log.String(), reading) - before; reads != 1 {
				t.Errorf("%s of %s: the forms were read %d times, want once for all", ask.what, code, reads)
			}
		}
	}
	if n := turns.Load(); n != 0 {
		t.Errorf("the limiter was asked %d times for codes that take no answers", n)
	}
}

// countingLimiter counts how often it is asked.
type countingLimiter struct {
	limit.Limiter
	turns *atomic.Int64
}

func (l countingLimiter) Take(ctx context.Context, scope string, buckets ...limit.Bucket) error {
	l.turns.Add(1)
	return l.Limiter.Take(ctx, scope, buckets...)
}
