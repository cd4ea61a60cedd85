package httpd_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/procedure"
	"sipas/internal/registry"
	"sipas/internal/testkit"
)

// keepProcedure keeps a procedure, the first.
func (h *harness) keepProcedure() {
	h.t.Helper()
	err := h.st.Registry.Change(context.Background(), testkit.Author(), func(c *registry.Change) error {
		return procedure.Add(context.Background(), c, []procedure.Procedure{{Code: "1.004227", Name: agency.Text{"vi": "Đăng ký, cấp giấy chứng nhận quyền sử dụng đất lần đầu"}, FieldKey: "dat-dai"}})
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// Procedures are added, changed and taken out one by one. Where files of one are kept it
// stays, and so do they; its code never changes, so lists find it as before.
func TestProceduresAreKeptOneByOne(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		chief := h.signedIn(h.account(access.Administrator, 0))
		typed := url.Values{"procedure_code": {"1.004227"}, "procedure_vi": {"Đăng ký <đất>"}, "procedure_field": {"dat-dai"}}
		added := h.post(chief, "/thu-tuc/them", typed)
		added.check(t, "added", http.StatusSeeOther, nil, nil)
		h.get(chief, added.header.Get("Location")+"&lang=vi").check(t, "it is there", http.StatusOK, []string{"Đăng ký &lt;đất&gt;", "Đã thêm thủ tục", `href="/thu-tuc/1/sua"`}, nil)
		for what, wrong := range map[string]url.Values{
			"the same code":       {"procedure_code": {"1.004227.000.00.00.H08"}, "procedure_vi": {"Khác"}, "procedure_field": {"dat-dai"}},
			"digits are cut off":  {"procedure_code": {"1.00011"}, "procedure_vi": {"Khác"}, "procedure_field": {"dat-dai"}},
			"no name":             {"procedure_code": {"1.000110"}, "procedure_field": {"dat-dai"}},
			"a field of nobody's": {"procedure_code": {"1.000110"}, "procedure_vi": {"Khác"}, "procedure_field": {"khong-co"}},
			"no code":             {"procedure_vi": {"Khác"}, "procedure_field": {"dat-dai"}},
		} {
			h.post(chief, "/thu-tuc/them?lang=vi", wrong).check(t, what, http.StatusUnprocessableEntity, []string{`href="#f-procedure_`}, []string{"import."})
		}

		first, second := h.openKept(chief, "/thu-tuc/1/sua", 3), h.openKept(chief, "/thu-tuc/1/sua", 3)
		first.Set("procedure_vi", "Đăng ký đất đai")
		second.Set("procedure_field", "xay-dung")
		h.post(chief, "/thu-tuc/1/sua", first).check(t, "changed", http.StatusSeeOther, nil, nil)
		h.post(chief, "/thu-tuc/1/sua", second).check(t, "changed by another", http.StatusSeeOther, nil, nil)
		second.Set("procedure_vi", "Thứ ba")
		h.post(chief, "/thu-tuc/1/sua?lang=vi", second).check(t, "both changed the name", http.StatusConflict, []string{"Đăng ký đất đai"}, nil)
		h.get(chief, "/thu-tuc?lang=vi").check(t, "both are kept", http.StatusOK, []string{"Đăng ký đất đai", "Xây dựng"}, nil)
		h.get(chief, "/thu-tuc/1/sua?lang=vi").check(t, "without files", http.StatusOK, []string{`action="/thu-tuc/1/bo"`, "1.004227"}, nil)

		h.importFile(chief, "/ho-so", "procedure,agency,half_month,handled,late\n1.004227,"+h.environment.Code+",2025-11-15,200,5\n")
		h.get(chief, "/thu-tuc/1/sua?lang=vi").check(t, "with files", http.StatusOK, []string{"ở lại trong danh mục"}, []string{`action="/thu-tuc/1/bo"`})
		h.post(chief, "/thu-tuc/1/bo?lang=vi", nil).check(t, "taken out with files", http.StatusConflict, []string{"ở lại trong danh mục"}, nil)
		h.get(chief, "/ho-so").check(t, "its files", http.StatusOK, []string{">200<"}, nil)

		typed.Set("procedure_code", "1.000110")
		h.post(chief, "/thu-tuc/them", typed).check(t, "another", http.StatusSeeOther, nil, nil)
		h.post(chief, "/thu-tuc/2/bo", nil).check(t, "taken out", http.StatusSeeOther, nil, nil)
		h.get(chief, "/thu-tuc").check(t, "it is gone", http.StatusOK, []string{"1.004227"}, []string{"1.000110"})
		h.get(chief, "/thu-tuc/2/sua").check(t, "its form", http.StatusNotFound, nil, nil)
		h.importFile(chief, "/thu-tuc", "code,name_vi,field\n1.004227.000.00.00.H08,Theo bảng tính,dat-dai\n")
		h.get(chief, "/thu-tuc/1/sua").check(t, "changed by a list", http.StatusOK, []string{"Theo bảng tính"}, nil)
		log := h.get(chief, "/quan-tri/nhat-ky?lang=vi&loai=procedure")
		for action, times := range map[string]int{"Thêm thủ tục <": 2, "Sửa thủ tục <": 3, "Bỏ thủ tục <": 1} {
			if n := strings.Count(log.body, action); n != times {
				t.Errorf("%q stands %d times in the log", action, n)
			}
		}
	})
}
