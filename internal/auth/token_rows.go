package auth

import (
	"context"
	"time"

	"sipas/internal/db"
)

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
		AgencyID: db.OrZero(r.AgencyID), CreatedAt: db.FromMicros(r.CreatedAt), RevokedAt: db.Moment(r.RevokedAt),
	}, nil
}

// Tokens lists every token, the newest first, revoked ones too.
func (a *Auth) Tokens(ctx context.Context) ([]Token, error) {
	return db.List("list tokens", a.db.Rows(ctx).Order("id DESC"), tokenRow.domain)
}
