package httpd_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	chromepage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"sipas/internal/agency"
	"sipas/internal/testkit"
)

// ownTime gives the tab's pages a clock that moves when passTime is called.
func (b tab) ownTime() {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, chromepage.AddScriptToEvaluateOnNewDocument, chromepage.AddScriptToEvaluateOnNewDocumentParams{Source: `(() => {
			let now = 0, last = 0, due = [];
			window.setTimeout = (run, ms) => { due.push({ id: ++last, at: now + ms, run }); return last; };
			window.clearTimeout = (id) => { due = due.filter(d => d.id !== id); };
			window.passTime = (seconds) => {
				const end = now + 1000 * seconds;
				for (;;) {
					due.sort((a, b) => a.at - b.at);
					if (!due.length || due[0].at > end) break;
					const next = due.shift();
					now = next.at;
					next.run();
				}
				now = end;
				return true;
			};
		})()`})
		return err
	}))
}

func (b tab) passTime(seconds int) {
	b.t.Helper()
	ask[bool](b, fmt.Sprintf("passTime(%d)", seconds))
}

func press(value string) string { return `.presses [value="` + value + `"]` }

func screen(name string) string { return `[data-screen="` + name + `"]:not([hidden])` }

const waitingAnswers = `localStorage.length + sessionStorage.length`

// emptied waits until the device keeps nothing any more.
func (b tab) emptied() {
	b.t.Helper()
	for !ask[bool](b, waitingAnswers+` === 0`) {
		time.Sleep(10 * time.Millisecond)
	}
}

// TestKioskJourney: press, walk away, next person. One press is an answer,
// whatever its person does afterwards, and the next one finds nothing of it.
func TestKioskJourney(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	b := tab{t, testkit.Browser(t, testkit.View{Width: 1024, Height: 600, Touch: true})}
	b.ownTime()
	address := h.url + "/q/" + codeKiosk
	b.do(chromedp.Navigate(address))
	next := func(what string, responses int64) {
		t.Helper()
		b.await(screen("bye"))
		b.emptied()
		if got := h.responses(); got != responses {
			t.Errorf("%s: %d responses, want %d", what, got, responses)
		}
		if receipt := ask[bool](b, `/[2-9A-Z]{4}-[2-9A-Z]{4}/.test(document.body.innerText)`); receipt {
			t.Errorf("%s: the screen shows a receipt or code", what)
		}
		b.passTime(4)
		b.await(screen("bye"))
		b.passTime(1)
		b.await(screen("ask"))
		if left := ask[bool](b, `document.querySelector(":checked") !== null`); left {
			t.Errorf("%s: something is left for the next person", what)
		}
	}
	b.click(press("5"))
	next("satisfied", 1)

	b.click(press("2"))
	b.await(screen("why"))
	b.click(level("reasons", "waiting"))
	b.passTime(14)
	b.await(screen("why"))
	if kept := ask[string](b, `JSON.stringify({...localStorage})`); !strings.Contains(kept, "a.overall=2") || !strings.Contains(kept, "a.reasons=waiting") {
		t.Errorf("a battery that runs out loses the press: %s", kept)
	}
	b.passTime(1)
	next("walked away with a reason", 2)

	b.click(press("1"), ".finish")
	next("nothing to say", 3)

	b.click(press("3"))
	b.await(screen("why"))
	b.do(chromedp.Reload())
	b.await(screen("ask"))
	b.emptied()
	if got := h.responses(); got != 4 {
		t.Errorf("the page was loaded anew after a press: %d responses, want 4", got)
	}
	entries, err := chromedp.Run(b.ctx, chromedp.NavigationEntries())
	if err != nil || len(entries.Entries) > 2 { // the empty tab and the kiosk
		t.Errorf("Back leads through %d pages, %v", len(entries.Entries), err)
	}

	if out := ask[bool](b, `[...document.links].some(a => !a.getAttribute("href").startsWith("?lang=")) || document.querySelector("input:not([type=hidden]):not([type=checkbox]), textarea, select") !== null`); out {
		t.Error("there is something to type on a kiosk, or a way out of it")
	}
	b.click(`nav a[lang="en"]`)
	b.await(`html[lang="en"] ` + screen("ask"))
	b.click(press("4"))
	b.await(screen("bye"))
	b.passTime(5)
	b.await(`html[lang="vi"] ` + screen("ask"))
	b.click(`nav a[lang="en"]`)
	b.await(`html[lang="en"] ` + screen("ask"))
	b.passTime(20)
	b.await(`html[lang="vi"] ` + screen("ask"))
	if got := h.responses(); got != 5 {
		t.Errorf("%d responses, want 5", got)
	}
}

// TestKioskWithoutNetwork: people go on pressing while the network is away, and
// each press is one response when it is back.
func TestKioskWithoutNetwork(t *testing.T) {
	t.Parallel()
	for name, mode := range map[string]int32{"request lost": drop, "answer lost": lose, "busy": busy} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t, testkit.SQLite(t))
			g, address := newGate(t, h)
			g.mode.Store(mode)
			b := tab{t, testkit.Browser(t, testkit.Phone)}
			b.ownTime()
			b.do(chromedp.Navigate(address + "/q/" + codeKiosk))
			for _, value := range []string{"5", "4", "1"} {
				b.click(press(value))
				if value == "1" {
					b.await(screen("why"))
					b.passTime(15)
				}
				b.await(screen("bye"))
				b.passTime(5)
				b.await(screen("ask"))
			}
			if ask[bool](b, waitingAnswers+` === 0`) {
				t.Error("nothing is kept of answers that did not arrive")
			}
			g.mode.Store(pass)
			ask[bool](b, `dispatchEvent(new Event("online"))`)
			for !ask[bool](b, waitingAnswers+` === 0`) {
				b.passTime(1)
			}
			if got := h.responses(); got != 3 {
				t.Errorf("%d responses, want 3", got)
			}
		})
	}
}

