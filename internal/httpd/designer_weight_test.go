package httpd_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"sipas/internal/testkit"
)

// The page of a draft of 200 questions in five languages, and what an operation on it
// sends back, weigh no more than Chromium shows at once. How soon is measured by
// BenchmarkTheDesignersPage; the bytes are what never depends on the machine.
func TestTheDesignersPageIsLight(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	d := h.designsLong()
	page := d.page("e100")
	if most := 190_000; len(page) > most || strings.Count(page, `<li id="row-`) != 210 {
		t.Errorf("the page has %d bytes and %d rows, at most %d and 210", len(page), strings.Count(page, `<li id="row-`), most)
	}
	var has []string
	for _, part := range strings.Split(page, ` data-as="`)[1:] {
		as, _, _ := strings.Cut(part, `"`)
		has = append(has, as)
	}
	operates := func(pairs ...string) string {
		t.Helper()
		form := url.Values{"phan": {"1"}, "base": {d.base()}, "view": {"sua"}, "chon": {"e100"}, "co": {strings.Join(has, " ")}}
		for i := 0; i < len(pairs); i += 2 {
			form.Set(pairs[i], pairs[i+1])
		}
		r := d.post(d.client, d.draft+"/sua", form)
		r.check(t, "an operation", http.StatusOK, []string{`id="trang-thai"`}, nil)
		t.Logf("%s: %d bytes", pairs[1], len(r.body))
		return r.body
	}
	holds := func(answer string, most int, parts ...string) {
		t.Helper()
		if len(answer) > most {
			t.Errorf("%d bytes, at most %d", len(answer), most)
		}
		for _, part := range []string{"row-e100", "row-e101", "row-e102", "sua-chu", "sua-muc", "sua-cho", "sua-dieu-kien"} {
			want := strings.Contains(" "+strings.Join(parts, " ")+" ", " "+part+" ")
			if got := strings.Contains(answer, `id="`+part+`"`); got != want {
				t.Errorf("%s is in the answer: %v, want %v", part, got, want)
			}
		}
	}
	holds(operates("do", "set", "element", "e100", "field", "text", "language", "vi", "value", "Khác"), 8_000, "row-e100", "sua-chu")
	holds(operates("do", "set", "element", "e100", "field", "required", "value", "true"), 12_000, "row-e100", "sua-chu", "sua-muc")
	holds(operates("up", "e102"), 45_000, "row-e102", "sua-chu", "sua-muc", "sua-cho")
	// A part of which the script has another state is always sent: as what it has not is.
	has = nil
	holds(operates("do", "set", "element", "e100", "field", "text", "language", "vi", "value", "Khác nữa"), 60_000, "row-e100", "sua-chu", "sua-muc", "sua-cho", "sua-dieu-kien")
}
