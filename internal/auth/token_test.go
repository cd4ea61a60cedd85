package auth_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/auth"
	"sipas/internal/fault"
	"sipas/internal/testkit"
)

// identify gives what the middleware makes of Authorization headers.
func identify(t *testing.T, a *auth.Auth, headers ...string) (who access.Identity, ok bool) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
	r.Header["Authorization"] = headers
	a.Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		who, ok = a.Identify(r)
	})).ServeHTTP(httptest.NewRecorder(), r)
	return who, ok
}

func TestATokenFromCreationToRevocation(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		ctx := t.Context()
		agency, err := st.AddAgency(ctx, agency.Agency{Code: "so", Kind: agency.KindDepartment, Name: agency.Text{"vi": "Sở"}})
		if err != nil {
			t.Fatal(err)
		}
		a := auth.New(st.DB, auth.Options{Now: newClock().now})
		token, err := a.CreateToken(ctx, testkit.Author(), "cổng dịch vụ công", access.Viewer, agency.ID)
		if err != nil {
			t.Fatal(err)
		}
		if !regexp.MustCompile(`^sipas_[A-Za-z0-9_-]{43}$`).MatchString(token) {
			t.Errorf("token %q", token)
		}
		kept, err := a.Tokens(ctx)
		if err != nil || len(kept) != 1 {
			t.Fatalf("Tokens = %v, %v", kept, err)
		}
		if strings.Contains(kept[0].Hash, token[6:]) || len(kept[0].Hash) != 64 {
			t.Errorf("what is kept of the token: %q", kept[0].Hash)
		}
		want := access.Identity{Name: "cổng dịch vụ công", Role: access.Viewer, Scope: agency.ID}
		for _, header := range []string{"Bearer " + token, "bearer " + token, "BEARER  " + token + " "} {
			if got, ok := identify(t, a, header); !ok || cmp.Diff(want, got) != "" {
				t.Errorf("%.10s...: %+v, %v", header, got, ok)
			}
		}
		if err := a.RevokeToken(ctx, testkit.Author(), kept[0].ID); err != nil {
			t.Fatal(err)
		}
		if who, ok := identify(t, a, "Bearer "+token); ok {
			t.Errorf("a revoked token is known as %+v", who)
		}
		if err := a.RevokeToken(ctx, testkit.Author(), kept[0].ID); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("revoking twice: %v", err)
		}
	})
}

func TestGarbageBearersAreNobody(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		a := auth.New(st.DB, auth.Options{Now: newClock().now})
		token, err := a.CreateToken(t.Context(), testkit.Author(), "cổng", access.Administrator, 0)
		if err != nil {
			t.Fatal(err)
		}
		kept, err := a.Tokens(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, headers := range [][]string{
			nil, {""}, {"Bearer"}, {"Bearer "}, {"Bearer null"}, {"Bearer sipas_"}, {token}, {"Basic " + token}, {"Bearer" + token},
			{"Bearer " + token[:48]}, {"Bearer " + token + "A"}, {"Bearer " + strings.ToUpper(token)}, {"Bearer x" + token[1:]},
			{"Bearer " + kept[0].Hash}, {"Bearer sipas_" + kept[0].Hash[:43]}, {"Bearer sipas_" + strings.Repeat("\x00", 43)},
			{"Bearer sipas_" + strings.Repeat("'", 43)}, {"Bearer " + strings.Repeat("A", 1<<20)}, {"Bearer \xff\xfe"},
			{"Bearer " + token, "Bearer " + token}, {"Basic eDp5", "Bearer " + token},
		} {
			if who, ok := identify(t, a, headers...); ok || who != (access.Identity{}) {
				t.Errorf("%.60q: known as %+v", headers, who)
			}
		}
		if _, ok := identify(t, a, "Bearer "+token); !ok {
			t.Error("the good token is not known")
		}
	})
}

func TestABearerRequestIgnoresCookies(t *testing.T) {
	t.Parallel()
	a := auth.New(testkit.SQLite(t).DB, auth.Options{Now: newClock().now})
	addUser(t, a, "can-bo", access.Administrator)
	token, err := a.CreateToken(t.Context(), testkit.Author(), "cổng", access.Viewer, 0)
	if err != nil {
		t.Fatal(err)
	}
	b := &browser{t: t, site: site(t, a)}
	b.signIn("can-bo")
	cookie := b.cookie
	for header, want := range map[string]string{
		"Bearer " + token:    "cổng",
		"Bearer x":           "", // and not who the cookie says
		"Basic Y2FuYm86eA==": name,
	} {
		if w := b.send("GET", "/who", nil, "Authorization", header); w.Body.String() != want {
			t.Errorf("%.12s: known as %q, want %q", header, w.Body, want)
		}
	}
	if w := b.send("POST", "/out", nil, "Authorization", "Bearer "+token); w.Code != http.StatusForbidden || b.cookie != cookie {
		t.Errorf("signing out with a token: %d, cookie %v", w.Code, b.cookie)
	}
	b.wantWho("the browser's session", name)
}

func TestTokensMustMakeSense(t *testing.T) {
	t.Parallel()
	a := auth.New(testkit.SQLite(t).DB, auth.Options{Now: newClock().now})
	for _, c := range []struct {
		what, label string
		role        access.Role
		agency      int64
	}{
		{"no label", "", access.Viewer, 0},
		{"label of two lines", "a\r\nb", access.Viewer, 0},
		{"no role", "cổng", "", 0},
		{"unknown role", "cổng", "root", 0},
		{"unknown agency", "cổng", access.Viewer, 99},
	} {
		token, err := a.CreateToken(t.Context(), testkit.Author(), c.label, c.role, c.agency)
		if err == nil || token != "" {
			t.Errorf("%s: token %q, error %v", c.what, token, err)
		}
		var invalid *fault.Invalid
		if c.agency == 0 && !errors.As(err, &invalid) {
			t.Errorf("%s: error %v, want *fault.Invalid", c.what, err)
		}
	}
}
