package sender

import "testing"

func TestNetworkOf(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"203.0.113.7":                "203.0.113.7",
		"::ffff:203.0.113.7":         "203.0.113.7",
		"2001:db8:1:2:3:4:5:6":       "2001:db8:1:2::/64",
		"2001:db8:1:2:ffff::1":       "2001:db8:1:2::/64",
		"2001:db8:1:3::1":            "2001:db8:1:3::/64",
		"fe80::1%eth0":               "fe80::/64",
		"":                           "",
		"unknown":                    "",
		"203.0.113.7:80":             "",
		"203.0.113.7, 198.51.100.23": "",
	} {
		if got, ok := networkOf(given); got != want || ok != (want != "") {
			t.Errorf("networkOf(%q) = %q, %t, want %q", given, got, ok, want)
		}
	}
}
