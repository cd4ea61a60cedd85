package httpd

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/access"
	"sipas/internal/civil"
	"sipas/internal/report"
	"sipas/internal/testkit"
)

// TestPublishedOrder: the public page starts with the longest period of the
// newest year.
func TestPublishedOrder(t *testing.T) {
	t.Parallel()
	list := []report.Published{{Publication: report.Publication{Year: 2026, Period: "M01"}}}
	for _, part := range civil.PeriodParts() {
		list = append(list, report.Published{Publication: report.Publication{Year: 2025, Period: part}})
	}
	slices.SortStableFunc(list, inOrder)
	var got []string
	for _, p := range list {
		got = append(got, p.Period)
	}
	want := []string{
		"M01", "Y", "9M", "H2", "H1", "Q4", "Q3", "Q2", "Q1",
		"M12", "M11", "M10", "M09", "M08", "M07", "M06", "M05", "M04", "M03", "M02", "M01",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

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
