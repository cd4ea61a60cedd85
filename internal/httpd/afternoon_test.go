package httpd_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"sipas/internal/auth"
	"sipas/internal/testkit"
)

// An official of an empty province who has no shell, and no mouse either: from the link
// that the server printed to a board held against a target, in one afternoon. Every page
// on the way is checked by axe once; the log of the test says how long each part took.
func TestAProvinceSetsItselfUp(t *testing.T) {
	t.Parallel()
	const offices, counters, citizens = 200, 2000, 30
	h := serve(t, testkit.SQLite(t))
	began := time.Now()
	part := func(what string) {
		t.Logf("%-28s %5.1f s", what, time.Since(began).Seconds())
		began = time.Now()
	}

	p := official{tab{t, testkit.Browser(t, testkit.Desktop)}, map[string]bool{}}
	p.do(chromedp.Navigate(h.url + "/thiet-lap/" + auth.FirstToken(h.deps.Secret, h.clock.Now()) + "?lang=vi"))
	p.checked("Tài khoản đầu tiên")
	p.types("#f-login", "quan-tri")
	p.types("#f-name", "Phòng Cải cách hành chính")
	p.types("#f-password", goodPassword)
	p.presses("main form [type=submit]")
	p.comesTo("/bat-dau", "Còn 6 việc")
	p.presses(`a[href="/bat-dau/tinh"]`)
	p.comesTo("/bat-dau/tinh", "Tỉnh, thành phố nào?")
	p.types("#f-province_name", "thành phố Huế")
	p.presses("main form [type=submit]")
	p.comesTo("/bat-dau", "Còn 5 việc")
	part("first account, province")

	p.presses(`main a[href="/co-quan/nhap"]`)
	p.comesTo("/co-quan/nhap", "Nhập danh sách cơ quan")
	p.imports(numbered("code,name_vi,kind,parent", offices, func(i int) string {
		return fmt.Sprintf("phuong-%03dp,Ủy ban nhân dân phường số %d,commune,ubnd-thanh-pho", i, i)
	}), "200 sẽ được thêm")
	p.comesTo("/co-quan", "Đã nhập danh sách cơ quan")
	part("200 agencies")

	p = p.comesBack(h)
	p.presses(`nav.main a[href="/quay"]`)
	p.comesTo("/quay", "Nhập từ bảng tính")
	p.presses(`main a[href="/quay/nhap"]`)
	p.comesTo("/quay/nhap", "Nhập danh sách quầy")
	p.imports(numbered("name_vi,agency,fields,channel,survey", counters, func(i int) string {
		return fmt.Sprintf("Quầy %d,phuong-%03dp,dat-dai,qr,quay-nhanh", i%10+1, i/10)
	}), "2.000 sẽ được thêm")
	p.comesTo("/quay", "Đã nhập danh sách quầy")
	part("2,000 counters")

	p = p.comesBack(h)
	p.presses(`nav.main a[href="/chi-tieu"]`)
	p.comesTo("/chi-tieu", "Nhập từ bảng tính")
	p.presses(`main a[href="/chi-tieu/nhap"]`)
	p.comesTo("/chi-tieu/nhap", "Nhập danh sách chỉ tiêu")
	p.imports("plan,year,indicator,service_field,target_percent\n1/KH-UBND,2025,field,dat-dai,85\n", "1 sẽ được thêm")
	p.comesTo("/chi-tieu", "85%")
	part("a target of this year")

	p = p.comesBack(h)
	p.presses(`nav.main a[href="/quay"]`)
	p.comesTo("/quay", "2.000")
	p.presses(".choice .links a:nth-of-type(2)")
	p.await(".choice[data-all]")
	p.comesTo("/quay", "2.000")
	p.presses(".choice button:not([name])")
	p.comesTo("/quay/in/1", "2.000")
	part("posters ordered")

	p = p.comesBack(h)
	p.presses(`main a[href="/bat-dau/thu"]`)
	p.comesTo("/bat-dau/thu", "Quét thử")
	tried := openTab(t, testkit.Phone, ask[string](p.tab, `document.querySelector("main section a").href`))
	tried.click(level("overall", "2"), sendButton)
	tried.await(thanksPage)
	p.do(chromedp.Reload())
	p.comesTo("/bat-dau/thu", "Đã nhận được câu trả lời")
	part("tried from a phone")

	code := h.snapshot().Points[0].Code
	phone := openTab(t, testkit.Phone, h.url+code.Path())
	phone.click(level("overall", "5"), sendButton)
	phone.await(thanksPage)
	for i := range citizens - 1 {
		answer := h.openForm(h.client(), string(code))
		answer.Set("a.overall", []string{"5", "4", "4", "5", "3", "5", "4", "5", "5", "4"}[i%10])
		h.post(h.client(), code.Path(), answer).check(t, "an answer", http.StatusSeeOther, nil, nil)
	}
	part("30 citizens")
	p.presses(`nav.main a[href="/bang"]`)
	p.comesTo("/bang", "Đạt")
	p.says("90%") // 27 of 30; the one of the trial counts in nothing
	part("a board against the target")
}

