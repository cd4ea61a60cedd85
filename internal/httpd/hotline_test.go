package httpd_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"sipas/internal/access"
	"sipas/internal/testkit"
)

// TestHotline: wherever a citizen meets an agency, the province stands above it
// and the nearest hotline is told; who ticks a payment beyond the fees is told
// so in the same breath. Without a hotline nothing hints at one.
func TestHotline(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		h := newHarness(t, st)
		const form, thanks, api = "/q/" + codeLand + "?lang=vi", "/q/" + codeLand + "/xong/7K3MQ9TB?lang=vi", "/api/v1/service-points/" + codeLand + "/form?lang=vi"
		pages := []string{form, thanks, api}
		for _, path := range pages {
			h.get(h.client(), path).check(t, path, http.StatusOK, nil, []string{"đường dây nóng", "Đường dây nóng", "hotline", "tel:"})
		}
		if err := st.SetHotline(t.Context(), h.province.ID, "1900 1234"); err != nil {
			t.Fatal(err)
		}
		h.clock.Advance(time.Minute)
		const said = "Ông/bà có thể phản ánh việc này qua đường dây nóng 1900 1234."
		for path, wants := range map[string][]string{
			form: {
				`<a href="tel:19001234">1900 1234</a>`, "<span>Tỉnh Bình Thuận</span> Sở Tài nguyên và Môi trường",
				`aria-describedby="n-reasons-extra-cost"`, `id="n-reasons-extra-cost">` + said,
			},
			thanks: {`<a href="tel:19001234">1900 1234</a>`, "<span>Tỉnh Bình Thuận</span> Sở Tài nguyên và Môi trường"},
			api:    {`"hotline":"1900 1234"`, `"head":{"code":"tinh","name":"Tỉnh Bình Thuận"}`, `"note":"` + said + `"`},
		} {
			h.get(h.client(), path).check(t, path, http.StatusOK, wants, []string{"{hotline}", "ZgotmplZ"})
		}
		poster := h.get(h.signedIn(h.account(access.Viewer, 0)), "/quay/poster.pdf?point="+codeLand)
		if text := pdfText(t, poster.body); !strings.Contains(text, "TỈNH BÌNH THUẬN") || !strings.Contains(text, "Đường dây nóng / Hotline: 1900 1234") {
			t.Errorf("poster:\n%s", text)
		}
	})
}

// TestQuestionsAreWholeSentences: whoever hears one question at a time hears its
// stem; whoever sees the form reads it once.
func TestQuestionsAreWholeSentences(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	const quick, long = "Ông/bà hài lòng đến mức nào về những việc sau?", "Ông/bà hài lòng đến mức nào về:"
	h.get(h.client(), "/q/"+codeLand+"?lang=vi").check(t, "quick form", http.StatusOK, []string{
		"<h2>" + quick + "</h2>", `<span class="sr">` + quick + " </span>Trả kết quả đúng hẹn", "<span>Chưa đến hẹn</span>",
	}, nil)
	h.get(h.client(), "/q/"+codeSIPAS+"?lang=vi").check(t, "long form", http.StatusOK, []string{
		`<p class="stem">` + long + "</p>", `<span class="sr">` + long + " </span>Việc trả kết quả đúng hẹn",
		"trong các lĩnh vực sau? </span>Nước sinh hoạt", "theo tiêu chí SIPAS",
	}, nil)
}

func pdfText(t *testing.T, document string) string {
	t.Helper()
	return string(testkit.Poppler(t, []byte(document), "pdftotext", "-layout", "-enc", "UTF-8", "-", "-"))
}

// TestHotlineSuitsEverybody: the note about it comes when its choice is ticked,
// with and without the script, and it can be read, heard and pressed.
func TestHotlineSuitsEverybody(t *testing.T) {
	t.Parallel()
	h := newHarness(t, testkit.SQLite(t))
	if err := h.st.SetHotline(t.Context(), h.province.ID, "(0252) 382.1234"); err != nil {
		t.Fatal(err)
	}
	h.clock.Advance(time.Minute)
	narrow := testkit.View{Width: 320, Height: 640, Touch: true}
	for _, view := range []testkit.View{narrow, narrow.WithoutScript()} {
		b := tab{t, testkit.Browser(t, view)}
		const shown = `!!document.getElementById("n-reasons-extra-cost").offsetParent`
		for _, path := range []string{"/q/" + codeLand + "?lang=vi", "/q/" + codeLand + "/xong/7K3MQ9TB?lang=vi"} {
			b.do(chromedp.Navigate(h.url + path))
			if !strings.Contains(path, "/xong/") {
				if ask[bool](b, shown) {
					t.Error("the note is there before its choice is ticked")
				}
				ask[bool](b, `document.querySelectorAll("[type=checkbox]").forEach(e => e.checked = true), true`)
				if !ask[bool](b, shown) {
					t.Error("the note does not come when its choice is ticked")
				}
			}
			for _, v := range testkit.Axe(t, b.ctx) {
				t.Errorf("%s: %s", path, v)
			}
			for _, small := range ask[[]string](b, smallTargets) {
				t.Errorf("%s: less than 44 pixels high: %s", path, small)
			}
			if over := ask[int64](b, `document.documentElement.scrollWidth`) - view.Width; over > 0 {
				t.Errorf("%s is %d pixels too wide", path, over)
			}
		}
	}
}
