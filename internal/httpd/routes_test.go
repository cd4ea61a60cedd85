package httpd_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"sipas/internal/access"
	"sipas/internal/httpd"
	"sipas/internal/testkit"
)

// TestRoutes prints the whole table to be read by people.
func TestRoutes(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	var text bytes.Buffer
	w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ROUTE\tFOR\tABOUT\tASKS ALSO\tBODY, BYTES\tPATIENCE\tFRAMED BY")
	or := func(text, none string) string {
		if text == "" {
			return none
		}
		return text
	}
	for _, r := range h.kernel.Routes() {
		var about []string
		for _, a := range r.About {
			about = append(about, a.String())
		}
		patience := r.Patience
		if patience == 0 {
			patience = httpd.Patience
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", strings.TrimSpace(r.Method+" "+r.Path), r.Permission, strings.Join(about, ", "),
			or(strings.Join(r.Asks, " "), "-"), r.Body, patience, or(string(r.Embedding), "nobody"))
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	compareGolden(t, "routes.txt", text.String())
}

// TestRoutesThatDoNotStart: default deny starts with the table itself.
func TestRoutesThatDoNotStart(t *testing.T) {
	t.Parallel()
	public, err := url.Parse("http://example.vn")
	if err != nil {
		t.Fatal(err)
	}
	good := func() httpd.Route {
		return httpd.Route{
			Method: http.MethodPost, Path: "/x/:office", Permission: access.ViewBoard, Handle: func(*httpd.Request) error { return nil },
			About: []httpd.About{{In: httpd.Path, Name: "office", Is: httpd.Agency}}, Body: httpd.FormBody(10),
		}
	}
	start := func(routes ...httpd.Route) error {
		k, err := httpd.New(httpd.Deps{PublicURL: public})
		if err != nil {
			t.Fatal(err)
		}
		_, err = k.Handler(routes)
		return err
	}
	about := func(list ...httpd.About) func(*httpd.Route) { return func(r *httpd.Route) { r.About = list } }
	office := good().About[0]
	for want, change := range map[string]func(*httpd.Route){
		"has no permission":                           func(r *httpd.Route) { r.Permission = "" },
		"has no permission ":                          func(r *httpd.Route) { r.Permission = "everybody" },
		"does not say what it is about":               about(),
		"has no handler":                              func(r *httpd.Route) { r.Handle = nil },
		"has no path":                                 func(r *httpd.Route) { r.Path = "x/:office" },
		"needs a method":                              func(r *httpd.Route) { r.Method = "" },
		"has a body on GET":                           func(r *httpd.Route) { r.Method = http.MethodGet },
		"without a limit":                             func(r *httpd.Route) { r.Body = httpd.JSONBody(0) },
		"does not say what :office is":                about(httpd.About{Is: httpd.Nothing}),
		`is about "other", which is not in its path`:  about(office, httpd.About{In: httpd.Path, Name: "other", Is: httpd.Point}),
		"or optional there":                           about(httpd.About{In: httpd.Path, Name: "office", Is: httpd.Agency, Optional: true}),
		`is about "office" of the query, which is in`: about(httpd.About{In: httpd.Query, Name: "office", Is: httpd.Agency}),
		"is about nothing and something":              about(office, httpd.About{Is: httpd.Nothing}),
		`is about two of "agency"`:                    about(office, httpd.About{In: httpd.Query, Name: "other", Is: httpd.Agency}),
		`is about "parking", which nobody can find`:   about(office, httpd.About{In: httpd.Query, Name: "lot", Is: "parking"}),
		`is about "lot" in "header"`:                  about(office, httpd.About{In: "header", Name: "lot", Is: httpd.Point}),
		`is about the field "id" of no body`: func(r *httpd.Route) {
			r.Body = httpd.Body{}
			r.About = append(r.About, httpd.About{In: httpd.Field, Name: "id", Is: httpd.Publication})
		},
		`names "office" twice`: func(r *httpd.Route) { r.Asks = []string{"office"} },
		`is about the field "id" of no body that has f`: func(r *httpd.Route) {
			r.Body = httpd.AnswersBody(10)
			r.About = append(r.About, httpd.About{In: httpd.Field, Name: "id", Is: httpd.Publication})
		},
	} {
		r := good()
		change(&r)
		if err := start(r); err == nil || !strings.Contains(err.Error(), strings.TrimSpace(want)) {
			t.Errorf("want %q, have %v", want, err)
		}
	}
	if err := start(good(), good()); err == nil || !strings.Contains(err.Error(), "is there twice") {
		t.Errorf("the same route twice: %v", err)
	}
	plain := good()
	plain.Path, plain.About, plain.Asks = "/y", []httpd.About{{Is: httpd.Nothing}}, []string{"office"}
	if err := start(good(), plain); err == nil || !strings.Contains(err.Error(), `asks for "office" as if it named nothing`) {
		t.Errorf("an agency read as plain text: %v", err)
	}
}

// made is a server with made-up routes over what the harness has.
func (h *harness) made(routes ...httpd.Route) *harness {
	h.t.Helper()
	k, err := httpd.New(h.deps)
	if err != nil {
		h.t.Fatal(err)
	}
	handler, err := k.Handler(routes)
	if err != nil {
		h.t.Fatal(err)
	}
	other := *h
	other.kernel, other.http = k, httptest.NewServer(handler)
	h.t.Cleanup(other.http.Close)
	other.url = other.http.URL
	return &other
}

// TestOnlyWhatIsDeclaredCanBeRead: a handler that reads what its route does not
// name fails at once, whatever was sent.
func TestOnlyWhatIsDeclaredCanBeRead(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	var routes []httpd.Route
	reads := map[string]func(*httpd.Request){
		"query":  func(r *httpd.Request) { r.Query("agency") },
		"asked":  func(r *httpd.Request) { r.Asked("id") },
		"path":   func(r *httpd.Request) { r.Param("code") },
		"stray":  func(r *httpd.Request) { r.StrayPath() },
		"code":   func(r *httpd.Request) { r.CodeIn(codeLand) },
		"field":  func(r *httpd.Request) { f, _ := r.Fields(); f.Get("id") },
		"whole":  func(r *httpd.Request) { _, _ = r.Answers() },
		"JSON":   func(r *httpd.Request) { _, _ = r.JSON() },
		"agency": func(r *httpd.Request) { _ = r.Agency.ID },
	}
	for name, read := range reads {
		routes = append(routes, httpd.Route{
			Method: http.MethodPost, Path: "/made/" + name, Permission: access.Public, About: []httpd.About{{Is: httpd.Nothing}},
			Body: httpd.FormBody(100), Handle: func(r *httpd.Request) error { read(r); r.LeadTo("/"); return nil },
		})
	}
	made := h.made(routes...)
	for name := range reads {
		r := made.post(made.client(), "/made/"+name+"?agency=so-tnmt&id=1", url.Values{"id": {"1"}})
		r.check(t, name, http.StatusInternalServerError, nil, leaks)
	}
}

// TestEachRouteHasItsOwnLimits: what may be sent, how long the database is
// waited for, and who may show it in a frame.
func TestEachRouteHasItsOwnLimits(t *testing.T) {
	t.Parallel()
	nothing := []httpd.About{{Is: httpd.Nothing}}
	read := func(r *httpd.Request) error {
		if _, err := r.JSON(); err != nil {
			return err
		}
		r.WriteNothing()
		return nil
	}
	wait := func(r *httpd.Request) error {
		<-r.Context().Done()
		return r.Context().Err()
	}
	show := func(r *httpd.Request) error { r.WriteNothing(); return nil }
	h := newHarness(t, testkit.SQLite(t)).made(
		httpd.Route{Method: http.MethodPost, Path: "/small", Permission: access.Public, About: nothing, Body: httpd.JSONBody(4), Handle: read},
		httpd.Route{Method: http.MethodPost, Path: "/large", Permission: access.Public, About: nothing, Body: httpd.JSONBody(5), Handle: read},
		httpd.Route{Method: http.MethodGet, Path: "/hasty", Permission: access.Public, About: nothing, Patience: time.Millisecond, Handle: wait},
		httpd.Route{Method: http.MethodGet, Path: "/own", Permission: access.Public, About: nothing, Embedding: httpd.OwnPages, Handle: show},
		httpd.Route{Method: http.MethodGet, Path: "/anywhere", Permission: access.Public, About: nothing, Embedding: httpd.Anywhere, Handle: show},
		httpd.Route{Method: http.MethodGet, Path: "/nowhere", Permission: access.Public, About: nothing, Handle: show},
	)
	h.post(h.client(), "/small", "12345", "Content-Type", jsonType).check(t, "five bytes of four", http.StatusRequestEntityTooLarge, nil, leaks)
	h.post(h.client(), "/large", "12345", "Content-Type", jsonType).check(t, "five bytes of five", http.StatusNoContent, nil, nil)
	h.get(h.client(), "/hasty").check(t, "a route that waits shortly", http.StatusServiceUnavailable, nil, leaks)
	for path, want := range map[string][2]string{
		"/own": {"frame-ancestors 'self';", "SAMEORIGIN"}, "/anywhere": {"frame-ancestors *;", ""},
		"/nowhere": {"frame-ancestors 'none';", "DENY"}, "/stray": {"frame-ancestors 'none';", "DENY"},
	} {
		r := h.get(h.client(), path)
		if policy := r.header.Get("Content-Security-Policy"); !strings.Contains(policy, want[0]) || r.header.Get("X-Frame-Options") != want[1] {
			t.Errorf("%s: %s; X-Frame-Options %q", path, policy, r.header.Get("X-Frame-Options"))
		}
	}
}

// TestOneOrderForPagesAndPrograms: who may comes first, then what the address
// is about, then what is sent, then what that is about, then the handler.
func TestOneOrderForPagesAndPrograms(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	route := func(path string, body httpd.Body) httpd.Route {
		return httpd.Route{
			Method: http.MethodPost, Path: path + "/:office", Permission: access.ManagePoints, Body: body,
			About: []httpd.About{{In: httpd.Field, Name: "desk", Is: httpd.Point}, {In: httpd.Path, Name: "office", Is: httpd.Agency}},
			Handle: func(r *httpd.Request) error {
				r.WriteJSON(http.StatusOK, []string{r.Agency.Code, string(r.Point.Code)})
				return nil
			},
		}
	}
	made := h.made(route("/trang", httpd.FormBody(100)), route("/api/v1/du-lieu", httpd.JSONBody(100)))
	admin, viewer := h.token(access.Administrator, h.environment.ID), h.token(access.Viewer, 0)
	for path, media := range map[string]string{"/trang/": "application/x-www-form-urlencoded", "/api/v1/du-lieu/": jsonType} {
		sent := func(point string) string {
			if media == jsonType {
				return `{"desk":"` + point + `"}`
			}
			return "desk=" + point
		}
		for _, try := range []struct {
			what          string
			who           []string
			office, media string
			body          string
			status        int
		}{
			{"nobody", nil, "khong-co", "text/plain", "", http.StatusUnauthorized},
			{"who may not", viewer, "khong-co", "text/plain", "", http.StatusForbidden},
			{"foreign in the path, unreadable body", admin, "so-xay-dung", "text/plain", "", http.StatusNotFound},
			{"unreadable body, foreign in it", admin, "so-tnmt", "text/plain", sent(codeDesk), http.StatusUnsupportedMediaType},
			{"foreign in the body", admin, "so-tnmt", media, sent(codeDesk), http.StatusNotFound},
			{"missing in the body", admin, "so-tnmt", media, strings.Replace(sent(codeLand), "desk", "else", 1), http.StatusNotFound},
			{"right", admin, "so-tnmt", media, sent(codeLand), http.StatusOK},
		} {
			got := made.post(made.client(), path+try.office, try.body, append([]string{"Content-Type", try.media}, try.who...)...)
			if got.status != try.status {
				t.Errorf("%s, %s: %d, want %d\n%s", path, try.what, got.status, try.status, got.body)
			}
		}
	}
}

func parseCode(t *testing.T, code string) *ast.File {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "made-up.go", code, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// TestHandlersFindNothing: what a parameter names is found by the kernel, and
// nowhere else.
func TestHandlersFindNothing(t *testing.T) {
	t.Parallel()
	finders := []string{
		"ByCode", "PointByID", "Point", "Agency", "Form", "FormAt", "EntryByToken", "EntryByID", "Current", "Identify",
	}
	// The owner of something that was found is no parameter.
	owners := []string{"snap.Tree.Agency(p.AgencyID)", "snap.Tree.Agency(t.AgencyID)", "snap.Tree.Agency(snap.Tree.Root())"}
	found := func(file *ast.File) (calls []string) {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if f, ok := call.Fun.(*ast.SelectorExpr); ok && slices.Contains(finders, f.Sel.Name) && !slices.Contains(owners, types.ExprString(call)) {
				calls = append(calls, types.ExprString(call))
			}
			return true
		})
		return calls
	}
	for _, folder := range []string{"citizen", "board", "admin", "search"} {
		for name, file := range sources(t, folder) {
			for _, call := range found(file) {
				t.Errorf("%s: %s; let the route say what it is About", name, call)
			}
		}
	}
	if calls := found(parseCode(t, `package x; func f() { snap.For(who).Agency(r.Query("agency")); k.Intake.Form(ctx, code) }`)); len(calls) != 2 {
		t.Errorf("a handler that finds by itself: %v", calls)
	}
}
