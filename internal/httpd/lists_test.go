package httpd_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"sipas/internal/access"
	"sipas/internal/testkit"
)

// sendFile sends a form with a file, as a browser does.
func (h *harness) sendFile(client *http.Client, path, name, content string, fields ...string) reply {
	h.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	file, err := form.CreateFormFile("file", name)
	if err == nil {
		_, err = file.Write([]byte(content))
	}
	for i := 0; i+1 < len(fields) && err == nil; i += 2 {
		err = form.WriteField(fields[i], fields[i+1])
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		h.t.Fatal(err)
	}
	return h.post(client, path, body.String(), "Content-Type", form.FormDataContentType())
}

var checkedFields = regexp.MustCompile(`name="file-sha256" value="([0-9a-f]{64})"><input type="hidden" name="revision" value="(\d+)"`)

// A spreadsheet is checked, which changes nothing, and then imported: the same file, on
// the same state. What went stale or is another file is checked anew, what is wrong is
// told by line and column, and nobody but the province's administrator may.
func TestListsAreImportedInTheWeb(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		chief := h.signedIn(h.account(access.Administrator, 0))
		const head = "code,name_vi,kind,parent\n"
		first := head + "00123,Sở Một <b>,department," + h.province.Code + "\n"
		h.get(chief, "/co-quan/nhap?lang=vi").check(t, "the page", http.StatusOK, []string{"Nhập danh sách cơ quan", "valid_to", `enctype="multipart/form-data"`}, []string{"file-sha256"})
		seen := h.sendFile(chief, "/co-quan/nhap", "co-quan.csv", first)
		seen.check(t, "checked", http.StatusOK, []string{"<b>1</b> sẽ được thêm", "Nhập danh sách"}, nil)
		proof := checkedFields.FindStringSubmatch(seen.body)
		if proof == nil {
			t.Fatalf("no proof of what was checked:\n%s", seen.body)
		}
		h.get(chief, "/co-quan?tim=so+mot").check(t, "nothing was changed", http.StatusOK, []string{"Không có cơ quan nào phù hợp"}, nil)
		apply := []string{"do", "import", "file-sha256", proof[1], "revision", proof[2]}
		h.sendFile(chief, "/co-quan/nhap", "khac.csv", strings.Replace(first, "Một", "Hai", 1), apply...).check(t, "another file", http.StatusOK, []string{"Chưa nhập", "<b>1</b> sẽ được thêm"}, nil)
		h.post(chief, "/quay/"+codeLand+"/dong", nil).check(t, "meanwhile", http.StatusSeeOther, nil, nil)
		stale := h.sendFile(chief, "/co-quan/nhap", "co-quan.csv", first, apply...)
		stale.check(t, "a stale check", http.StatusOK, []string{"Chưa nhập"}, nil)
		proof = checkedFields.FindStringSubmatch(stale.body)
		apply = []string{"do", "import", "file-sha256", proof[1], "revision", proof[2]}
		done := h.sendFile(chief, "/co-quan/nhap", "co-quan.csv", first, apply...)
		done.check(t, "imported", http.StatusSeeOther, nil, nil)
		h.get(chief, done.header.Get("Location")).check(t, "where it leads", http.StatusOK, []string{"Đã nhập danh sách cơ quan"}, nil)
		h.get(chief, "/co-quan?tim=so+mot").check(t, "found without accents", http.StatusOK, []string{"Sở Một &lt;b&gt;", "00123", h.province.Name["vi"]}, []string{"Một <b>"})
		h.sendFile(chief, "/co-quan/nhap", "co-quan.csv", first).check(t, "again", http.StatusOK, []string{"Không có gì phải nhập"}, []string{"file-sha256"})

		given := h.get(chief, "/co-quan/xuat?dang=csv")
		given.check(t, "the template", http.StatusOK, []string{"00123,Sở Một <b>,"}, nil)
		h.sendFile(chief, "/co-quan/nhap", "agencies.csv", given.body).check(t, "what was given", http.StatusOK, []string{"Không có gì phải nhập"}, nil)
		book := h.get(chief, "/quay/xuat?dang=xlsx")
		h.sendFile(chief, "/quay/nhap", "quay.xlsx", book.body).check(t, "counters as they are", http.StatusOK, []string{"Không có gì phải nhập"}, nil)

		plan := "plan,year,indicator,target_percent\n123/KH-UBND 2026-01-05,2026,SIPAS,\"90,5\"\n"
		proof = checkedFields.FindStringSubmatch(h.sendFile(chief, "/chi-tieu/nhap", "chi-tieu.csv", plan).body)
		if proof == nil {
			t.Fatal("a plan's targets were not found to be sound")
		}
		planned := h.sendFile(chief, "/chi-tieu/nhap", "chi-tieu.csv", plan, "do", "import", "file-sha256", proof[1], "revision", proof[2])
		h.get(chief, planned.header.Get("Location")+"&year=2026").check(t, "a plan's targets", http.StatusOK, []string{"Đã nhập danh sách chỉ tiêu", "90,5", "123/KH-UBND"}, nil)

		wrong := head + "x y,Sở,department,\n00123,,ministry,khong-co\n"
		h.sendFile(chief, "/co-quan/nhap", "sai.csv", wrong).check(t, "what is wrong", http.StatusOK,
			[]string{`<span class="word">Dòng</span> 2`, `<span class="word">Dòng</span> 3`, "<code>kind</code>", "<code>parent</code>", "Có 4 chỗ cần sửa trong 2 dòng"}, []string{"file-sha256"})
		h.sendFile(chief, "/co-quan/nhap", "sai.csv", wrong, apply...).check(t, "wrong and pressed", http.StatusOK, []string{"chỗ cần sửa"}, nil)
		h.sendFile(chief, "/co-quan/nhap", "trong.csv", "").check(t, "an empty file", http.StatusUnprocessableEntity, []string{"chưa chọn tệp"}, nil)
		h.sendFile(chief, "/co-quan/nhap", "anh.png", "\x89PNG\r\n\x1a\n\x00").check(t, "no spreadsheet", http.StatusOK, []string{"Cả tệp"}, []string{"file-sha256"})
		h.sendFile(chief, "/co-quan/nhap", "to.csv", strings.Repeat("x", 17<<20)).check(t, "too large", http.StatusRequestEntityTooLarge, nil, nil)
		h.post(chief, "/co-quan/nhap", "do=import", "Content-Type", "application/x-www-form-urlencoded").check(t, "no form with a file", http.StatusUnsupportedMediaType, nil, nil)

		manager := h.signedIn(h.account(access.Manager, h.environment.ID))
		h.get(manager, "/co-quan").check(t, "a manager's agencies", http.StatusOK, []string{h.environment.Name["vi"]}, []string{"Sở Một", h.construction.Name["vi"], "Nhập từ bảng tính"})
		h.sendFile(manager, "/co-quan/nhap", "co-quan.csv", first).check(t, "a manager", http.StatusForbidden, nil, nil)
		h.sendFile(h.signedIn(h.account(access.Administrator, h.environment.ID)), "/quay/nhap", "quay.csv", book.body).check(t, "an agency's administrator", http.StatusForbidden, nil, nil)
	})
}

