package testkit

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// RedisServer is a Redis that keeps nothing on disk.
type RedisServer struct {
	url              string
	network, address string
	dir              string   // empty: a server that is not ours
	args             []string // of redis-server
	cmd              *exec.Cmd
}

// Redis returns the server named by TEST_REDIS_URL, else a server of the test's own.
// Others may use the first at the same time: choose keys that nobody else has.
func Redis(t testing.TB) *RedisServer {
	t.Helper()
	if url := os.Getenv("TEST_REDIS_URL"); url != "" {
		Ran(t, "redis of TEST_REDIS_URL")
		return &RedisServer{url: url}
	}
	return OwnRedis(t)
}

// OwnRedis starts a redis-server for this test alone, on a socket in a temporary
// directory, and ends it with the test.
func OwnRedis(t testing.TB) *RedisServer {
	t.Helper()
	r := newRedis(t)
	r.network, r.address = "unix", filepath.Join(r.dir, "sock")
	r.url = "unix://" + r.address
	r.args = append(r.args, "--port", "0", "--unixsocket", r.address)
	r.Start(t)
	return r
}

// RedisCluster starts a Redis Cluster of one node for this test alone. It refuses keys of
// different slots in one command as a larger one would.
func RedisCluster(t testing.TB) *RedisServer {
	t.Helper()
	r := newRedis(t)
	r.network, r.address = "tcp", FreeAddress(t)
	_, port, _ := strings.Cut(r.address, ":")
	_, bus, _ := strings.Cut(FreeAddress(t), ":")
	r.url = "redis+cluster://" + r.address
	r.args = append(r.args, "--bind", "127.0.0.1", "--port", port, "--cluster-enabled", "yes",
		"--cluster-port", bus, "--cluster-announce-ip", "127.0.0.1")
	r.Start(t)
	if reply, err := r.command("CLUSTER ADDSLOTSRANGE 0 16383"); err != nil || reply != "+OK" {
		t.Fatalf("CLUSTER ADDSLOTSRANGE: %q, %v", reply, err)
	}
	r.await(t, "GET x", "$-1") // "-CLUSTERDOWN" until the node trusts itself
	return r
}

// URL is the address for limit.NewRedis.
func (r *RedisServer) URL() string { return r.url }

// Stop kills the server as a crash would.
func (r *RedisServer) Stop(t testing.TB) {
	t.Helper()
	if r.cmd == nil {
		t.Fatal("this Redis is not running or not ours to stop")
	}
	if err := r.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = r.cmd.Wait() // says only that it was killed
	r.cmd = nil
	if err := os.Remove(filepath.Join(r.dir, "pid")); err != nil {
		t.Fatal(err)
	}
}

// Start starts the server, empty, at its old address and returns when it answers.
func (r *RedisServer) Start(t testing.TB) {
	t.Helper()
	if r.dir == "" || r.cmd != nil {
		t.Fatal("this Redis is running or not ours to start")
	}
	cmd := exec.Command("redis-server", r.args...)
	cmd.Dir = r.dir
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	r.cmd = cmd
	r.await(t, "PING", "+PONG")
}

// Flush empties the server while it runs.
func (r *RedisServer) Flush(t testing.TB) {
	t.Helper()
	r.await(t, "FLUSHALL", "+OK")
}

func newRedis(t testing.TB) *RedisServer {
	t.Helper()
	version, err := exec.Command("redis-server", "--version").Output()
	if err != nil {
		Missing(t, "redis-server (Debian: apt-get install redis-server)")
	}
	dir, err := os.MkdirTemp("", "sipas-redis-") // t.TempDir is too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	g, err := newGuard(nil, `[ -s "$1/pid" ] && kill -9 "$(cat "$1/pid")"; rm -rf "$1"`, dir)
	if err != nil {
		t.Fatal(err)
	}
	r := &RedisServer{dir: dir, args: []string{
		"--dir", dir, "--pidfile", filepath.Join(dir, "pid"), "--logfile", filepath.Join(dir, "log"),
		"--save", "", "--appendonly", "no", "--daemonize", "no",
	}}
	t.Cleanup(func() {
		if r.cmd != nil {
			r.Stop(t)
		}
		if err := g.release(); err != nil {
			t.Error(err)
		}
	})
	if _, after, found := bytes.Cut(version, []byte(" v=")); found {
		version, _, _ = bytes.Cut(after, []byte(" "))
	}
	Ran(t, "redis "+string(bytes.TrimSpace(version)))
	return r
}

// await repeats a command until the reply is the wanted one, for half a minute at most.
func (r *RedisServer) await(t testing.TB, command, want string) {
	t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for {
		reply, err := r.command(command)
		if err == nil && reply == want {
			return
		}
		if time.Now().After(deadline) {
			log, _ := os.ReadFile(filepath.Join(r.dir, "log"))
			t.Fatalf("redis-server: %s: %q, %v\n%s", command, reply, err, log)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// command sends one inline command on a connection of its own and returns the first line
// of the reply.
func (r *RedisServer) command(line string) (string, error) {
	conn, err := net.DialTimeout(r.network, r.address, time.Second)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
		return "", err
	}
	if _, err := fmt.Fprintf(conn, "%s\r\n", line); err != nil {
		return "", err
	}
	reply, err := bufio.NewReader(conn).ReadString('\n')
	return strings.TrimSpace(reply), err
}
