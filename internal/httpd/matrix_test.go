package httpd_test

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/access"
	"sipas/internal/httpd"
	"sipas/internal/testkit"
)

var update = flag.Bool("update", false, "write what came out to testdata, to be looked at and committed")

// asker is somebody who asks for every route.
type asker struct {
	name    string
	client  *http.Client
	headers []string
}

// askers are nobody, everybody who may see or do something, and those who could
// once. What is asked for belongs to the department of the environment.
func (h *harness) askers() []asker {
	h.t.Helper()
	ctx := context.Background()
	revoked := h.token(access.Administrator, 0)
	tokens, err := h.deps.Auth.Tokens(ctx)
	if err != nil || len(tokens) != 1 {
		h.t.Fatal(tokens, err)
	}
	if err := h.deps.Auth.RevokeToken(ctx, testkit.Author(), tokens[0].ID); err != nil {
		h.t.Fatal(err)
	}
	list := []asker{
		{"nobody", h.client(), nil},
		{"viewer here", h.client(), h.token(access.Viewer, h.environment.ID)},
		{"viewer elsewhere", h.client(), h.token(access.Viewer, h.construction.ID)},
		{"viewer of all", h.client(), h.token(access.Viewer, 0)},
		{"admin here", h.client(), h.token(access.Administrator, h.environment.ID)},
		{"admin of all", h.client(), h.token(access.Administrator, 0)},
		{"session here", h.signedIn(h.account(access.Viewer, h.environment.ID)), nil},
		{"disabled", nil, nil},
		{"revoked", h.client(), revoked},
		{"garbage", h.client(), []string{"Authorization", "Bearer sipas_' OR 1=1--"}},
	}
	login := h.account(access.Administrator, 0)
	list[7].client = h.signedIn(login)
	h.disable(login)
	return list
}

// signedIn is a browser in which somebody signed in.
func (h *harness) signedIn(login string) *http.Client {
	h.t.Helper()
	client := h.client()
	r := h.post(client, "/dang-nhap", url.Values{"login": {login}, "password": {goodPassword}})
	if r.status != http.StatusSeeOther {
		h.t.Fatalf("sign in: %d %s", r.status, r.body)
	}
	return client
}

// ask asks for a route, about the department of the environment and in a body
// that could be taken.
func (a asker) ask(h *harness, r httpd.Route) reply {
	h.t.Helper()
	path := strings.NewReplacer(":code", codeLand, ":receipt", "23456789", ":token", strings.Repeat("A", 26), ":year", "2025", ":period", "Y",
		":name", strings.TrimPrefix(h.asset("desk.css"), "/static/")).Replace(r.Path)
	if r.Permission == access.ViewBoard {
		path += "?agency=" + h.environment.Code
	}
	switch {
	case r.Method != http.MethodPost:
		return h.do(a.client, r.Method, path, nil, a.headers...)
	case strings.HasPrefix(path, "/api/"):
		return h.post(a.client, path, `{"year":2025}`, append([]string{"Content-Type", jsonType}, a.headers...)...)
	}
	return h.post(a.client, path, url.Values{"year": {"2025"}, "period": {"Y"}}, a.headers...)
}

func (h *harness) asset(name string) string {
	h.t.Helper()
	path, err := h.kernel.Asset(name)
	if err != nil {
		h.t.Fatal(err)
	}
	return path
}

