package httpd_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"sipas/internal/httpd"
	"sipas/internal/sender"
	"sipas/internal/testkit"
)

// from is the header of a sender at an address, behind a trusted proxy.
func from(address string) []string { return []string{"X-Forwarded-For", address} }

// answerForm is what somebody sends who opened a form.
func (h *harness) answerForm(code string) url.Values {
	form := h.openForm(h.client(), code)
	form.Set("a.overall", "4")
	return form
}

// newDevice is the cookie of a browser that has just opened a form.
func (h *harness) newDevice(code string) []string {
	h.t.Helper()
	set := h.get(h.client(), "/q/"+code).header.Get("Set-Cookie")
	cookie, err := http.ParseSetCookie(set)
	if err != nil {
		h.t.Fatal(err)
	}
	return []string{"Cookie", cookie.Name + "=" + cookie.Value}
}

// TestGarbageDoesNotCloseACounter: two addresses send as much as their limits
// let them, by the page and by the API, with good cookies and without. Honest
// people at the same counter do not notice.
func TestGarbageDoesNotCloseACounter(t *testing.T) {
	t.Parallel()
	eachLimiter(t, func(t *testing.T, limiter func(*httpd.Deps)) {
		h := newHarness(t, testkit.SQLite(t), limiter, shipped(t), steady, trusting("127.0.0.1/32"))
		client, statuses := h.client(), map[int]int{}
		garbage := func(code, address string, headers ...string) {
			headers = append(headers, from(address)...)
			page := h.post(h.client(), "/q/"+code, url.Values{"submission": {"{}"}}, headers...)
			api := h.post(h.client(), "/api/v1/service-points/"+code+"/responses", "{}",
				append(headers, "Content-Type", "application/json", "Idempotency-Key", h.newKey())...)
			statuses[page.status]++
			statuses[api.status]++
		}
		// The same valid answer again and again adds nothing either.
		replayed := h.answerForm(codeLand)
		for person := range 40 {
			for _, attacker := range []string{"198.51.100.1", "198.51.100.2"} {
				for range 5 { // 400 devices with 3 x 2 pieces of garbage for each counter: more than both addresses may
					device := h.newDevice(codeLand)
					for range 3 {
						garbage(codeLand, attacker, device...)
						garbage(codeKiosk, attacker, device...)
					}
				}
				garbage(codeLand, attacker)
				h.post(h.client(), "/q/"+codeLand, replayed, from(attacker)...)
			}
			form := h.openForm(h.client(), codeLand)
			form.Set("a.overall", "5")
			phone := append(h.newDevice(codeLand), from(fmt.Sprintf("203.0.113.%d", person))...)
			h.post(h.client(), "/q/"+codeLand, form, phone...).check(t, fmt.Sprintf("honest person %d", person), http.StatusSeeOther, nil, nil)

			kiosk := h.openForm(client, codeKiosk)
			kiosk.Set("a.overall", "5")
			h.post(client, "/q/"+codeKiosk, kiosk, from("203.0.113.250")...).check(t, fmt.Sprintf("person %d at the kiosk", person), http.StatusSeeOther, nil, nil)
		}
		if statuses[http.StatusUnprocessableEntity] < 1100 || statuses[http.StatusTooManyRequests] < 500 || len(statuses) != 2 {
			t.Errorf("the garbage was answered with %v", statuses)
		}
		if got := h.responses(); got != 81 {
			t.Errorf("%d responses, want 40 of phones, 40 of the kiosk and 1 that was replayed", got)
		}
	})
}

