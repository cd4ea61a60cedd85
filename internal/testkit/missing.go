package testkit

import (
	"os"
	"testing"
)

// Missing ends a test that cannot run because something is not installed: it skips with a
// message that says what, and fails when CI=true, so that no check is lost unnoticed.
func Missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("MISSING: %s (with CI=true nothing may be skipped)", what)
	}
	t.Skipf("SKIPPED, MISSING: %s", what)
}
