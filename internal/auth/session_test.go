package auth_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"sipas/internal/access"
	"sipas/internal/auth"
	"sipas/internal/db"
	"sipas/internal/fault"
	"sipas/internal/testkit"
)

// site is a web server with nothing but signing in, signing out and asking who
// one is.
func site(t *testing.T, a *auth.Auth) http.Handler {
	mux := http.NewServeMux()
	answer := func(w http.ResponseWriter, err error) {
		switch {
		case errors.Is(err, auth.ErrBadLogin):
			http.Error(w, "bad login", http.StatusUnauthorized)
		case errors.Is(err, fault.ErrForbidden):
			http.Error(w, "forbidden", http.StatusForbidden)
		case err != nil:
			t.Errorf("answer: %v", err)
		}
	}
	mux.HandleFunc("POST /in", func(w http.ResponseWriter, r *http.Request) {
		who, err := a.Login(r.Context(), r.FormValue("login"), r.FormValue("password"), nil)
		if err == nil {
			err = a.SignIn(r.Context(), who)
		}
		answer(w, err)
	})
	mux.HandleFunc("POST /out", func(w http.ResponseWriter, r *http.Request) { answer(w, a.SignOut(r.Context())) })
	mux.HandleFunc("GET /who", func(w http.ResponseWriter, r *http.Request) {
		if who, ok := a.Identify(r); ok {
			_, _ = w.Write([]byte(who.Name))
		}
	})
	return a.Middleware(mux)
}

// browser keeps the session cookie as a browser does.
type browser struct {
	t      *testing.T
	site   http.Handler
	cookie *http.Cookie
}

func (b *browser) send(method, path string, form url.Values, headers ...string) *httptest.ResponseRecorder {
	b.t.Helper()
	r := httptest.NewRequestWithContext(b.t.Context(), method, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	if b.cookie != nil {
		r.AddCookie(b.cookie)
	}
	w := httptest.NewRecorder()
	b.site.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		b.cookie = c
		if c.MaxAge < 0 {
			b.cookie = nil
		}
	}
	return w
}

func (b *browser) signIn(login string) {
	b.t.Helper()
	if w := b.send("POST", "/in", url.Values{"login": {login}, "password": {goodPassword}}); w.Code != http.StatusOK {
		b.t.Fatalf("signing in as %s: %d %s", login, w.Code, w.Body)
	}
	if b.cookie == nil {
		b.t.Fatal("signing in set no cookie")
	}
}

// wantWho checks as whom the browser is known; "" is nobody.
func (b *browser) wantWho(when, want string) {
	b.t.Helper()
	if w := b.send("GET", "/who", nil); w.Code != http.StatusOK || w.Body.String() != want {
		b.t.Errorf("%s: %d, known as %q, want %q", when, w.Code, w.Body, want)
	}
}

const name = "Cán bộ thử nghiệm" // of addUser

func TestASessionFromSigningInToSigningOut(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		a := auth.New(st.DB, auth.Options{Now: newClock().now})
		addUser(t, a, "can-bo", access.Viewer)
		b := &browser{t: t, site: site(t, a)}
		b.wantWho("before", "")
		if b.cookie != nil {
			t.Errorf("a visit alone set the cookie %v", b.cookie)
		}
		if w := b.send("POST", "/in", url.Values{"login": {"can-bo"}, "password": {"sai"}}); w.Code != http.StatusUnauthorized || b.cookie != nil {
			t.Errorf("a wrong password: %d, cookie %v", w.Code, b.cookie)
		}
		b.signIn("can-bo")
		b.wantWho("signed in", name)
		before := *b.cookie
		b.send("POST", "/out", nil)
		if b.cookie != nil {
			t.Error("signing out left the cookie in the browser")
		}
		b.cookie = &before
		b.wantWho("with the cookie of a session that was signed out", "")
	})
}

