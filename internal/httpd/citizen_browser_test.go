package httpd_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"sipas/internal/testkit"
)

// tab is a browser's tab that looks at the citizen's pages.
type tab struct {
	t   testing.TB
	ctx context.Context
}

func openTab(t testing.TB, view testkit.View, address string) tab {
	t.Helper()
	b := tab{t, testkit.Browser(t, view)}
	b.do(chromedp.Navigate(address))
	return b
}

func (b tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

func (b tab) click(selectors ...string) {
	b.t.Helper()
	for _, s := range selectors {
		b.do(chromedp.Click(chromedp.CSS(s)))
	}
}

func (b tab) await(selector string) {
	b.t.Helper()
	b.do(chromedp.WaitVisible(chromedp.CSS(selector)))
}

func ask[T any](b tab, script string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](script))
	if err != nil {
		b.t.Fatalf("%s: %v", script, err)
	}
	return v
}

func level(question, value string) string {
	return `[name="a.` + question + `"][value="` + value + `"]`
}

const (
	sendButton = "form [type=submit]"
	thanksPage = ".receipt dd"
)

func TestPhoneJourney(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		for i, view := range []testkit.View{testkit.Phone, testkit.Phone.WithoutScript()} {
			b := openTab(t, view, h.url+"/q/"+codeDesk+"?lang=vi")
			b.click(level("overall", "4"), ".more input", level("staff", "2"), level("reasons", "waiting"))
			b.do(chromedp.SendKeys(chromedp.ID("a-comment"), "Nhân viên nhiệt tình"))
			b.do(chromedp.SetValue(chromedp.ID("a-field"), "dat-dai"))
			b.click(sendButton)
			b.await(thanksPage)
			receipt := ask[string](b, `document.querySelector(".receipt dd").textContent`)
			if path := ask[string](b, `location.pathname`); path != "/q/"+codeDesk+"/xong/"+strings.ReplaceAll(receipt, "-", "") {
				t.Errorf("receipt %s at %s", receipt, path)
			}
			b.do(chromedp.Reload())
			b.await(thanksPage)
			if got := h.responses(); got != int64(i+1) {
				t.Errorf("%d responses, want %d", got, i+1)
			}
			if view.NoScript {
				continue
			}
			if kept := ask[int](b, `sessionStorage.length`); kept != 0 {
				t.Errorf("%d drafts are left in the browser", kept)
			}
			entries, err := chromedp.Run(b.ctx, chromedp.NavigationEntries())
			if err != nil {
				t.Fatal(err)
			}
			for _, entry := range entries.Entries {
				if strings.HasSuffix(entry.URL, "/q/"+codeDesk+"?lang=vi") {
					t.Error("Back leads to the form that was sent")
				}
			}
		}
	})
}

// TestConflictLeadsToANewForm: the answers of a first try were kept, its receipt
// was lost on the way, and the person changed their mind. The new form has what
// they typed and can be sent.
func TestConflictLeadsToANewForm(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	b := openTab(t, testkit.Phone, h.url+"/q/"+codeDesk+"?lang=vi")
	b.click(level("overall", "4"))
	first := url.Values{
		"a.overall": {"4"}, "language": {"vi"}, "version": {ask[string](b, `document.forms[0].elements.version.value`)},
		"submission": {ask[string](b, `document.forms[0].elements.submission.value`)},
	}
	h.post(h.client(), "/q/"+codeDesk, first).check(t, "first try", http.StatusSeeOther, nil, nil)
	b.click(level("overall", "2"))
	b.do(chromedp.SendKeys(chromedp.ID("a-comment"), "Chờ lâu quá"))
	b.click(sendButton)
	b.await(".refusal")
	b.click(".refusal a")
	b.await(`form:not([data-kept])`)
	if id := ask[string](b, `document.forms[0].elements.submission.value`); id == first.Get("submission") {
		t.Error("the new form has the old submission id")
	}
	if !ask[bool](b, `document.querySelector("[name='a.overall'][value='2']").checked && document.getElementById("a-comment").value === "Chờ lâu quá"`) {
		t.Error("what was typed is lost")
	}
	b.click(sendButton)
	b.await(thanksPage)
	if got := h.responses(); got != 2 {
		t.Errorf("%d responses, want 2", got)
	}
}

