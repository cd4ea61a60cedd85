package auth

import (
	"context"
	"strconv"

	"gorm.io/gorm"

	"sipas/internal/audit"
	"sipas/internal/db"
)

// Holder is who has a scope: an account, or a token that is in use.
type Holder struct {
	Token    bool
	ID       int64
	Name     string // the login, or the label of the token
	Role     string
	AgencyID int64 // 0: the whole province
}

// Holders lists who has a scope, accounts by their login and then tokens.
func (a *Auth) Holders(ctx context.Context) ([]Holder, error) {
	return holders(func() *gorm.DB { return a.db.Rows(ctx) })
}

// HoldersIn is Holders within a transaction, until whose end no account changes.
func (a *Auth) HoldersIn(ctx context.Context, tx *db.Tx) ([]Holder, error) {
	if err := tx.Lock(ctx, "users", "api_tokens"); err != nil {
		return nil, db.Failed("list scopes", err)
	}
	return holders(func() *gorm.DB { return tx.Rows(ctx) })
}

func holders(rows func() *gorm.DB) ([]Holder, error) {
	users, err := db.List("list users", rows().Order("login"), func(r userRow) (Holder, error) {
		return Holder{ID: r.ID, Name: r.Login, Role: r.Role, AgencyID: db.OrZero(r.AgencyID)}, nil
	})
	if err != nil {
		return nil, err
	}
	tokens, err := db.List("list tokens", rows().Where("revoked_at IS NULL").Order("id"), func(r tokenRow) (Holder, error) {
		return Holder{Token: true, ID: r.ID, Name: r.Label, Role: r.Role, AgencyID: db.OrZero(r.AgencyID)}, nil
	})
	return append(users, tokens...), err
}

// Handle names a holder among all: its login, or the number of a token.
func (h Holder) Handle() string {
	if h.Token {
		return strconv.FormatInt(h.ID, 10)
	}
	return h.Name
}

// Rescope gives somebody another scope in a transaction: what they may see changes at
// once, in open sessions too. Where the scope is not what it was, it is
// ErrUsersChanged.
func (a *Auth) Rescope(ctx context.Context, tx *db.Tx, by audit.Author, h Holder, agencyID int64) error {
	if !h.Token {
		return a.changeIn(ctx, tx, by, "user.change", h.ID, func(u *User) error {
			if u.AgencyID != h.AgencyID {
				return ErrUsersChanged
			}
			u.AgencyID = agencyID
			return nil
		})
	}
	before, err := db.One("find token", tx.Rows(ctx).Where("id = ?", h.ID), func(r tokenRow) (tokenRow, error) { return r, nil })
	if err != nil {
		return err
	}
	if db.OrZero(before.AgencyID) != h.AgencyID {
		return ErrUsersChanged
	}
	after := before
	after.AgencyID = db.OrNull(agencyID)
	if err := db.Changed("change token", tx.Rows(ctx).Model(&tokenRow{}).Where("id = ?", h.ID).Update("agency_id", after.AgencyID)); err != nil {
		return err
	}
	return a.append(ctx, tx, by, audit.Entry{Action: "token.change", Subject: subject(after, h.ID), Before: before.entry(), After: after.entry()})
}
