package httpd_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/testkit"
)

// The page of a counter says what came to it and who changed what, over a change of its
// code; which counters are silent is told at once.
func TestACounterHasAPage(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		manager, viewer := h.signedIn(h.account(access.Manager, h.environment.ID)), h.signedIn(h.account(access.Viewer, h.environment.ID))
		elsewhere := h.signedIn(h.account(access.Manager, h.construction.ID))
		const silent = "/quay?lang=vi&state=silent"
		h.get(viewer, silent).check(t, "nothing came", http.StatusOK, []string{`id="quay-` + codeLand, "chưa có lần nào"}, nil)
		h.answer(codeLand, 2, 5)
		h.get(viewer, silent).check(t, "two came", http.StatusOK, []string{`id="quay-` + codeKiosk}, []string{`id="quay-` + codeLand})
		today := h.clock.Now().In(h.deps.Zone).Format("02/01/2006")
		h.get(viewer, "/quay?lang=vi&point="+codeLand).check(t, "the list", http.StatusOK, []string{"Nửa tháng này: 2 đánh giá", "lần gần nhất " + today}, nil)

		form := h.openPoint(manager)
		form.Set("place", "Tầng 3 <b>")
		form["limit_count"], form["limit_period"] = []string{"40"}, []string{"10m"}
		h.post(manager, "/quay/"+codeLand+"/sua", form).check(t, "changed", http.StatusSeeOther, nil, nil)
		form = h.openPoint(manager)
		h.post(manager, "/quay/"+codeLand+"/sua", form).check(t, "saved as it is", http.StatusSeeOther, nil, nil)
		code := strings.TrimSuffix(strings.TrimPrefix(h.post(manager, "/quay/"+codeLand+"/doi-ma", nil).header.Get("Location"), "/quay/"), "?da=point-recoded")
		h.post(manager, "/quay/"+code+"/dong", nil).check(t, "closed", http.StatusSeeOther, nil, nil)

		page := "/quay/" + code + "?lang=vi"
		seen := h.get(manager, page)
		seen.check(t, "the page", http.StatusOK, []string{
			"<b>2</b> nửa tháng này", "<b>0</b> nửa tháng trước", "lần gần nhất: " + today, "Tối đa 40 trả lời trong 10 phút", h.environment.Name["vi"], "Tầng 3 &lt;b&gt;",
			"</del> → <ins>Tầng 3 &lt;b&gt;</ins>", "<ins>Tối đa 40 trả lời trong 10 phút</ins>",
			agency.Code(codeLand).Grouped() + "</del> → <ins>" + agency.Code(code).Grouped(), "Đóng quầy", "/bang?agency=" + h.environment.Code + "&amp;point=" + code,
		}, []string{"{&#34;", "3 <b>", "action."})
		if n := strings.Count(seen.body, `<th role="rowheader"`); n != 5 { // added, limit, place, code, closed; saving what is kept changes nothing
			t.Errorf("%d changes are told\n%s", n, seen.body)
		}
		h.get(viewer, page).check(t, "a viewer", http.StatusOK, []string{"<b>2</b> nửa tháng này"}, []string{"Lịch sử thay đổi", "/sua", "/doi-ma", `method="post" action="/quay`})
		h.get(elsewhere, page).check(t, "another agency's", http.StatusNotFound, nil, nil)
		h.get(manager, "/quay/"+codeLand).check(t, "by its former code", http.StatusNotFound, nil, nil)
		h.get(manager, page+"&truoc=x").check(t, "no entry", http.StatusBadRequest, nil, nil)

		h.clock.Advance(16 * 24 * time.Hour) // and whoever was signed in is not any more
		h.get(h.signedIn(h.account(access.Viewer, 0)), page).check(t, "half a month later", http.StatusOK, []string{"<b>0</b> nửa tháng này", "<b>2</b> nửa tháng trước"}, nil)
	})
}

