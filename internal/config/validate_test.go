package config

import (
	"strings"
	"testing"
	"time"
)

func TestValidate(t *testing.T) {
	t.Parallel()
	ok := func(set func(*Config)) { t.Helper(); check(t, set, "") }
	bad := func(want string, set func(*Config)) { t.Helper(); check(t, set, want) }

	ok(func(*Config) {})
	for _, addr := range []string{":0", "localhost:80", "[::1]:8080", "0.0.0.0:65535"} {
		ok(func(c *Config) { c.Addr = addr })
	}
	for _, addr := range []string{"", "8080", "127.0.0.1", "h:http", "h:65536", "h:-1", "h:080", "http://h:80", "::1:80", "a b:80"} {
		bad("SIPAS_ADDR", func(c *Config) { c.Addr = addr })
	}
	for _, u := range []string{"https://a.vn", "https://a.vn/", "http://192.0.2.1:8080"} {
		ok(func(c *Config) { c.PublicURL = u })
	}
	for _, u := range []string{"a.vn", "//a.vn", "ftp://a.vn", "https://", "https://:80", "https://a.vn/x", "https://a.vn//", "https://a.vn/?",
		"https://a.vn?x=1", "https://a.vn#", "https://u:sesame@a.vn", "https://a.vn:x", "javascript:alert(1)", "https://khảo sát.vn", "https://\u202ekhảosát.vn"} {
		bad("SIPAS_PUBLIC_URL", func(c *Config) { c.PublicURL = u })
	}
	ok(func(c *Config) { c.TrustedProxies = []string{"10.0.0.0/8", "2001:db8::/32", "192.0.2.7", "::1"} })
	for _, p := range []string{"0.0.0.0/0", "::/0", "proxy", "10.0.0.0/33", ""} {
		bad("SIPAS_TRUSTED_PROXIES", func(c *Config) { c.TrustedProxies = []string{"10.0.0.0/8", p} })
	}
	// Everybody in several pieces, or nearly everybody, is everybody.
	ok(func(c *Config) {
		c.TrustedProxies = []string{"10.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "fe80::/10", "2001:db8::/32"}
	})
	for _, list := range [][]string{
		{"0.0.0.0/1", "128.0.0.0/1"}, {"::/1", "8000::/1"}, {"2000::/3"}, {"2000::/4", "3000::/4"},
		{"1.0.0.0/8", "2.0.0.0/7", "4.0.0.0/6", "8.0.0.0/5", "16.0.0.0/4", "32.0.0.0/3", "64.0.0.0/2", "128.0.0.0/1"},
		{"128.0.0.0/1"}, {"::ffff:0.0.0.0/97", "::ffff:128.0.0.0/97"},
	} {
		bad("SIPAS_TRUSTED_PROXIES", func(c *Config) { c.TrustedProxies = list })
	}
	for _, u := range []string{"sqlite:/var/lib/sipas.db", "sqlite::memory:", "postgres://u:p@h/d", "postgresql://h:1/d?sslmode=disable", "postgres:///d?host=/run/pg"} {
		ok(func(c *Config) { c.DatabaseURL = u })
	}
	for _, u := range []string{"", "sipas.db", "sqlite:", "mysql://u:sesame@h/d", "postgres://h", "postgres://u:sesame@h", "postgres:///d",
		"postgres://u:sesame%@h/d", "host=h password=sesame", "postgres:h"} {
		bad("SIPAS_DATABASE_URL", func(c *Config) { c.DatabaseURL = u })
	}
	for _, u := range []string{"", "redis://h", "rediss://:p@h:1/0", "unix:///s", "redis+cluster://h:1?addr=g:1", "rediss+cluster://h"} {
		ok(func(c *Config) { c.RedisURL = u })
	}
	for _, u := range []string{"h:6379", "http://h", "redis://", "unix://", "redis:sesame", "redis://u:sesame%@h"} {
		bad("SIPAS_REDIS_URL", func(c *Config) { c.RedisURL = u })
	}
	bad("SIPAS_INSTANCES", func(c *Config) { c.Instances = 0 })

	for name, field := range map[string]func(*Config) *string{
		"SIPAS_LIMIT_DEVICE":      func(c *Config) *string { return &c.LimitDevice },
		"SIPAS_LIMIT_KIOSK":       func(c *Config) *string { return &c.LimitKiosk },
		"SIPAS_LIMIT_NEW_DEVICES": func(c *Config) *string { return &c.LimitNewDevices },
		"SIPAS_LIMIT_NO_COOKIE":   func(c *Config) *string { return &c.LimitNoCookie },
		"SIPAS_LIMIT_ADDRESS":     func(c *Config) *string { return &c.LimitAddress },
		"SIPAS_LIMIT_POINT":       func(c *Config) *string { return &c.LimitPoint },
	} {
		for _, s := range []string{"1/1s", "600/1m", "1000000/1s", "1/8784h", "off"} {
			ok(func(c *Config) { *field(c) = s })
		}
		for _, s := range []string{"", "600", "0/1m", "-1/1m", "1/0s", "1/m", "x/1m", "OFF", "1000001/1s", "1/8785h", "1/1ns", "1/1m/1"} {
			bad(name, func(c *Config) { *field(c) = s })
		}
		for _, addr := range []string{":8080", "0.0.0.0:8080", "[::]:8080", "192.0.2.1:80", "localhost.evil.vn:80"} {
			bad(name, func(c *Config) { *field(c) = "off"; c.Addr = addr })
		}
		for _, addr := range []string{"127.0.0.1:1", "127.9.9.9:1", "localhost:1", "[::1]:1"} {
			ok(func(c *Config) { *field(c) = "off"; c.Addr = addr })
		}
	}

	ok(func(c *Config) { c.Secret = strings.Repeat("x", 32); c.SecretFile = "" })
	bad("SIPAS_SECRET", func(c *Config) { c.SecretFile = "" })
	bad("SIPAS_SECRET", func(c *Config) { c.Secret = "sesame" })
	ok(func(c *Config) { c.MetricsAddr = "127.0.0.1:9090"; c.MetricsToken = strings.Repeat("x", 16) })
	bad("SIPAS_METRICS_ADDR", func(c *Config) { c.MetricsAddr = "9090" })
	bad("SIPAS_METRICS_ADDR", func(c *Config) { c.MetricsAddr = c.Addr })
	bad("SIPAS_METRICS_TOKEN", func(c *Config) { c.MetricsToken = "sesame" })
	bad("SIPAS_LOG_LEVEL", func(c *Config) { c.LogLevel = "loud" })
	bad("SIPAS_LOG_FORMAT", func(c *Config) { c.LogFormat = "xml" })
	for _, zone := range []string{"", "Local", "Mars/Base", "../etc/passwd"} {
		bad("SIPAS_TZ", func(c *Config) { c.TZ = zone })
	}
	ok(func(c *Config) { c.TZ = "UTC" })
	ok(func(c *Config) { c.SmallCell = 3 })
	bad("SIPAS_SMALL_CELL", func(c *Config) { c.SmallCell = 2 })
	ok(func(c *Config) { c.Show = "daily" })
	bad("SIPAS_SHOW", func(c *Config) { c.Show = "hourly" })
	for _, days := range []string{"", "14/3", "31/3,30/6,30/9,31/12", "28/2, 14/8"} {
		ok(func(c *Config) { c.CutOffDays = days })
	}
	for _, days := range []string{"14", "13/3", "15/3", "31/6", "14/13", "14/3;14/6", "14/3,"} {
		bad("SIPAS_CUT_OFF_DAYS", func(c *Config) { c.CutOffDays = days })
	}
	bad("SIPAS_MIN_SAMPLE", func(c *Config) { c.SmallCell, c.MinSample = 5, 4 })
	bad("SIPAS_SHUTDOWN_TIMEOUT", func(c *Config) { c.ShutdownTimeout = -time.Second })
}

// check changes one thing of the defaults: then the one problem has this name, and says
// what to do without telling a secret.
func check(t *testing.T, set func(*Config), want string) {
	t.Helper()
	c := defaults(t)
	set(&c)
	err := c.Validate()
	switch {
	case want == "" && err != nil:
		t.Errorf("%v", err)
	case want == "" || err != nil && strings.HasPrefix(err.Error(), want+": ") && !strings.Contains(err.Error(), "\nSIPAS"):
		if err != nil && strings.Contains(err.Error(), "sesame") {
			t.Errorf("shows a secret: %v", err)
		}
	default:
		t.Errorf("want one problem of %s, got %v in %v", want, err, c)
	}
}

func TestValidateTellsEverything(t *testing.T) {
	t.Parallel()
	lines := strings.Split(Config{}.Validate().Error(), "\n")
	if len(lines) != 15 {
		t.Errorf("the empty configuration has %d problems:\n%s", len(lines), strings.Join(lines, "\n"))
	}
}
