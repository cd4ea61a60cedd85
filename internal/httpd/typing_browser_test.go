package httpd_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"sipas/internal/civil"
	"sipas/internal/testkit"
)

// keys presses keys as a keyboard does: digits, "\r" for Enter and "\b" for Backspace.
func (b tab) keys(typed string) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		for _, k := range typed {
			p := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: string(k), Text: string(k), WindowsVirtualKeyCode: int64(k)}
			switch k {
			case '\r':
				p.Key = "Enter"
			case '\b':
				p.Key, p.Text = "Backspace", ""
			}
			if _, err := cdp.Call(ctx, target, input.DispatchKeyEvent, p); err != nil {
				return err
			}
		}
		return nil
	}))
}

// typesSheets types sheets of 20 levels by keyboard alone, one after the other and without
// waiting, and gives what the status says in the end.
func (b tab) typesSheets(h *harness, batch string, typing int, client *http.Client, sheets []string) {
	b.t.Helper()
	b.do(h.withCookie(client), chromedp.Navigate(fmt.Sprintf("%s%s/nhap?lan=%d", h.url, batch, typing)))
	for n, levels := range sheets {
		typed := "\r" + strings.Join(strings.Split(levels, ""), "\r") + "\r" // the day stays
		if n < 5 {
			b.keys(typed)
			continue
		}
		// The same events for whatever has the focus, without a message to the browser for each.
		ask[bool](b, fmt.Sprintf(`[...%q].every(k => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: k === "\r" ? "Enter" : k, bubbles: true, cancelable: true })) || true)`, typed))
	}
	b.await(`.done-note`) // of the batch's page, to which the last sheet leads
	if at := ask[string](b, `location.pathname + location.search`); at != batch+"?da=sheets-typed" {
		b.t.Errorf("the last sheet leads to %s", at)
	}
}

// TestAHundredSheetsAreTyped: 100 sheets of 20 questions, typed twice by keyboard in two
// browsers; the second makes three slips, and these are found, and no others.
func TestAHundredSheetsAreTyped(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	b := h.asking(fifth(20), 100, true)
	batch := fmt.Sprintf("/nhap-phieu/%d", b.ID)
	first := make([]string, 100)
	for n := range first {
		for q := range 20 {
			first[n] += fmt.Sprint(1 + (7*n+3*q*q+n*q)%5)
		}
	}
	second := slices.Clone(first)
	var slips []string
	for n, q := range map[int]int{17: 4, 58: 20, 93: 1} {
		level := second[n-1][q-1] - '0'
		slip := 1 + level%5
		second[n-1] = second[n-1][:q-1] + fmt.Sprint(slip) + second[n-1][q:]
		slips = append(slips, fmt.Sprintf("%d Ông/bà hài lòng thế nào về điều %d: %d %d", n, q, level, slip))
	}
	clerks := []*http.Client{h.clerkAt(h.environment.ID), h.clerkAt(h.environment.ID)}
	tab{t, testkit.Browser(t, testkit.Desktop)}.typesSheets(h, batch, 1, clerks[0], first)
	tab{t, testkit.Browser(t, testkit.Desktop)}.typesSheets(h, batch, 2, clerks[1], second)

	compared := tab{t, testkit.Browser(t, testkit.Desktop)} // a tab has a minute
	compared.do(h.withCookie(clerks[1]), chromedp.Navigate(h.url+batch+"/so-sanh"))
	found := ask[[]string](compared, `[...document.querySelectorAll("form.differs fieldset")].map(f => f.form.elements.number.value + " " + f.querySelector("legend").innerText + ": " +
		[...f.querySelectorAll("label")].map(l => l.innerText.match(/\d/)[0]).join(" "))`)
	slices.Sort(slips)
	slices.Sort(found)
	if diff := cmp.Diff(slips, found); diff != "" {
		t.Fatalf("planted (-) and found (+): %s", diff)
	}
	for n, q := range map[int]int{17: 4, 58: 20, 93: 1} {
		h.post(clerks[1], batch+"/so-sanh", url.Values{"number": {fmt.Sprint(n)}, fmt.Sprintf("choose.a.q%d", q): {"1"}}).check(t, "settle", http.StatusSeeOther, nil, nil)
	}
	h.post(clerks[1], batch+"/dong", url.Values{}).check(t, "close", http.StatusSeeOther, nil, nil)
	var kept []string
	for r, err := range h.st.Responses(t.Context(), civil.Days{}) {
		if err != nil {
			t.Fatal(err)
		}
		if kept = append(kept, r.Scale); r.Day != "2025-11-10" || r.Channel != "paper" {
			t.Errorf("a sheet counts on %s by %s", r.Day, r.Channel)
		}
	}
	slices.Sort(kept)
	slices.Sort(first)
	if diff := cmp.Diff(first, kept); diff != "" || h.responses() != 100 {
		t.Error(diff)
	}
}

