package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// printed is a Config through everything that prints.
func printed(t rapid.TB, c Config) string {
	t.Helper()
	asJSON, err := json.Marshal(map[string]any{"v": c, "p": &c})
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	for _, h := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
		slog.New(h).Info("start", "config", c, "pointer", &c, "any", slog.AnyValue(struct{ C Config }{c}))
	}
	return fmt.Sprintf("%v %+v %#v %s %q %d %x %v %+v %#v %+v", c, c, c, c, c, c, c, &c, []Config{c}, struct{ C Config }{c}, map[string]Config{"c": c}) +
		c.String() + c.GoString() + string(asJSON) + log.String()
}

func TestSecretsAreNeverPrinted(t *testing.T) {
	t.Parallel()
	c := defaults(t)
	c.Secret = "open-sesame-1-open-sesame-1-open-sesame"
	c.MetricsToken = "open-sesame-2-open-sesame"
	c.DatabaseURL = "postgres://hoa:sesame-3@db.example.vn:5432/sipas?sslpassword=sesame-4&sslmode=require"
	c.RedisURL = "rediss://:sesame-5@cache.example.vn:6380/2?password=sesame-6"
	text := printed(t, c)
	if strings.Contains(text, "sesame") || strings.Contains(text, fmt.Sprintf("%x", "sesame")) {
		t.Errorf("a secret is printed:\n%s", text)
	}
	for _, useful := range []string{"db.example.vn:5432/sipas", "cache.example.vn:6380/2", "1200/1m", "Asia/Ho_Chi_Minh"} {
		if !strings.Contains(c.String(), useful) {
			t.Errorf("%q is missing in %s", useful, c)
		}
	}
	if !strings.Contains(fmt.Sprintf("%#v", c), "config.Config{") {
		t.Error("GoString is not used")
	}
}

func TestRedactURL(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                              "",
		"sqlite:/var/lib/sipas.db":      "sqlite:/var/lib/sipas.db",
		"sqlite:a.db?_key=sesame":       "sqlite:a.db",
		"postgres://u:sesame@h:1/d?x=y": "postgres://hidden@h:1/d",
		"redis://sesame@h":              "redis://hidden@h",
		"redis+cluster://h:1?addr=h:2":  "redis+cluster://h:1",
		"unix:///run/redis.sock":        "unix:///run/redis.sock",
		"host=h password=sesame":        hidden,
		"u:sesame@h/d":                  hidden,
		"postgres:u:sesame@h":           hidden,
		"postgres://u:12#sesame@h/d":    hidden,
		"postgres://u:12?sesame@h/d":    hidden,
		"postgres://u:12/sesame@h/d":    hidden,
		"postgres://u:%zz@h/d":          hidden,
		"postgres://u:sesame@evil@h/d":  "postgres://hidden@h/d",
		"http://127.0.0.1:8080":         "http://127.0.0.1:8080",
		"http://\x00":                   hidden,
	} {
		if got := redactURL(in); got != want {
			t.Errorf("redactURL(%q) = %q, want %q", in, got, want)
		}
	}
}

// A password that nobody has escaped shows in no part either.
func TestNoPasswordIsEverPrinted(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		password := rapid.StringMatching(`[0-9#?/@:%&=+ \[\]\\;]{1,12}`).Draw(t, "password") + "7"
		scheme := rapid.SampledFrom([]string{"postgres", "redis", "redis+cluster", "unix", "mysql"}).Draw(t, "scheme")
		address := scheme + "://user:" + password + "@host/name"
		if got := redactURL(address); strings.ContainsAny(got, "0123456789") {
			t.Errorf("%q shows as %q", address, got)
		}
		c := Config{DatabaseURL: address, RedisURL: address, PublicURL: address}
		if err := c.Validate(); err != nil && len(password) > 6 && strings.Contains(err.Error(), password) {
			t.Errorf("a problem shows the password: %v", err)
		}
	})
}
