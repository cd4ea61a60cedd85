package httpd_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sipas/internal/access"
	"sipas/internal/httpd"
	"sipas/internal/limit"
	"sipas/internal/sender"
	"sipas/internal/testkit"
)

// signIn tries to sign in with a client at an address.
func (h *harness) signIn(client *http.Client, login, password, address string) reply {
	h.t.Helper()
	return h.post(client, "/dang-nhap", url.Values{"login": {login}, "password": {password}}, from(address)...)
}

func shippedSignIn(d *httpd.Deps) { d.Limits.SignIn = sender.ShippedSignIn() }

func TestGuessingIsSlow(t *testing.T) {
	t.Parallel()
	eachLimiter(t, func(t *testing.T, limiter func(*httpd.Deps)) {
		h := newHarness(t, testkit.SQLite(t), limiter, trusting("127.0.0.1/32"), func(d *httpd.Deps) {
			d.Limits.SignIn = sender.SignIn{Name: mustRate("3/1h"), Network: mustRate("5/1h")}
		})
		login, other := h.account(access.Viewer, 0), h.account(access.Viewer, 0)
		try := func(login, password string) reply { return h.signIn(h.client(), login, password, "198.51.100.1") }
		for range 3 {
			try(login, "sai").check(t, "wrong", http.StatusUnauthorized, nil, nil)
		}
		// The right password does not help, nor does another way to write the login.
		for _, name := range []string{login, strings.ToUpper(login), " " + login} {
			r := try(name, goodPassword)
			r.check(t, "too many for "+name, http.StatusTooManyRequests, []string{"Đã thử đăng nhập quá nhiều lần.", "giây"}, []string{goodPassword})
			if r.header.Get("Retry-After") == "" || len(r.header.Values("Set-Cookie")) > 0 {
				t.Errorf("headers %v", r.header)
			}
		}
		for range 10 { // right ones cost nothing
			if r := try(other, goodPassword); r.status != http.StatusSeeOther {
				t.Fatalf("somebody else at the same address: %d", r.status)
			}
		}
		// One password for many names is guessing as well.
		for i, want := range []int{http.StatusUnauthorized, http.StatusUnauthorized, http.StatusTooManyRequests} {
			try(fmt.Sprintf("ai-do-%d", i), "sai").check(t, "spraying", want, nil, nil)
		}
		try(other, goodPassword).check(t, "at an address that guessed", http.StatusTooManyRequests, nil, nil)
		h.signIn(h.client(), other, goodPassword, "203.0.113.1").check(t, "elsewhere", http.StatusSeeOther, nil, nil)
	})
}

// TestStrangersLockNobodyOut: 34 addresses guess as often as they may. The
// owner signs in, with a browser that nobody knows; and one that is known signs
// in even at the address of a guesser, and after mistakes of its own.
func TestStrangersLockNobodyOut(t *testing.T) {
	t.Parallel()
	eachLimiter(t, func(t *testing.T, limiter func(*httpd.Deps)) {
		h := newHarness(t, testkit.SQLite(t), limiter, trusting("127.0.0.1/32"), func(d *httpd.Deps) {
			// The shipped counts, and so slow that none comes back while the test runs.
			d.Limits.SignIn = sender.ShippedSignIn()
			for _, rate := range []*limit.Rate{&d.Limits.SignIn.Browser, &d.Limits.SignIn.Name, &d.Limits.SignIn.Network, &d.Limits.SignIn.Anywhere, &d.Limits.SignIn.Rare} {
				rate.Per *= 100
			}
		})
		login, colleague := h.account(access.Administrator, 0), h.account(access.Viewer, 0)
		known := h.client()
		for _, who := range []string{colleague, login} { // a browser that several people use
			h.signIn(known, who, goodPassword, "203.0.113.1").check(t, "before", http.StatusSeeOther, nil, nil)
			h.post(known, "/dang-xuat", url.Values{}).check(t, "out", http.StatusSeeOther, nil, nil)
		}
		compared := 0
		for i := range 34 {
			for range 11 {
				if h.signIn(h.client(), login, "sai", fmt.Sprintf("198.51.100.%d", i)).status == http.StatusUnauthorized {
					compared++
				}
			}
		}
		if want := 60 + (34-6)*3; compared != want { // from everywhere, and then of each address that had no turn yet
			t.Errorf("%d guesses were compared with the password, want %d", compared, want)
		}
		h.signIn(h.client(), login, goodPassword, "203.0.113.2").check(t, "the owner with a new browser", http.StatusSeeOther, nil, nil)
		h.signIn(h.client(), login, goodPassword, "198.51.100.1").check(t, "a new browser at a guesser's address", http.StatusTooManyRequests, nil, nil)
		for range 5 {
			h.signIn(known, login, "nhầm", "198.51.100.1").check(t, "the owner's own mistake", http.StatusUnauthorized, nil, nil)
		}
		h.signIn(known, login, goodPassword, "198.51.100.1").check(t, "the owner's browser at a guesser's address", http.StatusSeeOther, nil, nil)
		h.signIn(known, colleague, goodPassword, "198.51.100.1").check(t, "the other name that it knows", http.StatusSeeOther, nil, nil)

		// A known browser may not guess for ever, nor for others.
		for range 20 {
			h.signIn(known, login, "sai", "198.51.100.1")
		}
		h.signIn(known, login, goodPassword, "198.51.100.1").check(t, "a known browser that guessed", http.StatusTooManyRequests, nil, nil)
		h.signIn(known, h.account(access.Viewer, 0), goodPassword, "203.0.113.3").check(t, "its first time for a third name", http.StatusSeeOther, nil, nil)
	})
}

