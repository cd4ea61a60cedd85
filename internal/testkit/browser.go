package testkit

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// View is how a browser shows pages.
type View struct {
	Width, Height int64 // CSS pixels
	Touch         bool  // a mobile browser: touch events, meta viewport obeyed
	NoScript      bool  // pages may not run JavaScript
}

// The two screens that every page must suit.
var (
	Phone   = View{Width: 360, Height: 780, Touch: true}
	Desktop = View{Width: 1280, Height: 900}
)

// WithoutScript is the same view with JavaScript switched off.
func (v View) WithoutScript() View {
	v.NoScript = true
	return v
}

// A page that a test waits for longer than this is not coming.
const browserPatience = time.Minute

// sharedBrowser is the one Chromium of this test process. chromedp makes the
// kernel kill it with the process; its guard removes its files.
var sharedBrowser struct {
	once    sync.Once
	ctx     context.Context
	guard   *guard
	version string
	err     error
}

// Browser opens a tab of headless Chromium for this test and returns its
// chromedp context. The tab has a profile of its own (no cookies, no cache), a
// time limit of one minute, and is closed at the end of the test. A test that
// failed leaves a screenshot in artifacts/ at the top of the repository.
// Without Chromium the test is skipped, or fails when CI=true.
func Browser(t testing.TB, view View) context.Context {
	t.Helper()
	shared := &sharedBrowser
	shared.once.Do(func() { shared.err = startBrowser() })
	if errors.Is(shared.err, errNotInstalled) {
		Missing(t, "Chromium")
	}
	if shared.err != nil {
		t.Fatalf("Chromium: %v", shared.err)
	}
	Ran(t, shared.version)

	tab, closeTab := chromedp.NewContext(shared.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(closeTab)
	var touch []chromedp.EmulateViewportOption
	if view.Touch {
		touch = append(touch, chromedp.EmulatePortrait, chromedp.EmulateMobile, chromedp.EmulateTouch)
	}
	// The first Do binds the tab to its context, so it gets the one without a
	// time limit: the screenshot of a test that waited too long needs the tab.
	err := chromedp.Do(tab, chromedp.EmulateViewport(view.Width, view.Height, touch...), disableScript(view.NoScript))
	if err != nil {
		t.Fatalf("opening a tab: %v", err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			saveScreenshot(t, tab)
		}
	})
	ctx, cancel := context.WithTimeout(context.WithValue(tab, viewKey{}, view), browserPatience)
	t.Cleanup(cancel)
	return ctx
}

// viewKey is where Browser's context keeps its View, for Axe.
type viewKey struct{}

func disableScript(disabled bool) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled,
			emulation.SetScriptExecutionDisabledParams{Value: disabled})
		return err
	})
}

func startBrowser() error {
	program, err := chromium()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "sipas-chromium-")
	if err != nil {
		return err
	}
	// The last helper processes may write while they die, hence the second look.
	sharedBrowser.guard, err = newGuard(nil, `rm -rf "$1"; sleep 1; rm -rf "$1"`, dir)
	if err != nil {
		return err
	}
	// Without these flags Chromium looks for updates and services of its maker
	// at every start: slow, and of no use to a test.
	ctx, _ := chromedp.NewContext(context.Background(), chromedp.WithAllocatorOptions(
		chromedp.ExecPath(program),
		chromedp.UserDataDir(filepath.Join(dir, "profile")),
		chromedp.Env("TMPDIR="+dir),
		chromedp.NoSandbox, // root in a container has no user namespace; pages are our own
		chromedp.DisableGPU,
		chromedp.Flag("disable-component-update", true),
		// A phone is often too short of memory to keep the page before this one,
		// and chromedp does not see that one came back.
		chromedp.Flag("disable-features", "Translate,BlinkGenPropertyTrees,BackForwardCache"),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("lang", "vi"),
		// Names of the documentation are this machine, which the browser must not
		// know: it trusts localhost with more than it trusts others over http.
		chromedp.Flag("host-resolver-rules", "MAP *.example.vn 127.0.0.1"),
		chromedp.Flag("ignore-certificate-errors", true), // tests make their own
	))
	if err := chromedp.Do(ctx); err != nil {
		return err
	}
	version, err := chromedp.CallBrowser(ctx, browser.GetVersion, cdp.Empty{})
	if err != nil {
		return err
	}
	_, number, _ := strings.Cut(version.Product, "/") // "HeadlessChrome/156.0.8078.79"
	sharedBrowser.ctx, sharedBrowser.version = ctx, "chromium "+number
	return nil
}

// chromium is the path of the browser: CHROMIUM, or the first of the usual names. The
// first is Chromium without windows of its own, which takes half the processor's time.
func chromium() (string, error) {
	if path := os.Getenv("CHROMIUM"); path != "" {
		return path, nil
	}
	for _, name := range []string{"chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("chromium: %w", errNotInstalled)
}

var unfitForFile = regexp.MustCompile(`[^\pL\pN._-]+`)

// saveScreenshot keeps what the tab shows.
func saveScreenshot(t testing.TB, tab context.Context) {
	t.Helper()
	ctx, cancel := context.WithTimeout(tab, 10*time.Second)
	defer cancel()
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Logf("no screenshot: %v", err)
		return
	}
	savePicture(t, picture)
}

// savePicture keeps a picture under the test's name and says where.
func savePicture(t testing.TB, picture []byte) {
	t.Helper()
	path := filepath.Join(Root(t), "artifacts", unfitForFile.ReplaceAllString(t.Name(), "_")+".png")
	err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, picture, 0o644))
	if err != nil {
		t.Logf("no screenshot: %v", err)
		return
	}
	t.Logf("screenshot: %s", path)
}

// Root is the top folder of this module: the nearest one above the test's
// package that holds go.mod.
func Root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod in this folder or above it")
		}
	}
}
