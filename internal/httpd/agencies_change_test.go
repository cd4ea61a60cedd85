package httpd_test

import (
	"html"
	"net/http"
	"net/url"
	"testing"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/testkit"
)

// agencyNow is an agency as it is kept.
func (h *harness) agencyNow(code string) agency.Agency {
	a, _ := h.snapshot().Tree.ByCode(code)
	return a
}

// The province's administrator adds an agency, renames and moves it, sets its days and its
// hotline; what cannot be is refused with what to do. Everybody sees the page of an agency
// of their own, and of no other.
func TestAgenciesAreKeptInTheWeb(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		chief := h.signedIn(h.account(access.Administrator, 0))
		h.get(chief, "/co-quan/them?lang=vi&agency="+h.environment.Code).check(t, "the form below another", http.StatusOK, []string{`<option value="so-tnmt" selected>`}, nil)
		const add = "/co-quan/them?lang=vi"
		h.post(chief, add, url.Values{"agency_code": {"SO-TNMT"}, "parent": {"khong-co"}, "valid_from": {"hôm qua"}, "order": {"-1"}, "hotline": {"abc"}}).check(t, "all wrong", http.StatusUnprocessableEntity,
			[]string{`href="#f-agency_code"`, `href="#f-name_vi"`, `href="#f-kind"`, `href="#f-valid_from"`, `href="#f-order"`, `href="#f-hotline"`, `value="hôm qua"`, "dễ nhầm với mã đã có so-tnmt"}, nil)
		typed := url.Values{"agency_code": {"chi-cuc-dat"}, "name_vi": {" Chi cục <b> đất đai "}, "kind": {"department"}, "parent": {h.environment.Code}, "valid_from": {"1/7/2025"}, "hotline": {""}}
		for what, wrong := range map[string][2]string{
			"a code of others": {"agency_code", h.construction.Code}, "a page's name": {"agency_code", "nhap"}, "no agency above": {"parent", "khong-co"}, "an end before": {"valid_to", "30/6/2025"},
		} {
			bad := url.Values{wrong[0]: {wrong[1]}}
			for name, values := range typed {
				if name != wrong[0] {
					bad[name] = values
				}
			}
			h.post(chief, add, bad).check(t, what, http.StatusUnprocessableEntity, []string{`href="#f-` + wrong[0] + `"`}, nil)
		}
		added := h.post(chief, add, typed)
		if to := added.header.Get("Location"); added.status != http.StatusSeeOther || to != "/co-quan/chi-cuc-dat?da=agency-added" {
			t.Fatalf("added: %d to %q\n%s", added.status, to, added.body)
		}
		h.edit(chief, h.environment.Code, url.Values{"hotline": {"1900 1234"}}).check(t, "a hotline", http.StatusSeeOther, nil, nil)
		h.get(chief, "/co-quan/chi-cuc-dat?da=agency-added&lang=vi").check(t, "its page", http.StatusOK, []string{
			"Đã thêm cơ quan", "Chi cục &lt;b&gt; đất đai", "1/7/2025", "1900 1234", "số của " + h.environment.Name["vi"], `href="/co-quan/so-tnmt"`, `href="/bang?agency=chi-cuc-dat"`, "Chưa có quầy nào",
		}, []string{"<b> đất"})
		h.get(chief, "/co-quan/so-tnmt?lang=vi").check(t, "the one above", http.StatusOK, []string{`href="/co-quan/chi-cuc-dat"`, "Xem các quầy"}, nil)

		for what, wrong := range map[string]struct {
			code, field, value, said string
		}{
			"below itself":         {"so-tnmt", "parent", "so-tnmt", "Ông/bà chọn cơ quan cấp trên khác"},
			"below its own":        {"so-tnmt", "parent", "chi-cuc-dat", "Ông/bà chọn cơ quan cấp trên khác"},
			"without those below":  {"so-tnmt", "valid_to", "1/1/2027", "“chi-cuc-dat”"},
			"after the one above":  {"so-tnmt", "valid_to", "1/1/2025", "Ông/bà sửa ngày của đơn vị ấy trước"},
			"younger than its own": {"so-tnmt", "valid_from", "2/7/2025", "“chi-cuc-dat”"},
			"without a name":       {"so-tnmt", "name_vi", "", "không được để trống"},
		} {
			h.edit(chief, wrong.code, url.Values{wrong.field: {wrong.value}}).check(t, what, http.StatusUnprocessableEntity, []string{wrong.said, `href="#f-` + wrong.field + `"`}, nil)
		}
		h.edit(chief, "chi-cuc-dat", url.Values{"name_vi": {"Chi cục Đất đai"}, "parent": {h.construction.Code}, "valid_to": {"31.12.2026"}}).check(t, "renamed and moved", http.StatusSeeOther, nil, nil)
		if a := h.agencyNow("chi-cuc-dat"); a.Name["vi"] != "Chi cục Đất đai" || a.ParentID != h.construction.ID || a.ValidFrom != "2025-07-01" || a.ValidTo != "2026-12-31" {
			t.Errorf("changed: %+v", a)
		}
		before, _ := h.deps.Audit.List(t.Context(), audit.Filter{Action: "agency."})
		h.edit(chief, "chi-cuc-dat", nil).check(t, "nothing", http.StatusSeeOther, nil, nil)
		if after, err := h.deps.Audit.List(t.Context(), audit.Filter{Action: "agency."}); err != nil || len(after) != len(before) {
			t.Errorf("%d entries, then %d: %v", len(before), len(after), err)
		}

		// Whoever sees an agency sees its page, and changes nothing.
		viewer := h.signedIn(h.account(access.Manager, h.construction.ID))
		h.get(viewer, "/co-quan/chi-cuc-dat?lang=vi").check(t, "its page", http.StatusOK, []string{h.construction.Name["vi"], "sẽ không còn từ 31/12/2026"}, []string{"/sua", "them?agency", h.province.Name["vi"] + "</a>"})
		h.get(viewer, "/co-quan/so-tnmt").check(t, "another's", http.StatusNotFound, nil, nil)
		h.edit(chief, "chi-cuc-dat", nil)
		h.post(viewer, "/co-quan/chi-cuc-dat/sua", url.Values{"name_vi": {"X"}}).check(t, "a manager", http.StatusForbidden, nil, nil)
	})
}