// TestMatrix asks for every route as everybody and compares the statuses with a
// table to be read by people. What the permissions say is checked beside it, so
// that a wrong table cannot be committed by mistake.
func TestMatrix(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		h.answer(codeLand, 5, 4)
		askers := h.askers()
		routes := slices.DeleteFunc(h.kernel.Routes(), func(r httpd.Route) bool { return r.Path == httpd.Stray })
		// Signing out ends a session, so that comes last.
		slices.SortStableFunc(routes, func(a, b httpd.Route) int { return strings.Compare(last(a), last(b)) })
		line := fmt.Sprintf("%-52s", "")
		for _, a := range askers {
			line += fmt.Sprintf(" %-16s", a.name)
		}
		table := []string{line}
		for _, r := range routes {
			line := fmt.Sprintf("%-52s", string(r.Permission)+" "+r.Method+" "+r.Path)
			for _, a := range askers {
				answer := a.ask(h, r)
				line += fmt.Sprintf(" %-16d", answer.status)
				checkPermission(t, r, a, answer)
			}
			table = append(table, line)
		}
		for i, line := range table {
			table[i] = strings.TrimRight(line, " ") + "\n"
		}
		compareGolden(t, "matrix.golden", strings.Join(table, ""))
	})
}

func last(r httpd.Route) string {
	if r.Path == "/dang-xuat" {
		return "last"
	}
	return ""
}

// checkPermission holds an answer to what the route table says.
func checkPermission(t *testing.T, r httpd.Route, a asker, answer reply) {
	t.Helper()
	known := !slices.Contains([]string{"nobody", "disabled", "revoked", "garbage"}, a.name)
	refused := answer.status == http.StatusUnauthorized || answer.status == http.StatusSeeOther && strings.HasPrefix(answer.header.Get("Location"), "/dang-nhap?den=")
	what := a.name + ": " + r.Method + " " + r.Path
	switch {
	case answer.status >= 500:
		t.Errorf("%s: %d", what, answer.status)
	case r.Permission == access.Public:
	case !known && !refused:
		t.Errorf("%s: %d, want to be asked who they are", what, answer.status)
	case known && refused:
		t.Errorf("%s: %d, though they are known", what, answer.status)
	case known && r.Permission == access.Administer && (a.name == "admin of all") == (answer.status == http.StatusForbidden):
		t.Errorf("%s: %d", what, answer.status)
	case a.name == "viewer elsewhere" && (strings.Contains(answer.body, codeLand) || strings.Contains(answer.body, `"n":5`)):
		t.Errorf("%s: sees what is not theirs", what)
	}
	if strings.HasPrefix(r.Path, "/api/") && answer.status >= 400 && answer.header.Get("Content-Type") != "application/problem+json; charset=utf-8" {
		t.Errorf("%s: %d as %s", what, answer.status, answer.header.Get("Content-Type"))
	}
}

func compareGolden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s; if it is meant, run with -update: -want +got\n%s", path, diff)
	}
}

// TestCrossSite: another site's page cannot use a signed-in person's session,
// nor send answers or sign anybody in. Programs are not browsers.
func TestCrossSite(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	browser := h.signedIn(h.account(access.Administrator, 0))
	const publications = "/api/v1/publications"
	for _, r := range h.kernel.Routes() {
		if r.Method == http.MethodGet || r.Path == httpd.Stray {
			continue
		}
		path := strings.NewReplacer(":code", codeLand, ":year", "2025", ":period", "Y").Replace(r.Path)
		for _, headers := range [][]string{
			{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}, {"Origin", "null"},
			{"Origin", strings.Replace(h.url, "http:", "https:", 1) + ".evil.example"},
		} {
			answer := h.do(browser, r.Method, path, nil, headers...)
			answer.check(t, r.Method+" "+path+" "+headers[1], http.StatusForbidden, nil, append(leaks, "receipt"))
			if api, problem := strings.HasPrefix(path, "/api/"), strings.HasPrefix(answer.header.Get("Content-Type"), "application/problem+json"); api != problem {
				t.Errorf("%s: answered as %s", path, answer.header.Get("Content-Type"))
			}
		}
	}
	own := []string{"Sec-Fetch-Site", "same-origin", "Origin", h.url, "Content-Type", jsonType}
	h.post(browser, publications, `{"year":2025}`, own...).check(t, "our own page", http.StatusCreated, nil, nil)
	token := append(h.token(access.Administrator, 0), "Content-Type", jsonType)
	h.post(h.client(), publications, `{"year":2025}`, token...).check(t, "a program", http.StatusCreated, nil, nil)
}
