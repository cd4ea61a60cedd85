package bulk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"sipas/internal/access"
	"sipas/internal/audit"
	"sipas/internal/auth"
	"sipas/internal/fault"
	"sipas/internal/registry"
	"sipas/internal/spreadsheet"
)

// Users is the list of the accounts that are in use. What is kept of them belongs to
// package auth: PlanUsers reads it, and WriteUsers writes it.
func Users() Layout {
	return Layout{Name: "users", Columns: names((&staff{}).columns()), required: []string{"login"}}
}

// WriteUsers writes the accounts that are in use as a spreadsheet.
func WriteUsers(w io.Writer, format string, snap *registry.Snapshot, accounts []auth.User) error {
	return Users().write(w, format, func(row func(...string) error) error { return writeUsers(snap, accounts, row) })
}

// UserPlan is what a list of accounts would change.
type UserPlan struct {
	*Plan
	roster auth.Roster
}

// Invitation is the link of an account that was new, by its token.
type Invitation struct{ Login, Name, Token string }

// stateOf names accounts as far as a list of them depends on them.
func stateOf(snap *registry.Snapshot, accounts []auth.User) string {
	hash := sha256.New()
	_, _ = fmt.Fprintln(hash, snap.Revision)
	for _, u := range accounts {
		_, _ = fmt.Fprintf(hash, "%d %q %q %q %q %d %t %t\n", u.ID, u.Login, u.Name, u.Email, u.Role, u.AgencyID, u.Disabled(), u.PasswordHash == "")
	}
	return hex.EncodeToString(hash.Sum(nil)[:16])
}

// member is an account with the code of its agency.
type member struct {
	auth.User
	agency string
}

// staff knows what accounts refer to.
type staff struct{ snap *registry.Snapshot }

// columns are the columns in their order. What is wrong with an account is said by
// package auth, of the desk's form too.
func (d *staff) columns() []column[member] {
	return []column[member]{
		{"login", func(m *member) string { return m.Login }, func(*member, spreadsheet.Cell) wrong { return wrong{} }}, // read before
		{"name", func(m *member) string { return m.Name }, func(m *member, c spreadsheet.Cell) wrong { return take(&m.Name, c.Text) }},
		{"role", func(m *member) string { return m.Role }, func(m *member, c spreadsheet.Cell) wrong { return take(&m.Role, strings.ToLower(c.Text)) }},
		{"agency", func(m *member) string { return m.agency }, d.readAgency},
		{"email", func(m *member) string { return m.Email }, func(m *member, c spreadsheet.Cell) wrong { return take(&m.Email, c.Text) }},
	}
}

func (d *staff) readAgency(m *member, c spreadsheet.Cell) wrong {
	office, known := d.snap.Tree.ByCode(c.Text)
	if m.agency, m.AgencyID = c.Text, office.ID; c.Text != "" && !known {
		return wrong{key: ProblemUnknownAgency}
	}
	return wrong{}
}

func (d *staff) coded(u auth.User) member {
	office, _ := d.snap.Tree.Agency(u.AgencyID)
	return member{u, office.Code}
}