// TestAForgedBrowserIsNotKnown: only a right password makes a browser known, and
// for that name alone.
func TestAForgedBrowserIsNotKnown(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t), trusting("127.0.0.1/32"), func(d *httpd.Deps) {
		d.Limits.SignIn = sender.SignIn{Name: mustRate("1/1h"), Browser: mustRate("1000/1h")}
	})
	victim, own := h.account(access.Administrator, 0), h.account(access.Viewer, 0)
	var good string
	for _, set := range h.signIn(h.client(), own, goodPassword, "198.51.100.1").header.Values("Set-Cookie") {
		if cookie, err := http.ParseSetCookie(set); err == nil && cookie.Name == "sipas_b" {
			good = cookie.Value
		}
	}
	id, mark, found := strings.Cut(good, ".")
	if !found {
		t.Fatalf("no cookie of a known browser: %q", good)
	}
	for i, value := range []string{
		"", "x", good, id + "." + strings.Repeat("A", 22), strings.Repeat("A", 26) + "." + mark, id + "." + mark + "A",
		id + strings.Repeat("."+mark, 100), strings.Repeat(".", 4000),
	} {
		address := fmt.Sprintf("203.0.113.%d", i)
		try := func() int {
			return h.post(h.client(), "/dang-nhap", url.Values{"login": {victim}, "password": {"sai"}},
				append(from(address), "Cookie", "sipas_b="+value)...).status
		}
		if first, second := try(), try(); first != http.StatusUnauthorized || second != http.StatusTooManyRequests {
			t.Errorf("%.60q: %d, then %d", value, first, second)
		}
	}
}

// TestAnOfficeSignsIn: 100 right sign-ins at once, of one address.
func TestAnOfficeSignsIn(t *testing.T) {
	t.Parallel()
	eachLimiter(t, func(t *testing.T, limiter func(*httpd.Deps)) {
		h := newHarness(t, testkit.SQLite(t), limiter, shippedSignIn)
		logins := []string{h.account(access.Viewer, 0), h.account(access.Viewer, 0)}
		var office sync.WaitGroup
		var refused atomic.Int64
		gate := make(chan struct{}, 10) // more at once would wait longer for the two hashers than a test may
		for i := range 100 {
			client := h.client()
			office.Go(func() {
				gate <- struct{}{}
				defer func() { <-gate }()
				r := h.post(client, "/dang-nhap", url.Values{"login": {logins[i%2]}, "password": {goodPassword}})
				if r.status != http.StatusSeeOther {
					refused.Add(1)
				}
			})
		}
		office.Wait()
		if n := refused.Load(); n > 0 {
			t.Errorf("%d of 100 right sign-ins were refused", n)
		}
	})
}

// TestGuessesAtOnce: a hundred at the same moment do not all pass before the
// first of them counts.
func TestGuessesAtOnce(t *testing.T) {
	t.Parallel()
	eachLimiter(t, func(t *testing.T, limiter func(*httpd.Deps)) {
		h := newHarness(t, testkit.SQLite(t), limiter, shippedSignIn)
		login := h.account(access.Viewer, 0)
		began := time.Now()
		var guessers sync.WaitGroup
		var compared atomic.Int64
		for range 100 {
			client := h.client()
			guessers.Go(func() {
				if h.post(client, "/dang-nhap", url.Values{"login": {login}, "password": {"sai"}}).status == http.StatusUnauthorized {
					compared.Add(1)
				}
			})
		}
		guessers.Wait()
		rate := h.deps.Limits.SignIn.Name
		most := int64(rate.Count) + int64(time.Since(began)*time.Duration(rate.Count)/rate.Per)
		if n := compared.Load(); n < int64(rate.Count) || n > most {
			t.Errorf("%d guesses were compared, want %d to %d", n, rate.Count, most)
		}
	})
}
