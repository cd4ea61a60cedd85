package httpd_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"sipas/internal/access"
	"sipas/internal/testkit"
)

// opens is the tab of a designer on the page of the draft.
func (d designer) opens(t *testing.T, view testkit.View, query string) tab {
	t.Helper()
	b := tab{t, testkit.Browser(t, view)}
	b.do(d.withCookie(d.client), chromedp.Navigate(d.url+d.draft+query))
	return b
}

// until waits for something to be so on the page.
func (b tab) until(script string) {
	b.t.Helper()
	for end := time.Now().Add(20 * time.Second); !ask[bool](b, script); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			b.t.Fatalf("never: %s", script)
		}
	}
}

// kept waits until the page has sent everything.
func (b tab) kept() {
	b.t.Helper()
	b.until(`!document.querySelector("[data-dirty], [data-waits], [data-busy]")`)
}

// slowly is a server that takes some time for each operation, told to begin.
func slowly(delay time.Duration) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/sua") {
				time.Sleep(delay)
			}
			next.ServeHTTP(w, r)
		})
	}
}

// Letters typed while an answer is under way stay, in the field that is being typed in and
// in the next; what was typed is kept, and so is what somebody else typed beside it.
func TestLettersAreNeverEaten(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	h.http.Config.Handler = slowly(400 * time.Millisecond)(h.http.Config.Handler)
	d := h.designs(url.Values{"from": {"library"}, "survey": {"quay-nhanh"}})
	other := designer{h, h.signedIn(h.account(access.Designer, 0)), d.draft}
	b := d.opens(t, testkit.Desktop, "?chon=survey&view=sua")
	focus := func(id string) { ask[bool](b, fmt.Sprintf(`document.getElementById(%q).select(), true`, id)) }
	value := func(id string) string { return ask[string](b, fmt.Sprintf(`document.getElementById(%q).value`, id)) }
	const title, english, code = "f-survey-title-vi-o", "f-survey-title-en-o", "f-survey-code-o"

	focus(title)
	b.do(chromedp.KeyEvent("Mot"), chromedp.KeyEvent(kb.Tab)) // sent
	typed := "English words that take their time"
	for _, letter := range typed {
		b.do(chromedp.KeyEvent(string(letter)))
		time.Sleep(15 * time.Millisecond) // the answer comes between two of them
	}
	b.until(`document.getElementById("f-survey-title-vi").dataset.dirty === undefined`)
	b.do(chromedp.KeyEvent("!"))
	if got := value(english); got != typed+"!" {
		t.Fatalf("the next field has %q", got)
	}
	if ask[string](b, `document.activeElement.id`) != english {
		t.Error("the focus went away")
	}
	// Sent by Enter, typed on in the same field.
	focus(code)
	b.do(chromedp.KeyEvent("phieu"), chromedp.KeyEvent(kb.Enter))
	for _, letter := range "-moi-nhat-cua-toi" {
		b.do(chromedp.KeyEvent(string(letter)))
		time.Sleep(15 * time.Millisecond)
	}
	if got := value(code); got != "phieu-moi-nhat-cua-toi" {
		t.Fatalf("the same field has %q", got)
	}
	b.do(chromedp.KeyEvent(kb.Tab))
	b.kept()
	page := other.page("survey")
	for _, want := range []string{`value="phieu-moi-nhat-cua-toi"`, `value="Mot"`, `value="` + typed + `!"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the server has no %s", want)
		}
	}

	// Somebody else changes a field in which one is typing: it is told, and both texts stay.
	focus(title)
	b.do(chromedp.KeyEvent("Cua toi"))
	other.sets("survey", "title", "vi", "Của người khác")
	ask[bool](b, `document.querySelector("#f-survey-code button").form.requestSubmit(), true`) // what else is new comes with its answer
	b.until(`document.getElementById("f-survey-code").dataset.waits === undefined`)
	if got := value(title); got != "Cua toi" {
		t.Fatalf("an answer put %q where one was typing", got)
	}
	b.do(chromedp.KeyEvent(kb.Tab))
	b.await(".clash")
	if text := ask[string](b, `document.querySelector(".clash").innerText`); !strings.Contains(text, "Của người khác") || !strings.Contains(text, "Cua toi") {
		t.Errorf("the conflict says %q", text)
	}
	if got := value(title); got != "Cua toi" {
		t.Errorf("what was typed became %q", got)
	}
	b.click("#cua-toi")
	b.until(`!document.querySelector(".clash")`)
	b.kept()
	if !strings.Contains(other.page("survey"), `value="Cua toi"`) {
		t.Error("mine was not taken")
	}

	// Without a network it stays on the page and says so, until it is sent again: once.
	h.http.CloseClientConnections()
	ask[bool](b, `window.realFetch = window.fetch, window.fetch = () => Promise.reject(new TypeError("away")), true`)
	before := other.base()
	focus(title)
	b.do(chromedp.KeyEvent("Qua mạng"), chromedp.KeyEvent(kb.Tab))
	b.await(".state button")
	ask[bool](b, `window.fetch = window.realFetch, true`)
	b.click(".state button")
	b.kept()
	if !strings.Contains(other.page("survey"), `value="Qua mạng"`) || other.base() == before {
		t.Error("what waited was not sent")
	}
}

// A field that somebody else set back to what the page was made with is shown so, though
// the page says that it has that part already.
func TestWhatWasSetBackIsShown(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	d := h.designs(url.Values{"from": {"library"}, "survey": {"quay-nhanh"}})
	b := d.opens(t, testkit.Desktop, "?chon=survey&view=sua")
	const title = `document.getElementById("f-survey-title-vi-o")`
	was := ask[string](b, title+`.value`)
	ask[bool](b, title+`.select(), true`)
	b.do(chromedp.KeyEvent("Mot"), chromedp.KeyEvent(kb.Tab)) // the focus stays in the same part
	b.kept()
	d.sets("survey", "title", "vi", was)
	ask[bool](b, `document.querySelector("#f-survey-code button").form.requestSubmit(), true`)
	b.kept()
	b.until(fmt.Sprintf(`%s.value === %q`, title, was))
}

// Rows are moved by mouse, finger, keys and buttons, and every way is spoken or seen.
func TestTheOutlineIsReordered(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	d := h.designs(url.Values{"from": {"library"}, "survey": {"tt01-2018"}})
	const order = `[...document.querySelectorAll("#hang > li")].map(e => e.dataset.key).join(" ")`
	b := d.opens(t, testkit.Desktop, "?lang=vi")
	start := strings.Fields(ask[string](b, order))
	wants := func(what string, keys ...string) {
		t.Helper()
		b.kept()
		b.until(fmt.Sprintf(`%s === %q`, order, strings.Join(keys, " ")))
		var server []string
		for part := range strings.SplitSeq(d.page("survey"), `<li id="row-`) {
			if key, _, is := strings.Cut(part, `" data-key`); is {
				server = append(server, key)
			}
		}
		if got := strings.Join(server, " "); got != strings.Join(keys, " ") {
			t.Errorf("%s: the server has %s, want %v", what, got, keys)
		}
	}
	a, one, two, three := start[0], start[1], start[2], start[3]
	rest := start[4:]
	row := func(keys ...string) []string { return append(keys, rest...) }

	// By keys: lifted, moved, put back; then moved and dropped.
	live := func() string { return ask[string](b, `document.getElementById("doc").textContent`) }
	ask[bool](b, fmt.Sprintf(`document.getElementById("nam-%s").focus(), true`, one))
	b.do(chromedp.KeyEvent(" "), chromedp.KeyEvent(kb.ArrowDown))
	if got := live(); !strings.Contains(got, "Vị trí 3 trên") {
		t.Errorf("spoken: %q", got)
	}
	b.do(chromedp.KeyEvent(kb.Escape))
	wants("put back", row(a, one, two, three)...)
	b.do(chromedp.KeyEvent(" "), chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(" "))
	wants("keys", row(a, two, three, one)...)
	if got := ask[string](b, `document.activeElement.id`); got != "nam-"+one {
		t.Errorf("the focus is on %q", got)
	}
	b.click("#len-" + one)
	wants("button", row(a, two, one, three)...)
	if got := ask[string](b, `document.activeElement.id`); got != "len-"+one {
		t.Errorf("the focus is on %q", got)
	}

	// By mouse: from its grip to above the row that is first.
	place := func(id string) (x, y float64) {
		at := ask[[]float64](b, fmt.Sprintf(`(r => [r.left + r.width / 2, r.top + r.height / 2, r.height])(document.getElementById(%q).getBoundingClientRect())`, id))
		return at[0], at[1]
	}
	drag := func(from, to string) {
		x, y := place("nam-" + from)
		_, over := place("row-" + to)
		send := func(kind string, y float64) {
			ask[bool](b, fmt.Sprintf(`(document.elementFromPoint(%f, %f) || document).dispatchEvent(new PointerEvent(%q, {bubbles: true, cancelable: true, button: 0, clientX: %f, clientY: %f, pointerType: "touch"})), true`, x, y, kind, x, y))
		}
		send("pointerdown", y)
		send("pointermove", over-8)
		b.until(fmt.Sprintf(`document.getElementById("row-%s").nextElementSibling === document.getElementById("row-%s")`, from, to))
		send("pointerup", over-8)
	}
	drag(one, two)
	wants("pointer", row(a, one, two, three)...)
	b.click("#nut-hoan-tac")
	wants("undone", row(a, two, one, three)...)
	b.click("#nut-lam-lai")
	wants("redone", row(a, one, two, three)...)
}
