package config

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
)

const hidden = "[hidden]"

// String lists the settings that are given, without secrets.
func (c Config) String() string {
	var b strings.Builder
	for _, a := range c.attrs() {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		fmt.Fprintf(&b, "%s=%q", a.Key, a.Value.String())
	}
	return b.String()
}

// GoString is String, so that %#v shows no secrets either.
func (c Config) GoString() string { return "config.Config{" + c.String() + "}" }

// Format prints String for every other verb too: fmt would walk the fields for some.
func (c Config) Format(f fmt.State, verb rune) {
	if verb == 'v' && f.Flag('#') {
		fmt.Fprint(f, c.GoString())
		return
	}
	fmt.Fprint(f, c.String())
}

// LogValue implements slog.LogValuer, without secrets.
func (c Config) LogValue() slog.Value { return slog.GroupValue(c.attrs()...) }

// MarshalJSON writes the settings by the names of their flags, without secrets. It is for
// reading, not for making a file.
func (c Config) MarshalJSON() ([]byte, error) {
	m := map[string]any{}
	for _, a := range c.attrs() {
		m[a.Key] = a.Value.String()
	}
	return json.Marshal(m)
}

func (c Config) attrs() []slog.Attr {
	return []slog.Attr{
		slog.String("addr", c.Addr),
		slog.String("public-url", redactURL(c.BaseURL())),
		slog.String("trusted-proxies", strings.Join(c.TrustedProxies, ",")),
		slog.String("database-url", redactURL(c.DatabaseURL)),
		slog.String("redis-url", redactURL(c.RedisURL)),
		slog.Int("instances", c.Instances),
		slog.String("limit-device", c.LimitDevice),
		slog.String("limit-kiosk", c.LimitKiosk),
		slog.String("limit-new-devices", c.LimitNewDevices),
		slog.String("limit-no-cookie", c.LimitNoCookie),
		slog.String("limit-address", c.LimitAddress),
		slog.String("limit-point", c.LimitPoint),
		slog.String("secret", redact(c.Secret)),
		slog.String("secret-file", c.SecretFile),
		slog.String("metrics-addr", c.MetricsAddr),
		slog.String("metrics-token", redact(c.MetricsToken)),
		slog.String("log-level", c.LogLevel),
		slog.String("log-format", c.LogFormat),
		slog.String("fonts", strings.Join(c.Fonts, ",")),
		slog.String("tz", c.TZ),
		slog.String("small-cell", number(c.SmallCell)),
		slog.String("show", c.Show),
		slog.String("cut-off-days", c.CutOffDays),
		slog.String("min-sample", number(c.MinSample)),
		slog.Duration("shutdown-timeout", c.ShutdownTimeout),
	}
}

func redact(s string) string {
	if s == "" {
		return ""
	}
	return hidden
}

// redactURL leaves scheme, host and path. An unescaped special character in a password
// moves part of it into the host, path, query or fragment of a parsed URL; such an address
// is hidden as a whole.
func redactURL(s string) string {
	if s == "" {
		return ""
	}
	if path, found := strings.CutPrefix(s, "sqlite:"); found {
		path, _, _ = strings.Cut(path, "?") // what follows may hold a key
		return "sqlite:" + path
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme == "" || u.Opaque != "" || u.Host+u.Path == "" ||
		strings.Contains(s, "#") || strings.Contains(u.Path+u.RawQuery, "@") {
		return hidden
	}
	shown := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}
	if u.User != nil {
		shown.User = url.User("hidden")
	}
	return shown.String()
}
