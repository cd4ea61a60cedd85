package app_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // as in the program

	"go.uber.org/goleak"

	"sipas/internal/app"
	"sipas/internal/config"
	"sipas/internal/db"
	"sipas/internal/testkit"
)

// settings are those of a small server with everything in a folder of its own.
func settings(t *testing.T, databaseURL string) config.Config {
	t.Helper()
	return config.Config{
		Addr: "127.0.0.1:0", DatabaseURL: databaseURL, Instances: 1,
		LimitDevice: "60/10m", LimitPoint: "2400/1m", LimitAddress: "1200/1m",
		LimitKiosk: "60/10m", LimitNewDevices: "off", LimitNoCookie: "off",
		SecretFile: filepath.Join(t.TempDir(), "sipas.key"), LogLevel: "info", LogFormat: "text",
		TZ: "Asia/Ho_Chi_Minh", SmallCell: 5, Show: config.ShowAtOnce, CutOffDays: "14/3,14/6,14/9,14/12", MinSample: 30, ShutdownTimeout: 20 * time.Second,
	}
}

// serving opens the program and serves it until ctx ends; served then has the error.
func serving(t *testing.T, ctx context.Context, cfg config.Config) (a *app.App, address string, served chan error) {
	t.Helper()
	a, err := app.Open(ctx, cfg, slog.New(slog.DiscardHandler), app.Options{Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", cfg.Addr)
	if err != nil {
		t.Fatal(err)
	}
	served = make(chan error, 1)
	go func() { served <- a.Serve(ctx, listener) }()
	return a, listener.Addr().String(), served
}

// TestServesAndDrains boots the whole product, asks it, and ends it: it ends
// without an error and leaves nothing running.
func TestServesAndDrains(t *testing.T) {
	before := goleak.IgnoreCurrent()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	cfg := settings(t, testkit.SQLiteURL(t))
	if err := cfg.Validate(); err != nil {
		t.Fatal(err)
	}
	a, address, served := serving(t, ctx, cfg)

	base := "http://" + address
	client := &http.Client{Transport: &http.Transport{}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for path, want := range map[string]int{
		"/healthz": http.StatusOK, "/readyz": http.StatusOK, "/": http.StatusOK, "/dang-nhap": http.StatusOK,
		"/metrics":    http.StatusNotFound, // nobody asked for them
		"/q/22222222": http.StatusNotFound,
	} {
		response, err := client.Get(base + path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, response.Body); err != nil {
			t.Error(err)
		}
		response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("GET %s: %s, want %d", path, response.Status, want)
		}
	}
	client.CloseIdleConnections()

	stop()
	if err := <-served; err != nil {
		t.Errorf("Serve: %v", err)
	}
	if err := a.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	if _, err := client.Get(base + "/healthz"); err == nil {
		t.Error("it still answers")
	}
	client.CloseIdleConnections()
	// The session library starts a store in memory that we replace at once; its
	// goroutine cannot be stopped without a race.
	library := goleak.IgnoreAnyFunction("github.com/alexedwards/scs/v2/memstore.(*MemStore).startCleanup")
	goleak.VerifyNone(t, before, library)
}

// TestShutdownSaysWhatTookTooLong has a citizen whose answer never comes to its
// end.
func TestShutdownSaysWhatTookTooLong(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	cfg := settings(t, testkit.SQLiteURL(t))
	cfg.ShutdownTimeout = 100 * time.Millisecond
	a, address, served := serving(t, ctx, cfg)
	citizen, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer citizen.Close()
	// The server says "100 Continue" once the handler reads the body, so it is under way then.
	if _, err := io.WriteString(citizen, "POST /dang-nhap HTTP/1.1\r\nHost: "+address+"\r\nSec-Fetch-Site: same-origin\r\n"+
		"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if answer, err := bufio.NewReader(citizen).ReadString('\n'); err != nil || !strings.Contains(answer, "100 Continue") {
		t.Fatalf("%q, %v", answer, err)
	}
	stop()
	if err := <-served; err == nil || err.Error() != "shutdown: requests did not finish within 100ms (SIPAS_SHUTDOWN_TIMEOUT)" {
		t.Errorf("Serve: %v", err)
	}
	if err := a.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}

func TestDatabaseWithoutTablesIsRefused(t *testing.T) {
	t.Parallel()
	cfg := settings(t, "sqlite:"+filepath.Join(t.TempDir(), "new.db"))
	_, err := app.Open(t.Context(), cfg, slog.New(slog.DiscardHandler), app.Options{})
	var schema *db.SchemaError
	if !errors.As(err, &schema) || !strings.Contains(err.Error(), "sipas migrate up") {
		t.Errorf("error %v, want the command that mends it", err)
	}
}

func TestSettingsThatCannotWorkAreRefused(t *testing.T) {
	t.Parallel()
	url := testkit.SQLiteURL(t)
	for name, spoil := range map[string]func(*config.Config){
		"secret": func(c *config.Config) { c.Secret = "short" },
		"rate":   func(c *config.Config) { c.LimitPoint = "many" },
		"redis":  func(c *config.Config) { c.RedisURL = "http://localhost" },
		"zone":   func(c *config.Config) { c.TZ = "Mars/Base" },
		"proxy":  func(c *config.Config) { c.TrustedProxies = []string{"everybody"} },
	} {
		cfg := settings(t, url)
		spoil(&cfg)
		if a, err := app.Open(t.Context(), cfg, slog.New(slog.DiscardHandler), app.Options{}); err == nil {
			t.Errorf("%s: was accepted", name)
			if err := a.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}
