package httpd

import (
	"testing"

	"github.com/chromedp/chromedp"

	"sipas/internal/testkit"
)

// TestBackAndAgainIsOneResponse: without the script, Back leads to the form that
// was sent. The same answers give the same receipt, others are refused, and a
// new visit is a new response. On a device that is everybody's, Back leads to a
// form of one's own.
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

	b.do(chromedp.Navigate(h.url + "/q/" + codeKiosk))
	first = ask[string](b, id)
	send("4")
	b.await(thanksPage)
	b.do(chromedp.NavigateBack())
	if ask[string](b, id) == first || ask[bool](b, `document.querySelector(":checked") !== null`) {
		t.Error("Back on a kiosk leads to the form of the person before")
	}
}
