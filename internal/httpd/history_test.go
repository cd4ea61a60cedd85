package httpd_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"sipas/internal/access"
	"sipas/internal/registry"
	"sipas/internal/testkit"
)

// The page of an agency says who did what to it: its own columns, and mergers on both
// sides, undone ones too; to who may read that, and without agencies that they may not see.
func TestAnAgencyHasAHistory(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		admin := h.signedIn(h.account(access.Administrator, 0))
		const path = "/co-quan/so-tnmt"
		form := h.openKept(admin, path+"/sua", 8)
		form.Set("name_vi", "Sở <Đất>")
		form.Set("hotline", "1900 1234")
		h.post(admin, path+"/sua", form).check(t, "changed", http.StatusSeeOther, nil, nil)
		changed := []string{"Lịch sử thay đổi", "Tên: <del>" + h.environment.Name["vi"] + "</del> → <ins>Sở &lt;Đất&gt;</ins>", "<ins>1900 1234</ins>", "Đổi số điện thoại phản ánh"}
		h.get(admin, path+"?lang=vi").check(t, "an administrator", http.StatusOK, changed, []string{"{&#34;", "action.", "<Đất>"})
		h.get(h.signedIn(h.account(access.Manager, h.environment.ID)), path+"?lang=vi").check(t, "its manager", http.StatusOK, changed, nil)
		h.get(h.signedIn(h.account(access.Auditor, 0)), path+"?lang=vi").check(t, "an auditor", http.StatusOK, changed, nil)
		h.get(h.signedIn(h.account(access.Viewer, h.environment.ID)), path+"?lang=vi").check(t, "a viewer", http.StatusOK, nil, []string{"Lịch sử thay đổi", "1900 1234</ins>"})
		h.get(admin, path+"?truoc=0").check(t, "no entry", http.StatusBadRequest, nil, nil)

		done := h.reformed()
		merged := []string{"Sáp nhập", "<ins>Xã xa-cu</ins>", "<ins>Xã xa-moi</ins>", "1/7/2025"}
		h.get(admin, "/co-quan/xa-cu?lang=vi").check(t, "who ended", http.StatusOK, append(merged, "Cơ quan kế thừa: <span", "<ins>Xã xa-moi, từ 1/7/2025, nhận 100%</ins>", "Không còn từ ngày"), []string{"Nhận nhiệm vụ của:"})
		h.get(admin, "/co-quan/xa-moi?lang=vi").check(t, "who took over", http.StatusOK, append(merged, "Nhận nhiệm vụ của: <span", "<ins>Xã xa-cu, từ 1/7/2025, nhận 100%</ins>"), nil)
		heir, _ := h.snapshot().Tree.ByCode("xa-moi")
		scoped := h.signedIn(h.account(access.Manager, heir.ID))
		h.get(scoped, "/co-quan/xa-moi?lang=vi").check(t, "who sees the heir alone", http.StatusOK, []string{"<ins>Cơ quan khác, từ 1/7/2025", "<ins>Xã xa-moi</ins>"}, []string{"xa-cu"})
		h.post(admin, done+"/hoan-tac", nil).check(t, "undone", http.StatusSeeOther, nil, nil)
		h.get(admin, "/co-quan/xa-moi?lang=vi").check(t, "undone, at who took over", http.StatusOK, append(merged, "Hoàn tác việc sắp xếp", "<del>Xã xa-cu, từ 1/7/2025, nhận 100%</del>"), nil)

		for range 21 { // and more than a page has
			err := h.st.Registry.Change(t.Context(), testkit.Author(), func(c *registry.Change) error { return c.SetHotline(t.Context(), h.environment.ID, "1900 9999") })
			if err != nil {
				t.Fatal(err)
			}
		}
		page := h.get(admin, path+"?lang=vi")
		page.check(t, "the newest", http.StatusOK, nil, []string{"Sở &lt;Đất&gt;</ins>"})
		_, older, _ := strings.Cut(page.body, `href="`+path+"?truoc=")
		older, _, _ = strings.Cut(older, "#")
		h.get(admin, path+"?lang=vi&truoc="+older).check(t, "those before", http.StatusOK, changed, nil)
	})
}

// A target's history has its values and who set them, over a change of its year, and
// nothing of others of the same indicator.
func TestATargetHasAHistory(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		login := h.account(access.Administrator, 0)
		admin, auditor := h.signedIn(login), h.signedIn(h.account(access.Auditor, 0))
		typed := func(percent, year string) url.Values {
			return url.Values{"indicator": {"FIELD:dat-dai"}, "year": {year}, "comparator": {"at-least"}, "target_percent": {percent}, "plan": {"1204/QĐ-UBND"}}
		}
		h.post(admin, "/chi-tieu/them", typed("71", "2031")).check(t, "another", http.StatusSeeOther, nil, nil)
		h.post(admin, "/chi-tieu/them", typed("80", "2031")).check(t, "added", http.StatusSeeOther, nil, nil)
		targets := h.snapshot().Targets
		path := "/chi-tieu/" + strconv.FormatInt(targets[len(targets)-1].ID, 10)
		for _, to := range []url.Values{typed("82,5", "2031"), typed("82,5", "2032"), typed("85", "2032")} {
			h.post(admin, path, to).check(t, "changed", http.StatusSeeOther, nil, nil)
		}
		seen := h.get(auditor, path+"/lich-su?lang=vi")
		seen.check(t, "an auditor", http.StatusOK, []string{"Thêm chỉ tiêu", "→ <ins>80%</ins>", "<del>80%</del> → <ins>82,50%</ins>", "<del>2031</del> → <ins>2032</ins>", "<ins>85%</ins>", login, "Toàn tỉnh"}, []string{"71%", "{&#34;", path + `"`})
		if n := strings.Count(seen.body, `<th role="rowheader"`); n != 4 {
			t.Errorf("%d changes are told\n%s", n, seen.body)
		}
		h.get(admin, path+"?lang=vi").check(t, "its form", http.StatusOK, []string{path + "/lich-su"}, nil)
		h.get(auditor, "/chi-tieu?lang=vi&year=2032").check(t, "the list", http.StatusOK, []string{path + "/lich-su"}, []string{"Sửa<span"})
		h.get(h.signedIn(h.account(access.Viewer, 0)), "/chi-tieu?lang=vi&year=2032").check(t, "the list of a viewer", http.StatusOK, nil, []string{"/lich-su"})
		h.get(auditor, "/chi-tieu/999/lich-su").check(t, "no target", http.StatusNotFound, nil, nil)
	})
}
