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
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/auth"
	"sipas/internal/httpd"
	"sipas/internal/registry"
	"sipas/internal/testkit"
)

var update = flag.Bool("update", false, "write what came out to testdata, to be looked at and committed")

// asker is somebody who asks for every route.
type asker struct {
	name    string
	client  *http.Client
	headers []string
	point   int64 // a counter that nobody else asks for, which they may give another code
}

// Accounts of the department of the environment, of another one, and of the whole.
const accountHere, accountElsewhere, accountOfAll = "can-bo-moi-truong", "can-bo-xay-dung", "can-bo-tinh"

// askers are nobody, everybody who may see or do something, and those who could
// once. What is asked for belongs to the department of the environment.
func (h *harness) askers() []asker {
	h.t.Helper()
	ctx := context.Background()
	for login, scope := range map[string]int64{accountHere: h.environment.ID, accountElsewhere: h.construction.ID, accountOfAll: 0} {
		if _, err := h.deps.Auth.AddUser(ctx, testkit.Author(), auth.NewUser{Login: login, Name: "Tài khoản", Password: goodPassword, Role: access.Viewer, AgencyID: scope}); err != nil {
			h.t.Fatal(err)
		}
	}
	revoked := h.token(access.Administrator, 0)
	tokens, err := h.deps.Auth.Tokens(ctx)
	if err != nil || len(tokens) != 1 {
		h.t.Fatal(tokens, err)
	}
	if err := h.deps.Auth.RevokeToken(ctx, testkit.Author(), tokens[0].ID); err != nil {
		h.t.Fatal(err)
	}
	list := []asker{{name: "nobody", client: h.client()}}
	for _, role := range access.Roles() {
		list = append(list,
			asker{name: string(role) + " here", client: h.client(), headers: h.token(role, h.environment.ID)},
			asker{name: string(role) + " elsewhere", client: h.client(), headers: h.token(role, h.construction.ID)},
			asker{name: string(role) + " of all", client: h.client(), headers: h.token(role, 0)})
	}
	login, viewer := h.account(access.Manager, 0), h.account(access.Viewer, h.environment.ID)
	h.order(viewer)
	h.draft()
	h.officialsOfBoth()
	h.batchesOfBoth()
	list = append(list,
		asker{name: "session here", client: h.signedIn(viewer)},
		asker{name: "disabled", client: h.signedIn(login)},
		asker{name: "revoked", client: h.client(), headers: revoked},
		asker{name: "garbage", client: h.client(), headers: []string{"Authorization", "Bearer sipas_' OR 1=1--"}})
	h.disable(login)
	h.giveCounters(list)
	return list
}

