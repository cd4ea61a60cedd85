package httpd_test

import (
	"net/http"
	"net/url"
	"testing"

	"sipas/internal/access"
	"sipas/internal/testkit"
)

// TestSearch: what is found without marks, and by whom: of another's part of the
// province nothing can be told, nor who else has an account.
func TestSearch(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		h.askers()
		h.importFile(h.signedIn(h.manager()), "/thu-tuc", "code,name_vi\n1.004227,Đăng ký biến động đất đai\n")
		here, all := h.signedIn(h.account(access.Administrator, h.environment.ID)), h.signedIn(h.account(access.Administrator, 0))
		viewer := h.signedIn(h.account(access.Viewer, 0))
		const land, none = `href="/quay/` + codeLand + `">Quầy 3 · Đăng ký đất đai<`, "Không tìm thấy mục nào"
		for what, c := range map[string]struct {
			who           *http.Client
			text          string
			want, notWant []string
		}{
			"nothing yet":                       {here, " ", []string{"autofocus"}, []string{none, "<h2>"}},
			"a counter":                         {here, "DANG KY đat", []string{land, "Sở Tài nguyên và Môi trường"}, []string{none, "autofocus"}},
			"by its code":                       {here, "datdat-23", []string{land}, []string{"Ki-ốt"}},
			"an agency and its counters":        {here, "tai nguyen", []string{`href="/co-quan/so-tnmt"`, land, "Ki-ốt sảnh"}, []string{"Bình Thuận"}},
			"in the other language":             {all, "construction", []string{`href="/co-quan/so-xay-dung"`, "Đã đóng"}, []string{land}},
			"more than are shown":               {all, "quay", []string{`href="/quay?tim=quay"`, "Xem danh sách đầy đủ"}, nil},
			"an account":                        {all, "can-bo-xay", []string{`href="/quan-tri/tai-khoan/` + accountElsewhere + `"`}, []string{accountHere}},
			"an account of one's own part":      {here, "can-bo", []string{accountHere}, []string{accountElsewhere, accountOfAll}},
			"accounts, by a viewer":             {viewer, "can-bo", []string{none}, []string{accountHere}},
			"another's counter":                 {here, "phong van", []string{none}, []string{"Phỏng vấn"}},
			"another's code":                    {here, codeStaff, []string{none}, []string{"Phỏng vấn"}},
			"another's agency, and those above": {here, "tinh binh thuan", []string{none}, []string{"Bình Thuận<"}},
			"a procedure":                       {here, "bien dong dat", []string{`href="/thu-tuc?tim=1.004227"`, "Đăng ký biến động"}, []string{none}},
			"markup":                            {here, `"><script>`, []string{none, "&lt;script&gt;"}, []string{`"><script>`}},
		} {
			h.get(c.who, "/tim?"+url.Values{"q": {c.text}}.Encode()).check(t, what, http.StatusOK, c.want, append(c.notWant, "ZgotmplZ"))
		}
	})
}
