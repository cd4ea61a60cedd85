// Package config holds what an operator may set: flags, environment and file become one [Config].
//
// The struct tags are those of kong, which reads flags and environment; [File] is the
// optional JSON file. A flag beats the environment, which beats the file, which beats the
// default. Nothing that prints a Config shows a secret. Rates are kept as text, since only
// their form is checked here.
package config

import (
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/net/idna"
)

// Config is everything an operator may set. A Config is read once at start and not changed.
type Config struct {
	Addr           string   `name:"addr" env:"SIPAS_ADDR" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Address to listen on."`
	PublicURL      string   `name:"public-url" env:"SIPAS_PUBLIC_URL" placeholder:"URL" help:"Where citizens reach this server; QR codes point there (default http://ADDR)."`
	TrustedProxies []string `name:"trusted-proxies" env:"SIPAS_TRUSTED_PROXIES" placeholder:"CIDR,..." help:"Networks of the proxies whose X-Forwarded-For is believed (default none)."`

	DatabaseURL string `name:"database-url" env:"SIPAS_DATABASE_URL" default:"sqlite:sipas.db" placeholder:"URL" help:"sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME."`
	RedisURL    string `name:"redis-url" env:"SIPAS_REDIS_URL" placeholder:"URL" help:"Redis that instances share for rate limits: redis://, rediss://, unix://, redis+cluster:// or rediss+cluster:// (default: limit in this process)."`
	Instances   int    `name:"instances" env:"SIPAS_INSTANCES" default:"1" placeholder:"N" help:"How many servers share that Redis; without it each allows its part of every limit."`

	// Each limit is counted for every service point by itself.
	LimitDevice     string `name:"limit-device" env:"SIPAS_LIMIT_DEVICE" default:"6/10m" placeholder:"COUNT/PERIOD" help:"Submissions of one device."`
	LimitKiosk      string `name:"limit-kiosk" env:"SIPAS_LIMIT_KIOSK" default:"60/10m" placeholder:"COUNT/PERIOD" help:"Submissions of one device on which many people answer: a kiosk, or that of an interviewer."`
	LimitNewDevices string `name:"limit-new-devices" env:"SIPAS_LIMIT_NEW_DEVICES" default:"300/10m" placeholder:"COUNT/PERIOD" help:"Devices that come from one network address, which a whole hall may share."`
	LimitNoCookie   string `name:"limit-no-cookie" env:"SIPAS_LIMIT_NO_COOKIE" default:"60/10m" placeholder:"COUNT/PERIOD" help:"Submissions from one network address of devices that keep no cookie, together."`
	LimitAddress    string `name:"limit-address" env:"SIPAS_LIMIT_ADDRESS" default:"600/1m" placeholder:"COUNT/PERIOD" help:"Submissions from one network address."`
	LimitPoint      string `name:"limit-point" env:"SIPAS_LIMIT_POINT" default:"1200/1m" placeholder:"COUNT/PERIOD" help:"Valid submissions at one service point that has no limit of its own."`

	Secret     string `name:"secret" env:"SIPAS_SECRET" placeholder:"TEXT" help:"Key that signs device cookies, 32 characters or more; instead of --secret-file. With a new one devices are counted afresh, and nobody has to sign in again. Prefer the environment: other users of the machine can see flags."`
	SecretFile string `name:"secret-file" env:"SIPAS_SECRET_FILE" default:"sipas.key" placeholder:"PATH" help:"File with that key; made on the first start, readable by its owner only."`

	MetricsAddr  string `name:"metrics-addr" env:"SIPAS_METRICS_ADDR" placeholder:"HOST:PORT" help:"Serve /metrics on a listener of its own."`
	MetricsToken string `name:"metrics-token" env:"SIPAS_METRICS_TOKEN" placeholder:"TEXT" help:"Bearer token for /metrics, 16 characters or more. Without this and --metrics-addr there are no metrics."`
	LogLevel     string `name:"log-level" env:"SIPAS_LOG_LEVEL" default:"info" placeholder:"LEVEL" help:"debug, info, warn or error."`
	LogFormat    string `name:"log-format" env:"SIPAS_LOG_FORMAT" default:"text" placeholder:"FORMAT" help:"text or json."`

	Fonts []string `name:"fonts" env:"SIPAS_FONTS" default:"/usr/share/fonts" placeholder:"FOLDER,..." help:"Folders with fonts for what the built-in one cannot write, such as Khmer, in posters and paper forms."`

	TZ              string        `name:"tz" env:"SIPAS_TZ" default:"Asia/Ho_Chi_Minh" placeholder:"ZONE" help:"Time zone of civil days and reports."`
	SmallCell       int           `name:"small-cell" env:"SIPAS_SMALL_CELL" default:"0" placeholder:"K" help:"Answers are shown in groups of this many people or more; at least 3. It may be raised at any time (default: what the settings page keeps, else 5)."`
	Show            string        `name:"show" env:"SIPAS_SHOW" default:"at-once" placeholder:"WHEN" help:"When a group that is complete is shown: at-once or daily."`
	CutOffDays      string        `name:"cut-off-days" env:"SIPAS_CUT_OFF_DAYS" placeholder:"DAY/MONTH,..." help:"The last days of the quarters of reports, each the 14th or the last day of a month: what is in no group by then is put together in the next larger unit (default: what the settings page keeps, else 14/3,14/6,14/9,14/12)."`
	MinSample       int           `name:"min-sample" env:"SIPAS_MIN_SAMPLE" default:"0" placeholder:"N" help:"Fewer people than this never meet or miss a target (default: what the settings page keeps, else 30)."`
	ShutdownTimeout time.Duration `name:"shutdown-timeout" env:"SIPAS_SHUTDOWN_TIMEOUT" default:"20s" placeholder:"DURATION" help:"How long running requests may take to finish on shutdown."`
}

