package httpd

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"unicode"

	"github.com/gin-gonic/gin"

	"sipas/internal/auth"
	"sipas/internal/limit"
)

// loginPage is what the login page shows.
type loginPage struct {
	To      string // where to go afterwards, "" for the board
	Login   string
	Problem string // a sentence, "" before the first try
	Demo    []DemoAccount
}

func (s *Server) handleLoginShow(c *gin.Context) error {
	to := localPath(c.Query("den"))
	if _, known := s.Auth.Identify(c.Request); known {
		c.Redirect(http.StatusSeeOther, destination(to))
		return nil
	}
	return s.renderLogin(c, http.StatusOK, loginPage{To: to})
}

func (s *Server) renderLogin(c *gin.Context, status int, data loginPage) error {
	data.Demo = s.Demo
	return s.render(c, status, "desk/login", s.newPage(c, "login", data))
}

// handleLogin signs in. Every failure says the same, so that nobody learns
// which logins exist.
func (s *Server) handleLogin(c *gin.Context) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	login := form.Get("login")
	data := loginPage{To: localPath(form.Get("den")), Login: cut(login, 64)}
	try := s.senders.Try(c.Request, login)
	who, err := s.Auth.Login(c.Request.Context(), login, form.Get("password"), try.Begin)
	if err == nil {
		try.Right(c.Writer)
		err = s.Auth.SignIn(c.Request.Context(), who)
	}
	var tooMany *limit.TooMany
	switch {
	case errors.As(err, &tooMany):
		f := failureOf(err)
		s.announce(c, err, f)
		data.Problem = s.printer(c).T("login.too-many", "seconds", f.retrySeconds())
		return s.renderLogin(c, f.status, data)
	case errors.Is(err, auth.ErrBadLogin):
		s.announce(c, err, failureOf(err))
		data.Problem = s.printer(c).T("login.wrong")
		return s.renderLogin(c, http.StatusUnauthorized, data)
	case err != nil:
		return err
	}
	c.Redirect(http.StatusSeeOther, destination(data.To))
	return nil
}

func (s *Server) handleLogout(c *gin.Context) error {
	if err := s.Auth.SignOut(c.Request.Context()); err != nil {
		return err
	}
	c.Redirect(http.StatusSeeOther, "/")
	return nil
}

// destination is where a person goes after signing in.
func destination(to string) string {
	if to == "" {
		return "/bang"
	}
	return to
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

// cut shortens what a person typed for showing it again.
func cut(s string, runes int) string {
	for i := range s {
		if runes == 0 {
			return s[:i]
		}
		runes--
	}
	return s
}
