package admin

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/auth"
	"sipas/internal/fault"
	"sipas/internal/fold"
	"sipas/internal/httpd"
	"sipas/internal/registry"
)

// accountPages are the pages of accounts: those of others, and one's own.
type accountPages struct{ *side }

// accountsPage lists the accounts whose scope lies within the caller's.
type accountsPage struct {
	Search string
	Role   string
	Roles  []httpd.Choice
	Lines  []accountLine
	All    int64 // how many there are without search and role
	Pages  httpd.Pages
	Done   string // what was done just now, as a key
}

// accountLine is one account.
type accountLine struct {
	Login, Name string
	Role        string
	Scope       string // name of the agency, "" for the whole province
	State       accountState
	To          string
}

// accountState is what an account may be in; it is also the key of its name.
type accountState string

const (
	inUse    accountState = "in-use"
	invited  accountState = "invited" // no password was chosen yet
	disabled accountState = "disabled"
)

func stateOf(u auth.User) accountState {
	switch {
	case u.Disabled():
		return disabled
	case u.PasswordHash == "":
		return invited
	}
	return inUse
}

const accountsPerPage = 100

const accountsPath = "/quan-tri/tai-khoan"

func accountPath(login string) string { return accountsPath + "/" + url.PathEscape(login) }

func (s accountPages) showAccounts(r *httpd.Request) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	users, err := s.k.Auth.Users(r.Context())
	if err != nil {
		return err
	}
	view := r.View(snap)
	users = slices.DeleteFunc(users, func(u auth.User) bool { return !view.Sees(u.AgencyID) })
	p := r.NewPage("accounts", nil)
	data := accountsPage{Search: httpd.Cut(r.Query("tim"), 100), Role: r.Query("role"), All: int64(len(users)), Done: r.Done()}
	data.Roles = rolesFor(p, data.Role)
	wanted := fold.Text(data.Search)
	users = slices.DeleteFunc(users, func(u auth.User) bool {
		return data.Role != "" && u.Role != data.Role || fold.Find(fold.Text(u.Login+"\n"+u.Name), wanted) == fold.None
	})
	data.Pages, err = httpd.PageOf(r.Query("page"), len(users), accountsPerPage, func(page int) string {
		return httpd.AddressOf(accountsPath, "tim", data.Search, "role", data.Role, "page", page)
	})
	if err != nil {
		return err
	}
	byID := scopes(view)
	for _, u := range users[data.Pages.From:data.Pages.To] {
		data.Lines = append(data.Lines, accountLine{
			Login: u.Login, Name: u.Name, Role: p.T("role." + u.Role), Scope: byID[u.AgencyID].Name.In(p.Language),
			State: stateOf(u), To: accountPath(u.Login),
		})
	}
	p.Data = data
	return r.Show(http.StatusOK, "desk/accounts", p)
}

func rolesFor(p httpd.Page, chosen string) []httpd.Choice {
	var list []httpd.Choice
	for _, role := range access.Roles() {
		list = append(list, httpd.Choice{Value: string(role), Text: p.T("role." + string(role)), Chosen: string(role) == chosen})
	}
	return list
}

// scopes are the agencies that accounts may be bound to, by id.
func scopes(view registry.View) map[int64]agency.Agency {
	byID := map[int64]agency.Agency{}
	for _, a := range view.Agencies() {
		byID[a.ID] = a
	}
	return byID
}

// accountForm is the form of a new account, or of one that is changed.
type accountForm struct {
	httpd.Typed
	New     bool
	Login   string
	Roles   []roleChoice
	Scopes  []httpd.Choice
	Back    string
	Account *accountView // nil of a new one
}

// roleChoice is a role with what it may do.
type roleChoice struct {
	httpd.Choice
	May string
}

func (s accountPages) showNewAccount(r *httpd.Request) error {
	return s.writeAccountForm(r, http.StatusOK, r.Typed(map[string]string{"role": string(access.Viewer)}))
}

func (s accountPages) writeAccountForm(r *httpd.Request, status int, typed httpd.Typed) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	p := r.NewPage("account-new", nil)
	p.Data = s.accountForm(r, p, snap, typed)
	return r.Show(status, "desk/account-new", p)
}

func (s accountPages) accountForm(r *httpd.Request, p httpd.Page, snap *registry.Snapshot, typed httpd.Typed) accountForm {
	form := accountForm{Typed: typed, Back: accountsPath}
	for _, c := range rolesFor(p, typed.Value("role")) {
		form.Roles = append(form.Roles, roleChoice{c, p.T("may." + c.Value)})
	}
	form.Scopes = httpd.ScopeChoices(r.View(snap), p, typed.Value("agency"))
	return form
}

// addAccount makes an account and shows its invitation: the only time that the
// link can be seen.
func (s accountPages) addAccount(r *httpd.Request) error {
	typed, err := r.TypedFields("login", "name", "email", "role", "agency")
	if err != nil {
		return err
	}
	scope, err := s.scopeAsked(r)
	if err != nil {
		return err
	}
	user, token, err := s.k.Auth.Invite(r.Context(), r.Author(audit.Web), auth.NewUser{
		Login: typed["login"], Name: typed["name"], Email: typed["email"], Role: access.Role(typed["role"]), AgencyID: scope,
	})
	if problems, refused := accountProblems(err); refused {
		return s.writeAccountForm(r, http.StatusUnprocessableEntity, r.Typed(typed, problems...))
	}
	if err != nil {
		return err
	}
	return s.showInvitation(r, user, token)
}

// scopeAsked is the agency that the form names, within what the caller may see;
// without one it is the whole province, which only somebody of the whole may give.
func (s accountPages) scopeAsked(r *httpd.Request) (int64, error) {
	if r.Agency != nil {
		return r.Agency.ID, nil
	}
	if r.Who().Scope != 0 {
		return 0, fault.ErrForbidden
	}
	return 0, nil
}

// accountProblems are those of an error that the form can show.
func accountProblems(err error) ([]fault.Problem, bool) {
	var invalid *fault.Invalid
	switch {
	case errors.As(err, &invalid):
		return invalid.Problems, true
	case errors.Is(err, fault.ErrConflict):
		return []fault.Problem{{Where: "login", Key: auth.ProblemLoginInUse}}, true
	}
	return nil, false
}

// invitationPage shows the link of an invitation.
type invitationPage struct {
	Login, Name string
	Link        string
	Until       string
	Back        string
}

func (s accountPages) showInvitation(r *httpd.Request, u auth.User, token string) error {
	p := r.NewPage("invitation", nil)
	p.Data = invitationPage{
		Login: u.Login, Name: u.Name, Link: s.k.PublicURL.String() + "/moi/" + token,
		Until: s.k.Now().In(s.k.Zone).Add(auth.InvitationLasts).Format("15:04 02/01/2006"), Back: accountPath(u.Login),
	}
	r.Set("Cache-Control", "no-store")
	return r.Show(http.StatusOK, "desk/invitation", p)
}
