package agency_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

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

// TestHierarchy: whoever has no hotline has the nearest one above, and a circle,
// which no data should hold, ends.
func TestHierarchy(t *testing.T) {
	t.Parallel()
	h := agency.NewHierarchy([]agency.Agency{
		{ID: 1, Code: "province", Hotline: "1"}, {ID: 2, ParentID: 1, Code: "department", Hotline: "2"},
		{ID: 3, ParentID: 2, Code: "branch"}, {ID: 4, ParentID: 1, Code: "commune"}, {ID: 5, Code: "alone"},
	})
	for id, want := range map[int64][2]string{
		1: {"1", ""}, 2: {"2", "province"}, 3: {"2", "province"}, 4: {"1", "province"}, 5: {"", ""}, 9: {"", ""},
	} {
		if got := [2]string{h.Hotline(id), h.Head(id).Code}; got != want {
			t.Errorf("agency %d: %q, want %q", id, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		var all []agency.Agency
		for id := range rapid.Int64Range(0, 6).Draw(t, "agencies") {
			all = append(all, agency.Agency{ID: id + 1, ParentID: rapid.Int64Range(0, 6).Draw(t, "parent")})
		}
		h := agency.NewHierarchy(all)
		for _, a := range all {
			h.Hotline(a.ID)
			h.Head(a.ID) // each ends
		}
	})
}