// edit opens the form of an agency and sends it with some fields changed.
func (h *harness) edit(client *http.Client, code string, changes url.Values) reply {
	h.t.Helper()
	form := h.openKept(client, "/co-quan/"+code+"/sua", 8)
	for name, values := range changes {
		form[name] = values
	}
	return h.post(client, "/co-quan/"+code+"/sua?lang=vi", form)
}

// Two have the form of an agency open: what each changes is kept, and of what both change
// the second is told, by the names that the page shows.
func TestTwoChangeAnAgency(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		chief := h.signedIn(h.account(access.Administrator, 0))
		const path = "/co-quan/so-tnmt/sua"
		one, other := h.openKept(chief, path, 8), h.openKept(chief, path, 8)
		one.Set("name_vi", "Sở Nông nghiệp và Môi trường")
		one.Set("kind", "hospital")
		other.Set("order", "7")
		other.Set("hotline", "1900 1111")
		h.post(chief, path, one).check(t, "the first", http.StatusSeeOther, nil, nil)
		h.post(chief, path, other).check(t, "the second", http.StatusSeeOther, nil, nil)
		if a := h.agencyNow("so-tnmt"); a.Name["vi"] != "Sở Nông nghiệp và Môi trường" || a.Order != 7 || a.Hotline != "1900 1111" || a.Kind != agency.KindHospital {
			t.Errorf("after both: %+v", a)
		}
		other = h.openKept(chief, path, 8)
		h.edit(chief, "so-tnmt", url.Values{"kind": {"school"}})
		other.Set("kind", "department")
		refused := h.post(chief, path+"?lang=vi", other)
		refused.check(t, "the same", http.StatusConflict, []string{"“Cơ sở giáo dục”", `<option value="department" selected>`}, nil)
		for _, field := range openedField.FindAllStringSubmatch(refused.body, -1) {
			other.Set(field[1], html.UnescapeString(field[2]))
		}
		h.post(chief, path, other).check(t, "once more", http.StatusSeeOther, nil, nil)
		if a := h.agencyNow("so-tnmt"); a.Kind != agency.KindDepartment {
			t.Errorf("after the second insisted: %+v", a)
		}
	})
}
