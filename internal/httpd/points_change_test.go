package httpd_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"sipas/internal/access"
	"sipas/internal/testkit"
)

// Who manages an agency adds a counter, changes it, closes it and takes that back, and a
// citizen sees each at once; of other agencies they can do nothing.
func TestCountersAreKeptInTheWeb(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		manager := h.signedIn(h.account(access.Manager, h.environment.ID))
		h.get(manager, "/quay/them?lang=vi").check(t, "the form", http.StatusOK, []string{h.environment.Name["vi"], "Đất đai"}, []string{h.construction.Name["vi"]})
		typed := url.Values{
			"name_vi": {"  Quầy số 7 <b>"}, "name_en": {""}, "agency": {h.environment.Code}, "place": {"Tầng 2"}, "channel": {"qr"}, "survey": {"quay-nhanh"},
			"fields": {"dat-dai", "xay-dung"},
		}
		added := h.post(manager, "/quay/them", typed)
		to := added.header.Get("Location")
		if added.status != http.StatusSeeOther || !strings.HasPrefix(to, "/quay?da=point-added&point=") {
			t.Fatalf("added: %d to %q\n%s", added.status, to, added.body)
		}
		code := to[len("/quay?da=point-added&point=") : len("/quay?da=point-added&point=")+8]
		list, _, _ := strings.Cut(to, "#")
		h.get(manager, list+"&lang=vi").check(t, "the list", http.StatusOK, []string{"Đã thêm quầy", "Quầy số 7 &lt;b&gt;", "Tầng 2"}, []string{"7 <b>"})
		h.get(h.client(), "/q/"+code).check(t, "its form", http.StatusOK, []string{"Quầy số 7"}, nil)

		typed.Set("name_vi", "Quầy 8")
		typed["fields"] = []string{"y-te"}
		h.post(manager, "/quay/"+code, typed).check(t, "changed", http.StatusSeeOther, nil, nil)
		h.get(h.client(), "/q/"+code).check(t, "its form", http.StatusOK, []string{"Quầy 8"}, []string{"Quầy số 7"})
		h.get(manager, "/quay/"+code+"?lang=vi").check(t, "as it is kept", http.StatusOK, []string{`value="Quầy 8"`, `value="y-te" checked`}, []string{`value="dat-dai" checked`})
		for what, wrong := range map[string]struct {
			field, value, said string
			status             int
		}{
			"no name":              {"name_vi", " ", `href="#f-name_vi"`, http.StatusUnprocessableEntity},
			"a long name":          {"name_vi", strings.Repeat("x", 201), "200", http.StatusUnprocessableEntity},
			"no such survey":       {"survey", "khong-co", `href="#f-survey"`, http.StatusUnprocessableEntity},
			"no such field":        {"fields", "khong-co", `href="#f-fields"`, http.StatusUnprocessableEntity},
			"no such channel":      {"channel", "fax", `href="#f-channel"`, http.StatusUnprocessableEntity},
			"somebody else's":      {"agency", h.construction.Code, "", http.StatusNotFound},
			"the agency above":     {"agency", h.province.Code, "", http.StatusNotFound},
			"an agency of nowhere": {"agency", "khong-co", "", http.StatusNotFound},
		} {
			bad := url.Values{}
			for name, values := range typed {
				bad[name] = values
			}
			bad[wrong.field] = []string{wrong.value}
			h.post(manager, "/quay/"+code, bad).check(t, what, wrong.status, []string{wrong.said}, nil)
		}
		h.get(h.client(), "/q/"+code).check(t, "nothing of that was kept", http.StatusOK, []string{"Quầy 8"}, nil)
		h.post(manager, "/quay/"+codeDesk, typed).check(t, "a foreign counter", http.StatusNotFound, nil, nil)

		closed := h.post(manager, "/quay/"+code+"/dong", nil)
		list, _, _ = strings.Cut(closed.header.Get("Location"), "#")
		h.get(manager, list+"&lang=vi").check(t, "closed", http.StatusOK, []string{"Đã đóng quầy", "Hoàn tác", `action="/quay/` + code + `/mo"`}, nil)
		h.get(h.client(), "/q/"+code+"?lang=vi").check(t, "told so", http.StatusNotFound, []string{"đã ngừng nhận đánh giá"}, []string{`name="submission"`})
		h.post(manager, "/quay/"+code+"/mo", nil).check(t, "opened", http.StatusSeeOther, nil, nil)
		h.get(h.client(), "/q/"+code).check(t, "open again", http.StatusOK, []string{"Quầy 8"}, nil)

		viewer := h.signedIn(h.account(access.Viewer, h.environment.ID))
		h.get(viewer, "/quay?lang=vi").check(t, "a viewer", http.StatusOK, []string{"Quầy 8"}, []string{`href="/quay/them"`, `href="/quay/` + code + `"`})
		h.post(viewer, "/quay/"+code+"/dong", nil).check(t, "a viewer", http.StatusForbidden, nil, nil)
	})
}
