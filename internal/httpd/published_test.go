package httpd_test

import (
	"net/http"
	"net/url"
	"testing"

	"sipas/internal/access"
	"sipas/internal/testkit"
)

// A plan asks for a rank; what others publish is typed in, stands beside it, and is held
// against it. It is no target of any board.
func TestRanksInTheWeb(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		for range 5 {
			h.answer(codeLand, 5, 5)
		}
		chief, viewer := h.signedIn(h.account(access.Administrator, 0)), h.signedIn(h.account(access.Viewer, h.environment.ID))
		aim := url.Values{"indicator": {"RANK:PAPI"}, "year": {"2025"}, "comparator": {"at-least"}, "target_percent": {"20,5"}, "plan": {"12/KH-UBND 2025-01-15"}}
		h.post(chief, "/chi-tieu/them?lang=vi", aim).check(t, "half a rank", http.StatusUnprocessableEntity, []string{`href="#f-target_percent"`, "từ 1 đến 100"}, nil)
		aim.Set("target_percent", "20")
		h.post(chief, "/chi-tieu/them", aim).check(t, "a rank", http.StatusSeeOther, nil, nil)
		h.get(chief, "/chi-tieu?lang=vi&year=2025").check(t, "asked for", http.StatusOK,
			[]string{"Thứ hạng PAPI", "trong nhóm 20 dẫn đầu", "Chưa có kết quả công bố", `href="/chi-tieu/cong-bo?index=PAPI&amp;year=2025"`}, []string{"20,00%"})
		h.get(chief, "/chi-tieu/1?lang=vi").check(t, "to be changed", http.StatusOK, []string{`value="RANK:PAPI" selected`, `value="20"`}, nil)
		h.get(chief, "/bang?lang=vi&year=2025").check(t, "the board", http.StatusOK, []string{"Nhập chỉ tiêu năm 2025"}, []string{"PAPI"})

		h.get(chief, "/chi-tieu/cong-bo?lang=vi&index=PAPI&year=2025").check(t, "the form", http.StatusOK, []string{`value="PAPI"`, `value="2025"`}, nil)
		typed := url.Values{"index": {" papi "}, "year": {"2025"}, "value": {"43,15"}, "rank": {"18"}, "of": {"17"}, "source": {"<b>Báo cáo</b>"}, "day": {"2026-04-10"}, "agency": {""}}
		h.post(chief, "/chi-tieu/cong-bo?lang=vi", typed).check(t, "18 of 17", http.StatusUnprocessableEntity, []string{`href="#f-of"`, `value="43,15"`}, []string{`href="#f-value"`})
		typed.Set("of", "34")
		saved := h.post(chief, "/chi-tieu/cong-bo", typed)
		saved.check(t, "published", http.StatusSeeOther, nil, nil)
		list := saved.header.Get("Location") + "&lang=vi"
		h.get(chief, list).check(t, "met", http.StatusOK, []string{"Đã lưu", "✓ Đạt</span> · 43,15 · hạng 18/34", "&lt;b&gt;Báo cáo", "công bố ngày 10/4/2026"}, []string{"<b>Báo cáo", "Chưa có kết quả"})
		h.post(chief, "/chi-tieu/cong-bo?lang=vi", typed).check(t, "twice", http.StatusUnprocessableEntity, []string{"đã có rồi"}, nil)
		typed.Set("rank", "21")
		h.post(chief, "/chi-tieu/cong-bo/1", typed).check(t, "changed", http.StatusSeeOther, nil, nil)
		h.get(chief, list).check(t, "missed", http.StatusOK, []string{"✗ Chưa đạt</span> · 43,15 · hạng 21/34"}, nil)

		typed.Set("agency", h.construction.Code)
		typed.Set("index", "DDCI")
		h.post(chief, "/chi-tieu/cong-bo", typed).check(t, "of an agency", http.StatusSeeOther, nil, nil)
		h.get(chief, list).check(t, "of an agency", http.StatusOK, []string{"DDCI", "Sở Xây dựng"}, nil)
		h.get(viewer, "/chi-tieu?lang=vi&year=2025").check(t, "read only", http.StatusOK, []string{"PAPI", "hạng 21/34"}, []string{"DDCI", "/chi-tieu/cong-bo"})
		h.post(chief, "/chi-tieu/cong-bo/1/bo", nil).check(t, "removed", http.StatusSeeOther, nil, nil)
		h.get(chief, list).check(t, "removed", http.StatusOK, []string{"Chưa có kết quả công bố"}, []string{"hạng 21/34 ·"})
	})
}
