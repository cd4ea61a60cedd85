package testkit

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// NodeModules is the folder of the npm packages that tests use (web/package.json
// pins them). Without the named ones in it the test is skipped, or fails when
// CI=true.
func NodeModules(t testing.TB, packages ...string) string {
	t.Helper()
	dir := filepath.Join(Root(t), "web", "node_modules")
	for _, name := range packages {
		if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name), "package.json")); err != nil {
			Missing(t, name+" (npm ci in web/)")
		}
	}
	return dir
}

// Node runs a script, by its path, with Node.js in dir and returns what it
// wrote to its standard output. The error of one that fails has all that it said.
// The tools that tests use stay off the network.
func Node(t testing.TB, dir, script string, args ...string) (string, error) {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		Missing(t, "Node.js (Debian: apt-get install nodejs npm)")
	}
	cmd := exec.CommandContext(t.Context(), "node", append([]string{script}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "NO_COLOR=1", "REDOCLY_TELEMETRY=off", "REDOCLY_SUPPRESS_UPDATE_NOTICE=true")
	var out, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaints
	if err := cmd.Run(); err != nil {
		return out.String(), fmt.Errorf("%s: %w\n%s%s", filepath.Base(script), err, &out, &complaints)
	}
	return out.String(), nil
}
