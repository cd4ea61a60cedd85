package auth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"gorm.io/gorm"

	"sipas/internal/audit"
	"sipas/internal/db"
)

// secretRow is what is kept of a secret that lets whoever has it in, until it is
// revoked: a token of the API, an entry link. The secret itself is shown once and
// kept nowhere.
type secretRow interface {
	noun() string // in the audit log
	number() int64
	entry() any // what the audit log says of it
}

func subject(r secretRow, id int64) string { return fmt.Sprintf("%s/%d", r.noun(), id) }

// createSecret keeps a new one.
func createSecret[R secretRow](ctx context.Context, in records, by audit.Author, row *R) error {
	return in.change(ctx, by, func(rows *gorm.DB) (audit.Entry, error) {
		err := db.Failed("create "+(*row).noun(), rows.Create(row).Error)
		return audit.Entry{Action: (*row).noun() + ".create", Subject: subject(*row, (*row).number()), After: (*row).entry()}, err
	})
}

// revokeSecret ends the use of one at once. Without it, or if it is revoked
// already, it is fault.ErrNotFound.
func revokeSecret[R secretRow](ctx context.Context, in records, by audit.Author, id int64) error {
	return in.change(ctx, by, func(rows *gorm.DB) (audit.Entry, error) {
		var none R
		doing := "revoke " + none.noun()
		row, err := db.One(doing, rows.Where("id = ?", id), func(r R) (R, error) { return r, nil })
		if err == nil {
			err = db.Changed(doing, rows.Model(&none).Where("id = ? AND revoked_at IS NULL", id).Update("revoked_at", db.Micros(in.now())))
		}
		return audit.Entry{Action: none.noun() + ".revoke", Subject: subject(none, id), Before: row.entry()}, err
	})
}

// hashToken is by what a secret is found: it has too many random bits to be
// guessed, so a plain hash of it is safe to keep.
func hashToken(plaintext string) string {
	sum := sha256.Sum256([]byte(plaintext))
	return hex.EncodeToString(sum[:])
}
