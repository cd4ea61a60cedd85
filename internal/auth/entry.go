package auth

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"golang.org/x/text/unicode/norm"

	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/db"
	"sipas/internal/fault"
)

// ErrEntryEnded says that an entry link was good once, and is revoked or has
// expired.
var ErrEntryEnded = errors.New("entry link ended")

// entryLinks are the entry links of a database.
type entryLinks struct{ records }

// CreateEntryLink makes a link for filling in the sheets of one service point
// and returns its token, which is kept nowhere else. With expires zero it holds
// until it is revoked. What is wrong with the label is *fault.Invalid.
func (e entryLinks) CreateEntryLink(ctx context.Context, by audit.Author, point agency.ServicePoint, label string, expires time.Time) (token string, err error) {
	label = norm.NFC.String(label)
	if found := lineProblems("label", label); len(found) > 0 {
		return "", &fault.Invalid{Problems: found}
	}
	token = rand.Text() // letters and digits: it goes through any chat and any QR code
	row := entryLinkRow{TokenHash: hashToken(token), ServicePointID: point.ID, Label: label, CreatedAt: db.Micros(e.now())}
	if !expires.IsZero() {
		row.ExpiresAt = db.OrNull(db.Micros(expires))
	}
	if err := createSecret(ctx, e.records, by, &row); err != nil {
		return "", err
	}
	return token, nil
}

// EntryByToken finds the entry link with a token. Errors: fault.ErrNotFound,
// ErrEntryEnded.
func (e entryLinks) EntryByToken(ctx context.Context, token string) (EntryLink, error) {
	return e.inUse(e.entryLink(ctx, "token_hash = ?", hashToken(token)))
}

// EntryByID is EntryByToken for somebody who has shown the token before.
func (e entryLinks) EntryByID(ctx context.Context, id int64) (EntryLink, error) {
	return e.inUse(e.entryLink(ctx, "id = ?", id))
}

func (e entryLinks) inUse(l EntryLink, err error) (EntryLink, error) {
	if err == nil && (!l.RevokedAt.IsZero() || !l.ExpiresAt.IsZero() && !e.now().Before(l.ExpiresAt)) {
		return EntryLink{}, ErrEntryEnded
	}
	return l, err
}

// RevokeEntryLink ends the use of an entry link at once. Without it, or if it
// is revoked already, it is fault.ErrNotFound.
func (e entryLinks) RevokeEntryLink(ctx context.Context, by audit.Author, id int64) error {
	return revokeSecret[entryLinkRow](ctx, e.records, by, id)
}

func (entryLinkRow) noun() string    { return "entry-link" }
func (r entryLinkRow) number() int64 { return r.ID }

// linkEntry is what entries of the audit say of an entry link.
type linkEntry struct {
	ServicePointID int64      `json:"service_point_id"`
	Label          string     `json:"label"`
	Expires        *time.Time `json:"expires"` // null: never
}

func (r entryLinkRow) entry() any {
	e := linkEntry{ServicePointID: r.ServicePointID, Label: r.Label}
	if at := db.Moment(r.ExpiresAt); !at.IsZero() {
		e.Expires = &at
	}
	return e
}
