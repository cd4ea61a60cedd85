package sender

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"sipas/internal/config"
)

// OwnSite tells whether a request that may change something was sent by a page
// of ours, or by no browser at all. What browsers say of themselves is judged
// by the public address that was configured; the header Host says only what a
// proxy made of it, or what somebody called this machine.
func (s *Senders) OwnSite(r *http.Request) bool {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return true
	}
	origin := r.Header.Get("Origin")
	if origin == s.origin {
		s.noteHost(r)
		return true
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "same-origin", "none": // the browser compared the addresses itself
		return true
	case "":
	default:
		return false
	}
	if origin == "" {
		return true // every browser names the origin of a form that is sent
	}
	from, err := url.Parse(origin)
	if err != nil || from.Host == "" || from.Host != r.Host {
		return false // "null" as well: a page that hides where it is from
	}
	if !s.Configured || connectedTo(r, from) {
		return true
	}
	s.noteHost(r)
	return false
}

// connectedTo tells whether an origin is the very address and port that the
// request came in on, or localhost on this machine: then no name was asked for
// that could lead elsewhere.
func connectedTo(r *http.Request, origin *url.URL) bool {
	local, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if local == nil {
		return false
	}
	here, err := netip.ParseAddrPort(local.String())
	if err != nil {
		return false
	}
	port := origin.Port()
	if port == "" {
		port = config.UsualPort(origin.Scheme)
	}
	ip, err := netip.ParseAddr(origin.Hostname())
	if origin.Hostname() == "localhost" && here.Addr().IsLoopback() {
		ip, err = here.Addr().WithZone(""), nil
	}
	return err == nil && ip.Unmap() == here.Addr().Unmap().WithZone("") && port == strconv.Itoa(int(here.Port()))
}

// noteHost says once in the log that requests of browsers come with another
// Host than that of the public address. It harms nothing by itself, but tells
// that a proxy rewrites it or that people use another address.
func (s *Senders) noteHost(r *http.Request) {
	if !s.Configured || sameHost(r.Host, s.PublicURL) {
		return
	}
	s.oddHost.Do(func() {
		s.Log.Warn("requests come with a Host that is not that of SIPAS_PUBLIC_URL: a proxy rewrites it, or people use another address. "+
			"Answers from pages of SIPAS_PUBLIC_URL are taken all the same; see docs/operations.md, Proxy. This is said once.",
			"host", cut(r.Host, 100), "public", s.origin)
	})
}

// sameHost compares what a request asked for with an address; the port may be
// missing where it is the usual one.
func sameHost(host string, public *url.URL) bool {
	usual := ":" + config.UsualPort(public.Scheme)
	bare := func(h string) string { return strings.TrimSuffix(strings.ToLower(h), usual) }
	return bare(host) == bare(public.Host)
}

func cut(s string, bytes int) string { return s[:min(len(s), bytes)] }
