package httpd_test

import (
	"net/http"
	"net/url"
	"testing"

	"sipas/internal/access"
	"sipas/internal/testkit"
)

// A plan is entered, changed, taken over to the next year and removed by clicking, and
// the board is held against it at once.
func TestTargetsInTheWeb(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		for range 5 {
			h.answer(codeLand, 5, 5)
		}
		chief := h.signedIn(h.account(access.Administrator, 0))
		year := h.clock.Now().Format("2006")
		before := h.get(chief, "/bang?lang=vi&year="+year)
		before.check(t, "a year without targets", http.StatusOK, []string{"Nhập chỉ tiêu năm " + year, `href="/chi-tieu?year=` + year + `"`}, nil)
		h.get(chief, "/chi-tieu?lang=vi&year="+year).check(t, "none yet", http.StatusOK, []string{"chưa có chỉ tiêu nào", "/chi-tieu/them?year=" + year}, []string{"/chi-tieu/chep"})

		typed := url.Values{
			"indicator": {"FIELD:dat-dai"}, "year": {year}, "comparator": {"at-least"}, "target_percent": {" 87,5 "}, "plan": {"12/KH-UBND 2025-01-15"},
			"lead_agency": {"Sở Tài nguyên"}, "co_agencies": {"Sở B; Sở C"}, "note_vi": {"<b>đậm</b>"}, "agency": {""},
		}
		saved := h.post(chief, "/chi-tieu/them", typed)
		if saved.status != http.StatusSeeOther || saved.header.Get("Location") != "/chi-tieu?da=saved&year="+year {
			t.Fatalf("saved: %d to %q\n%s", saved.status, saved.header.Get("Location"), saved.body)
		}
		h.get(chief, saved.header.Get("Location")+"&lang=vi").check(t, "the list", http.StatusOK,
			[]string{"Đã lưu", "87,50%", "Đất đai", "12/KH-UBND ngày 15/01/2025", "Phối hợp: Sở B; Sở C", "&lt;b&gt;đậm"}, []string{"<b>đậm"})
		h.get(chief, "/bang?lang=vi&year="+year).check(t, "the board", http.StatusOK, []string{"87,50%"}, []string{"Nhập chỉ tiêu năm"})
		h.post(chief, "/chi-tieu/them?lang=vi", typed).check(t, "twice", http.StatusUnprocessableEntity, []string{"đã có rồi", `value=" 87,5 "`, `href="#f-target_percent"`}, nil)
		h.post(chief, "/chi-tieu/them?lang=vi", url.Values{"indicator": {"FIELD:khong-ro"}, "year": {"2O26"}, "target_percent": {"101"}, "plan": {""}, "comparator": {"x"}}).check(t, "all wrong",
			http.StatusUnprocessableEntity, []string{`href="#f-indicator"`, `href="#f-year"`, `href="#f-comparator"`, `href="#f-target_percent"`, `href="#f-plan"`, `value="2O26"`}, nil)

		h.get(chief, "/chi-tieu/1?lang=vi").check(t, "to be changed", http.StatusOK, []string{`value="87,5"`, `value="FIELD:dat-dai" selected`}, nil)
		typed.Set("comparator", "above")
		h.post(chief, "/chi-tieu/1", typed).check(t, "changed", http.StatusSeeOther, nil, nil)
		h.get(chief, "/chi-tieu?lang=vi&year="+year).check(t, "changed", http.StatusOK, []string{"trên 87,50%"}, nil)
		h.get(chief, "/chi-tieu?lang=vi&year=2099").check(t, "a year ahead", http.StatusOK, []string{"Chép 1 chỉ tiêu của năm " + year}, nil)
		h.post(chief, "/chi-tieu/chep", url.Values{"from": {year}, "year": {"2099"}}).check(t, "copied", http.StatusSeeOther, nil, nil)
		h.post(chief, "/chi-tieu/chep", url.Values{"from": {year}, "year": {"2099"}}).check(t, "copied once", http.StatusNotFound, nil, nil)
		h.get(chief, "/chi-tieu/1/bo?lang=vi").check(t, "asked", http.StatusOK, []string{"trên 87,50%", "Đất đai"}, nil)
		h.post(chief, "/chi-tieu/1/bo", nil).check(t, "removed", http.StatusSeeOther, nil, nil)
		h.get(chief, "/chi-tieu/1").check(t, "gone", http.StatusNotFound, nil, nil)

		viewer := h.signedIn(h.account(access.Viewer, h.environment.ID))
		h.get(viewer, "/chi-tieu?lang=vi&year=2099").check(t, "read only", http.StatusOK, []string{"trên 87,50%"}, []string{"Sửa</a>", "/chi-tieu/them"})
		h.get(viewer, "/chi-tieu?lang=vi&year=2031").check(t, "nobody to ask but", http.StatusOK, []string{"Quản trị viên của tỉnh"}, nil)
		h.get(chief, "/chi-tieu?year=1999").check(t, "no such year", http.StatusBadRequest, nil, nil)
	})
}
