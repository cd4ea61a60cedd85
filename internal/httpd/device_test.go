package httpd_test

import (
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"sipas/internal/access"
	"sipas/internal/auth"
	"sipas/internal/config"
	"sipas/internal/httpd"
	"sipas/internal/limit"
	"sipas/internal/sender"
	"sipas/internal/testkit"
)

func mustRate(s string) limit.Rate {
	r, err := limit.ParseRate(s)
	if err != nil {
		panic(err) // a mistake in a test's own table
	}
	return r
}

// limits sets three rates; all others are off.
func limits(device, point, address string) func(*httpd.Deps) {
	return func(d *httpd.Deps) {
		d.Limits = sender.Rates{Device: mustRate(device), Point: mustRate(point), Address: mustRate(address)}
	}
}

// eachLimiter runs a test with the limiter in this process and with a Redis for
// each server.
func eachLimiter(t *testing.T, test func(t *testing.T, limiter func(*httpd.Deps))) {
	t.Helper()
	t.Run("memory", func(t *testing.T) {
		t.Parallel()
		test(t, func(*httpd.Deps) {})
	})
	t.Run("redis", func(t *testing.T) {
		t.Parallel()
		test(t, func(d *httpd.Deps) {
			shared, err := limit.NewRedis(testkit.OwnRedis(t).URL() + "?dial_timeout=30s&read_timeout=30s&write_timeout=30s")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := shared.Close(); err != nil {
					t.Error(err)
				}
			})
			d.Limiter = shared
		})
	})
}

// shipped are the limits of somebody who sets none.
func shipped(t *testing.T) func(*httpd.Deps) {
	t.Helper()
	rate := func(field string) limit.Rate {
		f, ok := reflect.TypeFor[config.Config]().FieldByName(field)
		if !ok {
			t.Fatalf("config.Config has no %s", field)
		}
		return mustRate(f.Tag.Get("default"))
	}
	rates := sender.Rates{
		Device: rate("LimitDevice"), Kiosk: rate("LimitKiosk"), NewDevices: rate("LimitNewDevices"), NoCookie: rate("LimitNoCookie"),
		Address: rate("LimitAddress"), Point: rate("LimitPoint"), SignIn: sender.ShippedSignIn(),
	}
	return func(d *httpd.Deps) { d.Limits = rates }
}

// steady keeps used up what is, however long the test takes: on Redis limits go by
// its clock.
func steady(d *httpd.Deps) {
	l := &d.Limits
	for _, rate := range []*limit.Rate{&l.Device, &l.Kiosk, &l.NewDevices, &l.NoCookie, &l.Address, &l.Point} {
		rate.Per = 24 * time.Hour
	}
}

// TestAFullHallPassesAndOneDeviceDoesNot: 200 people in the same moment at one
// address, and then one who sends 200 times. A device must not get further
// with headers that name other addresses.
func TestAFullHallPassesAndOneDeviceDoesNot(t *testing.T) {
	t.Parallel()
	eachLimiter(t, func(t *testing.T, limiter func(*httpd.Deps)) {
		testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
			h := newHarness(t, st, limiter, shipped(t))
			for person := range 200 {
				client := h.client()
				form := h.openForm(client, codeLand)
				form.Set("a.overall", "4")
				if r := h.post(client, "/q/"+codeLand, form); r.status != http.StatusSeeOther {
					t.Fatalf("person %d behind the same address: status %d\n%s", person, r.status, r.body)
				}
			}
			client, passed, began := h.client(), 0, time.Now()
			for i := range 200 {
				form := h.openForm(client, codeLand)
				form.Set("a.overall", "3")
				form.Set("a.comment", "Tôi đã chờ hai giờ")
				r := h.post(client, "/q/"+codeLand, form, forwardingHeaders[i%len(forwardingHeaders)], fmt.Sprintf("198.51.100.%d", i))
				if r.status == http.StatusSeeOther {
					passed++
					continue
				}
				r.check(t, "one device", http.StatusTooManyRequests, []string{
					`value="3" checked`, "Tôi đã chờ hai giờ", form.Get("submission"), "Gửi đánh giá",
				}, []string{"127.0.0.1"})
				if seconds, err := strconv.Atoi(r.header.Get("Retry-After")); err != nil || seconds < 1 {
					t.Errorf("Retry-After %q", r.header.Get("Retry-After"))
				}
			}
			device := h.deps.Limits.Device
			most := device.Count + int(time.Since(began)*time.Duration(device.Count)/device.Per) // Redis has a clock that goes
			if passed < device.Count || passed > most {
				t.Errorf("one device passed %d times, want %d to %d", passed, device.Count, most)
			}
			if got := h.responses(); got != int64(200+passed) {
				t.Errorf("%d responses, want %d", got, 200+passed)
			}
		})
	})
}

