package config

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // as in the program

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"
)

// parse reads a configuration as the command does.
func parse(t *testing.T, file File, args ...string) (Config, error) {
	t.Helper()
	var cli struct {
		Serve struct {
			Config `embed:""`
		} `cmd:""`
	}
	p, err := kong.New(&cli, kong.Writers(io.Discard, io.Discard), kong.Resolvers(kong.ResolverFunc(
		func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
			return file.Lookup(flag.Name, flag.Envs...), nil
		})))
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Parse(append([]string{"serve"}, args...))
	return cli.Serve.Config, err
}

func defaults(t *testing.T) Config {
	t.Helper()
	c, err := parse(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func writeFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "sipas.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	want := Config{
		Addr: "127.0.0.1:8080", DatabaseURL: "sqlite:sipas.db", Instances: 1,
		LimitDevice: "6/10m", LimitKiosk: "60/10m", LimitNewDevices: "300/10m", LimitNoCookie: "60/10m",
		LimitAddress: "600/1m", LimitPoint: "1200/1m",
		SecretFile: "sipas.key", LogLevel: "info", LogFormat: "text", Fonts: []string{"/usr/share/fonts"},
		TZ: "Asia/Ho_Chi_Minh", Show: "at-once", ShutdownTimeout: 20 * time.Second,
	}
	if diff := cmp.Diff(want, defaults(t), cmp.Transformer("fields", fields)); diff != "" {
		t.Error(diff)
	}
}

// fields is a copy that cmp prints as it is, without the redaction.
func fields(c Config) any {
	type plain Config
	return plain(c)
}

func TestPrecedence(t *testing.T) {
	t.Setenv("SIPAS_LIMIT_POINT", "2/1m")
	t.Setenv("SIPAS_LIMIT_ADDRESS", "2/1m")
	t.Setenv("SIPAS_TRUSTED_PROXIES", "10.0.0.0/8,192.0.2.7")
	t.Setenv("SIPAS_SMALL_CELL", "7")
	file, err := ReadFile(writeFile(t, `{"limit-device":"3/1m","limit-point":"3/1m","limit-address":"3/1m",
		"addr":"[::1]:0","small-cell":9,"min-sample":123456789,"shutdown-timeout":"5s","trusted-proxies":["203.0.113.0/24"]}`))
	if err != nil {
		t.Fatal(err)
	}
	c, err := parse(t, file, "--limit-address=1/1m")
	if err != nil {
		t.Fatal(err)
	}
	want := defaults(t)
	want.LimitAddress, want.LimitPoint, want.LimitDevice = "1/1m", "2/1m", "3/1m" // flag, environment, file
	want.Addr, want.SmallCell, want.MinSample, want.ShutdownTimeout = "[::1]:0", 7, 123456789, 5*time.Second
	if diff := cmp.Diff(want, c, cmp.Transformer("fields", fields)); diff != "" {
		t.Error(diff)
	}
	if len(c.TrustedProxies) != 2 {
		t.Errorf("proxies %q", c.TrustedProxies)
	}
}

func TestFileList(t *testing.T) {
	t.Parallel()
	file, err := ReadFile(writeFile(t, `{"trusted-proxies":["203.0.113.0/24","10.0.0.0/8"], "secret":null}`))
	if err != nil {
		t.Fatal(err)
	}
	c, err := parse(t, file)
	if err != nil || !cmp.Equal(c.TrustedProxies, []string{"203.0.113.0/24", "10.0.0.0/8"}) {
		t.Errorf("%q, %v", c.TrustedProxies, err)
	}
}

func TestFileWithByteOrderMark(t *testing.T) {
	t.Parallel()
	file, err := ReadFile(writeFile(t, "\ufeff{\"small-cell\":9}\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	if c, err := parse(t, file); err != nil || c.SmallCell != 9 {
		t.Errorf("%v, %v", c, err)
	}
}

func TestFileRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"databse-url":"sqlite:x"}`:  `"databse-url" is no setting`,
		`{"database_url":"sqlite:x"}`: "database-url",
		`[]`:                          "JSON object",
		``:                            "JSON object",
		`{"addr":"x"} {}`:             "after",
		`{"addr":`:                    "JSON object",
		"\xff\xfe{\x00}\x00":          "UTF-16",
	} {
		if _, err := ReadFile(writeFile(t, text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	if _, err := ReadFile(filepath.Join(t.TempDir(), "none.json")); err == nil {
		t.Error("a missing file was accepted")
	}
	for _, text := range []string{`{"small-cell":"five"}`, `{"small-cell":[1]}`, `{"shutdown-timeout":"soon"}`} {
		file, err := ReadFile(writeFile(t, text))
		if err != nil {
			t.Fatal(err)
		}
		if c, err := parse(t, file); err == nil {
			t.Errorf("%s gave %v", text, c)
		}
	}
}

// kong asks the Config itself, so the command need not call Validate again.
func TestCommandRefusesBadSettings(t *testing.T) {
	t.Parallel()
	_, err := parse(t, nil, "--addr=0.0.0.0:80", "--limit-point=off", "--tz=Mars/Base")
	if err == nil || !strings.Contains(err.Error(), "SIPAS_LIMIT_POINT") || !strings.Contains(err.Error(), "SIPAS_TZ") {
		t.Errorf("got %v", err)
	}
}

func TestBaseURL(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ public, addr, want string }{
		{"", "127.0.0.1:8080", "http://127.0.0.1:8080"},
		{"", ":80", "http://localhost:80"},
		{"", "0.0.0.0:80", "http://localhost:80"},
		{"", "[::]:80", "http://localhost:80"},
		{"", "[::1]:80", "http://[::1]:80"},
		{"https://a.vn/", ":80", "https://a.vn"},
		{"https://a.vn:444", ":80", "https://a.vn:444"},
		// As browsers write an origin, or the two would not compare.
		{"HTTPS://A.vn:443/", ":80", "https://a.vn"},
		{"http://a.vn:80", ":80", "http://a.vn"},
		{"http://a.vn:443", ":80", "http://a.vn:443"},
		{"https://[2001:DB8::1]:443", ":80", "https://[2001:db8::1]"},
		{"http://[2001:db8::1]:8080", ":80", "http://[2001:db8::1]:8080"},
		{"https://khảosát.vn", ":80", "https://xn--khost-0qa7344c.vn"},
		{"https://KHẢOSÁT.vn:8443/", ":80", "https://xn--khost-0qa7344c.vn:8443"},
		{"https://kha\u0309osa\u0301t.vn", ":80", "https://xn--khost-0qa7344c.vn"}, // NFD
		{"https://xn--khost-0qa7344c.vn", ":80", "https://xn--khost-0qa7344c.vn"},
		{"http://may_chu:8080", ":80", "http://may_chu:8080"},
	} {
		if got := (Config{PublicURL: x.public, Addr: x.addr}).BaseURL(); got != x.want {
			t.Errorf("%+v: %s", x, got)
		}
	}
}
