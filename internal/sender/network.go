package sender

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// network is where a request comes from, as far as limits tell.
type network struct {
	// own is what one subscriber has: an IPv4 address, or a /64 of IPv6, of
	// which a device may use every address. "" where nobody could tell.
	own string
	// site is what many subscribers may share, and one may have all of: the
	// /48 of IPv6, or everybody of whom a trusted proxy does not say who they
	// are. "" for IPv4.
	site string
}

// unread is the site of those whose trusted proxy does not say who they are.
const unread = "unread"

func networkOf(ip netip.Addr) network {
	switch ip = ip.Unmap().WithZone(""); {
	case !ip.IsValid():
		return network{site: unread}
	case ip.Is4():
		return network{own: ip.String()}
	}
	return network{
		own:  netip.PrefixFrom(ip, 64).Masked().String(),
		site: netip.PrefixFrom(ip, 48).Masked().String(),
	}
}

// route says how the address of a sender is known.
type route string

// The ways.
const (
	direct     route = "direct"              // it is that of the connection
	forwarded  route = "forwarded"           // a trusted proxy named it
	unreadable route = "unreadable"          // a trusted proxy named something else, or nobody
	untrusted  route = "untrusted-forwarded" // somebody named one who is not trusted: that of the connection counts
)

// address finds who sends a request: who is connected, or, where that is a
// trusted proxy, whom it names in X-Forwarded-For, read from its end through
// all trusted proxies. The address is not valid where a trusted proxy does not
// say it: then nobody may be taken for somebody else.
func (s *Senders) address(r *http.Request) (netip.Addr, route) {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}, unreadable
	}
	hops := r.Header.Values("X-Forwarded-For")
	if !s.trusted(peer.Addr()) {
		if len(hops) > 0 {
			return peer.Addr(), untrusted
		}
		return peer.Addr(), direct
	}
	var ip netip.Addr
	for _, hop := range slices.Backward(strings.Split(strings.Join(hops, ","), ",")) {
		if ip = parseHop(hop); !ip.IsValid() || !s.trusted(ip) {
			break
		}
	}
	if !ip.IsValid() {
		return ip, unreadable
	}
	return ip, forwarded
}

// network is that of the sender. It says once in the log that a trusted proxy
// cannot be understood, which is a fault of its configuration.
func (s *Senders) network(r *http.Request) network {
	ip, how := s.address(r)
	if how == unreadable {
		s.deafs.Do(func() {
			s.Log.Warn("a trusted proxy does not say who sends a request: the last address in X-Forwarded-For is missing or unreadable. " +
				"Such senders are told apart by their cookies only; see docs/operations.md, Proxy. This is said once.")
		})
	}
	return networkOf(ip)
}

func (s *Senders) trusted(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	return slices.ContainsFunc(s.Proxies, func(p netip.Prefix) bool { return p.Contains(ip) })
}

// parseHop reads one address as proxies write it: 203.0.113.7, 203.0.113.7:51234,
// 2001:db8::1, [2001:db8::1] or [2001:db8::1]:443. Anything else is not valid.
func parseHop(hop string) netip.Addr {
	hop = strings.TrimSpace(hop)
	if with, err := netip.ParseAddrPort(hop); err == nil {
		return with.Addr()
	}
	if inner, ok := strings.CutPrefix(hop, "["); ok && strings.HasSuffix(inner, "]") {
		hop = strings.TrimSuffix(inner, "]")
	}
	ip, err := netip.ParseAddr(hop)
	if err != nil {
		return netip.Addr{}
	}
	return ip
}
