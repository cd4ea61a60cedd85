package config

import (
	"errors"
	"fmt"
	"math"
	"net/netip"
	"slices"
)

// Proxies are the networks of TrustedProxies; a single address is one.
func (c Config) Proxies() ([]netip.Prefix, error) {
	var networks []netip.Prefix
	var all []error
	for _, s := range c.TrustedProxies {
		network, err := netip.ParsePrefix(s)
		if err != nil {
			var ip netip.Addr
			if ip, err = netip.ParseAddr(s); err == nil {
				network, err = ip.Prefix(ip.BitLen())
			}
		}
		if err != nil {
			all = append(all, fmt.Errorf("%q is no network; give addresses such as 10.0.0.0/8,192.0.2.7", s))
			continue
		}
		// Addresses are compared as those of IPv4, however they are written.
		if ip := network.Addr(); ip.Is4In6() && network.Bits() >= 96 {
			network = netip.PrefixFrom(ip.Unmap(), network.Bits()-96)
		}
		networks = append(networks, network.Masked())
	}
	return networks, errors.Join(all...)
}

// What may be trusted at most, as a part of all public addresses: more than any
// proxy has, and far from everybody.
const mostTrusted = 1.0 / 16

func (c Config) proxies() error {
	networks, err := c.Proxies()
	if err != nil {
		return err
	}
	for _, all := range []netip.Prefix{
		netip.MustParsePrefix("0.0.0.0/0"),
		netip.MustParsePrefix("2000::/3"), // every public address of IPv6 (RFC 4291, 2.4)
	} {
		if part := partOf(all, networks); part > mostTrusted {
			return fmt.Errorf("these are %.2g%% of all public addresses like %s, so that citizens could choose the address they are limited by; name the proxies only", 100*part, all)
		}
	}
	return nil
}

// partOf is which part of a network others cover together, 0 to 1.
func partOf(all netip.Prefix, networks []netip.Prefix) float64 {
	networks = slices.Clone(networks)
	// Larger ones first, so that what is inside another comes after it.
	slices.SortFunc(networks, func(a, b netip.Prefix) int { return a.Bits() - b.Bits() })
	part := 0.0
	for i, n := range networks {
		if !n.Overlaps(all) || slices.ContainsFunc(networks[:i], n.Overlaps) {
			continue
		}
		part += math.Exp2(-float64(max(0, n.Bits()-all.Bits())))
	}
	return part
}
