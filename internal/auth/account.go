package auth

import (
	"context"
	"fmt"
	"net/mail"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"sipas/internal/access"
	"sipas/internal/audit"
	"sipas/internal/db"
	"sipas/internal/fault"
)

// accounts keeps the accounts of people, and invites them.
type accounts struct {
	records
	passwords passwords
}

// NewUser is an account to be made.
type NewUser struct {
	Login    string // 2 to 64 of a-z 0-9 . _ @ + -, capitals are made small
	Name     string // one line of at most 200 characters
	Email    string // "" or an address
	Password string // of AddUser only
	Role     access.Role
	AgencyID int64 // the root of what the user may see; 0: the whole province
}

// loginPattern allows e-mail addresses. Letters with marks are left out: they
// can be written in several ways that look the same.
var loginPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9._@+-]{1,63}$`)

func normalLogin(login string) string { return strings.ToLower(strings.TrimSpace(login)) }

// user is the account, with what is wrong with it.
func (n NewUser) user() (u User, found []fault.Problem) {
	u = User{Login: normalLogin(n.Login), Name: norm.NFC.String(strings.TrimSpace(n.Name)), Email: strings.TrimSpace(n.Email), Role: string(n.Role), AgencyID: n.AgencyID}
	if !loginPattern.MatchString(u.Login) {
		found = append(found, fault.Problem{Where: "login", Key: ProblemLoginFormat})
	}
	return u, append(found, u.problems()...)
}

// problems says what is wrong with what of an account may be changed.
func (u User) problems() []fault.Problem {
	found := append(lineProblems("name", u.Name), roleProblems(access.Role(u.Role))...)
	if u.Email != "" {
		if address, err := mail.ParseAddress(u.Email); err != nil || address.Address != u.Email || len(u.Email) > maxEmail {
			found = append(found, fault.Problem{Where: "email", Key: ProblemEmailFormat})
		}
	}
	return found
}

// maxEmail is the longest address there is, in bytes (RFC 5321).
const maxEmail = 254

// AddUser makes an account. What is wrong with it is *fault.Invalid; a login
// in use is fault.ErrConflict.
func (a *accounts) AddUser(ctx context.Context, by audit.Author, n NewUser) (User, error) {
	u, found := n.user()
	password := normalPassword(n.Password)
	if found = append(found, passwordProblems(password, u.Login)...); len(found) > 0 {
		return User{}, &fault.Invalid{Problems: found}
	}
	var err error
	if u.PasswordHash, err = a.passwords.hash(ctx, password); err != nil {
		return User{}, fmt.Errorf("add user: %w", err)
	}
	u.CreatedAt = a.now()
	return a.addUser(ctx, by, u)
}

// SetPassword gives an account another password, which ends its sessions and its
// invitation. A password that may not be chosen is *fault.Invalid, an unknown
// account fault.ErrNotFound.
func (a *accounts) SetPassword(ctx context.Context, by audit.Author, userID int64, password string) error {
	user, err := a.User(ctx, userID)
	if err != nil {
		return fmt.Errorf("set password: %w", err)
	}
	hash, err := a.hashOf(ctx, password, user.Login)
	if err != nil {
		return err
	}
	return db.Failed("set password", a.db.Change(ctx, func(tx *db.Tx) error {
		if err := setPassword(ctx, tx, userID, hash); err != nil {
			return err
		}
		return a.append(ctx, tx, by, audit.Entry{Action: "user.set-password", Subject: subjectOf(user)})
	}))
}

// hashOf is the hash of a password that is chosen for an account.
func (a *accounts) hashOf(ctx context.Context, password, login string) (string, error) {
	password = normalPassword(password)
	if found := passwordProblems(password, login); len(found) > 0 {
		return "", &fault.Invalid{Problems: found}
	}
	hash, err := a.passwords.hash(ctx, password)
	if err != nil {
		return "", fmt.Errorf("set password: %w", err)
	}
	return hash, nil
}

func setPassword(ctx context.Context, tx *db.Tx, userID int64, hash string) error {
	if err := db.Changed("set password", tx.Rows(ctx).Model(&userRow{}).Where("id = ?", userID).Update("password_hash", hash)); err != nil {
		return err
	}
	return endInvitations(ctx, tx, userID)
}

func roleProblems(r access.Role) []fault.Problem {
	if slices.Contains(access.Roles(), r) {
		return nil
	}
	return []fault.Problem{{Where: "role", Key: ProblemUnknownRole}}
}

// maxLine bounds a name or label, in runes.
const maxLine = 200

// lineProblems says what is wrong with a name or label: it must be one line of
// visible text.
func lineProblems(where, s string) []fault.Problem {
	switch {
	case !utf8.ValidString(s):
		return []fault.Problem{{Where: where, Key: fault.ProblemBadUTF8}}
	case utf8.RuneCountInString(s) > maxLine:
		return []fault.Problem{{Where: where, Key: fault.ProblemTooLong, Limit: strconv.Itoa(maxLine)}}
	case strings.TrimSpace(s) == "", strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }):
		return []fault.Problem{{Where: where, Key: ProblemLineFormat}}
	}
	return nil
}