func TestTheLimitPassesWithTime(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t), limits("1/1h", "off", "off"))
	client := h.client()
	form := h.openForm(client, codeLand)
	form.Set("a.overall", "4")
	h.post(client, "/q/"+codeLand, form).check(t, "first", http.StatusSeeOther, nil, nil)
	// Sending again what was taken costs a turn too, whatever way it comes.
	refused := h.post(client, "/q/"+codeLand, form, "Accept", "application/json")
	refused.check(t, "at once", http.StatusTooManyRequests, []string{`"status":429`}, nil)
	seconds, err := strconv.Atoi(refused.header.Get("Retry-After"))
	if err != nil {
		t.Fatal(err)
	}
	h.clock.Advance(time.Duration(seconds) * time.Second)
	h.post(client, "/q/"+codeLand, form).check(t, "when it was said", http.StatusSeeOther, nil, nil)
	if got := h.responses(); got != 1 {
		t.Errorf("%d responses, want 1", got)
	}
}

var forwardingHeaders = []string{"X-Forwarded-For", "X-Real-IP", "CF-Connecting-IP", "Forwarded", "True-Client-IP", "X-Client-IP", "X-Appengine-Remote-Addr"}

// TestForwardingHeadersAreNotBelieved sends what programs send that want to
// look like many people.
func TestForwardingHeadersAreNotBelieved(t *testing.T) {
	t.Parallel()
	values := []string{
		"198.51.100.%d", "198.51.100.%d, 127.0.0.1", "198.51.100.%d:4711", "2001:db8::%d", "for=198.51.100.%d", "rubbish %d",
	}
	for _, header := range forwardingHeaders {
		t.Run(header, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t, testkit.SQLite(t), limits("off", "off", "3/1h"))
			for i, value := range values {
				form := h.openForm(h.client(), codeLand)
				form.Set("a.overall", "4")
				want := http.StatusSeeOther
				if i >= 3 {
					want = http.StatusTooManyRequests
				}
				h.post(h.client(), "/q/"+codeLand, form, header, fmt.Sprintf(value, i)).check(t, value, want, nil, nil)
			}
		})
	}
}

func TestATrustedProxySaysWhoAsks(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t), limits("off", "off", "2/1h"), trusting("127.0.0.1/32"))
	for _, c := range []struct {
		forwarded string
		want      int
	}{
		{"2001:db8:1:1::1", http.StatusSeeOther},
		{"2001:db8:1:1:ffff::2", http.StatusSeeOther},
		{"2001:db8:1:1:abcd:1:2:3", http.StatusTooManyRequests}, // another address of the same subscriber
		{"2001:db8:1:2::1", http.StatusSeeOther},
		{"203.0.113.7", http.StatusSeeOther},
		{"::ffff:203.0.113.7", http.StatusSeeOther},
		{"203.0.113.7", http.StatusTooManyRequests},
		{"198.51.100.1, 203.0.113.7", http.StatusTooManyRequests}, // the proxy's own word counts, not what it was told
	} {
		form := h.openForm(h.client(), codeLand)
		form.Set("a.overall", "4")
		h.post(h.client(), "/q/"+codeLand, form, "X-Forwarded-For", c.forwarded).check(t, c.forwarded, c.want, nil, nil)
	}
}

