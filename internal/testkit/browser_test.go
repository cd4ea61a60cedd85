package testkit

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

const goodPage = `<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Đánh giá</title>
<meta name="viewport" content="width=device-width"></head>
<body><main><h1>Hài lòng</h1><noscript><p id="plain">không có JavaScript</p></noscript>
<p id="script"></p></main><script>document.getElementById("script").textContent = "có " + innerWidth</script></body></html>`

// servePage serves one page, forbidding scripts from elsewhere as the product does.
func servePage(t *testing.T, html string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'self'; script-src 'unsafe-inline'")
		http.SetCookie(w, &http.Cookie{Name: "seen", Value: "yes"})
		_, cookieErr := r.Cookie("seen")
		_, err := fmt.Fprintf(w, "%s<!-- cookie: %t -->", html, cookieErr == nil)
		if err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func open(t *testing.T, ctx context.Context, address string) {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.Navigate(address)); err != nil {
		t.Fatal(err)
	}
}

func TestBrowserViews(t *testing.T) {
	t.Parallel()
	address := servePage(t, goodPage)
	for _, test := range []struct {
		name string
		view View
		want string
	}{
		{"phone", Phone, "có 360"},
		{"desktop", Desktop, "có 1280"},
		{"phone without script", Phone.WithoutScript(), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			ctx := Browser(t, test.view)
			open(t, ctx, address)
			got, err := chromedp.Run(ctx, chromedp.TextContent(chromedp.CSS("#script")))
			if err != nil {
				t.Fatal(err)
			}
			if got != test.want {
				t.Errorf("the script wrote %q, want %q", got, test.want)
			}
			page, err := chromedp.Run(ctx, chromedp.Evaluate[string]("new XMLSerializer().serializeToString(document)"))
			if err != nil {
				t.Fatal(err)
			}
			if want := "<!-- cookie: false -->"; !strings.Contains(page, want) {
				t.Errorf("no %q: the tab sees the cookies of another", want)
			}
		})
	}
}

func TestAxeFindsWhatWasPlanted(t *testing.T) {
	t.Parallel()
	const bad = `<!doctype html><html lang="vi"><head><title>Ảnh</title></head>
<body><main><h1>Ảnh</h1><img src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAAC"></main></body></html>`
	ctx := Browser(t, Phone)
	open(t, ctx, servePage(t, bad))
	found := Axe(t, ctx)
	if !slices.ContainsFunc(found, func(v Violation) bool { return v.ID == "image-alt" && len(v.Nodes) == 1 }) {
		t.Errorf("the image without text was not found among %v", found)
	}
}

func TestAxeFindsNothingOnAGoodPage(t *testing.T) {
	t.Parallel()
	for _, view := range []View{Desktop, Desktop.WithoutScript()} {
		ctx := Browser(t, view)
		open(t, ctx, servePage(t, goodPage))
		for _, violation := range Axe(t, ctx) {
			t.Error(violation)
		}
	}
}

func TestFailedTestLeavesAScreenshot(t *testing.T) {
	t.Parallel()
	ctx := Browser(t, Phone)
	open(t, ctx, servePage(t, goodPage))
	saveScreenshot(t, ctx)
	path := filepath.Join(Root(t), "artifacts", t.Name()+".png")
	picture, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	size, err := png.DecodeConfig(bytes.NewReader(picture))
	if err != nil || size.Width != 360 {
		t.Errorf("the picture is %d pixels wide (%v), want 360", size.Width, err)
	}
	if err := os.Remove(path); err != nil {
		t.Error(err)
	}
}
