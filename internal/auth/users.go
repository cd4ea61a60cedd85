package auth

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
	"gorm.io/gorm"

	"sipas/internal/access"
	"sipas/internal/audit"
	"sipas/internal/db"
	"sipas/internal/fault"
)

// User is an account of a person who signs in. What a role may do is decided
// by package auth.
type User struct {
	ID           int64
	Login        string // unique
	Name         string
	Email        string // "": none is known
	PasswordHash string // in the PHC string format; never shown or logged; "": none was chosen yet
	Role         string
	AgencyID     int64 // the root of what the user may see; 0: the whole province
	CreatedAt    time.Time
	DisabledAt   time.Time // zero while the account is in use
	EndedAt      time.Time // sessions from before are over; zero: none was ended
}

// Disabled tells whether the account may no longer be used.
func (u User) Disabled() bool { return !u.DisabledAt.IsZero() }

type userRow struct {
	ID           int64
	Login        string
	Name         string
	Email        string
	PasswordHash string
	Role         string
	AgencyID     *int64
	CreatedAt    int64 `gorm:"autoCreateTime:false"`
	DisabledAt   *int64
	EndedAt      *int64 `gorm:"column:sessions_ended_at"`
}

func (userRow) TableName() string { return "users" }

func (r userRow) domain() (User, error) {
	return User{
		ID: r.ID, Login: r.Login, Name: r.Name, Email: r.Email, PasswordHash: r.PasswordHash, Role: r.Role, AgencyID: db.OrZero(r.AgencyID),
		CreatedAt: db.FromMicros(r.CreatedAt), DisabledAt: db.Moment(r.DisabledAt), EndedAt: db.Moment(r.EndedAt),
	}, nil
}

func (a *accounts) addUser(ctx context.Context, by audit.Author, u User) (added User, err error) {
	err = a.db.Change(ctx, func(tx *db.Tx) error {
		added, err = a.insertUser(ctx, tx, by, u, "user.add")
		return err
	})
	return added, db.Failed("add user", err)
}

func (a *accounts) insertUser(ctx context.Context, tx *db.Tx, by audit.Author, u User, action string) (User, error) {
	row := userRow{
		Login: u.Login, Name: u.Name, Email: u.Email, PasswordHash: u.PasswordHash, Role: u.Role,
		AgencyID: db.OrNull(u.AgencyID), CreatedAt: db.Micros(u.CreatedAt),
	}
	if err := db.Failed("account "+u.Login, tx.Rows(ctx).Create(&row).Error); err != nil {
		return User{}, err
	}
	added, err := row.domain()
	if err != nil {
		return User{}, err
	}
	return added, a.append(ctx, tx, by, audit.Entry{Action: action, Subject: subjectOf(added), After: added.entry()})
}

// subjectOf is how the audit names an account.
func subjectOf(u User) string { return "user/" + u.Login }

func (u User) entry() accountEntry {
	return accountEntry{ID: u.ID, Name: u.Name, Role: u.Role, AgencyID: u.AgencyID}
}

// accountEntry is what entries of the audit say of an account or a token.
type accountEntry struct {
	ID       int64  `json:"id"`
	Name     string `json:"name,omitempty"`
	Label    string `json:"label,omitempty"`
	Role     string `json:"role"`
	AgencyID int64  `json:"agency_id,omitempty"` // 0: the whole province
	// EmailChanged says so without the address: no entry can be taken out again.
	EmailChanged bool `json:"email_changed,omitempty"`
}

// inUseEntry says whether an account may be used.
type inUseEntry struct {
	InUse bool `json:"in_use"`
}

// records are the rows of the package, and when they change.
type records struct {
	db  *db.DB
	now func() time.Time
}

// change writes rows and the entry of the audit that says so, which write gives
// without time and author; or neither.
func (r records) change(ctx context.Context, by audit.Author, write func(rows *gorm.DB) (audit.Entry, error)) error {
	return r.db.Change(ctx, func(tx *db.Tx) error {
		entry, err := write(tx.Rows(ctx))
		if err != nil {
			return err
		}
		return r.append(ctx, tx, by, entry)
	})
}

// append adds an entry, given without time and author, to the audit.
func (r records) append(ctx context.Context, tx *db.Tx, by audit.Author, entry audit.Entry) error {
	entry.At, entry.Author = r.now(), by
	return audit.Append(ctx, tx, entry)
}

// UserByLogin finds an account, disabled or not. Without one it is
// fault.ErrNotFound.
func (a *accounts) UserByLogin(ctx context.Context, login string) (User, error) {
	return db.One("find user", a.db.Rows(ctx).Where("login = ?", login), userRow.domain)
}

// User finds an account, disabled or not. Without one it is fault.ErrNotFound.
func (a *accounts) User(ctx context.Context, id int64) (User, error) {
	return db.One("find user", a.db.Rows(ctx).Where("id = ?", id), userRow.domain)
}

// Users lists every account by its login.
func (a *accounts) Users(ctx context.Context) ([]User, error) {
	return db.List("list users", a.db.Rows(ctx).Order("login"), userRow.domain)
}

// ErrLastAdministrator says that nobody would be left who may administer.
var ErrLastAdministrator = errors.New("the last administrator of the province")

