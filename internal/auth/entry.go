package auth

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"golang.org/x/text/unicode/norm"

	"sipas/internal/fault"
	"sipas/internal/store"
)

// ErrEntryEnded says that an entry link was good once, and is revoked or has
// expired.
var ErrEntryEnded = errors.New("entry link ended")

// CreateEntryLink makes a link for filling in the sheets of one service point
// and returns its token, which is kept nowhere else. With expires zero it holds
// until it is revoked. What is wrong with the label is *survey.Invalid.
func (a *Auth) CreateEntryLink(ctx context.Context, servicePointID int64, label string, expires time.Time) (token string, err error) {
	label = norm.NFC.String(label)
	if found := lineProblems("label", label); len(found) > 0 {
		return "", &fault.Invalid{Problems: found}
	}
	token = rand.Text() // letters and digits: it goes through any chat and any QR code
	_, err = a.store.AddEntryLink(ctx, store.EntryLink{
		Hash: hashToken(token), ServicePointID: servicePointID, Label: label, CreatedAt: a.now(), ExpiresAt: expires,
	})
	if err != nil {
		return "", fmt.Errorf("create entry link: %w", err)
	}
	return token, nil
}

// EntryByToken finds the entry link with a token. Errors: survey.ErrNotFound,
// ErrEntryEnded.
func (a *Auth) EntryByToken(ctx context.Context, token string) (store.EntryLink, error) {
	return a.inUse(a.store.EntryLinkByHash(ctx, hashToken(token)))
}

// EntryByID is EntryByToken for somebody who has shown the token before.
func (a *Auth) EntryByID(ctx context.Context, id int64) (store.EntryLink, error) {
	return a.inUse(a.store.EntryLinkByID(ctx, id))
}

func (a *Auth) inUse(l store.EntryLink, err error) (store.EntryLink, error) {
	if err == nil && (!l.RevokedAt.IsZero() || !l.ExpiresAt.IsZero() && !a.now().Before(l.ExpiresAt)) {
		return store.EntryLink{}, ErrEntryEnded
	}
	return l, err
}

// RevokeEntryLink ends the use of an entry link at once. Without it, or if it
// is revoked already, it is survey.ErrNotFound.
func (a *Auth) RevokeEntryLink(ctx context.Context, id int64) error {
	return a.store.RevokeEntryLink(ctx, id, a.now())
}
