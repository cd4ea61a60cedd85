package config

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
)

// TestEverySettingIsDocumented holds the table of docs/operations.md to the
// settings: their flags, variables and defaults, and no others.
func TestEverySettingIsDocumented(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]string{} // by flag
	for line := range strings.Lines(string(content)) {
		if rest, ok := strings.CutPrefix(line, "| `--"); ok {
			flag, _, _ := strings.Cut(rest, "`")
			rows[flag] = line
		}
	}
	for field := range reflect.TypeFor[Config]().Fields() {
		flag := field.Tag.Get("name")
		row, documented := rows[flag]
		delete(rows, flag)
		if !documented {
			t.Errorf("--%s has no row", flag)
			continue
		}
		want := fmt.Sprintf("| `--%s` | `%s` | `%s` |", flag, field.Tag.Get("env"), field.Tag.Get("default"))
		if field.Tag.Get("default") == "" {
			want = fmt.Sprintf("| `--%s` | `%s` |", flag, field.Tag.Get("env"))
		}
		if !strings.HasPrefix(row, want) {
			t.Errorf("the row of --%s begins %.60q, want %q", flag, row, want)
		}
	}
	for flag := range rows {
		t.Errorf("--%s is documented and does not exist", flag)
	}
}