func TestTheCookieIsGuarded(t *testing.T) {
	t.Parallel()
	for _, secure := range []bool{false, true} {
		st, clock := testkit.SQLite(t), newClock()
		a := auth.New(st.DB, auth.Options{Now: clock.now, SecureCookies: secure})
		addUser(t, a, "can-bo", access.Viewer)
		b := &browser{t: t, site: site(t, a)}
		b.signIn("can-bo")
		c := b.cookie
		// The prefix has browsers take it from this host over TLS only.
		if c.Name != map[bool]string{false: "sipas_session", true: "__Host-sipas_session"}[secure] || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Secure != secure || c.Path != "/" || c.Domain != "" {
			t.Errorf("cookie %v", c)
		}
		if c.MaxAge != 0 || !c.Expires.IsZero() {
			t.Errorf("the cookie outlives the browser: %v", c)
		}
		// Whoever reads the database must not be able to make the cookie.
		if _, found, err := a.KeptForTest().FindCtx(t.Context(), c.Value); err != nil || found {
			t.Errorf("the token itself is in the database (%v)", err)
		}
	}
}

func TestSigningInChangesTheToken(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		a := auth.New(st.DB, auth.Options{Now: newClock().now})
		addUser(t, a, "ke-gian", access.Viewer)
		addUser(t, a, "can-bo", access.Administrator)
		site := site(t, a)
		// Somebody plants a token in the browser of another person: a made up
		// one, or one of a session of their own.
		planted := &http.Cookie{Name: auth.Cookie, Value: strings.Repeat("A", 43)}
		victim := &browser{t: t, site: site, cookie: planted}
		victim.signIn("can-bo")
		(&browser{t: t, site: site, cookie: planted}).wantWho("with a made-up token after the victim signed in", "")

		attacker := &browser{t: t, site: site}
		attacker.signIn("ke-gian")
		own := *attacker.cookie
		victim = &browser{t: t, site: site, cookie: &own}
		victim.signIn("can-bo")
		if victim.cookie.Value == own.Value {
			t.Error("signing in kept the token")
		}
		attacker.wantWho("with the token planted before", "")
		victim.wantWho("signed in over the planted token", name)
	})
}

func TestASessionEndsAtOnce(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		c := newClock()
		a := auth.New(st.DB, auth.Options{Now: c.now})
		site := site(t, a)
		for what, end := range map[string]func(auth.User) error{
			"disabled": func(u auth.User) error { return a.DisableUser(t.Context(), testkit.Author(), u) },
			"new-password": func(u auth.User) error {
				return a.SetPassword(t.Context(), testkit.Author(), u.ID, "mật khẩu mới hơn")
			},
			"signed-out": func(u auth.User) error { return a.EndSessions(t.Context(), testkit.Author(), u) },
		} {
			u := addUser(t, a, what, access.Manager)
			b, other := &browser{t: t, site: site}, &browser{t: t, site: site}
			b.signIn(what)
			other.signIn(what)
			cookie := b.cookie
			if err := end(u); err != nil {
				t.Fatal(err)
			}
			b.wantWho(what, "")
			other.wantWho(what+", another browser", "")
			if b.cookie != nil {
				t.Errorf("%s: the browser keeps a worthless cookie", what)
			}
			if what == "disabled" {
				if err := a.EnableUser(t.Context(), testkit.Author(), u); err != nil {
					t.Fatal(err)
				}
				b.cookie = cookie
				b.wantWho("enabled again, with a session from before", "")
			}
		}
	})
}

func TestSessionsExpire(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		c := newClock()
		a := auth.New(st.DB, auth.Options{Now: c.now})
		addUser(t, a, "can-bo", access.Viewer)
		b := &browser{t: t, site: site(t, a)}

		b.signIn("can-bo")
		cookie := b.cookie
		c.advance(29 * time.Minute)
		b.wantWho("after 29 minutes", name)
		c.advance(29 * time.Minute)
		b.wantWho("after another 29 minutes", name)
		c.advance(30 * time.Minute)
		b.wantWho("after half an hour of nothing", "")
		b.cookie = cookie
		b.wantWho("with the cookie of a session that went idle", "")

		b.signIn("can-bo")
		cookie = b.cookie
		for range 8*60/20 - 1 {
			c.advance(20 * time.Minute)
			b.wantWho("a busy day", name)
		}
		c.advance(20 * time.Minute)
		b.wantWho("after eight busy hours", "")
		b.cookie = cookie
		b.wantWho("with the cookie of a session that is too old", "")

		// Everything has gone; what signs in now stays.
		b.signIn("can-bo")
		c.advance(10 * time.Minute)
		if n, err := a.SweepSessions(t.Context()); err != nil || n != 2 {
			t.Errorf("SweepSessions = %d, %v; want 2", n, err)
		}
		b.wantWho("after the sweep", name)
	})
}

