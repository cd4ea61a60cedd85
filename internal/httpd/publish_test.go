package httpd_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"sipas/internal/access"
	"sipas/internal/testkit"
)

// TestPublishing: a page says what will happen, the public sees the figures as
// they were, later answers change nothing, and they can be taken back.
func TestPublishing(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		h.year2025()
		nobody, admin := h.client(), h.signedIn(h.account(access.Administrator, 0))
		year := url.Values{"year": {"2025"}, "period": {"Y"}}
		h.get(nobody, "/cong-khai?lang=vi").check(t, "nothing yet", http.StatusOK, []string{"Chưa công bố kỳ nào"}, []string{"82,5", "n = "})
		h.get(admin, "/bang?year=2025&lang=vi").check(t, "board", http.StatusOK,
			[]string{"Kỳ này chưa được công bố.", "/bang/cong-bo?year=2025&amp;period=Y"}, nil)
		h.get(admin, "/bang/cong-bo?year=2025&period=Y").check(t, "what will happen", http.StatusOK,
			[]string{"4 chỉ số có số liệu", "Kỳ này chưa kết thúc", "người công bố là Tài khoản thử administrator-"}, []string{"thay cho lần công bố"})

		for name, client := range map[string]*http.Client{"viewer": h.signedIn(h.account(access.Viewer, 0)), "admin of one": h.signedIn(h.account(access.Administrator, h.environment.ID))} {
			h.post(client, "/bang/cong-bo", year).check(t, name, http.StatusForbidden, nil, nil)
			h.get(client, "/bang?year=2025").check(t, name, http.StatusOK, nil, []string{"/bang/cong-bo"})
		}
		for _, bad := range []url.Values{{}, {"year": {"2025"}, "period": {"Q9"}}, {"year": {"x"}}} {
			h.post(admin, "/bang/cong-bo", bad).check(t, bad.Encode(), http.StatusBadRequest, nil, nil)
		}
		h.get(nobody, "/cong-khai").check(t, "still nothing", http.StatusOK, nil, []string{"82,5"})

		done := h.post(admin, "/bang/cong-bo", year)
		if done.status != http.StatusSeeOther || done.header.Get("Location") != "/cong-khai?period=Y&year=2025" {
			t.Fatalf("publish: %d to %q", done.status, done.header.Get("Location"))
		}
		public := h.get(nobody, "/cong-khai?lang=vi")
		public.check(t, "public", http.StatusOK, []string{
			"Năm 2025", "Công bố ngày 20/11/2025, lần công bố thứ 1.", "85,4%", "82,1% – 88,2%", "−4,6 điểm", `<p class="printed">In ngày 20/11/2025.</p>`, "82,5%", "n = 400", "Chỉ tiêu 80%", "Chưa đủ mẫu",
			"Chưa có số liệu", "/api/v1/published", "Khoảng tin cậy 95%", "từng nhóm 5 người", "3612/KH-UBND ngày 29/09/2021",
		}, []string{"n = 3<", "402", "Sở Xây dựng:", "/bang/thu-hoi", "Tài khoản thử"})
		h.get(nobody, "/cong-khai?year=2025&period=Y&lang=en").check(t, "in English", http.StatusOK, []string{"85.4%", "Not met", "edition 1"}, []string{"85,4"})
		for _, path := range []string{"/cong-khai?year=2024", "/cong-khai?year=2025&period=Q1", "/cong-khai?year=x&period=%3Cb%3E"} {
			h.get(nobody, path).check(t, path, http.StatusNotFound, nil, []string{"82,5"})
		}

		h.crowds(crowd{codeLand, "dat-dai", "2025-11-02", 0, 600})
		h.get(nobody, "/cong-khai?lang=vi").check(t, "as it was", http.StatusOK, []string{"82,5%", "n = 400"}, []string{"33%", "n = 1.000"})
		h.get(admin, "/bang/cong-bo?year=2025&period=Y").check(t, "again", http.StatusOK, []string{"Lần công bố này thay cho lần công bố thứ 1 ngày 20/11/2025"}, nil)
		h.post(admin, "/bang/cong-bo", year)
		h.get(nobody, "/cong-khai?lang=vi").check(t, "second edition", http.StatusOK, []string{"lần công bố thứ 2", "33%", "n = 1.000"}, []string{"</span>82,5%"})

		page := h.get(admin, "/cong-khai")
		_, after, _ := strings.Cut(page.body, `href="/bang/thu-hoi?id=`)
		id, _, _ := strings.Cut(after, `"`)
		h.get(admin, "/bang/thu-hoi?id="+id).check(t, "what withdrawing does", http.StatusOK,
			[]string{"Lần công bố thứ 2, ngày 20/11/2025", "Các lần công bố trước của kỳ này, nếu có, cũng không hiển thị"}, nil)
		for _, bad := range []string{"", "0", "999", "1 OR 1=1"} {
			h.post(admin, "/bang/thu-hoi", url.Values{"id": {bad}}).check(t, bad, http.StatusNotFound, nil, nil)
		}
		h.post(admin, "/bang/thu-hoi", url.Values{"id": {id}}).check(t, "withdraw", http.StatusSeeOther, nil, nil)
		h.get(nobody, "/cong-khai?lang=vi").check(t, "no edition stands", http.StatusOK, nil, []string{"lần công bố thứ 1", "82,5%", "n = 1.000"})
	})
}
