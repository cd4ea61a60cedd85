package qr

import (
	"strings"
	"testing"

	"sipas/internal/typeset"
)

// TestWhatTheFontsLackIsNamed: emoji, Cham (Bình Thuận has Cham communes), Nôm and
// a character outside the plane of the PDF writer; and nothing that they have.
func TestWhatTheFontsLackIsNamed(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Quầy 3 – Đăng ký đất đai · “một cửa”": "",
		"Qua\u0302\u0300y\u00a03\u200b":        "",
		"Quầy ☃️ 3":                            "\"Quầy ☃\ufe0f 3\" has U+2603 '☃'",
		"Tổ 👍👍":                                "\"Tổ 👍👍\" has U+1F44D '👍'",
		"Phan Hòa ꨌꩌ":                          "\"Phan Hòa ꨌꩌ\" has U+AA0C 'ꨌ', U+AA4C 'ꩌ'",
		"𡨸喃":                                   "\"𡨸喃\" has U+21A38 '𡨸', U+5583 '喃'",
	} {
		got := ""
		for _, u := range (Poster{Point: text}).Unprintable(nil) {
			got += u.String()
		}
		if got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
		if shown := (*typeset.Fonts)(nil).Printable(text); strings.ContainsAny(shown, "☃👍ꨌꩌ𡨸喃\ufe0f") || (want != "") != strings.Contains(shown, "?") {
			t.Errorf("%q is printed as %q", text, shown)
		}
	}
	if len((Poster{Head: "☃", Agency: "☃", Point: "☃", Place: "☃", Hotline: "☃", Hours: "☃"}).Unprintable(nil)) != 6 {
		t.Error("not every text is looked at")
	}
}
