package store

import (
	"context"
	"time"
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
		AgencyID: orZero(r.AgencyID), CreatedAt: fromMicros(r.CreatedAt), DisabledAt: moment(r.DisabledAt),
	}, nil
}

// AddUser keeps a new account and returns it with its id. A login in use is
// survey.ErrConflict.
func (s *Store) AddUser(ctx context.Context, u User) (User, error) {
	row := userRow{
		Login: u.Login, Name: u.Name, PasswordHash: u.PasswordHash, Role: u.Role,
		AgencyID: orNull(u.AgencyID), CreatedAt: micros(u.CreatedAt),
	}
	if err := s.ormWrite.WithContext(ctx).Create(&row).Error; err != nil {
		return User{}, failed("add user", err)
	}
	return row.domain()
}

// UserByLogin finds an account, disabled or not. Without one it is
// survey.ErrNotFound.
func (s *Store) UserByLogin(ctx context.Context, login string) (User, error) {
	return one("find user", s.orm.WithContext(ctx).Where("login = ?", login), userRow.domain)
}

// UserByID finds an account, disabled or not. Without one it is
// survey.ErrNotFound.
func (s *Store) UserByID(ctx context.Context, id int64) (User, error) {
	return one("find user", s.orm.WithContext(ctx).Where("id = ?", id), userRow.domain)
}

// Users lists every account by its login.
func (s *Store) Users(ctx context.Context) ([]User, error) {
	return list("list users", s.orm.WithContext(ctx).Order("login"), userRow.domain)
}

// SetUserPassword gives an account another password. Without the account it
// is survey.ErrNotFound.
func (s *Store) SetUserPassword(ctx context.Context, id int64, hash string) error {
	return changed("set password", s.ormWrite.WithContext(ctx).Model(&userRow{}).Where("id = ?", id).Update("password_hash", hash))
}

// RehashUserPassword replaces one hash of a password by a stronger hash of the
// same password. If the password was changed meanwhile, it does nothing: the
// former password must not come back.
func (s *Store) RehashUserPassword(ctx context.Context, id int64, from, to string) error {
	return failed("rehash password", s.ormWrite.WithContext(ctx).Model(&userRow{}).
		Where("id = ? AND password_hash = ?", id, from).Update("password_hash", to).Error)
}

// DisableUser ends the use of an account. Without the account, or if it is
// disabled already, it is survey.ErrNotFound.
func (s *Store) DisableUser(ctx context.Context, id int64, at time.Time) error {
	return changed("disable user", s.ormWrite.WithContext(ctx).Model(&userRow{}).
		Where("id = ? AND disabled_at IS NULL", id).Update("disabled_at", micros(at)))
}

// EnableUser lets a disabled account be used again. Without such an account
// it is survey.ErrNotFound.
func (s *Store) EnableUser(ctx context.Context, id int64) error {
	return changed("enable user", s.ormWrite.WithContext(ctx).Model(&userRow{}).
		Where("id = ? AND disabled_at IS NOT NULL", id).Update("disabled_at", nil))
}

// Token is a key of the API. Only the hash of its text is kept.
type Token struct {
	ID        int64
	Hash      string // unique
	Label     string // what it is for
	Role      string
	AgencyID  int64 // the root of what it may see; 0: the whole province
	CreatedAt time.Time
	RevokedAt time.Time // zero while it is in use
}

type tokenRow struct {
	ID        int64
	TokenHash string
	Label     string
	Role      string
	AgencyID  *int64
	CreatedAt int64 `gorm:"autoCreateTime:false"`
	RevokedAt *int64
}

func (tokenRow) TableName() string { return "api_tokens" }

func (r tokenRow) domain() (Token, error) {
	return Token{
		ID: r.ID, Hash: r.TokenHash, Label: r.Label, Role: r.Role,
		AgencyID: orZero(r.AgencyID), CreatedAt: fromMicros(r.CreatedAt), RevokedAt: moment(r.RevokedAt),
	}, nil
}

// AddToken keeps a new API token and returns it with its id.
func (s *Store) AddToken(ctx context.Context, t Token) (Token, error) {
	row := tokenRow{
		TokenHash: t.Hash, Label: t.Label, Role: t.Role,
		AgencyID: orNull(t.AgencyID), CreatedAt: micros(t.CreatedAt),
	}
	if err := s.ormWrite.WithContext(ctx).Create(&row).Error; err != nil {
		return Token{}, failed("add token", err)
	}
	return row.domain()
}

// TokenByHash finds a token in use. An unknown or revoked one is
// survey.ErrNotFound.
func (s *Store) TokenByHash(ctx context.Context, hash string) (Token, error) {
	return one("find token", s.orm.WithContext(ctx).Where("token_hash = ? AND revoked_at IS NULL", hash), tokenRow.domain)
}

// Tokens lists every token, the newest first, revoked ones too.
func (s *Store) Tokens(ctx context.Context) ([]Token, error) {
	return list("list tokens", s.orm.WithContext(ctx).Order("id DESC"), tokenRow.domain)
}

// RevokeToken ends the use of a token. Without the token, or if it is revoked
// already, it is survey.ErrNotFound.
func (s *Store) RevokeToken(ctx context.Context, id int64, at time.Time) error {
	return changed("revoke token", s.ormWrite.WithContext(ctx).Model(&tokenRow{}).
		Where("id = ? AND revoked_at IS NULL", id).Update("revoked_at", micros(at)))
}