// TestScriptsAreBounded: without a cookie, with a forged one, with a new one for
// each answer, and from all networks of a site.
func TestScriptsAreBounded(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]struct {
		cookie  func(h *harness) []string
		address func(i int) string
		tries   int
		most    func(sender.Rates) int
	}{
		"without cookie": {
			func(*harness) []string { return nil }, func(int) string { return "198.51.100.1" }, 100,
			func(r sender.Rates) int { return r.NoCookie.Count },
		},
		"forged cookie": {
			func(h *harness) []string {
				return []string{"Cookie", sender.DeviceCookie + "=" + h.newKey() + "." + strings.Repeat("A", 22)}
			}, func(int) string { return "198.51.100.1" }, 100,
			func(r sender.Rates) int { return r.NoCookie.Count },
		},
		"new cookie each time": {
			func(h *harness) []string { return h.newDevice(codeLand) }, func(int) string { return "198.51.100.1" }, 400,
			func(r sender.Rates) int { return r.NewDevices.Count },
		},
		"without cookie, another /64 each time": {
			func(*harness) []string { return nil }, func(i int) string { return fmt.Sprintf("2001:db8:1:%x::1", i) }, 300,
			func(r sender.Rates) int { return 4 * r.NoCookie.Count },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t, testkit.SQLite(t), shipped(t), trusting("127.0.0.1/32"))
			passed := 0
			for i := range script.tries {
				headers := append(script.cookie(h), from(script.address(i))...)
				if h.post(h.client(), "/q/"+codeLand, h.answerForm(codeLand), headers...).status == http.StatusSeeOther {
					passed++
				}
			}
			if most := script.most(h.deps.Limits); passed != most {
				t.Errorf("%d of %d passed, want %d", passed, script.tries, most)
			}
			// Somebody elsewhere is not held for it.
			phone := append(h.newDevice(codeLand), from("203.0.113.9")...)
			h.post(h.client(), "/q/"+codeLand, h.answerForm(codeLand), phone...).check(t, "a person elsewhere", http.StatusSeeOther, nil, nil)
		})
	}
}

// TestHarvestedCookies: cookies that were taken in advance are new when they
// are first used, however long that is after.
func TestHarvestedCookies(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t), shipped(t))
	var harvest [][]string
	for range 350 {
		harvest = append(harvest, h.newDevice(codeLand))
	}
	h.clock.Advance(48 * time.Hour)
	passed := 0
	for _, cookie := range harvest {
		if h.post(h.client(), "/q/"+codeLand, h.answerForm(codeLand), cookie...).status == http.StatusSeeOther {
			passed++
		}
	}
	if most := h.deps.Limits.NewDevices.Count; passed != most {
		t.Errorf("%d passed, want %d", passed, most)
	}
}

// TestAPhoneAndAKiosk send once in ten seconds for ten minutes.
func TestAPhoneAndAKiosk(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t), shipped(t))
	phone, kiosk := h.client(), h.client()
	passed := map[string]int{}
	for range 60 {
		for code, client := range map[string]*http.Client{codeLand: phone, codeKiosk: kiosk} {
			form := h.openForm(client, code)
			form.Set("a.overall", "4")
			if h.post(client, "/q/"+code, form).status == http.StatusSeeOther {
				passed[code]++
			}
		}
		h.clock.Advance(10 * time.Second)
	}
	if want := map[string]int{codeLand: 6, codeKiosk: 60}; !maps.Equal(passed, want) {
		t.Errorf("passed %v, want %v", passed, want)
	}
}

// TestASchoolEvening: 300 parents behind one address in the same moment, and at
// a counter with a limit of its own a few more than that allows.
func TestASchoolEvening(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	h := newHarness(t, st, shipped(t))
	if err := st.SetServicePointLimit(t.Context(), h.points[codeDesk].ID, "20/1h"); err != nil {
		t.Fatal(err)
	}
	if err := st.SetServicePointLimit(t.Context(), h.points[codeHospital].ID, "no rate"); err != nil {
		t.Fatal(err)
	}
	for code, want := range map[string]int{codeLand: 300, codeDesk: 20, codeHospital: 300} {
		passed := 0
		for range 300 {
			if h.post(h.client(), "/q/"+code, h.answerForm(code), h.newDevice(code)...).status == http.StatusSeeOther {
				passed++
			}
		}
		if passed != want {
			t.Errorf("%s: %d of 300 passed, want %d", code, passed, want)
		}
	}
}

