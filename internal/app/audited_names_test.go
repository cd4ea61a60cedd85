package app_test

import (
	"encoding/json"
	"testing"

	"sipas/internal/audit"
	"sipas/internal/command"
)

// named finds what the log of the web has no name for.
func (s *scene) named(t *testing.T, entries []audit.Entry) {
	t.Helper()
	texts, err := command.Texts("vi")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		for _, of := range []any{e.Before, e.After} {
			var members map[string]any
			if raw, isObject := of.(json.RawMessage); !isObject || json.Unmarshal(raw, &members) != nil {
				continue
			}
			for name := range members {
				if !texts.Has("log.key." + name) {
					t.Errorf("%s: nothing says what %q is", e.Action, name)
				}
			}
		}
	}
}
