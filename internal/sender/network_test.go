package sender

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"sipas/internal/limit"
)

// public is where citizens reach the server of these tests.
const public = "https://khaosat.example.vn"

// newSenders is one at that address, with rates that are off but for those set.
func newSenders(t *testing.T, change func(*Options)) (s *Senders, log *bytes.Buffer) {
	t.Helper()
	address, err := url.Parse(public)
	if err != nil {
		t.Fatal(err)
	}
	log = &bytes.Buffer{}
	o := Options{
		Limiter: limit.NewMemory(time.Now), Secret: []byte("a secret of tests, 32 bytes long"), PublicURL: address, Configured: true,
		Log: slog.New(slog.NewTextHandler(log, nil)), Now: time.Now,
	}
	if change != nil {
		change(&o)
	}
	return New(o), log
}

func TestNetworkOf(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]network{
		"203.0.113.7":          {own: "203.0.113.7"},
		"::ffff:203.0.113.7":   {own: "203.0.113.7"},
		"2001:db8:1:2:3:4:5:6": {"2001:db8:1:2::/64", "2001:db8:1::/48"},
		"2001:db8:1:2:ffff::1": {"2001:db8:1:2::/64", "2001:db8:1::/48"},
		"2001:db8:1:3::1":      {"2001:db8:1:3::/64", "2001:db8:1::/48"},
		"fe80::1%eth0":         {"fe80::/64", "fe80::/48"},
	} {
		if got := networkOf(netip.MustParseAddr(given)); got != want {
			t.Errorf("networkOf(%q) = %v, want %v", given, got, want)
		}
	}
	if got := networkOf(netip.Addr{}); got != (network{site: unread}) {
		t.Errorf("of nobody: %v", got)
	}
}

// TestWhoATrustedProxyNames: what proxies write is read, and what cannot be
// read makes nobody somebody else.
func TestWhoATrustedProxyNames(t *testing.T) {
	t.Parallel()
	s, _ := newSenders(t, func(o *Options) {
		o.Proxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	})
	const proxy, stranger = "10.1.1.1:4711", "198.51.100.9:4711"
	for _, c := range []struct {
		peer      string
		forwarded []string
		want      string // "" for nobody
		how       route
	}{
		{proxy, []string{"203.0.113.7"}, "203.0.113.7", forwarded},
		{proxy, []string{"203.0.113.7:51234"}, "203.0.113.7", forwarded},
		{proxy, []string{"[2001:db8:1::1]:443"}, "2001:db8:1::1", forwarded},
		{proxy, []string{"[2001:db8:1::1]"}, "2001:db8:1::1", forwarded},
		{proxy, []string{"2001:db8:1::1"}, "2001:db8:1::1", forwarded},
		{proxy, []string{"  203.0.113.7\t"}, "203.0.113.7", forwarded},
		{proxy, []string{"198.51.100.1, 203.0.113.7"}, "203.0.113.7", forwarded}, // the proxy's own word counts
		{proxy, []string{"198.51.100.1, 203.0.113.7, 10.2.2.2:80, [fd00::1]:443"}, "203.0.113.7", forwarded},
		{proxy, []string{"198.51.100.1", "203.0.113.7", "10.2.2.2"}, "203.0.113.7", forwarded}, // in several lines
		{proxy, []string{"rubbish, 203.0.113.7"}, "203.0.113.7", forwarded},
		{proxy, []string{"10.3.3.3, 10.2.2.2"}, "10.3.3.3", forwarded}, // an office within
		{"[::ffff:10.1.1.1]:4711", []string{"203.0.113.7"}, "203.0.113.7", forwarded},
		{proxy, nil, "", unreadable},
		{proxy, []string{""}, "", unreadable},
		{proxy, []string{"unknown"}, "", unreadable},
		{proxy, []string{"203.0.113.7, unknown"}, "", unreadable},
		{proxy, []string{"203.0.113.7, _hidden, 10.2.2.2"}, "", unreadable},
		{proxy, []string{"203.0.113.7:x"}, "", unreadable},
		{proxy, []string{"203.0.113"}, "", unreadable},
		{"@", []string{"203.0.113.7"}, "", unreadable},
		{stranger, nil, "198.51.100.9", direct},
		{stranger, []string{"203.0.113.7"}, "198.51.100.9", untrusted},
		{stranger, []string{"rubbish"}, "198.51.100.9", untrusted},
	} {
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		r.RemoteAddr = c.peer
		r.Header["X-Forwarded-For"] = c.forwarded
		got, how := s.address(r)
		if how != c.how || got.IsValid() != (c.want != "") || got.IsValid() && got.String() != c.want {
			t.Errorf("%s says %q: %s, %s; want %q, %s", c.peer, c.forwarded, got, how, c.want, c.how)
		}
	}
}

func TestAnUnreadableProxyIsLoggedOnce(t *testing.T) {
	t.Parallel()
	s, log := newSenders(t, func(o *Options) { o.Proxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")} })
	for _, said := range []string{"secret-of-somebody", "203.0.113.7, rubbish", ""} {
		r := httptest.NewRequest(http.MethodPost, "/", nil) // from 192.0.2.1
		r.Header.Set("X-Forwarded-For", said)
		s.network(r)
	}
	if n := strings.Count(log.String(), "trusted proxy"); n != 1 || strings.Contains(log.String(), "secret-of") || strings.Contains(log.String(), "203.0") {
		t.Errorf("logged %d times:\n%s", n, log)
	}
}
