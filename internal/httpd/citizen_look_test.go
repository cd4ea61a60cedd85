package httpd_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"sipas/internal/registry"
	"sipas/internal/testkit"
)

// colours makes the tab prefer light or dark pages.
func colours(scheme string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	})
}

// citizenSights are the pages of citizens, with what was pressed on them. The
// last one needs an entry link.
func (h *harness) citizenSights() []citizenSight {
	h.t.Helper()
	entry, err := h.deps.Auth.CreateEntryLink(context.Background(), testkit.Author(), h.points[codeStaff], "Đoàn khảo sát", time.Time{})
	if err != nil {
		h.t.Fatal(err)
	}
	kinds, _ := h.kinds(nil)
	return []citizenSight{
		{"form-kinds", "/q/" + kinds, []string{level("hall", "2"), level("reasons", "else"), "form > h1"}},
		{"form", "/q/" + codeDesk, nil},
		{"form-satisfied", "/q/" + codeDesk, []string{level("overall", "4")}},
		{"form-dissatisfied", "/q/" + codeLand, []string{level("overall", "2"), level("reasons", "extra-cost")}},
		{"form-empty", "/q/" + codeHospital, []string{sendButton}},
		{"form-long", "/q/" + codeSIPAS, []string{level("gave-feedback", "given")}},
		{"thanks", "/q/" + codeLand + "/xong/7K3MQ9TD", nil},
		{"kiosk", "/q/" + codeKiosk, nil},
		{"kiosk-why", "/q/" + codeKiosk, []string{press("2")}},
		{"kiosk-thanks", "/q/" + codeKiosk, []string{press("5")}},
		{"closed", "/q/" + codeClosed, nil},
		{"no-form", "/q/" + codeUnknown, nil},
		{"staff", "/vao/" + entry, nil},
	}
}

type citizenSight struct {
	name, path string
	press      []string
}

