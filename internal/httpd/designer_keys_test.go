package httpd_test

import (
	"fmt"
	"net/url"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"sipas/internal/testkit"
)

// tabs goes on to what has an id by the key alone.
func (b tab) tabs(id string) {
	b.t.Helper()
	for range 250 {
		if ask[string](b, `document.activeElement.id`) == id {
			return
		}
		b.do(chromedp.KeyEvent(kb.Tab))
	}
	b.t.Fatalf("the key never comes to %s", id)
}

// A survey is made from nothing with nothing but keys: its title, a section, a question of
// it, one more as a copy that is moved up, and it is ready to be published.
func TestASurveyIsMadeByKeys(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	d := h.designs(url.Values{"from": {"blank"}})
	b := d.opens(t, testkit.Desktop, "?lang=vi")
	types := func(id, text string) {
		t.Helper()
		b.tabs(id)
		b.do(chromedp.KeyEvent(text), chromedp.KeyEvent(kb.Tab))
		b.kept()
	}
	press := func(id string) {
		t.Helper()
		b.tabs(id)
		b.do(chromedp.KeyEvent(kb.Enter))
		b.kept()
	}
	says := func(key, field, text string) {
		t.Helper()
		types("f-"+key+"-"+field+"-vi-o", text)
		types("f-"+key+"-"+field+"-en-o", text+" EN")
	}
	chosen := func() string { return ask[string](b, `document.getElementById("trang-thai").dataset.chosen`) }
	says("survey", "title", "Khao sat")
	types("f-survey-code-o", "bang-phim")
	press("them-phan")
	section := chosen()
	says(section, "title", "Phan")
	press("them-cau")
	first := chosen()
	says(first, "text", "Mot")
	press("nhan-doi")
	second := chosen()
	if second == first {
		t.Fatal("there is no copy")
	}
	says(second, "text", " va hai") // behind what the copy says
	b.tabs("nam-" + second)
	b.do(chromedp.KeyEvent(" "), chromedp.KeyEvent(kb.ArrowUp), chromedp.KeyEvent(" "))
	b.kept()
	b.until(fmt.Sprintf(`document.getElementById("row-%s").nextElementSibling.id === "row-%s"`, second, first))
	b.until(`document.querySelector("#can-sua .met") !== null`)
	d.sends("/phat-hanh", "revision", d.base(), "over", "0")
	v := h.snapshot().Newest("bang-phim")
	if v == nil || len(v.Definition.Sections) != 1 || len(v.Definition.Sections[0].Questions) != 2 {
		t.Fatalf("published is %+v", v)
	}
	if q := v.Definition.Sections[0].Questions[0]; q.Text["vi"] == "Mot" || q.Text["en"] == "" {
		t.Errorf("the first question says %v", q.Text)
	}
}
