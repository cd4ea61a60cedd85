package sender

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"slices"
	"strings"

	"sipas/internal/limit"
)

const (
	// browserCookie remembers that somebody signed in here before: a random
	// number, and for each login its signature together with that number.
	browserCookie = "sipas_b"
	// browserAge is how long, in seconds: as long as browsers allow.
	browserAge = 400 * 24 * 3600
	// mostLogins is how many people of an office a browser may know.
	mostLogins = 8
	// idLength is that of rand.Text.
	idLength = 26
	// signInScope keeps the tries of all names together: an address tries many.
	signInScope = "login"
)

// Try is one attempt to sign in. It is counted as failed when it begins and
// given back when it was right: so right ones cost nothing, and many at once
// cannot all pass before the first failure counts.
type Try struct {
	s     *Senders
	r     *http.Request
	login string
	taken []limit.Bucket
}

// Try says that somebody wants to sign in.
func (s *Senders) Try(r *http.Request, login string) *Try {
	return &Try{s: s, r: r, login: strings.ToLower(strings.TrimSpace(login))}
}

// Begin takes a turn; it is to be called when the password will be compared at
// once. A browser in which the name has signed in has turns of its own, which
// nobody else can use up. Anybody else takes them of the name and their network
// together, of the network, and of the name from everywhere. That one must not
// keep its owner out: when it is used up, each network still has a few tries.
// The error is *limit.TooMany.
func (t *Try) Begin(ctx context.Context) error {
	rates := t.s.Rates.SignIn
	if id, known := t.s.knownBrowser(t.r, t.login); known {
		return t.take(ctx, []limit.Bucket{t.s.bucket("login-browser", id+" "+t.login, rates.Browser, false)})
	}
	from := t.s.network(t.r)
	of := func(kind string, rate limit.Rate) []limit.Bucket {
		byName := from // the name and the network together
		if byName.own != "" {
			byName.own += " " + t.login
		}
		if byName.site != "" {
			byName.site += " " + t.login
		}
		buckets := t.s.from(nil, byName, kind, rate, false)
		return t.s.from(buckets, from, "login-network", rates.Network, false)
	}
	anywhere := t.s.bucket("login-anywhere", t.login, rates.Anywhere, false)
	err := t.take(ctx, append(of("login-name", rates.Name), anywhere))
	var refused *limit.TooMany
	if errors.As(err, &refused) && refused.Kind() == "login-anywhere" {
		err = t.take(ctx, of("login-rare", rates.Rare))
	}
	return err
}

func (t *Try) take(ctx context.Context, buckets []limit.Bucket) error {
	err := t.s.take(ctx, signInScope, buckets)
	if err == nil {
		t.taken = buckets
	}
	return err
}

// Right says that the password was right: the turn is given back, and the
// browser is known from now on.
func (t *Try) Right(w http.ResponseWriter) {
	t.s.giveBack(t.r.Context(), signInScope, t.taken)
	t.taken = nil
	id, logins := t.s.browser(t.r)
	mark := t.s.sign("browser", id+" "+t.login)
	logins = append(slices.DeleteFunc(logins, func(l string) bool { return l == mark }), mark)
	logins = logins[max(0, len(logins)-mostLogins):]
	t.s.SetCookie(w, browserCookie, id+"."+strings.Join(logins, "."), browserAge)
}

// browser reads the number of a browser and the signatures of its logins. A
// number that was made up is as good as any: it is worth what signatures say.
func (s *Senders) browser(r *http.Request) (id string, logins []string) {
	id, rest, _ := strings.Cut(s.Cookie(r, browserCookie), ".")
	if len(id) != idLength {
		return rand.Text(), nil
	}
	logins = strings.Split(rest, ".")
	logins = slices.DeleteFunc(logins, func(l string) bool { return len(l) != signatureLength })
	return id, logins[:min(len(logins), mostLogins)]
}

func (s *Senders) knownBrowser(r *http.Request, login string) (id string, known bool) {
	id, logins := s.browser(r)
	return id, slices.ContainsFunc(logins, func(l string) bool { return s.signed("browser", id+" "+login, l) })
}
