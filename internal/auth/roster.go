package auth

import (
	"context"
	"errors"
	"slices"

	"sipas/internal/access"
	"sipas/internal/audit"
	"sipas/internal/db"
	"sipas/internal/fault"
)

// Roster is what is to become of accounts, together.
type Roster struct {
	Known   []User // those that Users gave when it was made up
	Changed []User // name, e-mail address, role and agency, as UpdateUser has them
	Added   []NewUser
	Note    audit.Entry // says where it came from
}

// ErrUsersChanged says that accounts were changed since a roster was made up.
var ErrUsersChanged = errors.New("accounts were changed meanwhile")

// KeepRoster changes and invites all accounts of a roster, or none; the tokens are those of
// the added ones, in their order, and are kept nowhere else. Errors are those of
// UpdateUser and Invite, and ErrUsersChanged.
func (a *accounts) KeepRoster(ctx context.Context, by audit.Author, r Roster) (tokens []string, err error) {
	err = a.db.Change(ctx, func(tx *db.Tx) error {
		tokens = nil
		if err := tx.Lock(ctx, "users"); err != nil {
			return err
		}
		now, err := db.List("list users", tx.Rows(ctx).Order("login"), userRow.domain)
		if err != nil {
			return err
		}
		if !slices.Equal(now, r.Known) {
			return ErrUsersChanged
		}
		// Those who may administer first: they may take the place of others.
		administer := func(u User) bool { return identityOf(u).May(access.Administer) }
		for _, first := range []bool{true, false} {
			for _, u := range r.Changed {
				if administer(u) != first {
					continue
				}
				change, err := u.change()
				if err != nil {
					return err
				}
				if err := a.changeIn(ctx, tx, by, "user.change", u.ID, change); err != nil {
					return err
				}
			}
		}
		for _, n := range r.Added {
			u, found := n.user()
			if len(found) > 0 {
				return &fault.Invalid{Problems: found}
			}
			u.CreatedAt = a.now()
			token, err := a.inviteIn(ctx, tx, by, &u)
			if err != nil {
				return err
			}
			tokens = append(tokens, token)
		}
		return a.append(ctx, tx, by, r.Note)
	})
	return tokens, db.Failed("keep accounts", err)
}

// Problems says what is wrong with an account that is to be invited.
func (n NewUser) Problems() []fault.Problem {
	_, found := n.user()
	return found
}
