package auth

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"sipas/internal/access"
	"sipas/internal/audit"
	"sipas/internal/db"
	"sipas/internal/fault"
)

// InvitationLasts is how long an invitation may be used: a week and a bit, so that
// a letter and a holiday fit in.
const InvitationLasts = 10 * 24 * time.Hour

// Invite makes an account without a password, and the token of a link by which
// whoever has it chooses one, once. It is kept nowhere else. Errors are those of
// AddUser.
func (a *accounts) Invite(ctx context.Context, by audit.Author, n NewUser) (u User, token string, err error) {
	u, found := n.user()
	if len(found) > 0 {
		return User{}, "", &fault.Invalid{Problems: found}
	}
	u.CreatedAt = a.now()
	err = a.db.Change(ctx, func(tx *db.Tx) error {
		token, err = a.inviteIn(ctx, tx, by, &u)
		return err
	})
	return u, token, db.Failed("invite", err)
}

// inviteIn is Invite within a transaction, of an account without a fault.
func (a *accounts) inviteIn(ctx context.Context, tx *db.Tx, by audit.Author, u *User) (token string, err error) {
	if *u, err = a.insertUser(ctx, tx, by, *u, "user.invite"); err != nil {
		return "", err
	}
	return a.newInvitation(ctx, tx, *u)
}

// InviteAgain makes another link for an account, and ends the ones before: for who
// lost it, or forgot the password. Without the account, or if it is disabled, it is
// fault.ErrNotFound.
func (a *accounts) InviteAgain(ctx context.Context, by audit.Author, u User) (token string, err error) {
	err = a.db.Change(ctx, func(tx *db.Tx) error {
		if u, err = lockUser(ctx, tx, u.ID); err != nil {
			return err
		}
		if u.Disabled() {
			return fault.ErrNotFound
		}
		if token, err = a.newInvitation(ctx, tx, u); err != nil {
			return err
		}
		return a.append(ctx, tx, by, audit.Entry{Action: "user.invite-again", Subject: subjectOf(u)})
	})
	return token, db.Failed("invite again", err)
}

// newInvitation ends the invitations of an account and makes another.
func (a *accounts) newInvitation(ctx context.Context, tx *db.Tx, u User) (token string, err error) {
	if err := endInvitations(ctx, tx, u.ID); err != nil {
		return "", err
	}
	token = rand.Text() // letters and digits: it can be read out
	_, err = tx.ExecContext(ctx, "INSERT INTO invitations (token_hash, user_id, created_at, expires_at) VALUES ($1, $2, $3, $4)",
		hashToken(token), u.ID, db.Micros(a.now()), db.Micros(a.now().Add(InvitationLasts)))
	return token, err
}

// endInvitations ends the invitations of an account.
func endInvitations(ctx context.Context, tx *db.Tx, userID int64) error {
	_, err := tx.ExecContext(ctx, "DELETE FROM invitations WHERE user_id = $1", userID)
	return err
}

// Invited is whose invitation a token is. One that was used or has expired, and
// that of a disabled account, is fault.ErrNotFound like one that never was: nobody
// learns from it which accounts there are.
func (a *accounts) Invited(ctx context.Context, token string) (User, error) {
	u, err := a.invited(ctx, a.db.QueryRow, token)
	return u, db.Failed("find invitation", err)
}

func (a *accounts) invited(ctx context.Context, row func(context.Context, string, ...any) *sql.Row, token string) (User, error) {
	var id int64
	err := row(ctx, "SELECT user_id FROM invitations WHERE token_hash = $1 AND expires_at > $2", hashToken(token), db.Micros(a.now())).Scan(&id)
	if err != nil {
		return User{}, err
	}
	u, err := a.User(ctx, id)
	if err == nil && u.Disabled() {
		err = fault.ErrNotFound
	}
	return u, err
}

// AcceptInvitation gives the account of an invitation the password that its owner
// chose, which ends the invitation and every session. A password that may not be
// chosen is *fault.Invalid; else errors are those of Invited.
func (a *accounts) AcceptInvitation(ctx context.Context, token, password string) (access.Identity, error) {
	u, err := a.Invited(ctx, token)
	if err != nil {
		return access.Identity{}, err
	}
	hash, err := a.hashOf(ctx, password, u.Login)
	if err != nil {
		return access.Identity{}, err
	}
	err = a.db.Change(ctx, func(tx *db.Tx) error {
		if u, err = lockUser(ctx, tx, u.ID); err != nil {
			return err
		}
		used, err := tx.ExecContext(ctx, "DELETE FROM invitations WHERE token_hash = $1", hashToken(token))
		if err != nil {
			return err
		}
		if n, err := used.RowsAffected(); err != nil || n == 0 || u.Disabled() {
			return errors.Join(err, fault.ErrNotFound) // somebody was faster
		}
		if err := setPassword(ctx, tx, u.ID, hash); err != nil {
			return err
		}
		return a.append(ctx, tx, authorOf(u), audit.Entry{Action: "user.accept-invitation", Subject: subjectOf(u)})
	})
	if err != nil {
		return access.Identity{}, db.Failed("accept invitation", err)
	}
	return identityOf(u), nil
}

// authorOf is an account that changes itself, which is possible in the web only.
func authorOf(u User) audit.Author { return audit.Author{UserID: u.ID, Name: u.Name, Via: audit.Web} }

// ChangePassword gives one's own account another password. The one there was is
// compared first, as by Login: ErrBadLogin. It ends every other session; who changed
// it signs in anew with SignIn. A password that may not be chosen is *fault.Invalid,
// and no try of the one there was.
func (a *Auth) ChangePassword(ctx context.Context, who access.Identity, before, password string, begin func(context.Context) error) error {
	u, err := a.User(ctx, who.UserID)
	if err != nil {
		return fmt.Errorf("change password: %w", err)
	}
	if found := passwordProblems(normalPassword(password), u.Login); len(found) > 0 {
		return &fault.Invalid{Problems: found}
	}
	if _, err := a.Login(ctx, u.Login, before, begin); err != nil {
		return err
	}
	return a.SetPassword(ctx, authorOf(u), u.ID, password)
}
