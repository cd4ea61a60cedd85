package testkit

import (
	"fmt"
	"os"
	"testing"
)

// Ran notes that a real service took part in the tests, for example
// "postgres 15.18". The line goes to the file named by SIPAS_TEST_LOG, from
// which `make test` prints its closing lines; without that variable it does
// nothing. Lines of several test processes do not mix (O_APPEND).
func Ran(t testing.TB, service string) {
	t.Helper()
	path := os.Getenv("SIPAS_TEST_LOG")
	if path == "" {
		return
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatalf("SIPAS_TEST_LOG: %v", err)
	}
	_, err = fmt.Fprintf(file, "testkit: %s\n", service)
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		t.Fatalf("SIPAS_TEST_LOG: %v", err)
	}
}
