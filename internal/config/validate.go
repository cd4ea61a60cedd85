package config

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"sipas/internal/civil"
)

// When groups that are complete are shown.
const (
	ShowAtOnce = "at-once"
	ShowDaily  = "daily"
)

const (
	minSecret       = 32
	minMetricsToken = 16
	minSmallCell    = 3
)

// Validate returns every problem, one a line, each with the name of the setting and what to
// do; errors.Join made it. No line shows a secret.
func (c Config) Validate() error {
	untidy := c.untidy()
	about := func(setting string, err error) error {
		if first, found := untidy[setting]; found {
			delete(untidy, setting)
			err = first
		}
		return about(setting, err)
	}
	all := []error{
		about("SIPAS_ADDR", listen(c.Addr)),
		about("SIPAS_PUBLIC_URL", publicURL(c.PublicURL)),
		about("SIPAS_TRUSTED_PROXIES", c.proxies()),
		about("SIPAS_DATABASE_URL", databaseURL(c.DatabaseURL)),
		about("SIPAS_REDIS_URL", redisURL(c.RedisURL)),
		about("SIPAS_INSTANCES", atLeast(c.Instances, 1)),
		about("SIPAS_LIMIT_DEVICE", c.limit(c.LimitDevice)),
		about("SIPAS_LIMIT_KIOSK", c.limit(c.LimitKiosk)),
		about("SIPAS_LIMIT_NEW_DEVICES", c.limit(c.LimitNewDevices)),
		about("SIPAS_LIMIT_NO_COOKIE", c.limit(c.LimitNoCookie)),
		about("SIPAS_LIMIT_ADDRESS", c.limit(c.LimitAddress)),
		about("SIPAS_LIMIT_POINT", c.limit(c.LimitPoint)),
		about("SIPAS_SECRET", c.secret()),
		about("SIPAS_METRICS_ADDR", metricsAddr(c.MetricsAddr, c.Addr)),
		about("SIPAS_METRICS_TOKEN", metricsToken(c.MetricsToken)),
		about("SIPAS_LOG_LEVEL", oneOf(c.LogLevel, "debug", "info", "warn", "error")),
		about("SIPAS_LOG_FORMAT", oneOf(c.LogFormat, "text", "json")),
		about("SIPAS_TZ", c.zone()),
		about("SIPAS_SMALL_CELL", given(c.SmallCell, minSmallCell)),
		about("SIPAS_SHOW", oneOf(c.Show, ShowAtOnce, ShowDaily)),
		about("SIPAS_CUT_OFF_DAYS", cutOffDays(c.CutOffDays)),
		about("SIPAS_MIN_SAMPLE", given(c.MinSample, max(1, c.SmallCell))),
		about("SIPAS_SHUTDOWN_TIMEOUT", positive(c.ShutdownTimeout)),
	}
	for _, setting := range slices.Sorted(maps.Keys(untidy)) {
		all = append(all, about(setting, nil))
	}
	return errors.Join(all...)
}

// Check says what is wrong with one setting, by the name of its flag, for commands that take
// it without all the others: nil for those that cannot be judged alone, and for what is no
// setting.
func Check(flag, value string) error {
	for field := range reflect.TypeFor[Config]().Fields() {
		if err := tidy(field, value); err != nil && field.Tag.Get("name") == flag {
			return about(field.Tag.Get("env"), err)
		}
	}
	switch flag {
	case "addr":
		return about("SIPAS_ADDR", listen(value))
	case "public-url":
		return about("SIPAS_PUBLIC_URL", publicURL(value))
	case "database-url":
		return about("SIPAS_DATABASE_URL", databaseURL(value))
	case "tz":
		return about("SIPAS_TZ", Config{TZ: value}.zone())
	case "small-cell":
		n, _ := strconv.Atoi(value) // kong has read it
		return about("SIPAS_SMALL_CELL", given(n, minSmallCell))
	case "show":
		return about("SIPAS_SHOW", oneOf(value, ShowAtOnce, ShowDaily))
	case "cut-off-days":
		return about("SIPAS_CUT_OFF_DAYS", cutOffDays(value))
	}
	return nil
}

func about(setting string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", setting, err)
}

func listen(addr string) error {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("%q is no address; give HOST:PORT such as 127.0.0.1:8080", addr)
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || strconv.FormatUint(n, 10) != port {
		return fmt.Errorf("%q has no port of 0 to 65535; give HOST:PORT such as 127.0.0.1:8080", addr)
	}
	if strings.ContainsAny(host, "/@ ") {
		return fmt.Errorf("%q is no address; give a host name or IP address without http://", addr)
	}
	return nil
}