func TestGarbageCookiesAreNobody(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		a := auth.New(st.DB, auth.Options{Now: newClock().now})
		addUser(t, a, "can-bo", access.Viewer)
		good := &browser{t: t, site: site(t, a)}
		good.signIn("can-bo")
		token := good.cookie.Value
		for _, value := range []string{
			"", " ", "0", "'; DROP TABLE sessions; --", "%00", "../../etc/passwd", strings.Repeat("A", 1<<16), "\"quoted\"",
			"ếế", token[1:], token + "A", token + "=", strings.ToLower(token),
		} {
			w := good.raw("/who", auth.Cookie+"="+value)
			if w.Code != http.StatusOK || w.Body.Len() != 0 {
				t.Errorf("cookie %.40q: %d, known as %q", value, w.Code, w.Body)
			}
		}
		if w := good.raw("/who", auth.Cookie+"="+token); w.Body.String() != name {
			t.Errorf("the good cookie: %q", w.Body)
		}
		good.wantWho("after all that", name)
	})
}

// raw sends a Cookie header as it is.
func (b *browser) raw(path, header string) *httptest.ResponseRecorder {
	b.t.Helper()
	r := httptest.NewRequestWithContext(b.t.Context(), "GET", path, nil)
	r.Header.Set("Cookie", header)
	w := httptest.NewRecorder()
	b.site.ServeHTTP(w, r)
	return w
}

func TestWithoutMiddlewareNobodyIsKnown(t *testing.T) {
	t.Parallel()
	a := auth.New(testkit.SQLite(t).DB, auth.Options{Now: newClock().now})
	u := addUser(t, a, "can-bo", access.Viewer)
	r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
	if who, ok := a.Identify(r); ok || who != (access.Identity{}) {
		t.Errorf("Identify = %+v, %v", who, ok)
	}
	if err := a.SignIn(t.Context(), access.Identity{UserID: u.ID}); !errors.Is(err, fault.ErrForbidden) {
		t.Errorf("SignIn: %v", err)
	}
	if err := a.SignOut(t.Context()); !errors.Is(err, fault.ErrForbidden) {
		t.Errorf("SignOut: %v", err)
	}
}

func TestADatabaseThatIsAwayIsReported(t *testing.T) {
	t.Parallel()
	url := testkit.SQLiteURL(t)
	d, err := db.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	var reported []error
	a := auth.New(d, auth.Options{Now: newClock().now, Failed: func(w http.ResponseWriter, _ *http.Request, err error) {
		reported = append(reported, err)
		w.WriteHeader(http.StatusServiceUnavailable)
	}})
	addUser(t, a, "can-bo", access.Viewer)
	token, err := a.CreateToken(t.Context(), testkit.Author(), "cổng", access.Viewer, 0)
	if err != nil {
		t.Fatal(err)
	}
	b := &browser{t: t, site: site(t, a)}
	b.signIn("can-bo")
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if w := b.send("GET", "/who", nil); w.Code != http.StatusServiceUnavailable || len(reported) != 1 {
		t.Errorf("a session: %d %q, reported %v", w.Code, w.Body, reported)
	}
	b.cookie = nil
	if w := b.send("GET", "/who", nil, "Authorization", "Bearer "+token); w.Code != http.StatusServiceUnavailable || len(reported) != 2 {
		t.Errorf("a token: %d %q, reported %v", w.Code, w.Body, reported)
	}
	// A citizen has neither, and needs no database to be nobody.
	b.wantWho("a citizen", "")
}