// UpdateUser changes name, e-mail address, role and agency of an account to those
// of u; what it may do changes at once, in open sessions too. Errors: *fault.Invalid,
// fault.ErrNotFound, ErrLastAdministrator.
func (a *accounts) UpdateUser(ctx context.Context, by audit.Author, u User) error {
	change, err := u.change()
	if err != nil {
		return err
	}
	return a.changeUser(ctx, by, "user.change", u.ID, change)
}

// change makes an account what u is, if that may be.
func (u User) change() (func(*User) error, error) {
	u.Name, u.Email = norm.NFC.String(strings.TrimSpace(u.Name)), strings.TrimSpace(u.Email)
	if found := u.problems(); len(found) > 0 {
		return nil, &fault.Invalid{Problems: found}
	}
	return func(row *User) error {
		row.Name, row.Email, row.Role, row.AgencyID = u.Name, u.Email, u.Role, u.AgencyID
		return nil
	}, nil
}

// DisableUser ends the use of an account. Without the account, or if it is
// disabled already, it is fault.ErrNotFound; also ErrLastAdministrator.
func (a *accounts) DisableUser(ctx context.Context, by audit.Author, u User) error {
	return a.changeUser(ctx, by, "user.disable", u.ID, func(row *User) error {
		if row.Disabled() {
			return fault.ErrNotFound
		}
		row.DisabledAt = a.now()
		return nil
	})
}

// EnableUser lets a disabled account be used again. Without such an account it
// is fault.ErrNotFound.
func (a *accounts) EnableUser(ctx context.Context, by audit.Author, u User) error {
	return a.changeUser(ctx, by, "user.enable", u.ID, func(row *User) error {
		if !row.Disabled() {
			return fault.ErrNotFound
		}
		row.DisabledAt = time.Time{}
		return nil
	})
}

// EndSessions signs an account out everywhere. Without it, it is fault.ErrNotFound.
func (a *accounts) EndSessions(ctx context.Context, by audit.Author, u User) error {
	return a.changeUser(ctx, by, "user.end-sessions", u.ID, func(row *User) error {
		row.EndedAt = a.now()
		return nil
	})
}

// changeUser changes an account, and writes what it was and is. Whoever else
// changes accounts waits: of two administrators who disable each other one stays.
func (a *accounts) changeUser(ctx context.Context, by audit.Author, action string, id int64, change func(*User) error) error {
	return db.Failed(action, a.db.Change(ctx, func(tx *db.Tx) error { return a.changeIn(ctx, tx, by, action, id, change) }))
}

// changeIn is changeUser within a transaction.
func (a *accounts) changeIn(ctx context.Context, tx *db.Tx, by audit.Author, action string, id int64, change func(*User) error) error {
	before, err := lockUser(ctx, tx, id)
	if err != nil {
		return err
	}
	after := before
	if err := change(&after); err != nil {
		return err
	}
	row := userRow{Name: after.Name, Email: after.Email, Role: after.Role, AgencyID: db.OrNull(after.AgencyID)}
	row.DisabledAt, row.EndedAt = microsOrNull(after.DisabledAt), microsOrNull(after.EndedAt)
	changed := tx.Rows(ctx).Model(&userRow{}).Where("id = ?", id).
		Select("name", "email", "role", "agency_id", "disabled_at", "sessions_ended_at").Updates(row)
	if err := db.Changed(action, changed); err != nil {
		return err
	}
	if before.Administers() && !after.Administers() {
		if err := someAdministrator(ctx, tx); err != nil {
			return err
		}
	}
	if after.Disabled() { // for good: what was sent must not be good again with the account
		if err := endInvitations(ctx, tx, id); err != nil {
			return err
		}
	}
	entry, was, is := audit.Entry{Action: action, Subject: subjectOf(before)}, before.entry(), after.entry()
	is.EmailChanged = before.Email != after.Email
	switch {
	case before.Disabled() != after.Disabled():
		entry.Before, entry.After = inUseEntry{!before.Disabled()}, inUseEntry{!after.Disabled()}
	case was != is:
		entry.Before, entry.After = was, is
	}
	return a.append(ctx, tx, by, entry)
}

// lockUser finds an account and keeps others from changing accounts until the
// transaction ends.
func lockUser(ctx context.Context, tx *db.Tx, id int64) (User, error) {
	if err := tx.Lock(ctx, "users"); err != nil {
		return User{}, err
	}
	return db.One("find user", tx.Rows(ctx).Where("id = ?", id), userRow.domain)
}

func microsOrNull(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	us := db.Micros(t)
	return &us
}

// Administers tells whether the account may administer the whole province, and can be signed in to.
func (u User) Administers() bool {
	return identityOf(u).May(access.Administer) && !u.Disabled() && u.PasswordHash != ""
}

// someAdministrator is ErrLastAdministrator where nobody is left.
func someAdministrator(ctx context.Context, tx *db.Tx) error {
	users, err := db.List("find administrators", tx.Rows(ctx).Where("role = ?", string(access.Administrator)), userRow.domain)
	if err == nil && !slices.ContainsFunc(users, User.Administers) {
		err = ErrLastAdministrator
	}
	return err
}
