package testkit

import (
	"bytes"
	"os/exec"
	"testing"
)

// Poppler pipes a document through one of the poppler-utils and returns what that wrote.
func Poppler(t testing.TB, document []byte, name string, args ...string) []byte {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		Missing(t, name+" (Debian package poppler-utils)")
	}
	cmd := exec.CommandContext(t.Context(), path, args...)
	cmd.Stdin = bytes.NewReader(document)
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil || problems.Len() > 0 {
		t.Fatalf("%s: %v: %s", name, err, problems.Bytes())
	}
	return out
}