// TestWhichLimitWasReached is told to the operator, without whose it was.
func TestWhichLimitWasReached(t *testing.T) {
	t.Parallel()
	kinds := map[string]int{}
	h := newHarness(t, testkit.SQLite(t), trusting("127.0.0.1/32"), func(d *httpd.Deps) {
		d.Limits = sender.Rates{
			Device: mustRate("1/1h"), NewDevices: mustRate("2/1h"), NoCookie: mustRate("1/1h"), Address: mustRate("4/1h"), Point: mustRate("6/1h"),
		}
		d.Limited = func(kind string) { kinds[kind]++ }
	})
	send := func(address string, cookie []string) {
		h.post(h.client(), "/q/"+codeLand, h.answerForm(codeLand), append(from(address), cookie...)...)
	}
	first := h.newDevice(codeLand)
	for range 2 {
		send("203.0.113.1", first)                 // the second: device
		send("203.0.113.1", nil)                   // the second: no-cookie
		send("203.0.113.2", h.newDevice(codeLand)) // two new ones
	}
	send("203.0.113.2", h.newDevice(codeLand)) // new-device
	send("203.0.113.3", h.newDevice(codeLand))
	send("203.0.113.3", nil)
	send("203.0.113.4", nil) // point
	if want := map[string]int{"device": 1, "no-cookie": 1, "new-device": 1, "point": 1}; !maps.Equal(kinds, want) {
		t.Errorf("refused by %v, want %v", kinds, want)
	}
	for kind := range kinds {
		if !strings.Contains(h.log.String(), "too many ("+kind+")") {
			t.Errorf("the log does not name %s", kind)
		}
	}
	if strings.Contains(h.log.String(), "203.0.113") {
		t.Error("the log names an address")
	}
}

// TestWhatAddsNothingCostsTheCounterNothing: answers that came before, that
// contradict one that came before, or that could not be kept. The last cost the
// phone nothing either.
func TestWhatAddsNothingCostsTheCounterNothing(t *testing.T) {
	t.Parallel()
	eachLimiter(t, func(t *testing.T, limiter func(*httpd.Deps)) {
		h := newHarness(t, testkit.SQLite(t), limiter, limits("off", "3/100h", "off"))
		form := h.answerForm(codeLand)
		h.post(h.client(), "/q/"+codeLand, form).check(t, "first", http.StatusSeeOther, nil, nil)
		for range 5 {
			h.post(h.client(), "/q/"+codeLand, form).check(t, "again", http.StatusSeeOther, nil, nil)
			form.Set("a.overall", "1")
			h.post(h.client(), "/q/"+codeLand, form).check(t, "otherwise", http.StatusConflict, nil, nil)
			form.Set("a.overall", "4")
		}
		h.post(h.client(), "/q/"+codeLand, h.answerForm(codeLand)).check(t, "second", http.StatusSeeOther, nil, nil)
		form = h.answerForm(codeLand)
		if err := h.deps.Intake.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		for range 5 {
			h.post(h.client(), "/q/"+codeLand, form).check(t, "cannot be kept", http.StatusServiceUnavailable, nil, nil)
		}
	})
	eachLimiter(t, func(t *testing.T, limiter func(*httpd.Deps)) {
		h := newHarness(t, testkit.SQLite(t), limiter, limits("2/100h", "off", "off"))
		phone := h.client()
		form := h.answerForm(codeLand)
		h.get(phone, "/q/"+codeLand)
		if err := h.deps.Intake.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		for range 5 {
			h.post(phone, "/q/"+codeLand, form).check(t, "a phone that tries again", http.StatusServiceUnavailable, nil, nil)
		}
	})
}