// TestATrustedProxyIsBelievedByOneHeaderOnly: what it passes on of the client's
// own words makes nobody look like many people. Where it says nothing that can
// be read, those behind it are not taken for one person.
func TestATrustedProxyIsBelievedByOneHeaderOnly(t *testing.T) {
	t.Parallel()
	for forwarded, most := range map[string]int{"": 8, "unknown": 8, "203.0.113.9:4711": 2, "203.0.113.9": 2} {
		t.Run("says "+forwarded, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t, testkit.SQLite(t), limits("off", "off", "2/1h"), trusting("127.0.0.1/32"))
			for i := range most + 2 {
				form := h.openForm(h.client(), codeLand)
				form.Set("a.overall", "4")
				want := http.StatusSeeOther
				if i >= most {
					want = http.StatusTooManyRequests
				}
				headers := []string{"X-Real-IP", fmt.Sprintf("198.51.100.%d", i), "CF-Connecting-IP", fmt.Sprintf("198.51.100.%d", i)}
				if forwarded != "" {
					headers = append(headers, "X-Forwarded-For", forwarded)
				}
				h.post(h.client(), "/q/"+codeLand, form, headers...).check(t, forwarded, want, nil, nil)
			}
		})
	}
}

// trusting believes the proxies of some networks.
func trusting(networks ...string) func(*httpd.Deps) {
	return func(d *httpd.Deps) {
		for _, n := range networks {
			d.TrustedProxies = append(d.TrustedProxies, netip.MustParsePrefix(n))
		}
	}
}

func TestDeviceCookie(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t), limits("1/1h", "off", "off"))
	set := h.get(h.client(), "/q/"+codeLand).header.Get("Set-Cookie")
	cookie, err := http.ParseSetCookie(set)
	if err != nil {
		t.Fatal(err)
	}
	if cookie.Name != sender.DeviceCookie || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" || cookie.Secure || cookie.MaxAge != sender.DeviceAge {
		t.Errorf("cookie %s", set)
	}
	if again := h.get(h.client(), "/q/"+codeLand, "Cookie", cookie.Name+"="+cookie.Value).header.Get("Set-Cookie"); again != "" {
		t.Errorf("a device that is known got another cookie: %s", again)
	}
	send := func(value string) int {
		form := h.openForm(h.client(), codeLand)
		form.Set("a.overall", "4")
		return h.post(h.client(), "/q/"+codeLand, form, "Cookie", sender.DeviceCookie+"="+value).status
	}
	if first, second := send(cookie.Value), send(cookie.Value); first != http.StatusSeeOther || second != http.StatusTooManyRequests {
		t.Errorf("the same device twice: %d, %d", first, second)
	}
	// What we did not sign is no device: it is given a real cookie on its next
	// visit, and has no bucket of its own until then.
	for _, forged := range []string{"", "x", "x.y", cookie.Value + "A", "A" + cookie.Value, "."} {
		if again := h.get(h.client(), "/q/"+codeLand, "Cookie", sender.DeviceCookie+"="+forged).header.Get("Set-Cookie"); again == "" {
			t.Errorf("the forged cookie %q was taken for a device", forged)
		}
	}
}

