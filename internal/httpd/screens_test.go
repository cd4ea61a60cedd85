package httpd_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"sipas/internal/agency"
	"sipas/internal/registry"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// asksLong is the code of a counter that asks 200 questions, of which the first must be
// answered and the 150th is asked of whoever says 1 to the second.
func (h *harness) asksLong(channel agency.Channel) string {
	h.t.Helper()
	d := longSurvey(199)
	d.Sections[0].Questions[0].Required = true
	d.Sections[7].Questions[9].Show = &survey.Condition{Question: "c1", In: []string{"1"}}
	d.Sections[9].Questions = append(d.Sections[9].Questions, survey.Question{Key: "loi", Type: "text", Text: agency.Text{"vi": "Lời", "en": "Words", "km": "w", "zh": "w", "ko": "w"}})
	if _, err := h.st.PublishVersion(h.t.Context(), d, h.clock.Now()); err != nil {
		h.t.Fatal(err)
	}
	var p agency.ServicePoint
	err := h.st.Registry.Change(h.t.Context(), testkit.Author(), func(c *registry.Change) (err error) {
		p, err = c.AddServicePoint(h.t.Context(), agency.ServicePoint{
			AgencyID: h.province.ID, Name: agency.Text{"vi": "Quầy hỏi dài"}, SurveyKey: d.Key, Channel: channel, FieldKeys: []string{"dat-dai"}, Active: true,
		})
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return string(p.Code)
}

// filled are the fields that a browser would send of a form as it was served.
func filled(html string) url.Values {
	form := url.Values{}
	for _, tag := range regexp.MustCompile(`<input[^>]*>`).FindAllString(html, -1) {
		name, value := regexp.MustCompile(` name="([^"]*)"`).FindStringSubmatch(tag), regexp.MustCompile(` value="([^"]*)"`).FindStringSubmatch(tag)
		if name != nil && value != nil && (strings.Contains(tag, `type="hidden"`) || strings.Contains(tag, " checked")) {
			form.Add(name[1], value[1])
		}
	}
	if m := regexp.MustCompile(`(?s)<textarea[^>]* name="([^"]*)"[^>]*>([^<]*)</textarea>`).FindStringSubmatch(html); m != nil {
		form.Set(m[1], m[2])
	}
	return form
}

// A form of 200 questions is asked screen by screen, each below 15 kB on the wire with all
// that a first visit needs. Nothing is kept on the way, and nothing that was answered is
// lost: not on the way back either. It works by plain requests.
func TestALongFormIsAskedScreenByScreen(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		code := h.asksLong(agency.ChannelQR)
		client := h.client()
		page, first := h.weigh("/q/" + code)
		for _, link := range regexp.MustCompile(`(?:<link [^>]*href|<script [^>]*src)="(/[^"]*)"`).FindAllStringSubmatch(page, -1) {
			_, weight := h.weigh(link[1])
			first += weight
		}
		t.Logf("the first visit: %d bytes", first)
		if first > 15_000 {
			t.Errorf("the first visit takes %d bytes, at most 15,000", first)
		}
		send := func(form url.Values, status int) string {
			t.Helper()
			r := h.post(client, "/q/"+code, form)
			r.check(t, "a screen", status, nil, nil)
			var zip bytes.Buffer
			w := gzip.NewWriter(&zip)
			_, _ = w.Write([]byte(r.body))
			_ = w.Close()
			if zip.Len() > 15_000 {
				t.Errorf("a screen of %d bytes, at most 15,000", zip.Len())
			}
			return r.body
		}
		turn := func(form url.Values, way string) url.Values {
			form.Set("turn", way)
			return form
		}
		// What must be answered is asked for before the next screen is shown.
		if body := send(turn(filled(page), "on"), http.StatusUnprocessableEntity); filled(body).Get("screen") != "1" || !strings.Contains(body, `href="#a-c0"`) {
			t.Error("a screen was left without what must be answered on it")
		}
		form := filled(page)
		submission, screens, asked := form.Get("submission"), 0, map[string]bool{}
		for {
			screens++
			for _, m := range regexp.MustCompile(`type="radio"[^>]* name="(a\.c\d+)" value="4"`).FindAllStringSubmatch(page, -1) {
				if asked[m[1]] {
					t.Fatalf("%s is asked twice", m[1])
				}
				asked[m[1]] = true
				if m[1] != "a.c149" { // it is not shown to whoever says 4
					form.Set(m[1], "4")
				}
			}
			if !strings.Contains(page, `value="on"`) {
				break
			}
			page = send(turn(form, "on"), http.StatusOK)
			form = filled(page)
			if got := form.Get("screen"); got != fmt.Sprint(screens+1) || form.Get("submission") != submission {
				t.Fatalf("after screen %d comes %s, of %s", screens, got, form.Get("submission"))
			}
		}
		if len(asked) != 199 || screens < 3 {
			t.Fatalf("%d questions on %d screens", len(asked), screens)
		}
		t.Logf("%d screens", screens)
		form.Set("a.loi", "Cảm ơn <b>")
		back := filled(send(turn(form, "back"), http.StatusOK))
		if back.Get("screen") != fmt.Sprint(screens-1) || back.Get("a.c0") != "4" || back.Get("a.c198") != "4" || back.Get("a.loi") != "Cảm ơn &lt;b&gt;" {
			t.Errorf("on the way back there is left: %v", back)
		}
		// What was answered to a question that is not asked any more keeps nobody from sending.
		delete(form, "turn")
		form.Set("a.c149", "5")
		r := h.post(client, "/q/"+code, form)
		r.check(t, "all of it", http.StatusSeeOther, nil, nil)
		rows := 0
		if err := st.DB.QueryRow(t.Context(), "SELECT COUNT(*) FROM responses WHERE id = $1", submission).Scan(&rows); err != nil || rows != 1 {
			t.Errorf("%d responses are kept: %v", rows, err)
		}
	})
}

