package httpd_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"sipas/internal/access"
	"sipas/internal/testkit"
)

// TestEditionOfANewerProgram: nothing of it is shown, the log says what it is,
// and withdrawing it brings the page back.
func TestEditionOfANewerProgram(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		newer := []byte(`{"format":99,"year":2025,"period":"Y","rows":[{"indicator":"TTHC","n":50,"percent":81.25}]}`)
		if err := st.PublishRaw(t.Context(), 2025, "Y", newer, h.clock.Now(), "thử"); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"/cong-khai?lang=vi", "/api/v1/published"} {
			h.get(h.client(), path).check(t, path, http.StatusInternalServerError, nil, []string{"81,25", "81.25", "n = 50", "format"})
		}
		if log := h.log.String(); !strings.Contains(log, "publication 1") || !strings.Contains(log, "format 99") {
			t.Errorf("the log: %s", log)
		}
		admin := h.signedIn(h.account(access.Administrator, 0))
		h.get(admin, "/bang?year=2025&lang=vi").check(t, "board", http.StatusOK, []string{"/bang/thu-hoi?id=1"}, nil)
		h.post(admin, "/bang/thu-hoi", url.Values{"id": {"1"}}).check(t, "withdraw", http.StatusSeeOther, nil, nil)
		h.get(h.client(), "/cong-khai?lang=vi").check(t, "public", http.StatusOK, []string{"Chưa công bố kỳ nào"}, nil)
	})
}