// Whose work is judged is one's own to say only within one's sight, and what is kept of
// somebody else stays, and is not told.
func TestWhoIsJudgedIsWithinSight(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		manager, all := h.signedIn(h.account(access.Manager, h.environment.ID)), h.signedIn(h.account(access.Administrator, 0))
		const form = "/quay/" + codeLand + "/sua"
		kept := func() agency.ServicePoint {
			p, _ := h.snapshot().Point(codeLand)
			return p
		}
		typed := h.openPoint(manager)
		typed.Set("judged_agency", h.construction.Code)
		h.post(manager, form, typed).check(t, "somebody else's", http.StatusNotFound, nil, nil)
		h.post(all, form, typed).check(t, "for who sees both", http.StatusSeeOther, nil, nil)
		if p := kept(); p.JudgedID != h.construction.ID {
			t.Fatalf("kept %+v", p)
		}
		h.get(manager, "/quay/"+codeLand+"?lang=vi").check(t, "the page", http.StatusOK, []string{"Cơ quan khác"}, []string{h.construction.Name["vi"], h.construction.Code})
		page := h.get(manager, form+"?lang=vi")
		page.check(t, "the form", http.StatusOK, nil, []string{"judged_agency", h.construction.Name["vi"], h.construction.Code})
		h.post(manager, form, url.Values{"name_vi": {"Quầy A"}, "agency": {h.environment.Code}, "channel": {"qr"}, "survey": {"quay-nhanh"}, "fields": {"dat-dai"}}).check(t, "changed", http.StatusSeeOther, nil, nil)
		if p := kept(); p.JudgedID != h.construction.ID || p.Name["vi"] != "Quầy A" {
			t.Errorf("kept %+v", p)
		}
		for what, count := range map[string]string{"no number": "nhiều", "nothing": "0", "a rate of its own": "5/1m"} {
			typed = h.openPointOf(manager, 10)
			typed.Set("limit_count", count)
			typed.Set("limit_period", "1m")
			h.post(manager, form+"?lang=vi", typed).check(t, what, http.StatusUnprocessableEntity, []string{`href="#f-limit"`}, nil)
		}
	})
}

var seenPlan = regexp.MustCompile(`name="seen" value="([0-9a-f]{64})"`)

// Several counters are shown before they are made, without those that are there, and
// made all together or not at all.
func TestSeveralCountersAreAdded(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		manager := h.signedIn(h.account(access.Manager, h.environment.ID))
		const path = "/quay/them-nhieu"
		typed := url.Values{
			"pattern": {"Quầy #"}, "from": {"08"}, "to": {"12"}, "names": {"Phòng họp\r\n\r\n quay  9 \n<b>"}, "agency": {h.environment.Code},
			"channel": {"kiosk"}, "survey": {"quay-nhanh"}, "fields": {"xay-dung", "dat-dai"}, "hours": {"T2-T6: 8-11"},
		}
		number := func() (n int) {
			for _, p := range h.snapshot().PointsOf(h.environment.ID) {
				if p.Channel == agency.ChannelKiosk && len(p.FieldKeys) == 2 && p.Hours == "Thứ 2-6: 8:00-11:00" {
					n++
				}
			}
			return n
		}
		before := number()
		preview := h.post(manager, path+"?lang=vi", typed)
		preview.check(t, "the preview", http.StatusOK, []string{"Thêm 8 quầy", "<li>Quầy 08</li>", "<li>Quầy 12</li>", "<li>quay 9</li>", "<li>&lt;b&gt;</li>"}, []string{"tên đã có"})
		typed.Set("do", "make")
		h.post(manager, path, typed).check(t, "not shown before", http.StatusConflict, nil, nil)
		typed.Set("seen", seenPlan.FindStringSubmatch(preview.body)[1])
		changed := url.Values{}
		for name, values := range typed {
			changed[name] = values
		}
		changed.Set("to", "13")
		h.post(manager, path+"?lang=vi", changed).check(t, "something else than was shown", http.StatusConflict, []string{"Chưa thêm", "<li>Quầy 13</li>"}, nil)
		if n := number(); n != before {
			t.Fatalf("%d were made", n-before)
		}
		made := h.post(manager, path, typed)
		made.check(t, "made", http.StatusSeeOther, nil, nil)
		h.get(manager, made.header.Get("Location")+"&lang=vi").check(t, "told so", http.StatusOK, []string{"Đã thêm các quầy", "/quay/poster.pdf?agency=" + h.environment.Code}, nil)
		if n := number(); n != before+8 {
			t.Errorf("%d were made", n-before)
		}
		h.post(manager, path+"?lang=vi", typed).check(t, "once more", http.StatusConflict, []string{"8 tên đã có", "Không có quầy nào phải thêm"}, []string{`name="seen"`})

		for what, wrong := range map[string]struct{ field, value, where string }{
			"no place":    {"pattern", "Quầy", "pattern"},
			"no number":   {"from", "một", "from"},
			"backwards":   {"to", "7", "to"},
			"far too far": {"to", "999999999", "to"},
			"no survey":   {"survey", "khong-co", "survey"},
			"long names":  {"names", strings.Repeat("x", 201), "names"},
			"many names":  {"names", strings.Repeat("x\n", 201), "names"},
		} {
			bad := url.Values{}
			for name, values := range typed {
				bad[name] = values
			}
			bad.Set("to", "14") // two that are not there
			bad.Set(wrong.field, wrong.value)
			h.post(manager, path, bad).check(t, what, http.StatusUnprocessableEntity, []string{`href="#f-` + wrong.where + `"`}, []string{`name="seen"`})
		}
		typed.Set("agency", h.construction.Code)
		h.post(manager, path, typed).check(t, "another agency", http.StatusNotFound, nil, nil)
	})
}