// arrives waits until a tab shows a screen of a form that has another id than one.
func (b tab) arrives(screen, id string) {
	b.t.Helper()
	for {
		shown, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`document.readyState === "complete" ? document.querySelector("[name=screen]").value + " " + document.querySelector("[name=submission]").value : ""`))
		if at, now, _ := strings.Cut(shown, " "); err == nil && at == screen && now != id {
			return
		}
		if b.ctx.Err() != nil {
			b.t.Fatalf("screen %s never comes: %q, %v", screen, shown, err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// On a device that is everybody's, what somebody left on the second screen is gone by itself.
func TestKioskForgetsALongForm(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	code := h.asksLong(agency.ChannelKiosk)
	b := tab{t, testkit.Browser(t, testkit.Phone)}
	b.ownTime()
	b.do(chromedp.Navigate(h.url + "/q/" + code))
	b.arrives("1", "")
	ask[bool](b, `document.querySelector('[name="a.c0"][value="5"]').click(), document.querySelector("[name=turn][value=on]").click(), true`)
	b.arrives("2", "")
	if got := ask[string](b, `String(new FormData(document.forms[0]).get("a.c0"))`); got != "5" {
		t.Errorf("the second screen has %q of the first", got)
	}
	id := ask[string](b, `document.querySelector("[name=submission]").value`)
	b.passTime(20)
	b.arrives("1", id)
	if ask[bool](b, `document.querySelector(":checked") !== null`) || ask[int](b, waitingAnswers) != 0 {
		t.Error("the next person finds what the last one began")
	}
}

// With the script too, and what was answered stays in the tab when the page is loaded anew.
func TestALongFormInABrowser(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	code := h.asksLong(agency.ChannelQR)
	b := openTab(t, testkit.Phone, h.url+"/q/"+code)
	at := func(screen string) { t.Helper(); b.arrives(screen, "") }
	press := func(way string) {
		ask[bool](b, fmt.Sprintf(`document.querySelector("[name=turn][value=%s]").click(), true`, way))
	}
	at("1")
	press("on")
	b.await("[role=alert]") // the script says at once what is missing
	ask[bool](b, `document.querySelector('[name="a.c0"][value="5"]').click(), document.querySelector('[name="a.c1"][value="1"]').click(), true`)
	press("on")
	at("2")
	for _, v := range testkit.Axe(t, b.ctx) {
		t.Error(v)
	}
	if folder := os.Getenv("SIPAS_SCREENSHOTS"); folder != "" {
		b.picture(filepath.Join(folder, "form-screen-360-vi-light.png"))
	}
	name := ask[string](b, `(e => (e.click(), e.name))(document.querySelector('form [type=radio][value="2"]'))`)
	b.do(chromedp.Navigate(h.url + "/q/" + code)) // the printed address once more
	at("1")
	if got := ask[string](b, fmt.Sprintf(`new FormData(document.forms[0]).getAll("a.c0") + " " + new FormData(document.forms[0]).getAll(%q)`, name)); got != "5 2" {
		t.Errorf("after loading anew there is left %q", got)
	}
	press("on")
	at("2")
	if !ask[bool](b, fmt.Sprintf(`document.querySelector('[name=%q][value="2"]').checked`, name)) {
		t.Error("the second screen was forgotten")
	}
	for ask[bool](b, `!!document.querySelector("[name=turn][value=on]")`) {
		next := ask[int](b, `1 + Number(document.querySelector("[name=screen]").value)`)
		press("on")
		at(fmt.Sprint(next))
		if ask[bool](b, `!!document.querySelector('[type=radio][name="a.c149"]')`) && !ask[bool](b, `document.querySelector('[name="a.c149"]').checkVisibility()`) {
			t.Error("a question that an answer of another screen shows is hidden")
		}
	}
	ask[bool](b, `document.getElementById("a-loi").focus(), true`)
	b.do(chromedp.KeyEvent("Cam on"))
	ask[bool](b, `document.querySelector("[type=submit]:not([name])").click(), true`)
	b.until(`location.pathname.includes("/xong/")`)
	if ask[bool](b, `Object.keys(sessionStorage).length > 0`) {
		t.Error("what was sent is still in the tab")
	}
}
