package admin

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"unicode"

	"sipas/internal/access"
	"sipas/internal/auth"
	"sipas/internal/firstrun"
	"sipas/internal/httpd"
	"sipas/internal/limit"
)

// loginPage is what the login page shows.
type loginPage struct {
	To      string // where to go afterwards, "" for the board
	Login   string
	Problem string // a sentence, "" before the first try
	Demo    []httpd.DemoAccount
}

func (s *side) showSignIn(r *httpd.Request) error {
	to := localPath(r.Query("den"))
	if r.SignedIn() {
		return s.leadOn(r, to, r.Who())
	}
	return s.writeSignIn(r, http.StatusOK, loginPage{To: to})
}

func (s *side) writeSignIn(r *httpd.Request, status int, data loginPage) error {
	data.Demo = s.k.Demo
	return r.Show(status, "desk/login", r.NewPage("login", data))
}

// signIn signs in. Every failure says the same, so that nobody learns
// which logins exist.
func (s *side) signIn(r *httpd.Request) error {
	form, err := r.Fields()
	if err != nil {
		return err
	}
	login := form.Get("login")
	data := loginPage{To: localPath(form.Get("den")), Login: httpd.Cut(login, 64)}
	try := r.Try(login)
	who, err := s.k.Auth.Login(r.Context(), login, form.Get("password"), try.Begin)
	if err == nil {
		r.Right(try)
		err = s.k.Auth.SignIn(r.Context(), who)
	}
	var tooMany *limit.TooMany
	switch {
	case errors.As(err, &tooMany):
		f := httpd.FailureOf(err)
		r.Announce(err, f)
		data.Problem = r.Printer().T("login.too-many", "seconds", f.RetrySeconds())
		return s.writeSignIn(r, f.Status, data)
	case errors.Is(err, auth.ErrBadLogin):
		r.Announce(err, httpd.FailureOf(err))
		data.Problem = r.Printer().T("login.wrong")
		return s.writeSignIn(r, http.StatusUnauthorized, data)
	case err != nil:
		return err
	}
	return s.leadOn(r, data.To, who)
}

func (s *side) signOut(r *httpd.Request) error {
	if err := s.k.Auth.SignOut(r.Context()); err != nil {
		return err
	}
	r.LeadTo("/")
	return nil
}

// leadOn leads who has signed in to where they wanted to go, else to where their work
// begins: whoever administers a province that is not set up yet has to do that first.
func (s *side) leadOn(r *httpd.Request, to string, who access.Identity) error {
	switch {
	case to != "":
	case who.May(access.Administer):
		snap, err := r.Snapshot()
		if err != nil {
			return err
		}
		steps, err := firstrun.Steps(r.Context(), snap, s.k.Auth, s.k.Reports, s.k.Now().In(s.k.Zone))
		if err != nil {
			return err
		}
		if to = "/bang"; firstrun.Pending(snap, steps) {
			to = "/bat-dau"
		}
	case who.May(access.ViewBoard):
		to = "/bang"
	case who.May(access.EnterResponses):
		to = "/nhap-phieu"
	default:
		to = "/quay"
	}
	r.LeadTo(to)
	return nil
}

// localPath gives an address within this site, or "". Browsers take `//host`
// and `/\host` for another site, and drop tabs and line ends on the way there.
func localPath(to string) string {
	if len(to) > 2000 || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") ||
		strings.Contains(to, `\`) || strings.ContainsFunc(to, unicode.IsControl) {
		return ""
	}
	u, err := url.Parse(to)
	if err != nil || u.IsAbs() || u.Host != "" || u.User != nil || strings.HasPrefix(u.Path, "//") {
		return ""
	}
	return to
}