func TestKeyboardJourney(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	b := openTab(t, testkit.View{Width: 360, Height: 640}, h.url+"/q/"+codeDesk)
	for !ask[bool](b, `document.activeElement.name == "a.overall"`) { // after the languages
		b.do(chromedp.KeyEvent(kb.Tab))
	}
	b.do(chromedp.KeyEvent(" "), chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.ArrowRight))
	if value := ask[string](b, `document.querySelector("[name='a.overall']:checked").value`); value != "3" {
		t.Errorf("level %s, want 3", value)
	}
	for range 60 {
		b.do(chromedp.KeyEvent(kb.Tab))
		if ask[bool](b, `document.activeElement.matches("form [type=submit]")`) {
			break
		}
		// Nothing that has the focus may lie under the bar with the button.
		if covered := ask[string](b, `(() => {
			const e = document.activeElement, bar = document.querySelector(".send").getBoundingClientRect();
			const bottom = e.getBoundingClientRect().bottom;
			return e.closest(".send") || bottom <= bar.top + 1 ? "" : e.outerHTML;
		})()`); covered != "" {
			t.Errorf("the focus is hidden: %s", covered)
		}
		if outlined := ask[bool](b, `(() => {
			const e = document.activeElement, shown = e.matches(".levels input") ? e.nextElementSibling : e;
			return getComputedStyle(shown).outlineStyle !== "none";
		})()`); !outlined {
			t.Errorf("the focus cannot be seen on %s", ask[string](b, `document.activeElement.outerHTML`))
		}
	}
	b.do(chromedp.KeyEvent(kb.Enter))
	b.await(thanksPage)
	if got := h.responses(); got != 1 {
		t.Errorf("%d responses, want 1", got)
	}
}

func TestMissingAnswerIsShown(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	for _, view := range []testkit.View{testkit.Phone, testkit.Phone.WithoutScript()} {
		b := openTab(t, view, h.url+"/q/"+codeLand)
		b.click(".more input", level("staff", "5"), sendButton)
		b.await(".big .problem")
		if said := ask[string](b, `document.querySelector(".big .problem").textContent`); said != "Ông/bà chưa chọn mức hài lòng" {
			t.Errorf("the page says %q", said)
		}
		if sent := ask[bool](b, `performance.getEntriesByType("resource").some(r => r.initiatorType === "fetch")`); sent {
			t.Error("the script sent a form without an answer")
		}
		if !ask[bool](b, `document.activeElement.name === "a.overall" && document.querySelector("[name='a.staff'][value='5']").checked`) {
			t.Error("the question has not the focus, or the answer was lost")
		}
		if top := ask[float64](b, `document.activeElement.closest(".question").getBoundingClientRect().top`); top < 0 {
			t.Errorf("the question is %g pixels above the screen", -top)
		}
		for _, v := range testkit.Axe(t, b.ctx) {
			t.Error(v)
		}
		b.click(level("overall", "5"))
		if !view.NoScript && ask[bool](b, `document.querySelector(".problem, .wrong") !== null`) {
			t.Error("the problem is still there when it is mended")
		}
		b.click(sendButton)
		b.await(thanksPage)
	}
	if got := h.responses(); got != 2 {
		t.Errorf("%d responses, want 2", got)
	}
}

func TestConditionalQuestionsAppear(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	for _, view := range []testkit.View{testkit.Phone, testkit.Phone.WithoutScript()} {
		b := openTab(t, view, h.url+"/q/"+codeSIPAS)
		const shown = `document.querySelector("[name='a.feedback-easy']").closest("[data-if]").offsetHeight > 0`
		if ask[bool](b, shown) {
			t.Error("the question is shown before its condition holds")
		}
		b.click(level("gave-feedback", "given"))
		if !ask[bool](b, shown) {
			t.Error("the question is not shown")
		}
		b.click(level("feedback-easy", "5"), level("gave-feedback", "not-given"))
		if ask[bool](b, shown) {
			t.Error("the question is still shown")
		}
		b.click(sendButton)
		if view.NoScript { // the answer was sent too, and is named and taken out
			b.await(".refusal")
			b.click(sendButton)
		}
		b.await(thanksPage)
	}
}

// gate stands before the server and behaves like a bad network.
type gate struct {
	mode  atomic.Int32
	inner http.Handler
}

const (
	pass int32 = iota
	drop       // the request does not arrive
	lose       // it arrives, and its answer does not
	busy       // 503
	many       // 429
)

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	mode := g.mode.Load()
	if r.Method != http.MethodPost || mode == pass {
		g.inner.ServeHTTP(w, r)
		return
	}
	switch mode {
	case busy:
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	case many:
		w.Header().Set("Retry-After", "1")
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = w.Write([]byte(`{"title": "Vừa có quá nhiều lượt gửi từ đây."}`)) // a browser that went away does not matter
		return
	case lose:
		g.inner.ServeHTTP(httptest.NewRecorder(), r)
	}
	panic(http.ErrAbortHandler) // closes the connection
}

