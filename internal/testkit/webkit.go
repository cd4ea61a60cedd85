package testkit

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// WebKit is a window of WebKit, the engine of iPhones, that a test drives by the
// W3C WebDriver protocol. Whatever fails ends the test.
type WebKit struct {
	t       testing.TB
	session string // address of the session at the driver; of the driver until there is one
	client  http.Client
}

// NewWebKit opens WebKitGTK's small browser with a page area of the view's size
// on a screen of its own that nobody sees. It asks for no language that we have,
// and keeps nothing. Driver, browser and screen end with the test. A test that
// failed leaves a screenshot in artifacts/. Without WebKit or Xvfb the test is
// skipped, or fails when CI=true.
func NewWebKit(t testing.TB, view View) *WebKit {
	t.Helper()
	for program, debian := range map[string]string{"WebKitWebDriver": "webkit2gtk-driver", "Xvfb": "xvfb"} {
		if _, err := exec.LookPath(program); err != nil {
			Missing(t, program+" (Debian: apt-get install "+debian+")")
		}
	}
	w := &WebKit{t: t, client: http.Client{Timeout: browserPatience}}
	w.start(view)
	var opened struct {
		SessionID    string
		Capabilities struct{ BrowserVersion string }
	}
	// Full screen, because the browser's own buttons are wider than a phone.
	w.command("/session", `{"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": {"args": ["--automation", "--full-screen"]}}}}`, &opened)
	w.session += "/session/" + opened.SessionID
	t.Cleanup(func() {
		if t.Failed() {
			w.screenshot()
		}
	})
	w.command("/window/rect", fmt.Sprintf(`{"width": %d, "height": %d}`, view.Width, view.Height), nil)
	Ran(t, "webkit "+opened.Capabilities.BrowserVersion)
	return w
}

// start starts the screen and the driver.
func (w *WebKit) start(view View) {
	t := w.t
	t.Helper()
	dir, err := os.MkdirTemp("", "sipas-webkit-")
	if err != nil {
		t.Fatal(err)
	}
	number, says, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer number.Close()
	screen := exec.Command("Xvfb", "-displayfd", "3", "-nolisten", "tcp", "-screen", "0", fmt.Sprintf("%dx%dx24", view.Width, view.Height))
	screen.ExtraFiles = []*os.File{says}
	guarded(t, screen, `kill "$1"`) // politely: it removes its lock
	_ = says.Close()                // now the screen's alone
	display, err := bufio.NewReader(number).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb: %v", err)
	}

	host := FreeAddress(t)
	_, port, _ := strings.Cut(host, ":")
	driver := exec.Command("WebKitWebDriver", "--host=127.0.0.1", "--port="+port)
	driver.Env = append(os.Environ(),
		"DISPLAY=:"+strings.TrimSpace(display), "GDK_BACKEND=x11", "WAYLAND_DISPLAY=", "LIBGL_ALWAYS_SOFTWARE=1", "NO_AT_BRIDGE=1",
		"LC_ALL=C.UTF-8", "LANGUAGE=",
		"HOME="+dir, "XDG_CACHE_HOME="+dir, "XDG_CONFIG_HOME="+dir, "XDG_DATA_HOME="+dir, "XDG_RUNTIME_DIR="+dir, "TMPDIR="+dir,
		"WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS=1") // root in a container has no user namespace; pages are our own
	// The driver's group has the browser and its processes, which may write while they die.
	guarded(t, driver, `kill -s KILL -- "-$1"; rm -rf "$2" || { sleep 1; rm -rf "$2"; }`, dir)
	w.session = "http://" + host
	for deadline := time.Now().Add(browserPatience); ; time.Sleep(10 * time.Millisecond) {
		err := w.try(http.MethodGet, "/status", "", nil)
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("WebKitWebDriver: %v", err)
		}
	}
}

// guarded starts a command as the head of a group of processes. A guard ends it
// with the test by a script; its parameters are the process ($1) and args ($2 ...).
func guarded(t testing.TB, cmd *exec.Cmd, script string, args ...string) {
	t.Helper()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	g, err := newGuard(nil, script, append([]string{strconv.Itoa(cmd.Process.Pid)}, args...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := g.release(); err != nil {
			t.Error(err)
		}
		_ = cmd.Wait() // says only that it was ended
	})
}

// Open shows an address.
func (w *WebKit) Open(address string) {
	w.t.Helper()
	w.command("/url", jsonOf(map[string]string{"url": address}), nil)
}

// Reload loads the page again.
func (w *WebKit) Reload() {
	w.t.Helper()
	w.command("/refresh", "{}", nil)
}

// Click waits for what a CSS selector names, brings it to the middle of the
// window and presses it where a finger would.
func (w *WebKit) Click(selectors ...string) {
	w.t.Helper()
	for _, s := range selectors {
		path := w.find(s, false)
		w.Ask("void document.querySelector("+jsonOf(s)+`).scrollIntoView({block: "center", behavior: "instant"})`, nil)
		w.command(path+"/click", "{}", nil)
	}
}

// Type presses the keys of a text in a field.
func (w *WebKit) Type(selector, text string) {
	w.t.Helper()
	w.command(w.find(selector, true)+"/value", jsonOf(map[string]string{"text": text}), nil)
}

// Await waits for an element that is shown.
func (w *WebKit) Await(selector string) {
	w.t.Helper()
	w.find(selector, true)
}

// find waits for an element, that it is shown too if it must be, and returns its path.
func (w *WebKit) find(selector string, shown bool) (path string) {
	w.t.Helper()
	query := jsonOf(map[string]string{"using": "css selector", "value": selector})
	for deadline := time.Now().Add(browserPatience); ; time.Sleep(20 * time.Millisecond) {
		var found map[string]string // one pair; its key is a constant of the protocol
		err := w.try(http.MethodPost, "/element", query, &found)
		for _, id := range found {
			path = "/element/" + id
			good := !shown
			if shown {
				err = w.try(http.MethodGet, path+"/displayed", "", &good)
			}
			if good {
				return path
			}
		}
		if time.Now().After(deadline) {
			w.t.Fatalf("WebKit: waited for %s: %v", selector, err)
		}
	}
}

// Ask puts the value of a JavaScript expression into the value that into points to.
func (w *WebKit) Ask(expression string, into any) {
	w.t.Helper()
	w.command("/execute/sync", jsonOf(map[string]any{"script": "return " + expression, "args": []any{}}), into)
}

// command posts one command and puts what it gives into result, if that is not nil.
func (w *WebKit) command(path, body string, result any) {
	w.t.Helper()
	if err := w.try(http.MethodPost, path, body, result); err != nil {
		w.t.Fatalf("WebKit: %s %s: %v", path, body, err)
	}
}

func (w *WebKit) try(method, path, body string, result any) error {
	request, err := http.NewRequestWithContext(context.WithoutCancel(w.t.Context()), method, w.session+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	response, err := w.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	var answer struct{ Value json.RawMessage }
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return errors.New(string(answer.Value))
	}
	if result == nil {
		return nil
	}
	return json.Unmarshal(answer.Value, result)
}

// screenshot keeps what the window shows, for a person to look at.
func (w *WebKit) screenshot() {
	w.t.Helper()
	var picture []byte // base64 in JSON
	if err := w.try(http.MethodGet, "/screenshot", "", &picture); err != nil {
		w.t.Logf("no screenshot: %v", err)
		return
	}
	savePicture(w.t, picture)
}

func jsonOf(v any) string {
	text, _ := json.Marshal(v) // maps of strings and lists: nothing that could fail
	return string(text)
}