// TestCitizenPagesSuitEverybody checks each page with axe-core, for its fit to
// the width, also in letters of twice the size, and for the size of what is
// pressed. With SIPAS_SCREENSHOTS it looks in every way and leaves pictures in
// that folder.
func TestCitizenPagesSuitEverybody(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	if err := st.SaveSetting(t.Context(), registry.SettingProvince, `{"vi": "Bình Thuận"}`); err != nil {
		t.Fatal(err)
	}
	h := newHarness(t, st)
	if err := st.SetHotline(t.Context(), h.construction.ID, "0252 382 2222"); err != nil {
		t.Fatal(err)
	}
	h.clock.Advance(time.Minute)
	narrow, tablet := testkit.View{Width: 320, Height: 640, Touch: true}, testkit.View{Width: 1024, Height: 768, Touch: true}
	looks := []look{
		{narrow, "vi", "light"}, {narrow, "en", "dark"}, {testkit.Phone.WithoutScript(), "vi", "dark"}, {testkit.Phone, "en", "light"},
		{tablet, "vi", "light"}, {testkit.Desktop, "en", "dark"},
	}
	pictures := os.Getenv("SIPAS_SCREENSHOTS")
	if pictures != "" {
		looks = nil
		for _, view := range []testkit.View{narrow, testkit.Phone, tablet} {
			for _, language := range []string{"vi", "en"} {
				looks = append(looks, look{view, language, "light"}, look{view, language, "dark"})
			}
		}
		if err := os.MkdirAll(pictures, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	sights := h.citizenSights()
	for _, l := range looks {
		t.Run(fmt.Sprintf("%s noscript=%t", l, l.view.NoScript), func(t *testing.T) {
			t.Parallel()
			b := tab{t, testkit.Browser(t, l.view)}
			b.do(colours(l.scheme))
			for _, s := range sights {
				if l.view.NoScript && strings.HasPrefix(s.name, "kiosk-") {
					continue // its page goes away by itself
				}
				b.do(chromedp.Navigate(h.url + s.path + "?lang=" + l.language))
				b.click(s.press...)
				ask[bool](b, `(() => { for (let i = 0; i < 999; i++) clearTimeout(i); return true; })()`) // a kiosk would go on
				for _, v := range testkit.Axe(t, b.ctx) {
					t.Errorf("%s: %s", s.name, v)
				}
				for _, small := range ask[[]string](b, smallTargets) {
					t.Errorf("%s: less than 44 pixels high: %s", s.name, small)
				}
				if wide := ask[[]string](b, fmt.Sprintf(tooWide, l.view.Width)); len(wide) > 0 {
					t.Errorf("%s: not wholly on the screen: %q", s.name, wide)
				}
				if small := ask[[]string](b, smallWords); len(small) > 0 {
					t.Errorf("%s: words of less than 14 pixels: %q", s.name, small)
				}
				if pictures != "" {
					b.picture(filepath.Join(pictures, s.name+"-"+l.String()+".png"))
				}
				ask[bool](b, `(document.documentElement.style.fontSize = "32px") !== ""`)
				if wide := ask[[]string](b, fmt.Sprintf(tooWide, l.view.Width)); len(wide) > 0 {
					t.Errorf("%s in letters of twice the size: not wholly on the screen: %q", s.name, wide)
				}
				if pictures != "" && l.view == narrow && l.scheme == "light" {
					b.picture(filepath.Join(pictures, s.name+"-large-"+l.String()+".png"))
				}
			}
		})
	}
}

// smallWords lists the words of faces, and of all else that is to be read,
// that are smaller than 14 pixels.
const smallWords = `[...document.querySelectorAll("main *, .top *")]
	.filter(e => e.offsetParent && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
	.filter(e => parseFloat(getComputedStyle(e).fontSize) < 14).map(e => e.outerHTML.slice(0, 120))`

// smallTargets lists what can be pressed and is lower than 44 pixels, or
// narrower than 44 where it is a face. A box in a label is pressed through it.
const smallTargets = `[...document.querySelectorAll("a, button, select, textarea, summary, input:not([type=hidden])")]
	.map(e => e.closest(".choices label, .more") || e)
	.filter(e => e.offsetParent)
	.filter(e => { const r = e.getBoundingClientRect(); return r.height < 44 || r.width < 44; })
	.map(e => e.outerHTML.slice(0, 120) + " " + e.getBoundingClientRect().width + "x" + e.getBoundingClientRect().height)`

// tooWide lists what reaches over the edge of the screen, and words over the
// edge of their face.
const tooWide = `[...document.querySelectorAll("body *:not(option, .faces *, .sr)")].filter(e => {
	const r = e.getBoundingClientRect();
	return r.left < -0.5 || r.right > %d.5 || e.matches(".big label") && e.scrollWidth > Math.ceil(r.width);
}).map(e => e.outerHTML.slice(0, 120) + " " + e.getBoundingClientRect().right)`

// TestQuickFormFitsOneScreen: who asks, the question, the faces and the button
// need no scrolling, in neither direction and whatever is chosen.
func TestQuickFormFitsOneScreen(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	for _, language := range []string{"vi", "en"} {
		for _, view := range []testkit.View{{Width: 320, Height: 568, Touch: true}, testkit.Phone, testkit.Desktop} {
			b := openTab(t, view, h.url+"/q/"+codeLand+"?lang="+language)
			for _, value := range []string{"", "1", "2", "3", "4", "5"} {
				if value != "" {
					b.click(level("overall", value))
				}
				if wide := ask[[]string](b, fmt.Sprintf(tooWide, view.Width)); len(wide) > 0 {
					t.Errorf("%s at %d, %q chosen: not wholly on the screen: %q", language, view.Width, value, wide)
				}
			}
			if !ask[bool](b, `(() => {
				const box = (s) => document.querySelector(s).getBoundingClientRect();
				return box(".point").top >= 0 && box(".big").bottom <= box(".send").top && box(".send").bottom <= innerHeight + 1;
			})()`) {
				t.Errorf("%s at %dx%d: question, faces and button do not fit", language, view.Width, view.Height)
			}
		}
	}
}

// TestDraftsStayInTheTab: what was typed is there in another language and
// after a reload, unless the device is everybody's.
func TestDraftsStayInTheTab(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	b := openTab(t, testkit.Phone, h.url+"/q/"+codeDesk+"?lang=vi")
	b.click(level("overall", "4"), ".more input", level("reasons", "place"))
	b.do(chromedp.SendKeys(chromedp.ID("a-comment"), "Giữ lại"))
	id := ask[string](b, `document.querySelector("[name=submission]").value`)
	b.click(`nav a[lang="en"]`)
	b.await(`html[lang="en"] form`)
	if got := ask[string](b, `[...new FormData(document.querySelector("form"))].map(p => p.join("=")).join("&")`); got !=
		"submission="+id+"&version=quay-nhanh.1&language=en&a.overall=4&field=&a.reasons=place&a.comment=Giữ lại" {
		t.Errorf("the form in English holds %s", got)
	}
	other := openTab(t, testkit.Phone, h.url+"/q/"+codeDesk)
	if fresh := ask[string](other, `document.querySelector("[name=submission]").value`); fresh == id {
		t.Error("another tab has the same submission id")
	}
}

func TestDoubleClickIsOneResponse(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	b := openTab(t, testkit.Phone, h.url+"/q/"+codeLand)
	b.click(level("overall", "4"))
	ask[bool](b, `(() => { const b = document.querySelector("form [type=submit]"); for (let i = 0; i < 5; i++) b.click(); return true; })()`)
	b.await(thanksPage)
	if got := h.responses(); got != 1 {
		t.Errorf("%d responses, want 1", got)
	}
}

// TestFirstVisitOnTheWire counts what a real browser loads.
func TestFirstVisitOnTheWire(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	ctx := testkit.Browser(t, testkit.Phone)
	if err := chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, network.Enable, network.EnableParams{})
		return err
	})); err != nil {
		t.Fatal(err)
	}
	watched, stop := context.WithCancel(ctx)
	finished := chromedp.Events(watched, network.LoadingFinished)
	sent := chromedp.Events(watched, network.RequestWillBeSent)
	if err := chromedp.Do(ctx, chromedp.Navigate(h.url+"/q/"+codeSIPAS)); err != nil {
		t.Fatal(err)
	}
	// A request of our own at the end tells that all earlier ones were counted.
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`fetch("/healthz").then(r => r.text()).then(() => true)`, chromedp.EvalAwaitPromise)); err != nil {
		t.Fatal(err)
	}
	requests, last := 0, network.RequestID("")
	for event, err := range sent {
		if err != nil {
			t.Fatal(err)
		}
		address, err := url.Parse(event.Request.URL)
		if err != nil {
			t.Fatal(err)
		}
		if address.Path == "/healthz" {
			last = event.RequestID
			break
		}
		if address.Scheme != "data" {
			requests++
		}
	}
	weight := 0.0
	for event, err := range finished {
		if err != nil {
			t.Fatal(err)
		}
		if event.RequestID == last {
			break
		}
		weight += event.EncodedDataLength
	}
	stop()
	t.Logf("%.0f bytes in %d requests", weight, requests)
	t.Logf("%.0f bytes in %d requests", weight, requests)
	if weight == 0 || weight > 15_000 || requests > 3 {
		t.Errorf("%.0f bytes in %d requests, at most 15,000 in 3", weight, requests)
	}
}