func newGate(t *testing.T, h *harness) (g *gate, address string) {
	t.Helper()
	g = &gate{inner: h.http.Config.Handler}
	server := httptest.NewServer(g)
	t.Cleanup(server.Close)
	return g, server.URL
}

func TestBadNetwork(t *testing.T) {
	t.Parallel()
	for name, mode := range map[string]int32{"request lost": drop, "answer lost": lose} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t, testkit.SQLite(t))
			g, address := newGate(t, h)
			g.mode.Store(mode)
			b := openTab(t, testkit.Phone, address+"/q/"+codeLand+"?lang=vi")
			b.click(level("overall", "2"))
			b.do(chromedp.SendKeys(chromedp.ID("a-comment"), "Mạng chập chờn"))
			b.click(sendButton)
			b.await(".again")
			if said := ask[string](b, `document.querySelector("[role=status]").textContent`); said != "Chưa gửi được. Câu trả lời vẫn được giữ trên thiết bị này và sẽ tự gửi lại." {
				t.Errorf("the page says %q", said)
			}
			if label := ask[string](b, `document.querySelector("form [type=submit] span").textContent`); label != "Gửi đánh giá" {
				t.Errorf("the button says %q", label)
			}
			for _, v := range testkit.Axe(t, b.ctx) {
				t.Error(v)
			}
			id := ask[string](b, `document.querySelector("[name=submission]").value`)
			// Closing and opening the page keeps answers and id in this tab.
			b.do(chromedp.Reload())
			if again := ask[string](b, `document.querySelector("[name=submission]").value`); again != id {
				t.Errorf("id %s became %s", id, again)
			}
			if text := ask[string](b, `document.querySelector("#a-comment").value`); text != "Mạng chập chờn" {
				t.Errorf("the comment became %q", text)
			}
			if said := ask[string](b, `document.querySelector("[role=status]").textContent`); !strings.HasPrefix(said, "Chưa gửi.") {
				t.Errorf("of answers that were not sent the page says %q", said)
			}
			b.click(sendButton)
			b.await(".again")
			g.mode.Store(pass)
			b.click(".again")
			b.await(thanksPage)
			if got := h.responses(); got != 1 {
				t.Errorf("%d responses, want 1", got)
			}
		})
	}
}

func TestTriesAgainByItself(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	g, address := newGate(t, h)
	// The network comes back.
	g.mode.Store(drop)
	b := openTab(t, testkit.Phone, address+"/q/"+codeLand+"?lang=vi")
	b.click(level("overall", "2"), sendButton)
	b.await(".again")
	// Whoever writes on is not told that all is well, and the next try is still to come.
	b.do(chromedp.SendKeys(chromedp.ID("a-comment"), "Còn nữa"))
	if said := ask[string](b, `document.querySelector("[role=status]").textContent`); !strings.Contains(said, "sẽ tự gửi lại") || !ask[bool](b, `!document.querySelector(".again").hidden`) {
		t.Errorf("after some writing the page says %q", said)
	}
	g.mode.Store(pass)
	ask[bool](b, `dispatchEvent(new Event("online"))`)
	b.await(thanksPage)
	// The server has time again.
	g.mode.Store(busy)
	b.do(chromedp.Navigate(address + "/q/" + codeLand + "?lang=vi"))
	b.click(level("overall", "3"), sendButton)
	b.await(".again")
	if said := ask[string](b, `document.querySelector("[role=status]").textContent`); !strings.Contains(said, "sau 1 giây") {
		t.Errorf("the page says %q", said)
	}
	g.mode.Store(pass)
	b.await(thanksPage)
	// The server says itself what was too much.
	g.mode.Store(many)
	b.do(chromedp.Navigate(address + "/q/" + codeLand + "?lang=vi"))
	b.click(level("overall", "4"), sendButton)
	b.await(".again")
	if said := ask[string](b, `document.querySelector("[role=status]").textContent`); said != "Vừa có quá nhiều lượt gửi từ đây." {
		t.Errorf("after too many the page says %q", said)
	}
	g.mode.Store(pass)
	b.await(thanksPage)
	if got := h.responses(); got != 3 {
		t.Errorf("%d responses, want 3", got)
	}
}