// numbered is a list as CSV.
func numbered(head string, n int, line func(i int) string) string {
	var list strings.Builder
	list.WriteString(head + "\n")
	for i := range n {
		list.WriteString(line(i) + "\n")
	}
	return list.String()
}

// official works a desk by keyboard alone.
type official struct {
	tab
	looked map[string]bool // paths of pages that axe has looked at
}

// comesBack is the official in another browser, signed in again: what was begun is taken
// up where the steps say.
func (p official) comesBack(h *harness) official {
	p.t.Helper()
	p.tab = openTab(p.t, testkit.Desktop, h.url+"/dang-nhap?lang=vi")
	p.types("[name=login]", "quan-tri")
	p.types("[name=password]", goodPassword)
	p.presses("main form [type=submit]")
	p.comesTo("/bat-dau", "Còn ")
	return p
}

// goes presses the tab key until the focus is on something.
func (p official) goes(selector string) {
	p.t.Helper()
	for range 400 {
		if ask[bool](p.tab, fmt.Sprintf("document.activeElement.matches(%q)", selector)) {
			return
		}
		p.do(chromedp.KeyEvent(kb.Tab))
	}
	p.t.Fatalf("the tab key does not reach %s on %s", selector, ask[string](p.tab, "location.href"))
}

func (p official) types(selector, text string) {
	p.t.Helper()
	p.goes(selector)
	p.do(chromedp.KeyEvent(text))
}

// presses follows a link or sends a form.
func (p official) presses(selector string) {
	p.t.Helper()
	p.goes(selector)
	p.do(chromedp.KeyEvent(kb.Enter))
}

// imports chooses a file, has it checked, and imports it. The dialog of the system in
// which a file is chosen is not the browser's, and left out.
func (p official) imports(content, told string) {
	p.t.Helper()
	file := filepath.Join(p.t.TempDir(), "danh-sach.csv")
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		p.t.Fatal(err)
	}
	p.goes("#f-file")
	p.do(chromedp.SetUploadFiles(chromedp.CSS("#f-file"), []string{file}))
	p.presses("main form [type=submit]")
	p.await(`[name="do"][value="import"]`)
	p.says(told)
	p.presses(`[name="do"][value="import"]`)
}

// comesTo waits for a page, and checks it.
func (p official) comesTo(path, said string) {
	p.t.Helper()
	for deadline := time.Now().Add(time.Minute); ask[string](p.tab, "location.pathname") != path || ask[string](p.tab, "document.readyState") != "complete"; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			p.t.Fatalf("%s instead of %s", ask[string](p.tab, "location.href"), path)
		}
	}
	p.checked(said)
}

// checked is a page that says something, and is good for everybody.
func (p official) checked(said string) {
	p.t.Helper()
	p.says(said)
	path := ask[string](p.tab, "location.pathname")
	if p.looked[path] {
		return
	}
	p.looked[path] = true
	for _, v := range testkit.Axe(p.t, p.ctx) {
		p.t.Errorf("%s: %s", path, v)
	}
}

func (p official) says(text string) {
	p.t.Helper()
	if !strings.Contains(ask[string](p.tab, "document.body.innerText"), text) {
		p.t.Fatalf("%s does not say %q:\n%s", ask[string](p.tab, "location.href"), text, ask[string](p.tab, "document.body.innerText"))
	}
}