// giveCounters gives each asker a counter of the department of the environment, one
// that has no poster, so that those of the department stay what they are.
func (h *harness) giveCounters(askers []asker) {
	h.t.Helper()
	counter := h.points[codeLand]
	counter.ID, counter.Channel = 0, agency.ChannelInterviewer
	err := h.st.Registry.Change(context.Background(), testkit.Author(), func(c *registry.Change) error {
		for i := range askers {
			counter.Code = ""
			added, err := c.AddServicePoint(context.Background(), counter)
			if err != nil {
				return err
			}
			askers[i].point = added.ID
		}
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// known tells whether the asker is somebody.
func (a asker) known() bool {
	return !slices.Contains([]string{"nobody", "disabled", "revoked", "garbage"}, a.name)
}

// tokenOnly tells whether a route is about the account of who asks, which a token
// has none of.
func (a asker) tokenOnly(r httpd.Route) bool {
	return r.Permission == access.OwnAccount && len(a.headers) > 0
}

// identity is what the asker may do, as package access says; of nobody the zero one.
func (a asker) identity(h *harness) access.Identity {
	role, of, _ := strings.Cut(a.name, " ")
	who := access.Identity{Role: access.Role(role)}
	switch {
	case role == "session":
		who = access.Identity{Role: access.Viewer, Scope: h.environment.ID}
	case of == "here":
		who.Scope = h.environment.ID
	case of == "elsewhere":
		who.Scope = h.construction.ID
	}
	return who
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
	snap, err := h.st.Registry.Current(context.Background())
	if err != nil {
		h.t.Fatal(err)
	}
	counter, _ := snap.PointByID(a.point)
	path := strings.NewReplacer(":code", codeLand, ":agency", h.environment.Code, ":account", accountHere, ":target", "1", ":measure", "1", ":draft", "1", ":published", "1", ":official", clerk, ":survey", "quay-nhanh", ":posters", "1", ":batch", "1", ":point", string(counter.Code), ":receipt", "23456789", ":token", strings.Repeat("A", 26), ":year", "2025", ":period", "Y",
		":name", strings.TrimPrefix(h.asset("desk.css"), "/static/")).Replace(r.Path)
	if r.Permission == access.ViewBoard || r.Permission == access.ViewPoints {
		path += "?agency=" + h.environment.Code
	}
	switch {
	case r.Method != http.MethodPost:
		return h.do(a.client, r.Method, path, nil, a.headers...)
	case strings.HasPrefix(path, "/api/"):
		return h.post(a.client, path, `{"year":2025}`, append([]string{"Content-Type", jsonType}, a.headers...)...)
	}
	return h.post(a.client, path, url.Values{"year": {"2025"}, "period": {"Y"}, "agency": {h.environment.Code}}, a.headers...)
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
		h.aim("1/KH-UBND", "dat-dai", 8500, "")
		h.publishPAPI()
		h.clerks("")
		h.answer(codeLand, 5, 4)
		askers := h.askers()
		routes := slices.DeleteFunc(h.kernel.Routes(), func(r httpd.Route) bool { return r.Path == httpd.Stray })
		// Signing out ends a session, so that comes last.
		slices.SortStableFunc(routes, func(a, b httpd.Route) int { return strings.Compare(last(a), last(b)) })
		line := func(route string, cells []string) string {
			text := fmt.Sprintf("%-58s", route)
			for i, cell := range cells {
				// Of each role: here, elsewhere, of the whole province.
				separator := " "
				if i > 0 && i <= 3*len(access.Roles()) && i%3 != 1 {
					separator = "/"
				}
				text += separator + fmt.Sprintf("%-3s", cell)
			}
			return strings.TrimRight(text, " ") + "\n"
		}
		var heads []string
		for _, role := range access.Roles() {
			heads = append(heads, fmt.Sprintf("%-11.11s", role))
		}
		table := fmt.Sprintf("%-58s nob %s ses dis rev gar\n", "", strings.Join(heads, " "))
		for _, r := range routes {
			var cells []string
			for _, a := range askers {
				answer := a.ask(h, r)
				cells = append(cells, strconv.Itoa(answer.status))
				checkPermission(t, h, r, a, answer)
			}
			table += line(string(r.Permission)+" "+r.Method+" "+r.Path, cells)
		}
		compareGolden(t, "matrix.golden", table)
	})
}

func last(r httpd.Route) string {
	if r.Path == "/dang-xuat" {
		return "last"
	}
	return ""
}

// checkPermission holds an answer to what the route table says.
func checkPermission(t *testing.T, h *harness, r httpd.Route, a asker, answer reply) {
	t.Helper()
	known := a.known()
	refused := answer.status == http.StatusUnauthorized || answer.status == http.StatusSeeOther && strings.HasPrefix(answer.header.Get("Location"), "/dang-nhap?den=")
	what := a.name + ": " + r.Method + " " + r.Path
	theirs := []string{`"n":5`, "Đăng ký đất đai", codeLand}
	switch {
	case answer.status >= 500:
		t.Errorf("%s: %d", what, answer.status)
	case r.Permission == access.Public:
	case !known && !refused:
		t.Errorf("%s: %d, want to be asked who they are", what, answer.status)
	case known && refused:
		t.Errorf("%s: %d, though they are known", what, answer.status)
	case known && a.identity(h).May(r.Permission) && answer.status == http.StatusForbidden && !a.tokenOnly(r), known && !a.identity(h).May(r.Permission) && answer.status != http.StatusForbidden:
		t.Errorf("%s: %d", what, answer.status)
	case strings.HasSuffix(a.name, " elsewhere") && slices.ContainsFunc(theirs, func(text string) bool { return strings.Contains(answer.body, text) }):
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