// On the page itself what was checked is laid beside the file, which stays chosen, so
// that one press more imports it; another file takes the result away.
func TestAFileStaysChosen(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	b := tab{t, testkit.Browser(t, testkit.Phone)}
	b.do(h.withCookie(h.signedIn(h.account(access.Administrator, 0))), chromedp.Navigate(h.url+"/co-quan/nhap"))
	choose := func(content string) {
		ask[bool](b, fmt.Sprintf(`(() => {
			const file = document.getElementById("f-file"), chosen = new DataTransfer();
			chosen.items.add(new File([%q], "co-quan.csv"));
			file.files = chosen.files;
			return file.dispatchEvent(new Event("change"));
		})()`, content))
	}
	choose("code,name_vi,kind,parent\n00123,,department,\n")
	b.click("form.check button")
	b.await("#ket-qua table")
	choose("code,name_vi,kind,parent\n00123,Sở Một,department," + h.province.Code + "\n")
	if left := ask[string](b, `document.getElementById("ket-qua").innerText`); left != "" {
		t.Errorf("of the file before is left: %s", left)
	}
	b.click("form.check button")
	b.await("#ket-qua [name=do]")
	b.click("#ket-qua [name=do]")
	b.await(".done-note")
	h.get(h.signedIn(h.account(access.Viewer, 0)), "/co-quan?tim=00123").check(t, "imported", http.StatusOK, []string{"Sở Một"}, nil)
}

// Counters are found by their name, place, code or agency without accents, within the
// caller's scope, and by whether they are open.
func TestCountersAreFound(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	client := h.signedIn(h.account(access.Viewer, 0))
	for asked, want := range map[string][2]string{
		"tim=dang+ky+dat":                  {codeLand, codeKiosk},
		"tim=so+xay+dung":                  {codeClosed, codeLand},
		"tim=" + strings.ToLower(codeLand): {codeLand, codeKiosk},
		"tim=tang+1&state=closed":          {codeClosed, codeLand},
		"state=open":                       {codeLand, codeClosed},
		"tim=xyzzy":                        {"Không có quầy nào phù hợp", codeLand},
	} {
		h.get(client, "/quay?lang=vi&"+asked).check(t, asked, http.StatusOK, []string{want[0]}, []string{"quay-" + want[1]})
	}
	h.get(client, "/quay?state=lost").check(t, "no such state", http.StatusBadRequest, nil, nil)
	h.get(h.signedIn(h.account(access.Viewer, h.construction.ID)), "/quay?tim=dang+ky").check(t, "somebody else's", http.StatusOK, []string{"Không có quầy nào"}, []string{codeLand})
}
