package app_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"sipas/internal/preset"
	"sipas/internal/testkit"
)

// binary builds the product once for all tests of this package.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "sipas-binary-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "sipas")
	output, err := exec.Command("go", "build", "-o", path, "sipas/cmd/sipas").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, output)
	}
	return path, nil
})

// TestMain removes the binary that the tests built.
func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := binary(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// server is the real program, running.
type server struct {
	base    string
	command *exec.Cmd
	log     *bytes.Buffer
}

// startServer runs `sipas serve` on a free port with generous limits, until
// the end of the test.
func startServer(t *testing.T, settings ...string) *server {
	t.Helper()
	return startServerAfter(t, "", settings...)
}

// startServerAfter runs it after some lines of shell, such as ulimit.
func startServerAfter(t *testing.T, shell string, settings ...string) *server {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	s := &server{log: &bytes.Buffer{}}
	address := testkit.FreeAddress(t)
	s.base = "http://" + address
	s.command = exec.Command("/bin/sh", "-c", shell+`exec "$0" "$@"`, path, "serve", "--addr", address)
	s.command.Env = append(os.Environ(), append([]string{
		"SIPAS_SECRET=0123456789abcdef0123456789abcdef",
		"SIPAS_LIMIT_DEVICE=1000000/1m", "SIPAS_LIMIT_POINT=1000000/1m", "SIPAS_LIMIT_ADDRESS=1000000/1m",
		"SIPAS_LIMIT_KIOSK=1000000/1m", "SIPAS_LIMIT_NEW_DEVICES=1000000/1m", "SIPAS_LIMIT_NO_COOKIE=1000000/1m",
	}, settings...)...)
	s.command.Stderr = s.log
	s.command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := s.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = s.command.Process.Signal(syscall.SIGTERM)
		_ = s.command.Wait()
		if t.Failed() {
			t.Logf("the server's log ends: %s", tail(s.log.String()))
		}
	})
	deadline := time.Now().Add(30 * time.Second)
	for time.Now().Before(deadline) {
		if status, _ := get(s.base + "/readyz"); status == http.StatusOK {
			return s
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("%v: %s", errNoServer, tail(s.log.String()))
	return nil
}

func tail(s string) string { return s[max(0, len(s)-4000):] }

// kill ends the program as a loss of power would.
func (s *server) kill(t *testing.T) {
	t.Helper()
	if err := s.command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = s.command.Wait() // it was killed
}

func get(address string, header ...string) (int, string) {
	request, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return 0, err.Error()
	}
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	client := http.Client{Timeout: 10 * time.Second}
	response, err := client.Do(request)
	if err != nil {
		return 0, err.Error()
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, err.Error()
	}
	return response.StatusCode, string(body)
}

func (s *server) metrics(t *testing.T) string {
	t.Helper()
	status, body := get(s.base+"/metrics", "Authorization", "Bearer 0123456789abcdef")
	if status != http.StatusOK {
		t.Fatalf("metrics: %d %s", status, body)
	}
	return body
}

func (s *server) awaitMetric(t *testing.T, line string) {
	t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for !strings.Contains(s.metrics(t), line) {
		if time.Now().After(deadline) {
			t.Fatalf("the metrics never said %q", line)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// hall is a service point of a prepared database.
type hall struct {
	st            *testkit.Place
	code, version string
}

func migrated(t *testing.T, url string) {
	t.Helper()
	if _, err := testkit.OpenStore(t, url).Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// openHall fills a migrated database with Bình Thuận's plan and picks a
// service point.
func openHall(t *testing.T, url string) hall {
	t.Helper()
	st := testkit.OpenStore(t, url)
	if err := preset.Apply(t.Context(), st.Registry, testkit.Author(), preset.Named("binh-thuan"), time.Now()); err != nil {
		t.Fatal(err)
	}
	points, err := st.ServicePoints(t.Context())
	if err != nil || len(points) == 0 {
		t.Fatalf("service points: %v %v", points, err)
	}
	return hall{st: st, code: string(points[0].Code), version: points[0].SurveyKey + ".1"}
}

// ownPostgresHall is a hall on a Postgres that the test may stop, with its server.
func ownPostgresHall(t *testing.T) (*testkit.PostgresServer, hall, *server) {
	t.Helper()
	postgres := testkit.OwnPostgres(t)
	migrated(t, postgres.URL())
	return postgres, openHall(t, postgres.URL()), startServer(t, "SIPAS_DATABASE_URL="+postgres.URL())
}
