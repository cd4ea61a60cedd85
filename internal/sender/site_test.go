package sender

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestOwnSite: the configured address is ours whatever Host a proxy makes of
// it, and a Host makes nobody else's page ours.
func TestOwnSite(t *testing.T) {
	t.Parallel()
	const listens = "10.0.0.5:8080"
	for _, c := range []struct {
		name              string
		host, origin, set string // "-" for no Origin
		guessed           bool   // nobody configured an address
		want              bool
	}{
		{"as it should be", "khaosat.example.vn", public, "same-origin", false, true},
		{"an old browser", "khaosat.example.vn", public, "", false, true},
		{"nginx's default Host", "127.0.0.1:9101", public, "", false, true},
		{"Host without the port", "khaosat.example.vn", public, "", false, true},
		{"a newer browser behind nginx's default Host", "127.0.0.1:9101", public, "same-origin", false, true},
		{"a program", "khaosat.example.vn", "-", "", false, true},
		{"typed into the address bar", "khaosat.example.vn", "-", "none", false, true},

		{"somebody else's page", "khaosat.example.vn", "https://evil.example", "cross-site", false, false},
		{"somebody else's page in an old browser", "khaosat.example.vn", "https://evil.example", "", false, false},
		{"a neighbour's page", "khaosat.example.vn", "https://other.example.vn", "same-site", false, false},
		{"a page that hides where it is from", "khaosat.example.vn", "null", "", false, false},
		{"a page in a sandbox", "khaosat.example.vn", "null", "cross-site", false, false},
		{"a Host of the attacker's choice", "evil.example", "https://evil.example", "", false, false},
		{"a name that leads here for a moment", "rebound.example:8080", "http://rebound.example:8080", "", false, false},
		{"the address that a proxy writes into Host, as a page", "127.0.0.1:9101", "http://127.0.0.1:9101", "", false, false},
		{"plain http at the public name", "khaosat.example.vn", "http://khaosat.example.vn", "", false, false},
		{"another port of the public name", "khaosat.example.vn:8443", "https://khaosat.example.vn:8443", "", false, false},
		{"the public name as a part", "khaosat.example.vn", "https://khaosat.example.vn.evil.example", "", false, false},
		{"not an address", "khaosat.example.vn", "://", "", false, false},

		{"the listening address itself", listens, "http://" + listens, "", false, true},
		{"another port of it", "10.0.0.5:9999", "http://10.0.0.5:9999", "", false, false},
		{"the public address guessed, in an office", "may-chu:8080", "http://may-chu:8080", "", true, true},
		{"the public address guessed, somebody else's page", "may-chu:8080", "https://evil.example", "", true, false},
		{"the public address guessed, nothing said", "may-chu:8080", "null", "", true, false},
	} {
		s, log := newSenders(t, func(o *Options) { o.Configured = !c.guessed })
		r := httptest.NewRequest(http.MethodPost, "/q/ABC", nil)
		r = r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, net.Addr(net.TCPAddrFromAddrPort(netip.MustParseAddrPort(listens)))))
		r.Host = c.host
		if c.origin != "-" {
			r.Header.Set("Origin", c.origin)
		}
		if c.set != "" {
			r.Header.Set("Sec-Fetch-Site", c.set)
		}
		if got := s.OwnSite(r); got != c.want {
			t.Errorf("%s: %t, want %t\n%s", c.name, got, c.want, log)
		}
	}
}

func TestLocalhostIsTheMachineItself(t *testing.T) {
	t.Parallel()
	s, _ := newSenders(t, nil)
	for listens, want := range map[string]bool{"127.0.0.1:8080": true, "[::1]:8080": true, "10.0.0.5:8080": false} {
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		r = r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, net.Addr(net.TCPAddrFromAddrPort(netip.MustParseAddrPort(listens)))))
		r.Host = "localhost:8080"
		r.Header.Set("Origin", "http://localhost:8080")
		if got := s.OwnSite(r); got != want {
			t.Errorf("at %s: %t", listens, got)
		}
	}
}

// TestAHostThatIsNotPublicIsLoggedOnce also shows what is no fault.
func TestAHostThatIsNotPublicIsLoggedOnce(t *testing.T) {
	t.Parallel()
	s, log := newSenders(t, nil)
	send := func(host, origin string) {
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		r.Host = host
		r.Header.Set("Origin", origin)
		s.OwnSite(r)
	}
	send("khaosat.example.vn", "https://khaosat.example.vn")
	send("KHAOSAT.example.vn:443", "https://khaosat.example.vn")
	send("scanner.example", "https://evil.example") // anybody may send any Host
	if log.Len() > 0 {
		t.Errorf("logged without a fault:\n%s", log)
	}
	for range 3 {
		send("127.0.0.1:9101", "https://khaosat.example.vn")
		send("10.0.0.7:80", "http://10.0.0.7:80")
	}
	if n := strings.Count(log.String(), "SIPAS_PUBLIC_URL: a proxy"); n != 1 || !strings.Contains(log.String(), "host=127.0.0.1:9101") {
		t.Errorf("logged %d times:\n%s", n, log)
	}
}

// TestProbe: the operator's program learns how its requests arrive, and nobody
// else does.
func TestProbe(t *testing.T) {
	t.Parallel()
	s, _ := newSenders(t, nil)
	address, _ := url.Parse(public)
	ask := func(host string, change func(*http.Request)) http.Header {
		r := httptest.NewRequest(http.MethodGet, "/healthz", nil)
		r.Host = host
		Probe(r, s.Secret, time.Now())
		change(r)
		w := httptest.NewRecorder()
		s.AnswerProbe(w, r)
		return w.Header()
	}
	nothing := func(*http.Request) {}
	if err := ProbeProblem(ask("khaosat.example.vn", nothing), address); err != nil {
		t.Errorf("as it should be: %v", err)
	}
	for _, c := range []struct {
		host   string
		change func(*http.Request)
		want   string
	}{
		{"127.0.0.1:9101", nothing, `arrive with the Host "127.0.0.1:9101"`},
		{"khaosat.example.vn:8443", nothing, "arrive with the Host"},
		{"khaosat.example.vn", func(r *http.Request) { r.Header.Set("X-Forwarded-For", "203.0.113.7") }, "SIPAS_TRUSTED_PROXIES"},
		{"khaosat.example.vn", func(r *http.Request) { r.Header.Del(probeHeader) }, "not a server with this secret"},
		{"khaosat.example.vn", func(r *http.Request) { Probe(r, []byte("another secret"), time.Now()) }, "not a server with this secret"},
		{"khaosat.example.vn", func(r *http.Request) { Probe(r, s.Secret, time.Now().Add(-time.Hour)) }, "not a server with this secret"},
	} {
		if err := ProbeProblem(ask(c.host, c.change), address); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.host, err, c.want)
		}
	}
}
