package httpd_test

import (
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"text/template/parse"

	"sipas/internal/access"
	"sipas/internal/auth"
	"sipas/internal/pages"
	"sipas/internal/testkit"
	"sipas/web"
)

// TestEveryPageIsShown asks for every page and fails for a template that none
// of them is made of.
func TestEveryPageIsShown(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	h.figures()
	h.publishPAPI()
	h.get(h.client(), "/thiet-lap/"+auth.FirstToken(h.deps.Secret, h.clock.Now())).check(t, "the first account", http.StatusOK, nil, nil)
	login := h.account(access.Administrator, 0)
	browser, ordered := h.signedIn(login), h.order(login)
	head := h.signedIn(h.clerks(""))
	h.served(40, 5, 4)
	published := h.post(browser, "/api/v1/publications", `{"year":2025}`, "Content-Type", jsonType)
	if published.status != http.StatusCreated {
		t.Fatalf("publish: %d %s", published.status, published.body)
	}
	reformed := h.reformed()
	invited := h.invited(browser, "moi", "viewer", "")
	h.importAccounts(browser, "login,name,role\nmoi-hai,Người thứ hai,viewer\n").check(t, "invitations", http.StatusOK, nil, nil)
	h.officialsOfBoth()
	batches := h.batchesOf(codeLand)
	draft := h.post(browser, "/khao-sat/moi", url.Values{"from": {"library"}, "survey": {"sipas"}}).header.Get("Location")
	h.post(browser, draft+"/sua", url.Values{"base": {"0"}, "do": {"add"}, "kind": {"remark"}, "lines": {"Chưa rõ"}, "phan": {"1"}}).check(t, "what changed", http.StatusOK, nil, nil)
	h.planned("2025-12-31", "quay-nhanh", codeLand)
	for _, client := range []*http.Client{browser, h.client()} {
		for _, path := range []string{
			"/", "/dang-nhap", "/cong-khai", "/bang", "/quay", "/bang/cong-bo?year=2025&period=Y", "/bang/thu-hoi?id=1", "/nowhere",
			"/q/" + codeLand, "/q/" + codeUnknown, "/q/" + codeLand + "/xong/23456789",
			"/q/" + codeKiosk, "/q/" + codeClosed,
			"/quan-tri/tai-khoan", "/quan-tri/tai-khoan-moi", "/quan-tri/tai-khoan/moi", "/quan-tri/nhat-ky", "/cai-dat", "/bat-dau", "/bat-dau/tinh", "/bat-dau/thu", "/tai-khoan", invited,
			"/chi-tieu", "/chi-tieu/them", "/chi-tieu/1", "/chi-tieu/1/bo", "/chi-tieu/1/lich-su", "/chi-tieu/cong-bo", "/chi-tieu/chi-so", "/chi-tieu/cong-bo/1", "/quay/them", "/co-quan", "/thu-tuc", "/thu-tuc/them", "/ho-so", "/tim?q=quay", "/co-quan/sap-xep?viec=split", "/co-quan/sap-xep/xem-truoc?viec=dissolve&tu=so-tnmt&ngay=1/7/2025", reformed, "/quay/nhap", "/chi-tieu/nhap", "/quay/" + codeLand, "/quay/" + codeLand + "/sua", "/quay/them-nhieu", "/quay/" + codeLand + "/doi-ma", "/quay/" + codeLand + "/phieu",
			"/co-quan/so-tnmt", "/co-quan/so-tnmt/sua",
			"/can-bo", "/can-bo/ca", "/can-bo/them", "/can-bo/" + officialHere, "/can-bo/" + officialHere + "/sua", "/can-bo/" + officialHere + "/doi-the",
			"/khao-sat", "/khao-sat/nhap", "/khao-sat/tai?survey=quay-nhanh", draft + "/tai", draft, draft + "/phat-hanh", draft + "/mo-phong", draft + "/lich-su", draft + "/ngon-ngu", draft + "/ngon-ngu/km", draft + "/xem", draft + "/xem?gui=1",
			"/quay/in", "/quay/in/da-dat", ordered, "/khao-sat/dot", "/khao-sat/dot/them", "/khao-sat/dot/1/sua",
			"/nhap-phieu", "/nhap-phieu/them", "/nhap-phieu/them?point=" + codeLand, batches.open, batches.open + "/nhap", batches.open + "/so-sanh", batches.open + "/dong", batches.closed, batches.closed + "/sua?phieu=1",
		} {
			answer := h.get(client, path)
			if answer.status >= 500 || strings.Contains(answer.body, "ZgotmplZ") || strings.Contains(answer.body, "<no value>") {
				t.Errorf("%s: %d %s", path, answer.status, answer.body)
			}
		}
	}
	h.get(head, "/can-bo/"+clerk+"/ket-qua").check(t, "figures of an official", http.StatusOK, nil, []string{"ZgotmplZ", "<no value>"})
	used := map[string]bool{"main": true, "changed": true} // rendered by themselves: Kernel.RenderPart
	defined := map[string]string{}
	for name, page := range h.kernel.Templates() {
		if !executed(page) {
			t.Errorf("nobody sees the page %s", name)
		}
		for _, part := range page.Templates() {
			if part.Tree == nil {
				continue
			}
			defined[part.Tree.Name] = name
			pages.Walk(part.Tree.Root, func(n parse.Node) {
				if included, ok := n.(*parse.TemplateNode); ok {
					original, _, _ := strings.Cut(included.Name, "$htmltemplate_")
					used[included.Name], used[original] = true, true
				}
			})
		}
	}
	parts, err := fs.Glob(web.Files, "templates/parts/*.html")
	if err != nil || len(parts) == 0 {
		t.Fatal("no parts", err)
	}
	for _, file := range parts {
		text, err := fs.ReadFile(web.Files, file)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range regexp.MustCompile(`{{\s*define "([^"]+)"`).FindAllStringSubmatch(string(text), -1) {
			if defined[part[1]] == "" {
				t.Errorf("no page is lent the part %s of %s", part[1], file)
			}
		}
	}
	for part, page := range defined {
		// Escaping makes copies of a part for the places it stands in.
		original, _, _ := strings.Cut(part, "$htmltemplate_")
		if !used[part] && !used[original] && !strings.HasSuffix(part, ".html") {
			t.Errorf("no page holds the part %s (see %s)", part, page)
		}
	}
}

// executed tells whether a page was ever rendered: the first time, its actions
// are rewritten to escape what they print.
func executed(page *template.Template) bool {
	return strings.Contains(page.Tree.Root.String(), "_html_template_")
}
