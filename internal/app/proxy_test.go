package app_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"sipas/internal/access"
	"sipas/internal/auth"
	"sipas/internal/testkit"
)

const (
	// publicHost is the name in docs/nginx.conf. The browser of the tests finds
	// it on this machine, and takes it for no part of this machine: over plain
	// http it does not say Sec-Fetch-Site.
	publicHost = "khaosat.example.vn"
	password   = "một cửa liên thông"
)

// shippedNginx is docs/nginx.conf for a test: other ports, and files of the test.
func shippedNginx(t *testing.T, plain, secure, app string) string {
	t.Helper()
	conf := string(readFile(t, "docs/nginx.conf"))
	for from, to := range map[string]string{
		"listen 80;": "listen " + plain + ";", "listen [::]:80;": "",
		"listen 443 ssl http2;": "listen " + secure + " ssl http2;", "listen [::]:443 ssl http2;": "",
		"server 127.0.0.1:8080;":                  "server " + app + ";",
		"/etc/nginx/tls/" + publicHost + ".crt;":  "DIR/crt;",
		"/etc/nginx/tls/" + publicHost + ".key;":  "DIR/key;",
		"/var/log/nginx/error.log":                "DIR/error.log",
		"https://" + publicHost + "$request_uri;": "https://" + publicHost + ":" + portOf(secure) + "$request_uri;",
		"worker_processes auto;":                  "worker_processes 1;",
		"worker_rlimit_nofile 16384;":             "",
	} {
		if !strings.Contains(conf, from) {
			t.Fatalf("docs/nginx.conf has no %q", from)
		}
		conf = strings.ReplaceAll(conf, from, to)
	}
	return conf
}

func portOf(address string) string {
	_, port, _ := net.SplitHostPort(address)
	return port
}

// ownNginx is a configuration of one location with some directives.
func ownNginx(listen, app, directives string) string {
	return "events {}\nhttp { server { listen " + listen + "; location / { proxy_pass http://" + app + "; " + directives + " } } }\n"
}

const withTLS = " ssl; ssl_certificate DIR/crt; ssl_certificate_key DIR/key"

// TestBehindNginx: a real Chromium sends an answer and signs in behind a real
// nginx, as docs/nginx.conf configures it, with nginx's default Host, with one
// that lost its port, and with the headers of a browser from before 2023, on
// plain http and on TLS. The log names the odd Host once and no good one.
func TestBehindNginx(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		scheme     string
		directives string // "" for docs/nginx.conf
		oddHost    bool
	}{
		"shipped":                             {"https", "", false},
		"shipped, as plain http":              {"http", "proxy_set_header Host $http_host; proxy_set_header X-Forwarded-For $remote_addr;", false},
		"default Host":                        {"http", " ", true},
		"default Host, TLS":                   {"https", " ", true},
		"default Host, TLS, old browser":      {"https", `proxy_set_header Sec-Fetch-Site "";`, true},
		"Host without port":                   {"http", "proxy_set_header Host $host;", true},
		"Host without port, TLS":              {"https", "proxy_set_header Host $host;", true},
		"Host without port, TLS, old browser": {"https", `proxy_set_header Host $host; proxy_set_header Sec-Fetch-Site "";`, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := "sqlite:" + filepath.Join(t.TempDir(), "sipas.db")
			migrated(t, url)
			hall := openHall(t, url)
			_, err := auth.New(hall.st.DB, auth.Options{Now: time.Now}).AddUser(t.Context(), testkit.Author(), auth.NewUser{
				Login: "quantri", Name: "Quản trị tỉnh", Role: access.Administrator, Password: password,
			})
			if err != nil {
				t.Fatal(err)
			}
			front := testkit.FreeAddress(t)
			public := c.scheme + "://" + publicHost + ":" + portOf(front)
			s := startServer(t, "SIPAS_DATABASE_URL="+url, "SIPAS_PUBLIC_URL="+public, "SIPAS_TRUSTED_PROXIES=127.0.0.1")
			app := strings.TrimPrefix(s.base, "http://")
			listen := front
			if c.scheme == "https" {
				listen += withTLS
			}
			conf, entry := ownNginx(listen, app, c.directives), public
			if c.directives == "" {
				plain := testkit.FreeAddress(t)
				conf = shippedNginx(t, plain, front, app)
				entry = "http://" + publicHost + ":" + portOf(plain) // from where it leads to TLS
			}
			certificate, key := testkit.Certificate(t, publicHost)
			testkit.Nginx(t, conf, front, map[string][]byte{"crt": certificate, "key": key})

			b := testkit.Browser(t, testkit.Phone)
			do := func(what string, tab context.Context, steps ...chromedp.Action[chromedp.Void]) {
				t.Helper()
				if err := chromedp.Do(tab, steps...); err != nil {
					t.Fatalf("%s: %v", what, err)
				}
			}
			// By the page's script, and as a plain form.
			for _, tab := range []context.Context{b, testkit.Browser(t, testkit.Phone.WithoutScript())} {
				do("answer", tab, chromedp.Navigate(entry+"/q/"+hall.code), chromedp.Click(chromedp.CSS(`[name="a.overall"][value="4"]`)),
					chromedp.Click(chromedp.CSS("form [type=submit]")), chromedp.WaitVisible(chromedp.CSS(".receipt dd")))
			}
			do("sign in", b, chromedp.Navigate(public+"/dang-nhap"),
				chromedp.SendKeys(chromedp.CSS("[name=login]"), "quantri"), chromedp.SendKeys(chromedp.CSS("[name=password]"), password),
				chromedp.Click(chromedp.CSS("main form [type=submit]")), chromedp.WaitVisible(chromedp.CSS(`form[action="/dang-xuat"]`)))
			at, err := chromedp.Run(b, chromedp.Evaluate[string](`location.href`))
			if err != nil || at != public+"/bat-dau" {
				t.Errorf("signed in at %s (%v)", at, err)
			}
			if counted, err := hall.st.Recount(t.Context(), false, nil); err != nil || counted.Responses != 2 {
				t.Errorf("%d responses were kept, want 2 (%v)", counted.Responses, err)
			}

			s.stop(t)
			named := regexp.MustCompile(`requests come with a Host.*`).FindAllString(s.log.String(), -1)
			if c.oddHost && (len(named) != 1 || !strings.Contains(named[0], "public="+public)) || !c.oddHost && len(named) != 0 {
				t.Errorf("the log names the Host in %q", named)
			}
		})
	}
}

