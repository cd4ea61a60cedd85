package httpd_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"

	"sipas/internal/access"
	"sipas/internal/testkit"
)

// A board for programs is the same for those who read gzip and those who do not.
func TestADocumentIsSentAsItCanBeRead(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	h.year2025()
	client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	token := h.token(access.Viewer, 0)
	want := h.get(h.client(), "/api/v1/board?year=2025&detail=1", token...).body
	for accepts, zipped := range map[string]bool{
		"gzip": true, "br, GZIP;q=0.5": true, "deflate, gzip;q=1.0, *;q=0.5": true,
		"": false, "identity": false, "gzip;q=0": false, "br, gzip; q=0.0": false, "x-gzip": false,
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.url+"/api/v1/board?year=2025&detail=1", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set(token[0], token[1])
		request.Header.Set("Accept-Encoding", accepts)
		answer, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body := io.Reader(answer.Body)
		if encoded := answer.Header.Get("Content-Encoding"); encoded != map[bool]string{true: "gzip"}[zipped] {
			t.Errorf("%q: sent as %q", accepts, encoded)
		}
		if !strings.Contains(answer.Header.Get("Vary"), "Accept-Encoding") || answer.Header.Get("Content-Type") != "application/json; charset=utf-8" {
			t.Errorf("%q: headers %v", accepts, answer.Header)
		}
		if zipped {
			if body, err = gzip.NewReader(body); err != nil {
				t.Fatal(err)
			}
		}
		got, err := io.ReadAll(body)
		if err != nil || string(got) != want {
			t.Errorf("%q: another document (%v), %d bytes for %d", accepts, err, len(got), len(want))
		}
		if err := answer.Body.Close(); err != nil {
			t.Error(err)
		}
	}
}
