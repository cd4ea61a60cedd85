package app_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"sipas/internal/testkit"
)

// limitFiles is a disk that has no room: whatever the program writes beyond so
// many bytes of any file fails.
func (s *server) limitFiles(t *testing.T, bytes uint64) {
	t.Helper()
	var limit unix.Rlimit
	if err := unix.Prlimit(s.command.Process.Pid, unix.RLIMIT_FSIZE, nil, &limit); err != nil {
		t.Fatal(err)
	}
	limit.Cur = min(bytes, limit.Max)
	if err := unix.Prlimit(s.command.Process.Pid, unix.RLIMIT_FSIZE, &limit, nil); err != nil {
		t.Fatal(err)
	}
}

func TestFullDiskLosesNothing(t *testing.T) {
	t.Parallel()
	url := testkit.SQLiteURL(t)
	hall := openHall(t, url)
	server := startServer(t, "SIPAS_DATABASE_URL="+url)
	c := begin(hall.code, hall.version, 8, server.base)
	c.await(t, 200)
	server.limitFiles(t, 1)
	until(t, "not ready on a full disk", server.ready(http.StatusServiceUnavailable))
	until(t, "somebody is refused", func() bool { return c.seen()[http.StatusServiceUnavailable] > 0 })
	receipts := c.finish()
	c.onlyRefused(t, "on a full disk")
	until(t, "still not ready, though nobody sends", server.ready(http.StatusServiceUnavailable))
	if status, _ := get(server.base + "/q/" + hall.code); status != http.StatusOK {
		t.Errorf("the form: %d", status)
	}
	server.limitFiles(t, 1<<40)
	until(t, "ready again", server.ready(http.StatusOK))
	c = begin(hall.code, hall.version, 8, server.base)
	c.await(t, 200)
	maps.Copy(receipts, c.finish())
	if seen := c.seen(); len(seen) != 1 {
		t.Errorf("after it was ready again citizens saw %v", seen)
	}
	server.kill(t)
	again := startServer(t, "SIPAS_DATABASE_URL="+url)
	allKept(t, hall.st, again.base, hall.code, hall.version, receipts)
}

// TestVanishedFileAcknowledgesNothing: SQLite itself writes on into a file that
// has no name any more.
func TestVanishedFileAcknowledgesNothing(t *testing.T) {
	t.Parallel()
	url := testkit.SQLiteURL(t)
	path := strings.TrimPrefix(url, "sqlite:")
	hall := openHall(t, url)
	server := startServer(t, "SIPAS_DATABASE_URL="+url)
	c := begin(hall.code, hall.version, 8, server.base)
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		c.await(t, 50)
		if err := os.Rename(name, name+".away"); err != nil {
			t.Fatal(err)
		}
		until(t, "not ready without "+name, server.ready(http.StatusServiceUnavailable))
		before := c.sent.Load()
		refused := c.seen()[http.StatusServiceUnavailable]
		until(t, "somebody is refused", func() bool { return c.seen()[http.StatusServiceUnavailable] > refused+8 })
		if now := c.sent.Load(); now > before+8 { // those that were under way
			t.Errorf("without %s %d answers were acknowledged", name, now-before)
		}
		if _, err := os.Stat(name); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s came back by itself: %v", name, err)
		}
		if err := os.Rename(name+".away", name); err != nil {
			t.Fatal(err)
		}
		until(t, "ready again", server.ready(http.StatusOK))
	}
	receipts := c.finish()
	c.onlyRefused(t, "without their file")
	allKept(t, hall.st, server.base, hall.code, hall.version, receipts)

	// Deleted, the answers are in what the server has open, as docs/operations.md says.
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	until(t, "not ready", server.ready(http.StatusServiceUnavailable))
	rescued := rescue(t, server, path)
	if err := os.Rename(rescued, path); err != nil {
		t.Fatal(err)
	}
	until(t, "not ready with another file", server.ready(http.StatusServiceUnavailable))
	if err := server.command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	_ = server.command.Wait() // its files are gone, which it may say
	again := startServer(t, "SIPAS_DATABASE_URL="+url)
	allKept(t, testkit.OpenStore(t, url), again.base, hall.code, hall.version, receipts)
}

