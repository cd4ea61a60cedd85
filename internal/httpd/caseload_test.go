package httpd_test

import (
	"net/http"
	"strings"
	"testing"

	"sipas/internal/access"
	"sipas/internal/reform"
	"sipas/internal/testkit"
)

// importFile checks a file on the page of a list, and then imports it.
func (h *harness) importFile(client *http.Client, path, content string) {
	h.t.Helper()
	checked := h.sendFile(client, path+"/nhap", "danh-sach.csv", content)
	proof := checkedFields.FindStringSubmatch(checked.body)
	if proof == nil {
		h.t.Fatalf("%s: the file was not found to be sound:\n%s", path, checked.body)
	}
	done := h.sendFile(client, path+"/nhap", "danh-sach.csv", content, "do", "import", "file-sha256", proof[1], "revision", proof[2])
	done.check(h.t, path+" imported", http.StatusSeeOther, nil, nil)
	h.get(client, done.header.Get("Location")).check(h.t, path+" leads", http.StatusOK, []string{`class="done-note"`}, nil)
}

// The index of an agency is shown beside one that is weighted by the files handled in
// each field; a field with files and too few answers makes it no figure and is named.
func TestAnIndexIsWeightedByTheMixOfFiles(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		h.figures()
		chief := h.signedIn(h.account(access.Administrator, 0))
		h.importFile(chief, "/thu-tuc", "code,name_vi,field\n1.000110,Cấp giấy phép,xay-dung\n1.004227,Đăng ký đất đai,dat-dai\n")
		h.importFile(chief, "/ho-so", "procedure,agency,half_month,handled,late\n1.004227,"+h.environment.Code+",2025-11-15,200,5\n")
		page := "/ho-so?lang=vi&agency=" + h.environment.Code
		h.get(chief, page).check(t, "one field", http.StatusOK, []string{"Chỉ số theo cơ cấu hồ sơ", "40 người trả lời"}, []string{"Chưa tính được"})
		h.importFile(chief, "/ho-so", "procedure,agency,half_month,handled,late\n1.000110,"+h.environment.Code+",2025-11-15,100,0\n")
		h.get(chief, page).check(t, "a field without answers", http.StatusOK, []string{"Chưa tính được", "Xây dựng: 100 hồ sơ, 0 người trả lời"}, []string{"Đất đai: "})
	})
}

// Procedures are imported and found without accents; files handled are shown by agency
// with the answers given at its own counters, and by procedure, to each caller what lies
// within their scope.
func TestFilesHandledAreShown(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		h.figures()
		chief, reader := h.signedIn(h.account(access.Administrator, 0)), h.signedIn(h.account(access.Viewer, h.environment.ID))
		h.get(chief, "/thu-tuc").check(t, "no procedures", http.StatusOK, []string{"Chưa có thủ tục nào", "Ông/bà nhập danh sách thủ tục", "/thu-tuc/nhap"}, nil)
		h.get(reader, "/ho-so").check(t, "no files", http.StatusOK, []string{"Chưa có hồ sơ nào", "Quản trị viên của tỉnh nhập"}, []string{"/ho-so/nhap"})

		h.importFile(chief, "/thu-tuc", "code,name_vi,field\n1.000110,Cấp giấy phép <xây dựng>,xay-dung\n1.004227,Đăng ký đất đai,dat-dai\n")
		h.get(reader, "/thu-tuc?tim=dang+ky+dat").check(t, "found", http.StatusOK, []string{"Đăng ký đất đai", "1.004227"}, []string{"1.000110", "Nhập từ bảng tính"})
		h.get(reader, "/thu-tuc?tim=xay+dung").check(t, "found by its field", http.StatusOK, []string{"&lt;xây dựng&gt;"}, []string{"1.004227"})
		h.get(reader, "/thu-tuc?tim=xyzzy").check(t, "not found", http.StatusOK, []string{"Không có thủ tục nào phù hợp"}, nil)

		files := strings.NewReplacer("ENV", h.environment.Code, "CON", h.construction.Code).Replace(
			"procedure,agency,half_month,handled,late\n1.000110,CON,2025-11-15,1000,1\n1.004227,ENV,2025-11-15,200,5\n1.000110,ENV,2025-11-15,20,6\n1.004227,ENV,2025-11-01,7,7\n")
		h.importFile(chief, "/ho-so", files)
		h.get(chief, "/ho-so?ky=2025-Q4").check(t, "a quarter", http.StatusOK,
			[]string{h.environment.Name["vi"], h.construction.Name["vi"], ">227<", ">1.227<", ">19<"}, nil)
		own := h.get(reader, "/ho-so")
		own.check(t, "the newest half month of one's own", http.StatusOK, []string{">220<", ">209<", ">11<", ">95%<", ">40<", ">18,2%<"}, []string{h.construction.Name["vi"], ">1.000<", ">1.220<"})
		h.get(reader, "/ho-so?agency="+h.environment.Code).check(t, "by procedure", http.StatusOK, []string{"Đăng ký đất đai", "&lt;xây dựng&gt;", ">97,5%<", ">70%<"}, []string{"Tỷ lệ trả lời"})
		h.get(reader, "/ho-so?agency="+h.construction.Code).check(t, "of others", http.StatusNotFound, nil, nil)
		h.get(reader, "/ho-so?ky=2024-Q1").check(t, "a period without files", http.StatusOK, []string{"Không có hồ sơ nào trong thời gian này"}, nil)
		for _, ky := range []string{"2025-Q5", "x", "2025-20251102-20251114", "9999-Y"} {
			h.get(reader, "/ho-so?ky="+ky).check(t, "no period: "+ky, http.StatusBadRequest, nil, nil)
		}

		// Once another has taken over, with the counters, what was answered before still
		// stands beside the files of the former agency.
		plan, err := h.reforms().Plan(t.Context(), h.snapshot(), reform.Asked{
			Kind: reform.Merge, From: []string{h.environment.Code}, Into: []reform.Successor{{Code: h.construction.Code}}, Day: "2025-11-16",
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.reforms().Apply(t.Context(), testkit.Author(), plan); err != nil {
			t.Fatal(plan.Problems, plan.Early, err)
		}
		h.get(chief, "/ho-so").check(t, "after a merger", http.StatusOK, []string{">220<", ">40<", ">18,2%<"}, nil)

		given := h.get(chief, "/ho-so/xuat?dang=csv")
		given.check(t, "the newest half month", http.StatusOK, []string{"2025-11-15,200,5"}, []string{"2025-11-01"})
		h.sendFile(chief, "/ho-so/nhap", "ho-so.csv", given.body).check(t, "what was given", http.StatusOK, []string{"Không có gì phải nhập"}, nil)
	})
}
