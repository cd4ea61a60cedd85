package testkit

import (
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// PgBouncer is a pooler in front of a test's own Postgres: a few connections to
// the server, handed from client to client after every transaction.
type PgBouncer struct {
	url     url.URL
	dir     string
	program string
	attr    *syscall.SysProcAttr
	cmd     *exec.Cmd
}

// OwnPgBouncer starts PgBouncer in transaction mode, with so many connections to
// the server, for this test alone, on a loopback address.
func OwnPgBouncer(t testing.TB, server *PostgresServer, connections int) *PgBouncer {
	t.Helper()
	if !server.own {
		t.Fatal("OwnPgBouncer: the server is shared with other tests; use OwnPostgres")
	}
	program, err := exec.LookPath("pgbouncer")
	if err != nil {
		program = "/usr/sbin/pgbouncer" // not in the PATH of every account
	}
	version, err := exec.Command(program, "--version").Output()
	if err != nil {
		Missing(t, "pgbouncer (Debian: apt-get install pgbouncer)")
	}
	attr, owner, err := unprivileged() // it refuses to run as root
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "sipas-pgbouncer-")
	if err != nil {
		t.Fatal(err)
	}
	if owner != nil {
		if err := os.Chown(dir, int(owner.Uid), int(owner.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	g, err := newGuard(attr, `[ -s "$1/pid" ] && kill -9 "$(cat "$1/pid")"; rm -rf "$1"`, dir)
	if err != nil {
		t.Fatal(err)
	}
	address := FreeAddress(t)
	host, port, _ := strings.Cut(address, ":")
	b := &PgBouncer{dir: dir, program: program, attr: attr, url: *server.admin}
	b.url.Host, b.url.RawQuery = address, "sslmode=disable"
	settings := fmt.Sprintf(`[databases]
* = host=%s user=postgres
[pgbouncer]
listen_addr = %s
listen_port = %s
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = %d
server_round_robin = 1
max_client_conn = 500
pidfile = %s
logfile = %s
`, server.cluster.dir, host, port, connections, filepath.Join(dir, "pid"), filepath.Join(dir, "log"))
	if err := os.WriteFile(filepath.Join(dir, "ini"), []byte(settings), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if b.cmd != nil {
			b.Stop(t)
		}
		if err := g.release(); err != nil {
			t.Error(err)
		}
	})
	b.Start(t)
	first, _, _ := strings.Cut(string(version), "\n") // "PgBouncer 1.18.0"
	Ran(t, strings.ToLower(first))
	return b
}

// URL is the address of the server's database "postgres" through the pooler.
func (b *PgBouncer) URL() string { return b.url.String() }

// Stop ends the pooler at once, cutting every connection.
func (b *PgBouncer) Stop(t testing.TB) {
	t.Helper()
	if err := b.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = b.cmd.Wait() // says only that it was killed
	b.cmd = nil
	if err := os.Remove(filepath.Join(b.dir, "pid")); err != nil {
		t.Fatal(err)
	}
}

// Start starts it at its old address and returns when it lets somebody through.
func (b *PgBouncer) Start(t testing.TB) {
	t.Helper()
	cmd := exec.Command(b.program, "-q", filepath.Join(b.dir, "ini"))
	cmd.Dir, cmd.SysProcAttr = b.dir, b.attr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	b.cmd = cmd
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		_, err := postgresVersion(b.URL() + "&default_query_exec_mode=simple_protocol")
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			log, _ := os.ReadFile(filepath.Join(b.dir, "log"))
			t.Fatalf("pgbouncer: %v\n%s", err, log)
		}
	}
}
