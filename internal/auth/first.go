package auth

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"time"

	"sipas/internal/access"
	"sipas/internal/audit"
	"sipas/internal/db"
	"sipas/internal/fault"
)

// FirstLinkLasts is how long a link to the first account may be used.
const FirstLinkLasts = 24 * time.Hour

// firstEncoding writes tokens in letters and digits: they can be read out.
var firstEncoding = base32.StdEncoding.WithPadding(base32.NoPadding)

// FirstToken is the token of a link by which whoever has it makes the first account. It
// says until when, and is signed; nothing of it is kept.
func FirstToken(secret []byte, now time.Time) string {
	until := binary.BigEndian.AppendUint64(nil, uint64(now.Add(FirstLinkLasts).Unix()))
	return firstEncoding.EncodeToString(append(until, firstMAC(secret, until)...))
}

func firstMAC(secret, until []byte) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("first account\x00"))
	mac.Write(until)
	return mac.Sum(nil)[:16]
}

// MayBeFirst says by an error of kind fault.ErrNotFound that a token is none of ours or
// has expired, or that there is an account already.
func (a *accounts) MayBeFirst(ctx context.Context, secret []byte, token string) error {
	content, err := firstEncoding.DecodeString(token)
	if err != nil || len(content) < 8 || !hmac.Equal(content[8:], firstMAC(secret, content[:8])) ||
		a.now().Unix() >= int64(binary.BigEndian.Uint64(content[:8])) {
		return fmt.Errorf("link to the first account: %w", fault.ErrNotFound)
	}
	some, err := a.Some(ctx)
	if err == nil && some {
		err = fmt.Errorf("the first account: %w", fault.ErrNotFound)
	}
	return err
}

// Some tells whether there is any account.
func (a *accounts) Some(ctx context.Context) (some bool, err error) {
	err = a.db.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM users)").Scan(&some)
	return some, db.Failed("look for accounts", err)
}

// AddFirst makes the first account, which administers the whole province, by a token of
// FirstToken. Errors: *fault.Invalid, and those of MayBeFirst, also if somebody was
// faster.
func (a *accounts) AddFirst(ctx context.Context, secret []byte, token string, n NewUser) (access.Identity, error) {
	if err := a.MayBeFirst(ctx, secret, token); err != nil {
		return access.Identity{}, err
	}
	n.Role, n.AgencyID = access.Administrator, 0
	u, found := n.user()
	found = append(found, passwordProblems(normalPassword(n.Password), u.Login)...)
	if len(found) > 0 {
		return access.Identity{}, &fault.Invalid{Problems: found}
	}
	hash, err := a.hashOf(ctx, n.Password, u.Login)
	if err != nil {
		return access.Identity{}, err
	}
	u.PasswordHash, u.CreatedAt = hash, a.now()
	err = a.db.Change(ctx, func(tx *db.Tx) error {
		if err := tx.Lock(ctx, "users"); err != nil {
			return err
		}
		var others int64
		if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM users").Scan(&others); err != nil {
			return err
		}
		if others > 0 {
			return fault.ErrNotFound
		}
		u, err = a.insertUser(ctx, tx, audit.Author{Name: u.Name, Via: audit.Web}, u, "user.add-first")
		return err
	})
	if err != nil {
		return access.Identity{}, db.Failed("add the first account", err)
	}
	return identityOf(u), nil
}
