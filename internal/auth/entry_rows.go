package auth

import (
	"context"
	"time"

	"sipas/internal/db"
)

// EntryLink lets whoever has it fill in the sheets of one service point. Only
// the hash of its token is kept.
type EntryLink struct {
	ID             int64
	Hash           string // unique
	ServicePointID int64
	Label          string // who has it, or what it is for
	CreatedAt      time.Time
	ExpiresAt      time.Time // zero: it does not expire
	RevokedAt      time.Time // zero: it is not revoked
}

type entryLinkRow struct {
	ID             int64
	TokenHash      string
	ServicePointID int64
	Label          string
	CreatedAt      int64 `gorm:"autoCreateTime:false"`
	ExpiresAt      *int64
	RevokedAt      *int64
}

func (entryLinkRow) TableName() string { return "entry_links" }

func (r entryLinkRow) domain() (EntryLink, error) {
	return EntryLink{
		ID: r.ID, Hash: r.TokenHash, ServicePointID: r.ServicePointID, Label: r.Label,
		CreatedAt: db.FromMicros(r.CreatedAt), ExpiresAt: db.Moment(r.ExpiresAt), RevokedAt: db.Moment(r.RevokedAt),
	}, nil
}

// entryLink finds an entry link, also one that has ended. An unknown one is
// fault.ErrNotFound.
func (e entryLinks) entryLink(ctx context.Context, where string, value any) (EntryLink, error) {
	return db.One("find entry link", e.db.Rows(ctx).Where(where, value), entryLinkRow.domain)
}

// EntryLinks lists every entry link, the newest first, those that have ended too.
func (e entryLinks) EntryLinks(ctx context.Context) ([]EntryLink, error) {
	return db.List("list entry links", e.db.Rows(ctx).Order("id DESC"), entryLinkRow.domain)
}