// TestDoctorAsksThePublicAddress: it says what the proxy on the way makes of
// requests.
func TestDoctorAsksThePublicAddress(t *testing.T) {
	t.Parallel()
	const good = "proxy_set_header Host $http_host; proxy_set_header X-Forwarded-For $remote_addr;"
	for name, c := range map[string]struct {
		directives, trusted string
		want                []string // in its complaint
	}{
		"good":              {good, "127.0.0.1", nil},
		"default Host":      {"proxy_set_header X-Forwarded-For $remote_addr;", "127.0.0.1", []string{`arrive with the Host "127.0.0.1:`}},
		"Host without port": {"proxy_set_header Host $host; proxy_set_header X-Forwarded-For $remote_addr;", "127.0.0.1", []string{`arrive with the Host "127.0.0.1"`}},
		"nobody named":      {"proxy_set_header Host $http_host;", "127.0.0.1", []string{"does not say who sends"}},
		"proxy not trusted": {good, "192.0.2.7", []string{"SIPAS_TRUSTED_PROXIES"}},
		"all of it":         {" ", "127.0.0.1", []string{"arrive with the Host", "does not say who sends"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			front := testkit.FreeAddress(t)
			url := "sqlite:" + filepath.Join(t.TempDir(), "sipas.db")
			migrated(t, url)
			settings := []string{"SIPAS_DATABASE_URL=" + url, "SIPAS_PUBLIC_URL=http://" + front, "SIPAS_TRUSTED_PROXIES=" + c.trusted}
			s := startServer(t, settings...)
			testkit.Nginx(t, ownNginx(front, strings.TrimPrefix(s.base, "http://"), c.directives), front, nil)
			path, err := binary()
			if err != nil {
				t.Fatal(err)
			}
			doctor := exec.Command(path, "doctor", "--live", "public")
			doctor.Env = append(append(os.Environ(), settings...), "SIPAS_SECRET=0123456789abcdef0123456789abcdef")
			said, err := doctor.CombinedOutput()
			if (err == nil) != (c.want == nil) {
				t.Errorf("%v: %s", err, said)
			}
			for _, w := range c.want {
				if !strings.Contains(string(said), w) {
					t.Errorf("%q is missing in: %s", w, said)
				}
			}
		})
	}
}

// stop ends the program as systemd does, after which its log is whole.
func (s *server) stop(t *testing.T) {
	t.Helper()
	if err := s.command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := s.command.Wait(); err != nil {
		t.Error(fmt.Errorf("stopping: %w", err))
	}
}