// TestASheetIsTypedByKeyboard: digits choose, Backspace goes back, nothing is skipped that
// must be answered, what is typed while a sheet is on its way is not lost, and without a
// network sheets wait.
func TestASheetIsTypedByKeyboard(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	b := h.asking(fifth(3), 4, false)
	batch := fmt.Sprintf("/nhap-phieu/%d", b.ID)
	client := h.clerkAt(h.environment.ID)
	v := tab{t, testkit.Browser(t, testkit.Desktop)}
	v.do(h.withCookie(client), chromedp.Navigate(h.url+batch+"/nhap?lan=1"))
	now := func() string {
		return ask[string](v, `(q => (q.querySelector("legend") || q.querySelector("label")).innerText.replace(/\s+/g, " ") + "|" + [...q.querySelectorAll(":checked")].map(e => e.value))(document.querySelector(".question.now"))`)
	}
	says := func(what, want string) {
		t.Helper()
		if got := now(); !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", what, got, want)
		}
	}
	says("first", "Ngày trả lời")
	v.keys("\r")
	says("the day stays", "điều 1|")
	v.keys("\r")
	says("it must be answered", "Ông/bà chưa chọn mức hài lòng|")
	v.keys("4")
	says("a digit chooses", "điều 1|4")
	v.keys("2")
	says("another one in its place", "điều 1|2")
	v.keys("7\r")
	says("no such level", "điều 2|")
	v.keys("\b")
	says("back", "điều 1|2")
	v.keys("\r\r5\b\b")
	says("back twice", "điều 1|2")
	v.keys("\r3\r5\r") // sheet 1, and on with sheet 2
	v.keys("\r1\r\r\r")
	await := func(what, script, want string) {
		t.Helper()
		for deadline := time.Now().Add(20 * time.Second); ask[string](v, script) != want; time.Sleep(10 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("%s: %q, want %q", what, ask[string](v, script), want)
			}
		}
	}
	const typed, state = `document.getElementById("da-nhap").innerText`, `document.querySelector(".state").innerText`
	await("two sheets are kept", typed, "2")
	ask[bool](v, `(window.reach = window.fetch, window.fetch = () => Promise.reject(new TypeError("no network")), true)`)
	v.keys("\r4\r4\r4\r")
	await("without a network", state, "Chưa gửi được 1 phiếu. Ông/bà cứ nhập tiếp và để trang này mở; hệ thống đang gửi lại.")
	says("the next sheet can be typed meanwhile", "Ngày trả lời")
	ask[bool](v, `(window.fetch = window.reach, true)`)
	await("the network is back", typed, "3")
	sheets, err := h.deps.Entries.Sheets(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range sheets {
		got = append(got, fmt.Sprint(s.Number, " ", s.Cells["day"], " ", s.Cells["a.q1"], s.Cells["a.q2"], s.Cells["a.q3"]))
	}
	if diff := cmp.Diff([]string{"1 2025-11-10 235", "2 2025-11-10 1", "3 2025-11-10 444"}, got); diff != "" {
		t.Error(diff)
	}
	if low := ask[[]string](v, lowTargets); len(low) > 0 {
		t.Error(low)
	}
	for _, violation := range testkit.Axe(t, v.ctx) {
		t.Error(violation)
	}
}
