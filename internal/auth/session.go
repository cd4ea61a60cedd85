package auth

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/alexedwards/scs/v2"

	"sipas/internal/access"
	"sipas/internal/db"
	"sipas/internal/fault"
)

// Cookie is the name of the session cookie over plain HTTP.
const Cookie = "sipas_session"

// SecureCookie is its name over TLS, which no other site of the same domain and
// nobody on plain HTTP can set. Sessions of the other name end where TLS begins.
const SecureCookie = "__Host-" + Cookie

const (
	// SessionLasts is how long one sign-in holds: a working day.
	SessionLasts = 8 * time.Hour
	// SessionIdle is how long a session lasts after its last request.
	SessionIdle = 30 * time.Minute
	// seenStep is how precisely the last request is known. It keeps reading
	// from being a write each time.
	seenStep = time.Minute
)

// What a session holds.
const (
	keyUser     = "user"     // int64
	keySeen     = "seen"     // int64, seconds since 1970: the last request
	keyPassword = "password" // string, see passwordMark
)

func newSessions(kept *keptSessions, o Options) *scs.SessionManager {
	m := scs.New()
	m.Store = kept
	m.HashTokenInStore = true
	m.Cookie.Name = Cookie
	m.Cookie.HttpOnly = true
	m.Cookie.SameSite = http.SameSiteLaxMode
	if o.SecureCookies {
		m.Cookie.Name, m.Cookie.Secure = SecureCookie, true
	}
	// The cookie goes with the browser, as desks in offices are shared. When a
	// session ends is decided here, by our own clock: Lifetime and IdleTimeout
	// of the library are not used.
	m.Cookie.Persist = false
	if o.Failed != nil {
		m.ErrorFunc = o.Failed
	}
	return m
}

// visit is what Middleware found out about a request.
type visit struct {
	who     access.Identity
	known   bool
	session bool // the request may sign in and out
}

type visitKey struct{}

// Middleware finds out who sends each request, for Identify. A request with a
// bearer token is judged by the token alone, and its cookies are not read.
func (a *Auth) Middleware(next http.Handler) http.Handler {
	serve := func(w http.ResponseWriter, r *http.Request, v visit, err error) {
		if errors.Is(err, fault.ErrNotFound) {
			err = nil // nobody
		}
		if err != nil {
			a.sessions.ErrorFunc(w, r, fmt.Errorf("identify: %w", err))
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), visitKey{}, v)))
	}
	bySession := a.sessions.LoadAndSave(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, err := a.fromSession(r.Context())
		serve(w, r, visit{who: who, known: err == nil, session: true}, err)
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, given := bearer(r.Header)
		if !given {
			bySession.ServeHTTP(w, r)
			return
		}
		who, err := a.fromToken(r.Context(), token)
		serve(w, r, visit{who: who, known: err == nil}, err)
	})
}

// Identify says who sent a request that came through Middleware, as of when it
// came in. ok is false for nobody.
func (a *Auth) Identify(r *http.Request) (who access.Identity, ok bool) {
	v, _ := r.Context().Value(visitKey{}).(visit)
	return v.who, v.known
}

// fromSession reads the account anew each time, so that disabling it, or
// changing its role or password, takes effect at once. Nobody is
// fault.ErrNotFound.
func (a *Auth) fromSession(ctx context.Context) (access.Identity, error) {
	id := a.sessions.GetInt64(ctx, keyUser)
	if id == 0 {
		return access.Identity{}, fault.ErrNotFound
	}
	user, err := a.User(ctx, id)
	if err != nil && !errors.Is(err, fault.ErrNotFound) {
		return access.Identity{}, err
	}
	now := a.now()
	unseen := now.Sub(time.Unix(a.sessions.GetInt64(ctx, keySeen), 0))
	mark := a.sessions.GetString(ctx, keyPassword)
	if err != nil || user.Disabled() || unseen >= SessionIdle ||
		subtle.ConstantTimeCompare([]byte(mark), []byte(passwordMark(user))) == 0 {
		if err := a.sessions.Destroy(ctx); err != nil {
			return access.Identity{}, err
		}
		return access.Identity{}, fault.ErrNotFound
	}
	if unseen >= seenStep {
		a.sessions.Put(ctx, keySeen, now.Unix())
	}
	return identityOf(user), nil
}

// errNoSession says that a handler is outside Middleware or was called with a
// token.
var errNoSession = fmt.Errorf("this request has no session to sign in or out: %w", fault.ErrForbidden)

func (a *Auth) session(ctx context.Context) error {
	if v, _ := ctx.Value(visitKey{}).(visit); !v.session {
		return errNoSession
	}
	return nil
}

// SignIn starts the session of who Login found, with a fresh token, so that a
// token which somebody planted in the browser before is worth nothing. A
// request with a bearer token cannot sign in: fault.ErrForbidden.
func (a *Auth) SignIn(ctx context.Context, who access.Identity) error {
	if err := a.session(ctx); err != nil {
		return err
	}
	user, err := a.User(ctx, who.UserID)
	if err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	if user.Disabled() {
		return ErrBadLogin
	}
	if err := a.sessions.RenewToken(ctx); err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	now := a.now()
	a.sessions.SetDeadline(ctx, now.Add(SessionLasts))
	a.sessions.Put(ctx, keyUser, user.ID)
	a.sessions.Put(ctx, keySeen, now.Unix())
	a.sessions.Put(ctx, keyPassword, passwordMark(user))
	return nil
}

// SignOut ends the session of the request, here and in the browser. A request
// with a bearer token has none: fault.ErrForbidden.
func (a *Auth) SignOut(ctx context.Context) error {
	if err := a.session(ctx); err != nil {
		return err
	}
	if err := a.sessions.Destroy(ctx); err != nil {
		return fmt.Errorf("sign out: %w", err)
	}
	return nil
}

// SweepSessions removes expired sessions and returns how many there were. It
// is to be called from time to time.
func (a *Auth) SweepSessions(ctx context.Context) (int64, error) { return a.kept.Sweep(ctx) }

// passwordMark tells two passwords of an account apart, and when its sessions were
// ended, without being of use to anybody: the session ends when it is no longer the
// same.
func passwordMark(u User) string {
	marked := u.PasswordHash
	if !u.EndedAt.IsZero() {
		marked += "|" + strconv.FormatInt(db.Micros(u.EndedAt), 10)
	}
	sum := sha256.Sum256([]byte(marked))
	return base64.RawStdEncoding.EncodeToString(sum[:16])
}
