package httpd_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"sipas/internal/access"
	"sipas/internal/testkit"
)

// A survey gets a row of its own on the boards, which is held against targets when somebody
// says so; the row that is held against them cannot be taken off.
func TestIndicatorsInTheWeb(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		chief, viewer := h.signedIn(h.account(access.Administrator, 0)), h.signedIn(h.account(access.Viewer, h.environment.ID))
		const page = "/chi-tieu/chi-so"
		line := func(from reply, has, hasNot []string) {
			t.Helper()
			_, text, _ := strings.Cut(from.body, "<tbody")
			text, _, _ = strings.Cut(text, "</tbody>")
			reply{status: from.status, body: text}.check(t, "the list", http.StatusOK, has, hasNot)
		}
		before := h.get(chief, page+"?lang=vi")
		line(before, []string{"Đất đai", "mặc định", "✓ Có"}, []string{"/tinh"})
		h.get(viewer, page+"?lang=vi").check(t, "read only", http.StatusOK, []string{"Đất đai"}, []string{"<select", `method="post" action="/chi-tieu`})

		typed := url.Values{"indicator": {"FIELD:dat-dai"}, "survey": {"sipas"}, "method": {""}}
		h.post(chief, page, typed).check(t, "added", http.StatusSeeOther, nil, nil)
		added := h.get(chief, page+"?lang=vi&da=indicator-added")
		added.check(t, "added", http.StatusOK, []string{"chưa dùng để so với chỉ tiêu"}, nil)
		line(added, []string{"/chi-tieu/chi-so/2/tinh", "/chi-tieu/chi-so/2/bo"}, []string{"/chi-tieu/chi-so/1/"}) // the usual one is kept and counts
		h.post(chief, page+"?lang=vi", typed).check(t, "twice", http.StatusUnprocessableEntity, []string{"đã có trên bảng", `href="#f-survey"`, `value="FIELD:dat-dai" selected`, `value="sipas" selected`}, []string{"Đã thêm"})
		h.post(chief, page+"?lang=vi", url.Values{"indicator": {"FIELD:khong-ro"}, "survey": {"<b>"}, "method": {"expectation"}}).check(t, "all wrong", http.StatusUnprocessableEntity,
			[]string{`href="#f-indicator"`, `href="#f-survey"`, "&lt;b&gt;"}, []string{"<b>”"})
		h.post(chief, page+"?lang=vi", url.Values{"indicator": {"RANK:PAPI"}, "survey": {"sipas"}}).check(t, "a rank is measured by others", http.StatusUnprocessableEntity, []string{`href="#f-indicator"`}, nil)

		h.post(chief, page+"/1/bo?lang=vi", nil).check(t, "the one that counts", http.StatusUnprocessableEntity, []string{"đang được so với chỉ tiêu"}, nil)
		h.post(chief, page+"/2/tinh", nil).check(t, "another one counts", http.StatusSeeOther, nil, nil)
		line(h.get(chief, page+"?lang=vi"), []string{"/chi-tieu/chi-so/1/tinh"}, []string{"/chi-tieu/chi-so/2/"})
		h.post(chief, page+"/1/bo", nil).check(t, "taken off", http.StatusSeeOther, nil, nil)
		h.post(chief, page+"/1/bo", nil).check(t, "it is gone", http.StatusNotFound, nil, nil)
		line(h.get(chief, page+"?lang=vi"), []string{"Đất đai"}, []string{"/chi-tieu/chi-so/"})
	})
}
