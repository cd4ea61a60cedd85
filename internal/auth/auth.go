package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
	"golang.org/x/crypto/argon2"

	"sipas/internal/fault"
	"sipas/internal/store"
)

// ErrBadLogin says that login and password do not fit together. It is the same
// for an unknown login, a wrong password and a disabled account.
var ErrBadLogin = errors.New("bad login")

// Options of New.
type Options struct {
	// Now is the clock that sessions expire by. Required.
	Now func() time.Time
	// SecureCookies keeps browsers from sending the cookie over plain HTTP. It
	// is to be set where the public address is https.
	SecureCookies bool
	// Failed answers a request whose sender could not be looked up, because
	// the database failed. Without it the answer is a bare 500, and the error
	// goes to the standard log.
	Failed func(http.ResponseWriter, *http.Request, error)
}

// Auth knows accounts, sessions and tokens. It is safe for concurrent use.
type Auth struct {
	store     *store.Store
	now       func() time.Time
	kept      *store.Sessions
	sessions  *scs.SessionManager
	passwords passwords
	decoy     string
}

// New makes an Auth on an open store.
func New(st *store.Store, o Options) *Auth {
	a := &Auth{
		store: st, now: o.Now, kept: st.Sessions(o.Now),
		passwords: passwords{slots: make(chan struct{}, hashers), derive: argon2.IDKey},
		decoy:     decoy(),
	}
	a.sessions = newSessions(a.kept, o)
	return a
}

// Login finds out who has this login and password. Anything that does not fit
// is ErrBadLogin, after the same work. It does not sign in: see SignIn. begin is
// asked at the moment when the password will be compared, so that only as many
// tries are under way as there are hashers; its error ends the try. It may be
// nil.
func (a *Auth) Login(ctx context.Context, login, password string, begin func(context.Context) error) (Identity, error) {
	user, err := a.userByLogin(ctx, login)
	known := err == nil
	if err != nil && !errors.Is(err, fault.ErrNotFound) {
		return Identity{}, fmt.Errorf("login: %w", err)
	}
	hash := user.PasswordHash
	if !known {
		hash = a.decoy
	}
	password = normalPassword(password)
	right, stale, err := a.passwords.verify(ctx, hash, password, begin)
	if err != nil {
		return Identity{}, fmt.Errorf("login: %w", err)
	}
	if !known || !right || user.Disabled() {
		return Identity{}, ErrBadLogin
	}
	if stale {
		if err := a.rehash(ctx, user, password); err != nil {
			return Identity{}, fmt.Errorf("login: %w", err)
		}
	}
	return identityOf(user), nil
}

// userByLogin asks the database only for what can be a login.
func (a *Auth) userByLogin(ctx context.Context, login string) (store.User, error) {
	login = normalLogin(login)
	if !loginPattern.MatchString(login) {
		return store.User{}, fault.ErrNotFound
	}
	return a.store.UserByLogin(ctx, login)
}

// rehash raises the costs of a stored hash to those of today, which is possible
// only while the password is at hand.
func (a *Auth) rehash(ctx context.Context, user store.User, password string) error {
	hash, err := a.passwords.hash(ctx, password)
	if err != nil {
		return err
	}
	return a.store.RehashUserPassword(ctx, user.ID, user.PasswordHash, hash)
}

func identityOf(u store.User) Identity {
	return Identity{UserID: u.ID, Name: u.Name, Role: Role(u.Role), Scope: u.AgencyID}
}
