package testkit

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// errNotInstalled says that a program which a test needs is not on this machine.
var errNotInstalled = errors.New("not installed")

// cluster is a Postgres server of our own in a temporary directory. It listens
// on a Unix socket in that directory only, so it needs no free port, and no
// other user of the machine can reach it.
type cluster struct {
	bin   string // directory of initdb and pg_ctl
	dir   string // holds data/, log and the socket
	attr  *syscall.SysProcAttr
	guard *guard
}

// Settings of a cluster. The quick one forgets everything at a power cut, which
// is no loss for a test; the durable one keeps Postgres's own defaults.
const (
	clusterSettings = `
listen_addresses = ''
max_connections = 200
shared_buffers = 32MB
dynamic_shared_memory_type = mmap
timezone = 'UTC'
log_timezone = 'UTC'
jit = off
`
	quickSettings = clusterSettings + `
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
autovacuum = off
`
)

// newCluster makes and starts a cluster. It is errNotInstalled without initdb.
// The cluster disappears when its guard is released or this process ends.
func newCluster(settings string) (*cluster, error) {
	bin, err := postgresBin()
	if err != nil {
		return nil, err
	}
	attr, owner, err := unprivileged()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "sipas-pg-")
	if err != nil {
		return nil, err
	}
	c := &cluster{bin: bin, dir: dir, attr: attr}
	if err := c.create(settings, owner); err != nil {
		if c.guard != nil {
			err = errors.Join(err, c.guard.release())
		}
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return c, nil
}

func (c *cluster) create(settings string, owner *syscall.Credential) error {
	if owner != nil {
		if err := os.Chown(c.dir, int(owner.Uid), int(owner.Gid)); err != nil {
			return err
		}
	}
	// The guard comes first: from here on nothing outlives this process.
	var err error
	c.guard, err = newGuard(c.attr, `"$1" -D "$2/data" -m immediate -w stop >/dev/null 2>&1; rm -rf "$2"`,
		filepath.Join(c.bin, "pg_ctl"), c.dir)
	if err != nil {
		return err
	}
	err = c.run("initdb", "-D", c.data(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions")
	if err != nil {
		return err
	}
	settings += fmt.Sprintf("unix_socket_directories = '%s'\n", c.dir)
	conf, err := os.OpenFile(filepath.Join(c.data(), "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = conf.WriteString(settings)
	if err := errors.Join(err, conf.Close()); err != nil {
		return err
	}
	return c.start()
}

func (c *cluster) data() string { return filepath.Join(c.dir, "data") }

// start returns when the server accepts connections.
func (c *cluster) start() error {
	logFile := filepath.Join(c.dir, "log")
	err := c.run("pg_ctl", "-D", c.data(), "-l", logFile, "-w", "start")
	if err != nil {
		if text, readErr := os.ReadFile(logFile); readErr == nil {
			err = fmt.Errorf("%w\n%s", err, text)
		}
	}
	return err
}

// stop ends the server at once, without a checkpoint and cutting every
// connection: what a crash leaves behind, but for the shared memory.
func (c *cluster) stop() error {
	return c.run("pg_ctl", "-D", c.data(), "-m", "immediate", "-w", "stop")
}

// url is the address of the cluster's database "postgres".
func (c *cluster) url() *url.URL {
	return &url.URL{
		Scheme: "postgres", User: url.User("postgres"), Path: "/postgres",
		RawQuery: url.Values{"host": {c.dir}, "sslmode": {"disable"}}.Encode(),
	}
}

func (c *cluster) run(program string, args ...string) error {
	cmd := exec.Command(filepath.Join(c.bin, program), args...)
	cmd.Dir = c.dir // the working directory may be closed to the server's user
	cmd.SysProcAttr = c.attr
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", program, err, output)
	}
	return nil
}

// postgresBin is the directory of the newest initdb here: that of PATH, or of
// Debian's packages, which keep the server's programs out of PATH.
func postgresBin() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			return filepath.Dir(path), nil
		}
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", fmt.Errorf("initdb: %w", errNotInstalled)
	}
	newest := slices.MaxFunc(found, func(a, b string) int { return debianMajor(a) - debianMajor(b) })
	return filepath.Dir(newest), nil
}

// debianMajor is 15 for /usr/lib/postgresql/15/bin/initdb, and 0 for no number.
func debianMajor(path string) int {
	major, err := strconv.Atoi(strings.Split(path, "/")[4])
	if err != nil {
		return 0
	}
	return major
}

// unprivileged says as whom the server runs: as this process (nil), or, because
// Postgres refuses to run as root, as the user postgres or nobody.
func unprivileged() (*syscall.SysProcAttr, *syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		account, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(account.Uid, 10, 32)
		if err != nil {
			return nil, nil, fmt.Errorf("user %s: %w", name, err)
		}
		gid, err := strconv.ParseUint(account.Gid, 10, 32)
		if err != nil {
			return nil, nil, fmt.Errorf("user %s: %w", name, err)
		}
		owner := &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		return &syscall.SysProcAttr{Credential: owner}, owner, nil
	}
	return nil, nil, fmt.Errorf("an unprivileged user to run Postgres as (postgres or nobody): %w", errNotInstalled)
}
