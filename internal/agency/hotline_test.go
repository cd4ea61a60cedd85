package agency_test

import (
	"strings"
	"testing"

	"sipas/internal/agency"
)

func TestParseHotline(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]struct{ number, dialled string }{
		"":                  {"", ""},
		" ":                 {"", ""},
		"113":               {"113", "113"},
		" 1900  1234\u00a0": {"1900 1234", "19001234"},
		"(0252) 382.1234":   {"(0252) 382.1234", "02523821234"},
		"+84 252-382-1234":  {"+84 252-382-1234", "+842523821234"},
		"1800 1096":         {"1800 1096", "18001096"},
	} {
		number, ok := agency.ParseHotline(typed)
		if !ok || number != want.number || agency.Dialled(number) != want.dialled {
			t.Errorf("%q: %q, %v, dialled %q", typed, number, ok, agency.Dialled(number))
		}
	}
	for _, typed := range []string{
		"12", "call me", "1900 ABC", "84+252", "1900 1234 / 1900 5678", "1900 1234, 1800 1096", "0252 382 1234 - 0252 382 5678",
		"١٩٠٠", "１９００", "<b>113</b>", "113\x00", "javascript:alert(1)", "+", strings.Repeat("(", 38) + "113", "113;ext=5",
	} {
		if number, ok := agency.ParseHotline(typed); ok {
			t.Errorf("%q was read as %q", typed, number)
		}
	}
}
