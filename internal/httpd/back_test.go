package httpd_test

import (
	"testing"

	"github.com/chromedp/chromedp"

	"sipas/internal/testkit"
)

// TestBackAndAgainIsOneResponse: without the script, Back leads to the form that
// was sent. The same answers give the same receipt, others are refused, and a new
// visit is a new response.
func TestBackAndAgainIsOneResponse(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	b := openTab(t, testkit.Phone.WithoutScript(), h.url+"/q/"+codeLand+"?lang=vi")
	const id, receipt = `document.querySelector("[name=submission]").value`, `document.querySelector(".receipt dd").textContent`
	send := func(value string) {
		t.Helper()
		b.click(level("overall", value), sendButton)
	}
	first := ask[string](b, id)
	send("4")
	b.await(thanksPage)
	got := ask[string](b, receipt)
	b.do(chromedp.NavigateBack())
	if again := ask[string](b, id); again != first {
		t.Errorf("Back leads to submission %s, want %s", again, first)
	}
	send("4")
	b.await(thanksPage)
	if again := ask[string](b, receipt); again != got {
		t.Errorf("the same answers again: receipt %s, want %s", again, got)
	}
	b.do(chromedp.NavigateBack())
	send("2")
	b.await(".refusal a")
	if n := h.responses(); n != 1 {
		t.Errorf("%d responses, want 1", n)
	}
	b.click(".refusal a") // to a new form
	b.await("form:not([data-kept]) [type=submit]")
	if again := ask[string](b, id); again == first {
		t.Error("a new visit has the old submission id")
	}
	send("2")
	b.await(thanksPage)
	if n := h.responses(); n != 2 {
		t.Errorf("%d responses, want 2", n)
	}
}

// TestBackAfterARefusal: without the script, every page on the way of a form
// that came back once can be gone back to, has what was typed, and can be sent
// from there. Browsers ask "send again?" of a page that they may not keep.
func TestBackAfterARefusal(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	b := openTab(t, testkit.Phone.WithoutScript(), h.url+"/q/"+codeLand+"?lang=vi")
	const typed = `document.querySelector("[name='a.staff'][value='5']").checked && document.querySelector("#a-comment").value === "Chờ lâu quá"`
	b.click(".more input", level("staff", "5"))
	b.do(chromedp.SendKeys(chromedp.ID("a-comment"), "Chờ lâu quá"))
	b.click(sendButton)
	b.await(".big .problem")

	b.do(chromedp.NavigateBack())
	b.await("form:not([data-kept])")
	if !ask[bool](b, typed) {
		t.Error("Back from the refusal: what was typed is lost")
	}
	b.click(sendButton)
	b.await(".big .problem")
	b.click(level("overall", "2"), sendButton)
	b.await(thanksPage)
	receipt := ask[string](b, `document.querySelector(".receipt dd").textContent`)

	b.do(chromedp.NavigateBack())
	b.await("form[data-kept]")
	if !ask[bool](b, typed) {
		t.Error("Back from the thanks: what was typed is lost")
	}
	b.click(level("overall", "2"), sendButton)
	b.await(thanksPage)
	if again := ask[string](b, `document.querySelector(".receipt dd").textContent`); again != receipt {
		t.Errorf("sent again: receipt %s, want %s", again, receipt)
	}
	if n := h.responses(); n != 1 {
		t.Errorf("%d responses, want 1", n)
	}
}
