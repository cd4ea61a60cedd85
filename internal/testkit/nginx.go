package testkit

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// Nginx starts Debian's nginx with a configuration of the test's own, until its
// end, and returns when it listens on an address of the configuration. Files
// are put beside the configuration, which may name them by "DIR/" and the name.
// Nothing of the machine's own nginx is read or written.
func Nginx(t testing.TB, configuration, address string, files map[string][]byte) {
	t.Helper()
	program, err := nginx()
	if err != nil {
		Missing(t, "nginx (Debian: apt-get install nginx-light)")
	}
	built, err := exec.Command(program, "-V").CombinedOutput()
	if err != nil {
		t.Fatalf("nginx -V: %v\n%s", err, built)
	}
	dir, err := os.MkdirTemp("", "sipas-nginx-")
	if err != nil {
		t.Fatal(err)
	}
	g, err := newGuard(nil, `[ -s "$1/pid" ] && kill "$(cat "$1/pid")" 2>/dev/null; sleep 0.2; rm -rf "$1"`, dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = g.release() })
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	// It would put bodies and answers that it buffers where it was built for.
	folders := ""
	for _, found := range regexp.MustCompile(`--http-([a-z-]+)-temp-path=`).FindAllStringSubmatch(string(built), -1) {
		folders += fmt.Sprintf(" %s_temp_path %s/%s;", strings.ReplaceAll(found[1], "-", "_"), dir, found[1])
	}
	configuration = strings.ReplaceAll(configuration, "DIR/", dir+"/")
	configuration = strings.Replace(configuration, "http {", "http {"+folders, 1)
	path := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(path, []byte(configuration), 0o600); err != nil {
		t.Fatal(err)
	}
	global := "daemon off; pid " + dir + "/pid;"
	if os.Geteuid() == 0 {
		global += " user root;" // the folder is nobody else's
	}
	cmd := exec.Command(program, "-p", dir, "-c", path, "-e", dir+"/error.log", "-g", global)
	var output bytes.Buffer
	cmd.Stderr = &output
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt) // a fast shutdown of master and workers
		if err := <-ended; err != nil {
			t.Logf("nginx: %v", err)
		}
	})
	for range 300 {
		if c, err := net.Dial("tcp", address); err == nil {
			_ = c.Close() // only to see that it listens
			_, version, _ := strings.Cut(strings.SplitN(string(built), "\n", 2)[0], "nginx/")
			Ran(t, "nginx "+version)
			return
		}
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("nginx: %v\n%s\n%s", err, &output, configuration)
		case <-time.After(50 * time.Millisecond):
		}
	}
	t.Fatalf("nginx does not listen on %s", address)
}

// nginx is the path of the program, which Debian keeps out of the users' PATH.
func nginx() (string, error) {
	if path, err := exec.LookPath("nginx"); err == nil {
		return path, nil
	}
	return exec.LookPath("/usr/sbin/nginx")
}