// rescue copies a deleted file out of a program that still has it open.
func rescue(t *testing.T, s *server, path string) string {
	t.Helper()
	folder := fmt.Sprintf("/proc/%d/fd", s.command.Process.Pid)
	open, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range open {
		name := filepath.Join(folder, f.Name())
		if target, err := os.Readlink(name); err == nil && target == path+" (deleted)" {
			content, err := os.ReadFile(name)
			if err == nil {
				err = os.WriteFile(path+".rescued", content, 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
			return path + ".rescued"
		}
	}
	t.Fatalf("%s is not open", path)
	return ""
}

// run runs a command of the program to its end.
func run(t *testing.T, folder string, args ...string) (code int, output string) {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // a server that started would not end
	defer cancel()
	command := exec.CommandContext(ctx, path, args...)
	command.Dir = folder
	command.Env = append(os.Environ(), "SIPAS_SECRET=0123456789abcdef0123456789abcdef", "SIPAS_ADDR="+testkit.FreeAddress(t))
	content, err := command.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return command.ProcessState.ExitCode(), string(content)
}

func TestAFileHasOneServer(t *testing.T) {
	t.Parallel()
	url := testkit.SQLiteURL(t)
	path := strings.TrimPrefix(url, "sqlite:")
	folder := filepath.Dir(path)
	openHall(t, url)
	server := startServer(t, "SIPAS_DATABASE_URL="+url)
	elsewhere := filepath.Join(t.TempDir(), "linked.db")
	if err := os.Symlink(path, elsewhere); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{path, "sipas.db", elsewhere} {
		code, output := run(t, folder, "serve", "--database-url", "sqlite:"+name)
		if code != 1 || !strings.Contains(output, "another server") {
			t.Errorf("a second server on %s: %d %s", name, code, output)
		}
	}
	for _, command := range [][]string{
		{"migrate", "up"}, {"backup", "--out", filepath.Join(folder, "b.gz")}, {"recount"}, {"service-points"}, {"export", "--format", "csv", "--out", filepath.Join(folder, "e.csv")},
	} {
		if code, output := run(t, folder, append(command, "--database-url", url)...); code != 0 {
			t.Errorf("%v beside the server: %d %s", command, code, output)
		}
	}
	code, output := run(t, folder, "restore", filepath.Join(folder, "b.gz"), "--database-url", url)
	if code != 1 || !strings.Contains(output, "another server") {
		t.Errorf("restore beside the server: %d %s", code, output)
	}
	server.kill(t)
	startServer(t, "SIPAS_DATABASE_URL="+url) // the claim ended with the process
}

func TestManyMigrateAtOnce(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	const many = 6
	outputs := make(chan string, many)
	for range many {
		go func() {
			_, output := run(t, folder, "migrate", "up", "--database-url", "sqlite:new.db")
			outputs <- output
		}()
	}
	did := 0
	for range many {
		switch output := <-outputs; {
		case strings.HasPrefix(output, "0 migrations applied"):
		case strings.Contains(output, "migrations applied"):
			did++
		default:
			t.Error(output)
		}
	}
	if did != 1 {
		t.Errorf("%d of %d migrated", did, many)
	}
}

// TestIdleConnectionsKeepNobodyOut: more connections than the program has
// descriptors for.
func TestIdleConnectionsKeepNobodyOut(t *testing.T) {
	t.Parallel()
	url := testkit.SQLiteURL(t)
	hall := openHall(t, url)
	server := startServerAfter(t, "ulimit -n 160; ", "SIPAS_DATABASE_URL="+url, "SIPAS_METRICS_TOKEN=0123456789abcdef")
	crowd := func(says string) {
		for range 400 {
			conn, err := net.Dial("tcp", strings.TrimPrefix(server.base, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = conn.Close() })
			_, _ = conn.Write([]byte(says)) // may be closed already
		}
	}
	crowd("")
	c := begin(hall.code, hall.version, 4, server.base)
	c.await(t, 50)
	receipts := c.finish()
	if seen := c.seen(); len(seen) != 1 {
		t.Errorf("among idle connections citizens saw %v", seen)
	}
	figures := server.metrics(t)
	if !strings.Contains(figures, "sipas_http_connections_bound 96") || strings.Contains(figures, "sipas_http_connections_made_room_total 0") {
		t.Errorf("the metrics do not tell of it:\n%s", figures)
	}
	// Connections that began to ask something are busy, for a few seconds.
	crowd("GET / HTTP/1.1\r\n")
	until(t, "the form is shown again", func() bool {
		status, _ := get(server.base + "/q/" + hall.code)
		return status == http.StatusOK
	})
	allKept(t, hall.st, server.base, hall.code, hall.version, receipts)
	server.kill(t)
	if told := bytes.Count(server.log.Bytes(), []byte("as many connections are open as may be")); told == 0 || told > 5 {
		t.Errorf("the log told %d times", told)
	}
}
