package main

import (
	"bufio"
	"bytes"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sipas/internal/command"
)

// TestCalledWrongly: what no try could make good ends with 2 and names the help
// of the command, everything else with 1.
func TestCalledWrongly(t *testing.T) {
	t.Parallel()
	missing := "sqlite:" + filepath.Join(t.TempDir(), "sipas.db")
	for line, want := range map[string]int{
		"sevre":                                            2,
		"serve --addr 8080":                                2,
		"serve --tz Mars":                                  2,
		"demo --addr 8080":                                 2,
		"demo --public-url foo":                            2,
		"migrate up --database-url foo":                    2,
		"migrate status --database-url foo":                2,
		"seed --preset x --database-url foo":               2,
		"service-points --database-url foo":                2,
		"user list --database-url sqlite:":                 2,
		"poster --all --out x --public-url foo":            2,
		"poster --all --out x --addr foo":                  2,
		"poster --all --out x --size A9":                   2,
		"export --format csv --tz Mars":                    2,
		"export --format csv --from 1.1.2025":              2,
		"import --tz Local rows":                           2,
		"backup --out x --database-url postgres://sesame@": 2,
		"restore x --database-url mysql:x":                 2,
		"score":                                            2,
		"score --method best x":                            2,
		"doctor --live foo":                                2,
		"doctor --live http://":                            2,
		"doctor --live ftp://127.0.0.1/x":                  2,
		"doctor --live http://127.0.0.1:1":                 1,
		"doctor --tz Mars --database-url foo":              1,
		"score nowhere.csv":                                1,
		"recount --database-url " + missing:                1,
		"version":                                          0,
	} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			var errs bytes.Buffer
			s := &command.Session{In: strings.NewReader(""), Out: bufio.NewWriter(io.Discard), Errs: &errs, Now: time.Now}
			got := run(t.Context(), s, strings.Fields(line))
			if got != want || (got == 2) != strings.Contains(errs.String(), "--help`") || strings.Contains(errs.String(), "sesame") {
				t.Errorf("it ends with %d, want %d: %s", got, want, &errs)
			}
		})
	}
}
