package store

import (
	"context"
	"time"
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
		CreatedAt: fromMicros(r.CreatedAt), ExpiresAt: moment(r.ExpiresAt), RevokedAt: moment(r.RevokedAt),
	}, nil
}

// AddEntryLink keeps a new entry link and returns it with its id.
func (s *Store) AddEntryLink(ctx context.Context, l EntryLink) (EntryLink, error) {
	row := entryLinkRow{TokenHash: l.Hash, ServicePointID: l.ServicePointID, Label: l.Label, CreatedAt: micros(l.CreatedAt)}
	if !l.ExpiresAt.IsZero() {
		row.ExpiresAt = orNull(micros(l.ExpiresAt))
	}
	if err := s.ormWrite.WithContext(ctx).Create(&row).Error; err != nil {
		return EntryLink{}, failed("add entry link", err)
	}
	return row.domain()
}

// EntryLinkByHash finds an entry link, also one that has ended. An unknown one
// is survey.ErrNotFound.
func (s *Store) EntryLinkByHash(ctx context.Context, hash string) (EntryLink, error) {
	return one("find entry link", s.orm.WithContext(ctx).Where("token_hash = ?", hash), entryLinkRow.domain)
}

// EntryLinkByID finds an entry link, also one that has ended. An unknown one is
// survey.ErrNotFound.
func (s *Store) EntryLinkByID(ctx context.Context, id int64) (EntryLink, error) {
	return one("find entry link", s.orm.WithContext(ctx).Where("id = ?", id), entryLinkRow.domain)
}

// EntryLinks lists every entry link, the newest first, those that have ended too.
func (s *Store) EntryLinks(ctx context.Context) ([]EntryLink, error) {
	return list("list entry links", s.orm.WithContext(ctx).Order("id DESC"), entryLinkRow.domain)
}

// RevokeEntryLink ends the use of an entry link. Without it, or if it is
// revoked already, it is survey.ErrNotFound.
func (s *Store) RevokeEntryLink(ctx context.Context, id int64, at time.Time) error {
	return changed("revoke entry link", s.ormWrite.WithContext(ctx).Model(&entryLinkRow{}).
		Where("id = ? AND revoked_at IS NULL", id).Update("revoked_at", micros(at)))
}