func publicURL(s string) error {
	if s == "" {
		return nil
	}
	u, err := url.Parse(s)
	switch {
	case err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "":
		return errors.New("give the whole address, such as https://khaosat.example.vn")
	case asciiHost(u.Hostname()) == "":
		return fmt.Errorf("%q is no name of a host; give the address as browsers show it, such as https://khaosat.example.vn", u.Hostname())
	case u.User != nil:
		return errors.New("leave the user name and password out: this address is printed on posters")
	case u.Path != "" && u.Path != "/":
		return fmt.Errorf("remove the path %q: QR codes point to /q/CODE right below the host", u.Path)
	case u.RawQuery != "" || u.ForceQuery || strings.Contains(s, "#"):
		return errors.New("remove everything after the host: no ? and no #")
	}
	return nil
}

func databaseURL(s string) error {
	scheme, rest, _ := strings.Cut(s, ":")
	switch scheme {
	case "sqlite":
		if strings.Trim(rest, "/") == "" {
			return errors.New("name the file: sqlite:sipas.db")
		}
		return nil
	case "postgres", "postgresql":
		u, err := url.Parse(s)
		if err != nil || (u.Host == "" && u.Query().Get("host") == "") || strings.Trim(u.Path, "/") == "" {
			return errors.New("give postgres://USER:PASSWORD@HOST:PORT/NAME; write special characters of the password as %XX")
		}
		return nil
	}
	return errors.New("unknown kind of database; give sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/NAME")
}

func redisURL(s string) error {
	if s == "" {
		return nil
	}
	u, err := url.Parse(s)
	if err != nil {
		return errors.New("not readable as an address; write special characters of the password as %XX")
	}
	switch u.Scheme {
	case "redis", "rediss", "redis+cluster", "rediss+cluster":
		if u.Hostname() != "" {
			return nil
		}
	case "unix":
		if u.Path != "" {
			return nil
		}
	}
	return errors.New("give redis://HOST:6379/0, rediss:// for TLS, unix:///PATH, or redis+cluster://HOST:PORT?addr=HOST:PORT; leave it empty to limit in this process")
}

// limit checks the form that limit.ParseRate reads.
func (c Config) limit(s string) error {
	if s == "off" {
		if !c.Loopback() {
			return errors.New("off is for measuring on this machine only; give a limit such as 600/1m, or listen on 127.0.0.1")
		}
		return nil
	}
	count, per, _ := strings.Cut(s, "/")
	n, errCount := strconv.Atoi(count)
	d, errPer := time.ParseDuration(per)
	switch {
	case errCount != nil || errPer != nil || n < 1 || d <= 0:
		return fmt.Errorf("%q is no limit; give COUNT/PERIOD such as 600/1m or 60/10m", s)
	case d%time.Microsecond != 0 || d > 366*24*time.Hour || int64(n) > d.Microseconds():
		return fmt.Errorf("%q is out of range; the period may be up to 8784h and the count up to 1000000 a second", s)
	}
	return nil
}

func (c Config) secret() error {
	switch {
	case c.Secret == "" && c.SecretFile == "":
		return errors.New("give a secret, or a file for it with SIPAS_SECRET_FILE")
	case c.Secret != "" && len(c.Secret) < minSecret:
		return fmt.Errorf("too short; give %d characters or more, for example from: openssl rand -hex 32", minSecret)
	}
	return nil
}

func metricsAddr(addr, main string) error {
	if addr == "" {
		return nil
	}
	if addr == main && !strings.HasSuffix(addr, ":0") {
		return errors.New("is SIPAS_ADDR; give another port, or only SIPAS_METRICS_TOKEN to serve /metrics there")
	}
	return listen(addr)
}

func metricsToken(s string) error {
	if s != "" && len(s) < minMetricsToken {
		return fmt.Errorf("too short; give %d characters or more", minMetricsToken)
	}
	return nil
}

func (c Config) zone() error {
	if c.TZ == "" || c.TZ == "Local" { // would mean whatever the machine is set to
		return errors.New("name a time zone, such as Asia/Ho_Chi_Minh")
	}
	if _, err := c.Location(); err != nil {
		return fmt.Errorf("%q is not known; give a name such as Asia/Ho_Chi_Minh", c.TZ)
	}
	return nil
}

// cutOffDays of nothing are those that are kept.
func cutOffDays(s string) error {
	if s == "" {
		return nil
	}
	_, err := civil.ParseCutOffs(s)
	return err
}

func atLeast(n, least int) error {
	if n < least {
		return fmt.Errorf("%d is too small; give %d or more", n, least)
	}
	return nil
}

// given is atLeast of a number that is kept where none, 0, is given.
func given(n, least int) error {
	if n == 0 {
		return nil
	}
	return atLeast(n, least)
}

func oneOf(s string, choices ...string) error {
	if !slices.Contains(choices, s) {
		return fmt.Errorf("%q is unknown; give one of %s", s, strings.Join(choices, ", "))
	}
	return nil
}

func positive(d time.Duration) error {
	if d <= 0 {
		return fmt.Errorf("%s is no time to wait; give a duration such as 20s", d)
	}
	return nil
}