// PlanUsers judges a file against the accounts that auth.Users gives.
func PlanUsers(snap *registry.Snapshot, accounts []auth.User, content []byte) *UserPlan {
	p := &Plan{list: Users(), snap: snap, state: stateOf(snap, accounts), source: audit.ContentOf(content)}
	up, d := &UserPlan{Plan: p, roster: auth.Roster{Known: accounts}}, &staff{snap}
	places, lines := map[string]int{}, map[string]int{}
	for i, u := range accounts {
		places[u.Login] = i
	}
	after, demoted := slices.Clone(accounts), map[int]string{} // lines
	p.lines(content, func(l line) {
		login := strings.ToLower(l.cells[0].Text)
		at, known := places[login]
		w := wrong{}
		switch {
		case login == "":
			w.key = ProblemRequired
		case l.cells[0].Kind == spreadsheet.Day:
			w.key = ProblemMadeDay
		case lines[login] != 0:
			w = wrong{ProblemTwice, lineOf(lines[login])}
		case known && accounts[at].Disabled():
			w.key = ProblemDisabled
		}
		if w.key != "" {
			p.problem(l.number, "login", l.cells[0].Text, w.key, w.detail)
			return
		}
		lines[login] = l.number
		m := member{User: auth.User{Login: login}}
		if known {
			m = d.coded(accounts[at])
		}
		l.cells[0].Text = login
		told := len(p.Problems)
		changed, sound := fill(p, d.columns(), l, &m, !known)
		if sound = d.judge(p, l, m, known, changed, p.Problems[told:]) && sound; !sound {
			return
		}
		switch {
		case !known:
			up.roster.Added = append(up.roster.Added, newUser(m))
		case changed:
			after[at] = m.User
			if accounts[at].Administers() && !m.Administers() {
				demoted[l.number] = m.Role
			}
			up.roster.Changed = append(up.roster.Changed, m.User)
		default:
			p.Unchanged++
		}
	})
	if !slices.ContainsFunc(after, auth.User.Administers) {
		for number, role := range demoted {
			p.problem(number, "role", role, ProblemLastAdministrator, "")
		}
	}
	p.sort()
	p.Created, p.Updated = len(up.roster.Added), len(up.roster.Changed)
	return up
}

func newUser(m member) auth.NewUser {
	return auth.NewUser{Login: m.Login, Name: m.Name, Email: m.Email, Role: access.Role(m.Role), AgencyID: m.AgencyID}
}

// judge says what is wrong with an account beyond what was told of its line already.
func (d *staff) judge(p *Plan, l line, m member, known, changed bool, told []Problem) bool {
	told = slices.Clone(told)
	before := p.Wrong
	if !changed {
		return true
	}
	for _, found := range newUser(m).Problems() {
		if known && found.Where == "login" || slices.ContainsFunc(told, func(t Problem) bool { return t.Column == found.Where }) {
			continue
		}
		w := wrong{ProblemCharacter, ""}
		switch found.Key {
		case auth.ProblemLoginFormat:
			w.key = ProblemLogin
		case auth.ProblemEmailFormat:
			w.key = ProblemEmail
		case auth.ProblemUnknownRole:
			w = oneOf(access.Roles())
		case fault.ProblemTooLong:
			w = wrong{ProblemTooLong, found.Limit}
		case auth.ProblemLineFormat:
			if m.Name == "" {
				w.key = ProblemRequired
			}
		}
		p.problem(l.number, found.Where, l.cells[slices.Index(p.list.Columns, found.Where)].Text, w.key, w.detail)
	}
	return p.Wrong == before
}

// Apply carries the plan out, all of it in one change, and gives the link of each
// account that is new, which is kept nowhere. Errors: ErrWrong, ErrStale.
func (p *UserPlan) Apply(ctx context.Context, accounts *auth.Auth, by audit.Author) ([]Invitation, error) {
	switch {
	case p.Wrong > 0:
		return nil, ErrWrong
	case !p.Changes():
		return nil, nil
	}
	r := p.roster
	r.Note = audit.Entry{Action: "users.import", Subject: "list/users", After: importEntry{p.source, p.Created, p.Updated, p.Unchanged}}
	tokens, err := accounts.KeepRoster(ctx, by, r)
	if errors.Is(err, auth.ErrUsersChanged) {
		return nil, ErrStale
	}
	if err != nil {
		return nil, fmt.Errorf("import users: %w", err)
	}
	invitations := make([]Invitation, len(tokens))
	for i, token := range tokens {
		invitations[i] = Invitation{r.Added[i].Login, r.Added[i].Name, token}
	}
	return invitations, nil
}

func writeUsers(snap *registry.Snapshot, accounts []auth.User, row func(...string) error) error {
	d := &staff{snap}
	write := writer(d.columns(), row)
	for _, u := range accounts {
		if u.Disabled() {
			continue
		}
		if err := write(d.coded(u)); err != nil {
			return err
		}
	}
	return nil
}
