package auth

import (
	"context"
	"time"

	"gorm.io/gorm"

	"sipas/internal/audit"
	"sipas/internal/db"
)

// User is an account of a person who signs in. What a role may do is decided
// by package auth.
type User struct {
	ID           int64
	Login        string // unique
	Name         string
	PasswordHash string // in the PHC string format; never shown or logged
	Role         string
	AgencyID     int64 // the root of what the user may see; 0: the whole province
	CreatedAt    time.Time
	DisabledAt   time.Time // zero while the account is in use
}

// Disabled tells whether the account may no longer be used.
func (u User) Disabled() bool { return !u.DisabledAt.IsZero() }

type userRow struct {
	ID           int64
	Login        string
	Name         string
	PasswordHash string
	Role         string
	AgencyID     *int64
	CreatedAt    int64 `gorm:"autoCreateTime:false"`
	DisabledAt   *int64
}

func (userRow) TableName() string { return "users" }

func (r userRow) domain() (User, error) {
	return User{
		ID: r.ID, Login: r.Login, Name: r.Name, PasswordHash: r.PasswordHash, Role: r.Role,
		AgencyID: db.OrZero(r.AgencyID), CreatedAt: db.FromMicros(r.CreatedAt), DisabledAt: db.Moment(r.DisabledAt),
	}, nil
}

func (a *Auth) addUser(ctx context.Context, by audit.Author, u User) (User, error) {
	row := userRow{
		Login: u.Login, Name: u.Name, PasswordHash: u.PasswordHash, Role: u.Role,
		AgencyID: db.OrNull(u.AgencyID), CreatedAt: db.Micros(u.CreatedAt),
	}
	err := a.change(ctx, by, func(rows *gorm.DB) (audit.Entry, error) {
		err := db.Failed("add user", rows.Create(&row).Error)
		return audit.Entry{Action: "user.add", Subject: "user/" + u.Login, After: accountEntry{row.ID, u.Name, "", u.Role, u.AgencyID}}, err
	})
	if err != nil {
		return User{}, err
	}
	return row.domain()
}

// accountEntry is what entries of the audit say of an account or a token.
type accountEntry struct {
	ID       int64  `json:"id"`
	Name     string `json:"name,omitempty"`
	Label    string `json:"label,omitempty"`
	Role     string `json:"role"`
	AgencyID int64  `json:"agency_id,omitempty"` // 0: the whole province
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
		entry.At, entry.Author = r.now(), by
		return audit.Append(ctx, tx, entry)
	})
}

// UserByLogin finds an account, disabled or not. Without one it is
// fault.ErrNotFound.
func (a *Auth) UserByLogin(ctx context.Context, login string) (User, error) {
	return db.One("find user", a.db.Rows(ctx).Where("login = ?", login), userRow.domain)
}

// userByID finds an account, disabled or not. Without one it is
// fault.ErrNotFound.
func (a *Auth) userByID(ctx context.Context, id int64) (User, error) {
	return db.One("find user", a.db.Rows(ctx).Where("id = ?", id), userRow.domain)
}

// Users lists every account by its login.
func (a *Auth) Users(ctx context.Context) ([]User, error) {
	return db.List("list users", a.db.Rows(ctx).Order("login"), userRow.domain)
}

// DisableUser ends the use of an account. Without the account, or if it is
// disabled already, it is fault.ErrNotFound.
func (a *Auth) DisableUser(ctx context.Context, by audit.Author, u User) error {
	return a.change(ctx, by, func(rows *gorm.DB) (audit.Entry, error) {
		return audit.Entry{Action: "user.disable", Subject: "user/" + u.Login, Before: inUseEntry{true}, After: inUseEntry{false}}, db.Changed("disable user", rows.Model(&userRow{}).
			Where("id = ? AND disabled_at IS NULL", u.ID).Update("disabled_at", db.Micros(a.now())))
	})
}

// EnableUser lets a disabled account be used again. Without such an account it
// is fault.ErrNotFound.
func (a *Auth) EnableUser(ctx context.Context, by audit.Author, u User) error {
	return a.change(ctx, by, func(rows *gorm.DB) (audit.Entry, error) {
		return audit.Entry{Action: "user.enable", Subject: "user/" + u.Login, Before: inUseEntry{false}, After: inUseEntry{true}}, db.Changed("enable user", rows.Model(&userRow{}).
			Where("id = ? AND disabled_at IS NOT NULL", u.ID).Update("disabled_at", nil))
	})
}
