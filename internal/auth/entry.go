package auth

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"golang.org/x/text/unicode/norm"
	"gorm.io/gorm"

	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/db"
	"sipas/internal/fault"
)

// ErrEntryEnded says that an entry link was good once, and is revoked or has
// expired.
var ErrEntryEnded = errors.New("entry link ended")

// CreateEntryLink makes a link for filling in the sheets of one service point
// and returns its token, which is kept nowhere else. With expires zero it holds
// until it is revoked. What is wrong with the label is *fault.Invalid.
func (a *Auth) CreateEntryLink(ctx context.Context, by audit.Author, point agency.ServicePoint, label string, expires time.Time) (token string, err error) {
	label = norm.NFC.String(label)
	if found := lineProblems("label", label); len(found) > 0 {
		return "", &fault.Invalid{Problems: found}
	}
	token = rand.Text() // letters and digits: it goes through any chat and any QR code
	row := entryLinkRow{TokenHash: hashToken(token), ServicePointID: point.ID, Label: label, CreatedAt: db.Micros(a.now())}
	if !expires.IsZero() {
		row.ExpiresAt = db.OrNull(db.Micros(expires))
	}
	err = a.change(ctx, by, "entry-link.create", "service-point/"+string(point.Code), map[string]any{"label": label}, func(rows *gorm.DB) error {
		return db.Failed("create entry link", rows.Create(&row).Error)
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

// EntryByToken finds the entry link with a token. Errors: fault.ErrNotFound,
// ErrEntryEnded.
func (a *Auth) EntryByToken(ctx context.Context, token string) (EntryLink, error) {
	return a.inUse(a.entryLink(ctx, "token_hash = ?", hashToken(token)))
}

// EntryByID is EntryByToken for somebody who has shown the token before.
func (a *Auth) EntryByID(ctx context.Context, id int64) (EntryLink, error) {
	return a.inUse(a.entryLink(ctx, "id = ?", id))
}

func (a *Auth) inUse(l EntryLink, err error) (EntryLink, error) {
	if err == nil && (!l.RevokedAt.IsZero() || !l.ExpiresAt.IsZero() && !a.now().Before(l.ExpiresAt)) {
		return EntryLink{}, ErrEntryEnded
	}
	return l, err
}

// RevokeEntryLink ends the use of an entry link at once. Without it, or if it
// is revoked already, it is fault.ErrNotFound.
func (a *Auth) RevokeEntryLink(ctx context.Context, by audit.Author, id int64) error {
	return a.change(ctx, by, "entry-link.revoke", fmt.Sprintf("entry-link/%d", id), nil, func(rows *gorm.DB) error {
		return db.Changed("revoke entry link", rows.Model(&entryLinkRow{}).
			Where("id = ? AND revoked_at IS NULL", id).Update("revoked_at", db.Micros(a.now())))
	})
}