// TestCookiesAreSecureBehindHTTPS: no other site of the domain and nobody on
// plain http can set them, and what they set under the plain names is not read.
func TestCookiesAreSecureBehindHTTPS(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	h := newHarness(t, st, behindHTTPS(st))
	const hsts = "Strict-Transport-Security"
	seen := map[string]string{}
	remember := func(path string, r reply) {
		t.Helper()
		if r.header.Get(hsts) != "max-age=31536000" {
			t.Errorf("%s: %s is %q", path, hsts, r.header.Get(hsts))
		}
		for _, set := range r.header.Values("Set-Cookie") {
			cookie, err := http.ParseSetCookie(set)
			if err != nil || !cookie.Secure || !cookie.HttpOnly || cookie.Path != "/" || cookie.Domain != "" || !strings.HasPrefix(cookie.Name, "__Host-") {
				t.Errorf("%s: cookie %s (%v)", path, set, err)
				continue
			}
			seen[cookie.Name] = cookie.Value
		}
	}
	for _, path := range []string{"/q/" + codeLand, "/", "/dang-nhap", "/cong-khai"} {
		remember(path, h.get(h.client(), path+"?lang=en"))
	}
	login := url.Values{"login": {h.account(access.Viewer, 0)}, "password": {goodPassword}}
	remember("/dang-nhap", h.post(h.client(), "/dang-nhap", login))
	for _, name := range []string{sender.DeviceCookie, httpd.LanguageCookie, auth.Cookie, "sipas_b"} {
		value, set := seen["__Host-"+name]
		if !set {
			t.Errorf("there is no cookie for %s in %v", name, seen)
		}
		r := h.get(h.client(), "/bang", "Cookie", name+"="+value)
		if r.status != http.StatusSeeOther {
			t.Errorf("the plain cookie %s signs in: %d", name, r.status)
		}
	}
	h.get(h.client(), "/bang", "Cookie", auth.SecureCookie+"="+seen[auth.SecureCookie]).check(t, "signed in", http.StatusOK, nil, nil)
	h.get(h.client(), "/", "Cookie", httpd.LanguageCookie+"=en").check(t, "a language somebody else set", http.StatusOK, []string{`lang="vi"`}, nil)

	plain := newHarness(t, testkit.SQLite(t))
	if got := plain.get(plain.client(), "/").header.Get(hsts); got != "" {
		t.Errorf("over plain http: %s %q", hsts, got)
	}
}

func behindHTTPS(st *testkit.Place) func(*httpd.Deps) {
	return func(d *httpd.Deps) {
		public := *d.PublicURL
		public.Scheme = "https"
		d.PublicURL = &public
		d.Auth = auth.New(st.DB, auth.Options{Now: d.Now, SecureCookies: true})
	}
}

// TestMadeUpNamesAreNotKept: methods and keys that a stranger makes up grow
// neither the metrics nor the log.
func TestMadeUpNamesAreNotKept(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	routes := map[string]bool{}
	h := newHarness(t, testkit.SQLite(t), func(d *httpd.Deps) {
		d.Observe = func(route string, _ int, _ time.Duration) {
			mu.Lock()
			defer mu.Unlock()
			routes[route] = true
		}
	})
	for i := range 20 {
		h.do(h.client(), fmt.Sprintf("MADEUP%d", i), "/nowhere", nil)
	}
	if len(routes) != 1 || strings.Contains(h.log.String(), "MADEUP") {
		t.Errorf("routes %v", routes)
	}
	private := "Nguyen Van A 0912345678 noi xau can bo " + strings.Repeat("Z", 10_000)
	body := `{"version":"quay-nhanh.1","language":"vi","answers":{"overall":4,"` + private + `":1},"` + private + `":2}`
	r := h.send(h.client(), codeLand, h.newKey(), body)
	r.check(t, "a text as a key", http.StatusUnprocessableEntity, nil, []string{"ZZZ"})
	if strings.Contains(h.log.String(), "0912345678") {
		t.Error("the log holds what was typed")
	}
}

// TestNothingOfTheSenderIsLogged looks for address, cookie and answers in the
// log of sent, refused and limited submissions.
func TestNothingOfTheSenderIsLogged(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t), limits("2/1h", "off", "off"))
	client := h.client()
	const agent, secret = "Mozilla-Of-The-Sender/1", "điều chỉ người gửi biết"
	for _, level := range []string{"4", "9", "4"} {
		form := h.openForm(client, codeLand)
		form.Set("a.overall", level)
		form.Set("a.comment", secret)
		h.post(client, "/q/"+codeLand, form, "User-Agent", agent)
	}
	log := h.log.String()
	for _, private := range []string{"127.0.0.1", agent, secret, sender.DeviceCookie, codeLand} {
		if strings.Contains(log, private) {
			t.Errorf("the log holds %q:\n%s", private, log)
		}
	}
	if !strings.Contains(log, "status=422") || !strings.Contains(log, "status=429") {
		t.Errorf("the log does not tell of the refusals:\n%s", log)
	}
}