// BaseURL is PublicURL as browsers write its origin: without a trailing slash or the usual
// port, in small letters, a name beyond ASCII as xn--. Everything that prints or compares the
// address takes this one. Without a PublicURL it is http:// and the listening address, where a
// wildcard becomes localhost.
func (c Config) BaseURL() string {
	if c.PublicURL != "" {
		if u, err := url.Parse(c.PublicURL); err == nil {
			return origin(u)
		}
		return strings.TrimSuffix(c.PublicURL, "/") // refused by Validate
	}
	host, port, err := net.SplitHostPort(c.Addr)
	if ip := net.ParseIP(host); err == nil && (host == "" || ip.IsUnspecified()) {
		return "http://" + net.JoinHostPort("localhost", port)
	}
	return "http://" + c.Addr
}

func origin(u *url.URL) string {
	host, port := asciiHost(u.Hostname()), u.Port()
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if port != "" && port != UsualPort(u.Scheme) {
		host += ":" + port
	}
	return u.Scheme + "://" + host
}

// UsualPort is the port that browsers leave out of an address.
func UsualPort(scheme string) string {
	switch scheme {
	case "http":
		return "80"
	case "https":
		return "443"
	}
	return ""
}

// asciiHost is a host as it goes over the wire, "" for one that cannot: a name in Vietnamese
// becomes xn--, as in browsers (UTS 46).
func asciiHost(host string) string {
	if !strings.ContainsFunc(host, func(r rune) bool { return r > unicode.MaxASCII }) {
		return strings.ToLower(host)
	}
	name, err := idna.Lookup.ToASCII(host)
	if err != nil {
		return ""
	}
	return name
}

// Location is the time zone of TZ. The names of zones must be on the machine or in the
// program (time/tzdata).
func (c Config) Location() (*time.Location, error) { return time.LoadLocation(c.TZ) }

// Given are the settings that the settings page keeps too, as far as the operator has given
// them, by the names of their flags: then they go before what the page keeps.
func (c Config) Given() map[string]string {
	given := map[string]string{}
	for name, value := range map[string]string{"small-cell": number(c.SmallCell), "min-sample": number(c.MinSample), "cut-off-days": c.CutOffDays} {
		if value != "" {
			given[name] = value
		}
	}
	return given
}

// number is a number that was given, "" for 0.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// Loopback says that only this machine can reach the listening address.
func (c Config) Loopback() bool {
	host, _, err := net.SplitHostPort(c.Addr)
	return err == nil && (host == "localhost" || net.ParseIP(host).IsLoopback())
}