// TestKioskWithoutScript: each face sends by itself, thanks show no receipt and
// go away by themselves, and Back shows nothing of the last person.
func TestKioskWithoutScript(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	b := openTab(t, testkit.View{Width: 1024, Height: 768, NoScript: true}, h.url+"/q/"+codeKiosk)
	const id = `document.querySelector("[name=submission]").value`
	first := ask[string](b, id)
	b.click(press("3"))
	b.await(".done")
	if path := ask[string](b, `location.pathname + location.search`); path != "/q/"+codeKiosk+"/xong" {
		t.Errorf("thanks at %s", path)
	}
	b.await(press("3")) // after five seconds
	if again := ask[string](b, id); again == first {
		t.Error("the next person has the submission id of the last")
	}
	b.do(chromedp.NavigateBack())
	b.await(press("3"))
	if again := ask[string](b, id); again == first {
		t.Error("Back leads to the last person's form")
	}
	if got := h.responses(); got != 1 {
		t.Errorf("%d responses, want 1", got)
	}
	thanks := h.get(h.client(), "/q/"+codeKiosk+"/xong/7K3MQ9TD")
	thanks.check(t, "thanks", http.StatusOK, []string{"Cảm ơn ông/bà"}, []string{"7K3M"})
	if got := thanks.header.Get("Refresh") + " " + thanks.header.Get("Cache-Control"); got != "5; url=/q/"+codeKiosk+" no-store" {
		t.Errorf("headers %q", got)
	}
	// One person's language is not the next one's.
	client := h.client()
	h.get(client, "/q/"+codeKiosk+"?lang=en").check(t, "English", http.StatusOK, []string{`<html lang="en">`}, nil)
	h.get(client, "/q/"+codeKiosk).check(t, "next", http.StatusOK, []string{`<html lang="vi">`}, []string{"autofocus"})
}

// TestKioskForgetsAHalfFilledForm: a long survey on a device that is everybody's.
func TestKioskForgetsAHalfFilledForm(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	h := newHarness(t, st)
	point, err := st.AddServicePoint(t.Context(), agency.ServicePoint{
		AgencyID: h.environment.ID, Name: agency.Text{"vi": "Máy ở sảnh"}, SurveyKey: "sipas", Channel: agency.ChannelKiosk,
		FieldKeys: []string{"dat-dai"}, Active: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	h.clock.Advance(time.Minute)
	b := tab{t, testkit.Browser(t, testkit.Phone)}
	b.ownTime()
	b.do(chromedp.Navigate(h.url + "/q/" + string(point.Code)))
	const begun = `document.querySelector(":checked") !== null`
	b.click(level("staff-manner", "5"))
	b.passTime(19)
	if !ask[bool](b, begun) {
		t.Error("the form is wiped while somebody thinks")
	}
	id := ask[string](b, `document.querySelector("[name=submission]").value`)
	b.passTime(1)
	b.await(fmt.Sprintf(`[name=submission]:not([value="%s"]) ~ h1`, id))
	if ask[bool](b, begun) || ask[int](b, waitingAnswers) != 0 {
		t.Error("the next person finds what the last one began")
	}
}

// TestKioskFillsTheScreen: five large faces and the question, without
// scrolling, in both languages.
func TestKioskFillsTheScreen(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	for _, view := range []testkit.View{{Width: 1024, Height: 600}, {Width: 1024, Height: 768}, {Width: 360, Height: 640}, {Width: 320, Height: 640}} {
		for _, language := range []string{"vi", "en"} {
			b := openTab(t, view, h.url+"/q/"+codeKiosk+"?lang="+language)
			if wide := ask[[]string](b, fmt.Sprintf(tooWide, view.Width)); len(wide) > 0 {
				t.Errorf("%s at %d: not wholly on the screen: %q", language, view.Width, wide)
			}
			share := ask[float64](b, `[...document.querySelectorAll(".presses button")].map(e => {
				const r = e.getBoundingClientRect();
				return r.bottom <= innerHeight && e.scrollWidth <= e.clientWidth + 1 ? r.width * r.height : -1e9;
			}).reduce((a, b) => a + b) / innerWidth / innerHeight`)
			if share < 0.4 {
				t.Errorf("%s at %dx%d: the faces have %.0f %% of the screen", language, view.Width, view.Height, 100*share)
			}
			b.click(press("1"))
			b.await(screen("why"))
			for _, v := range testkit.Axe(t, b.ctx) {
				t.Errorf("reasons: %s", v)
			}
			b.click(".finish")
			b.await(screen("bye"))
			for _, v := range testkit.Axe(t, b.ctx) {
				t.Errorf("thanks: %s", v)
			}
		}
	}
}
