package admin

import (
	"errors"
	"net/http"
	"time"

	"sipas/internal/audit"
	"sipas/internal/auth"
	"sipas/internal/fault"
	"sipas/internal/httpd"
)

// accountView is an account beside the form that changes it.
type accountView struct {
	Login, Name string
	State       accountState
	Since       string // the day it was made
	Ended       string // the day it was disabled, "" while it may be used
	Own         bool   // the caller's
	Done        string // what was done just now, as a key; "" for nothing
	Path        string
}

func (s accountPages) showAccount(r *httpd.Request) error {
	u := r.Account
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	values := map[string]string{"name": u.Name, "email": u.Email, "role": u.Role, "agency": scopes(r.View(snap))[u.AgencyID].Code}
	return s.writeAccount(r, http.StatusOK, r.Typed(values))
}

func (s accountPages) writeAccount(r *httpd.Request, status int, typed httpd.Typed) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	u := *r.Account
	p := r.NewPage("account", nil)
	p.Title = u.Name
	form := s.accountForm(r, p, snap, typed)
	form.Login = u.Login
	form.Account = &accountView{
		Login: u.Login, Name: u.Name, State: stateOf(u), Since: s.day(u.CreatedAt), Ended: s.day(u.DisabledAt),
		Own: u.ID == r.Who().UserID, Path: accountPath(u.Login),
	}
	form.Account.Done = r.Done()
	p.Data = form
	return r.Show(status, "desk/account", p)
}

// day writes the day of a moment, "" for none.
func (s *side) day(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.In(s.k.Zone).Format("02/01/2006")
}

func (s accountPages) changeAccount(r *httpd.Request) error {
	typed, err := r.TypedFields("name", "email", "role", "agency")
	if err != nil {
		return err
	}
	scope, err := s.scopeAsked(r)
	if err != nil {
		return err
	}
	u := *r.Account
	u.Name, u.Email, u.Role, u.AgencyID = typed["name"], typed["email"], typed["role"], scope
	err = s.k.Auth.UpdateUser(r.Context(), r.Author(audit.Web), u)
	if problems, refused := accountProblems(err); refused {
		return s.writeAccount(r, http.StatusUnprocessableEntity, r.Typed(typed, problems...))
	}
	return s.accountDone(r, "saved", err)
}

func (s accountPages) disableAccount(r *httpd.Request) error {
	return s.accountDone(r, "disabled", s.k.Auth.DisableUser(r.Context(), r.Author(audit.Web), *r.Account))
}

func (s accountPages) enableAccount(r *httpd.Request) error {
	return s.accountDone(r, "enabled", s.k.Auth.EnableUser(r.Context(), r.Author(audit.Web), *r.Account))
}

func (s accountPages) signAccountOut(r *httpd.Request) error {
	return s.accountDone(r, "signed-out", s.k.Auth.EndSessions(r.Context(), r.Author(audit.Web), *r.Account))
}

// accountDone leads back to the account, or away from it where the caller may not
// see it any more.
func (s accountPages) accountDone(r *httpd.Request, what string, err error) error {
	if err != nil {
		return err
	}
	r.LeadTo(httpd.AddressOf(accountPath(r.Account.Login), "da", what))
	return nil
}

func (s accountPages) inviteAgain(r *httpd.Request) error {
	token, err := s.k.Auth.InviteAgain(r.Context(), r.Author(audit.Web), *r.Account)
	if err != nil {
		return err
	}
	return s.showInvitation(r, *r.Account, token)
}

// invitedPage is what an invited person sees.
type invitedPage struct {
	httpd.Typed
	Login, Name string
	Role        string
	Path        string
}

func (s accountPages) showInvited(r *httpd.Request) error {
	return s.writeInvited(r, http.StatusOK, r.Typed(nil))
}

func (s accountPages) writeInvited(r *httpd.Request, status int, typed httpd.Typed) error {
	u := r.Account
	p := r.NewPage("invited", nil)
	p.Data = invitedPage{Typed: typed, Login: u.Login, Name: u.Name, Role: p.T("role." + u.Role), Path: "/moi/" + r.Param("token")}
	r.Set("Cache-Control", "no-store")
	r.Set("Referrer-Policy", "no-referrer") // the address lets its reader in
	return r.Show(status, "desk/invited", p)
}

// acceptInvitation chooses the password and signs in.
func (s accountPages) acceptInvitation(r *httpd.Request) error {
	typed, err := r.TypedFields("password")
	if err != nil {
		return err
	}
	who, err := s.k.Auth.AcceptInvitation(r.Context(), r.Param("token"), typed["password"])
	if problems, refused := accountProblems(err); refused {
		return s.writeInvited(r, http.StatusUnprocessableEntity, r.Typed(nil, problems...))
	}
	if err == nil {
		err = s.k.Auth.SignIn(r.Context(), who)
	}
	if err != nil {
		return err
	}
	return s.leadOn(r, "", who)
}

// ownPage is one's own account.
type ownPage struct {
	httpd.Typed
	Login, Name string
	Role, Scope string
	Done        string
	Served      string // address of one's figures as an official, "" for nobody's
}

func (s accountPages) showOwn(r *httpd.Request) error {
	return s.writeOwn(r, http.StatusOK, r.Typed(nil))
}

func (s accountPages) writeOwn(r *httpd.Request, status int, typed httpd.Typed) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	who := r.Who()
	u, err := s.k.Auth.User(r.Context(), who.UserID)
	if err != nil {
		return err
	}
	p := r.NewPage("own", nil)
	data := ownPage{Typed: typed, Login: u.Login, Name: u.Name, Role: p.T("role." + u.Role), Scope: scopes(r.View(snap))[u.AgencyID].Name.In(p.Language)}
	data.Done = r.Done()
	if o, is := r.View(snap).RatedSelf(u.Login); is {
		data.Served = "/can-bo/" + o.Code + "/ket-qua"
	}
	p.Data = data
	return r.Show(status, "desk/own", p)
}

// changePassword changes one's own password; who knows only the session cannot.
func (s accountPages) changePassword(r *httpd.Request) error {
	typed, err := r.TypedFields("before", "password")
	if err != nil {
		return err
	}
	who := r.Who()
	u, err := s.k.Auth.User(r.Context(), who.UserID)
	if err != nil {
		return err
	}
	try := r.Try(u.Login)
	err = s.k.Auth.ChangePassword(r.Context(), who, typed["before"], typed["password"], try.Begin)
	problems, refused := passwordProblems(err)
	if refused {
		return s.writeOwn(r, http.StatusUnprocessableEntity, r.Typed(nil, problems...))
	}
	if err != nil {
		return err
	}
	r.Right(try)
	if err := s.k.Auth.SignIn(r.Context(), who); err != nil {
		return err
	}
	r.LeadTo(httpd.AddressOf("/tai-khoan", "da", "saved"))
	return nil
}

// signOwnOut ends every session of one's own, this one too.
func (s accountPages) signOwnOut(r *httpd.Request) error {
	u, err := s.k.Auth.User(r.Context(), r.Who().UserID)
	if err == nil {
		err = s.k.Auth.EndSessions(r.Context(), r.Author(audit.Web), u)
	}
	if err != nil {
		return err
	}
	r.LeadTo("/dang-nhap")
	return nil
}

// passwordProblems are those of an error that the form of one's own password shows.
func passwordProblems(err error) ([]fault.Problem, bool) {
	if errors.Is(err, auth.ErrBadLogin) {
		return []fault.Problem{{Where: "before", Key: auth.ProblemPasswordBefore}}, true
	}
	return accountProblems(err)
}
