package auth

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"gorm.io/gorm"

	"sipas/internal/access"
	"sipas/internal/audit"
	"sipas/internal/db"
	"sipas/internal/fault"
)

// NewUser is an account to be made.
type NewUser struct {
	Login    string // 2 to 64 of a-z 0-9 . _ @ + -, capitals are made small
	Name     string // one line of at most 200 characters
	Password string
	Role     access.Role
	AgencyID int64 // the root of what the user may see; 0: the whole province
}

// loginPattern allows e-mail addresses. Letters with marks are left out: they
// can be written in several ways that look the same.
var loginPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9._@+-]{1,63}$`)

func normalLogin(login string) string { return strings.ToLower(strings.TrimSpace(login)) }

// AddUser makes an account. What is wrong with it is *fault.Invalid; a login
// in use is fault.ErrConflict.
func (a *Auth) AddUser(ctx context.Context, by audit.Author, n NewUser) (User, error) {
	login, password, name := normalLogin(n.Login), normalPassword(n.Password), norm.NFC.String(n.Name)
	var found []fault.Problem
	if !loginPattern.MatchString(login) {
		found = append(found, fault.Problem{Where: "login", Key: ProblemLoginFormat})
	}
	found = append(found, lineProblems("name", name)...)
	found = append(found, roleProblems(n.Role)...)
	found = append(found, passwordProblems(password, login)...)
	if len(found) > 0 {
		return User{}, &fault.Invalid{Problems: found}
	}
	hash, err := a.passwords.hash(ctx, password)
	if err != nil {
		return User{}, fmt.Errorf("add user: %w", err)
	}
	return a.addUser(ctx, by, User{
		Login: login, Name: name, PasswordHash: hash, Role: string(n.Role), AgencyID: n.AgencyID, CreatedAt: a.now(),
	})
}

// SetPassword gives an account another password, which ends its sessions. A
// password that may not be chosen is *fault.Invalid, an unknown account
// fault.ErrNotFound.
func (a *Auth) SetPassword(ctx context.Context, by audit.Author, userID int64, password string) error {
	user, err := a.userByID(ctx, userID)
	if err != nil {
		return fmt.Errorf("set password: %w", err)
	}
	password = normalPassword(password)
	if found := passwordProblems(password, user.Login); len(found) > 0 {
		return &fault.Invalid{Problems: found}
	}
	hash, err := a.passwords.hash(ctx, password)
	if err != nil {
		return fmt.Errorf("set password: %w", err)
	}
	return a.change(ctx, by, func(rows *gorm.DB) (audit.Entry, error) {
		return audit.Entry{Action: "user.set-password", Subject: "user/" + user.Login}, db.Changed("set password", rows.Model(&userRow{}).Where("id = ?", userID).Update("password_hash", hash))
	})
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
