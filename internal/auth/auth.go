package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
	"golang.org/x/crypto/argon2"

	"sipas/internal/access"
	"sipas/internal/db"
	"sipas/internal/fault"
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
	records
	accounts
	entryLinks
	kept     *keptSessions
	sessions *scs.SessionManager
	decoy    string
}

// New makes an Auth on an open database.
func New(d *db.DB, o Options) *Auth {
	kept := records{d, o.Now}
	a := &Auth{
		records: kept, entryLinks: entryLinks{kept}, kept: &keptSessions{d, o.Now},
		accounts: accounts{kept, passwords{slots: make(chan struct{}, hashers), derive: argon2.IDKey}},
		decoy:    decoy(),
	}
	a.sessions = newSessions(a.kept, o)
	return a
}

// Login finds out who has this login and password. Anything that does not fit
// is ErrBadLogin, after the same work. It does not sign in: see SignIn. begin is
// asked at the moment when the password will be compared, so that only as many
// tries are under way as there are hashers; its error ends the try. It may be
// nil.
func (a *Auth) Login(ctx context.Context, login, password string, begin func(context.Context) error) (access.Identity, error) {
	user, err := a.userByLogin(ctx, login)
	known := err == nil
	if err != nil && !errors.Is(err, fault.ErrNotFound) {
		return access.Identity{}, fmt.Errorf("login: %w", err)
	}
	hash := user.PasswordHash
	if !known || hash == "" { // who was invited has not chosen a password yet
		known, hash = false, a.decoy
	}
	password = normalPassword(password)
	right, stale, err := a.passwords.verify(ctx, hash, password, begin)
	if err != nil {
		return access.Identity{}, fmt.Errorf("login: %w", err)
	}
	if !known || !right || user.Disabled() {
		return access.Identity{}, ErrBadLogin
	}
	if stale {
		if err := a.rehash(ctx, user, password); err != nil {
			return access.Identity{}, fmt.Errorf("login: %w", err)
		}
	}
	return identityOf(user), nil
}

// userByLogin asks the database only for what can be a login.
func (a *Auth) userByLogin(ctx context.Context, login string) (User, error) {
	login = normalLogin(login)
	if !loginPattern.MatchString(login) {
		return User{}, fault.ErrNotFound
	}
	return a.UserByLogin(ctx, login)
}

// rehash raises the costs of a stored hash to those of today, which is possible
// only while the password is at hand.
func (a *Auth) rehash(ctx context.Context, user User, password string) error {
	hash, err := a.passwords.hash(ctx, password)
	if err != nil {
		return err
	}
	// If the password was changed meanwhile, nothing happens: the former one must
	// not come back.
	return a.db.Change(ctx, func(tx *db.Tx) error {
		return db.Failed("rehash password", tx.Rows(ctx).Model(&userRow{}).
			Where("id = ? AND password_hash = ?", user.ID, user.PasswordHash).Update("password_hash", hash).Error)
	})
}

func identityOf(u User) access.Identity {
	return access.Identity{UserID: u.ID, Name: u.Name, Role: access.Role(u.Role), Scope: u.AgencyID}
}

// Tables are those of the package that a backup holds, in the order in which rows may
// be inserted. Everybody signs in again, and whoever was invited is invited again: a
// backup must not bring an invitation back that was used since.
func Tables() []db.Table {
	return []db.Table{
		{Name: "users", Order: "id", Identity: true},
		{Name: "api_tokens", Order: "id", Identity: true},
		{Name: "entry_links", Order: "id", Identity: true},
	}
}
