package httpd_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"sipas/internal/httpd"
	"sipas/internal/testkit"
)

// The citizen's journey in the engine of iPhones behind a proxy that gives its
// own name as Host, with the headers that WebKit sends now and with those of
// Safari before 16.4, which does not say from which site a request comes.
func TestWebKitJourney(t *testing.T) {
	t.Parallel()
	for name, unsaid := range map[string][]string{
		"now":    nil,
		"before": {"Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-Dest"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var program http.Handler
			var origin atomic.Value // of the last POST
			front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				r.Host = "app:8080"
				for _, header := range unsaid {
					r.Header.Del(header)
				}
				if r.Method == http.MethodPost {
					origin.Store(r.Header.Get("Origin"))
				}
				program.ServeHTTP(w, r)
			}))
			t.Cleanup(front.Close)
			public, err := url.Parse(front.URL)
			if err != nil {
				t.Fatal(err)
			}
			h := newHarness(t, testkit.SQLite(t), func(d *httpd.Deps) { d.PublicURL = public })
			program = h.http.Config.Handler

			w := testkit.NewWebKit(t, testkit.Phone)
			w.Open(front.URL + "/q/" + codeDesk)
			w.Click(level("overall", "4"), ".more input", level("staff", "2"))
			w.Type("#a-comment", "Nhân viên nhiệt tình")
			w.Reload()
			wantDraft(w, t, draft{true, "Nhân viên nhiệt tình", "vi", true})
			w.Click("a[hreflang=en]")
			wantDraft(w, t, draft{true, "Nhân viên nhiệt tình", "en", true})
			w.Click(sendButton)
			w.Await(thanksPage)
			var thanks struct {
				Receipt, Path string
				Drafts        int
			}
			w.Ask(`{receipt: document.querySelector(".receipt dd").textContent, path: location.pathname, drafts: sessionStorage.length}`, &thanks)
			if thanks.Path != "/q/"+codeDesk+"/xong/"+strings.ReplaceAll(thanks.Receipt, "-", "") || thanks.Drafts != 0 {
				t.Errorf("thanks: %+v", thanks)
			}
			if got := h.responses(); got != 1 {
				t.Errorf("%d responses, want 1", got)
			}
			if from := origin.Load(); from != front.URL {
				t.Errorf("the answer came from %q", from)
			}
		})
	}
}

// draft is what a form has that was restored.
type draft struct {
	Chosen  bool // the fourth face
	Comment string
	Lang    string
	Fits    bool // nothing is wider than the phone
}

func wantDraft(w *testkit.WebKit, t *testing.T, want draft) {
	t.Helper()
	var got draft
	w.Await("html[lang=" + want.Lang + "] " + sendButton)
	w.Ask(`{chosen: document.querySelector("[name='a.overall'][value='4']").checked, comment: document.getElementById("a-comment").value,
		lang: document.documentElement.lang, fits: document.documentElement.scrollWidth <= 360}`, &got)
	if got != want {
		t.Errorf("the form has %+v, want %+v", got, want)
	}
}
