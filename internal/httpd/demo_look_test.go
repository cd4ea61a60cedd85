package httpd_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"sipas/internal/httpd"
	"sipas/internal/registry"
	"sipas/internal/testkit"
)

// TestDemoPagesSuitEverybody looks at what the demonstration shows to people
// who are not signed in: its banner is on every page, its accounts are on the
// login page, before and after a login that failed.
func TestDemoPagesSuitEverybody(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	if err := st.SaveSetting(t.Context(), registry.SettingSynthetic, "1"); err != nil {
		t.Fatal(err)
	}
	h := newHarness(t, st, func(d *httpd.Deps) {
		d.Demo = []httpd.DemoAccount{{"quantri", "abcd-efgh-jkmn", "Quản trị tỉnh"}, {"so-xay-dung", "pqrs-tuvw-xyz2", "Sở Xây dựng"}}
	})
	narrow := testkit.View{Width: 320, Height: 640, Touch: true}
	for _, l := range []look{
		{narrow, "vi", "light"}, {narrow, "en", "dark"}, {testkit.Desktop, "en", "light"}, {testkit.Desktop, "vi", "dark"},
	} {
		t.Run(l.String(), func(t *testing.T) {
			t.Parallel()
			b := tab{t, testkit.Browser(t, l.view)}
			b.do(colours(l.scheme))
			check := func(name string) {
				t.Helper()
				if !ask[bool](b, `document.querySelector(".synthetic").offsetHeight > 0`) {
					t.Errorf("%s does not say that it is a demonstration", name)
				}
				for _, v := range testkit.Axe(t, b.ctx) {
					t.Errorf("%s: %s", name, v)
				}
				if over := ask[int64](b, `document.documentElement.scrollWidth`) - l.view.Width; over > 0 {
					t.Errorf("%s is %d pixels too wide", name, over)
				}
			}
			for _, path := range []string{
				"/q/" + codeLand, "/q/" + codeSIPAS, "/q/" + codeLand + "/xong/7K3MQ9TD", "/q/" + codeUnknown, "/dang-nhap",
			} {
				b.do(chromedp.Navigate(fmt.Sprint(h.url, path, "?lang=", l.language)))
				check(path)
			}
			b.do(chromedp.SendKeys(chromedp.ID("login"), "quantri"), chromedp.SendKeys(chromedp.ID("password"), "sai"))
			b.click("form.stack [type=submit]")
			b.await("#login-wrong")
			check("failed login")
		})
	}
}
