package sender

import "net/netip"

// networkOf is what one subscriber has: an IPv4 address, or a /64 of IPv6, of
// which a device may use every address.
func networkOf(address string) (string, bool) {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return "", false
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is4() {
		return ip.String(), true
	}
	return netip.PrefixFrom(ip, 64).Masked().String(), true
}
