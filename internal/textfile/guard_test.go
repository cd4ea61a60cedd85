package textfile_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sipas/internal/textfile"
)

func TestGuard(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                  "",
		"Đất đai":                           "Đất đai",
		"5":                                 "5",
		"-5":                                "-5",
		"-5,25":                             "-5,25",
		"-5+6":                              "'-5+6",
		"+84912345678":                      "'+84912345678",
		"@phuong":                           "'@phuong",
		"=1+1":                              "'=1+1",
		`=HYPERLINK("http://evil","x")`:     `'=HYPERLINK("http://evil","x")`,
		"=cmd|' /C calc'!A0":                "'=cmd|' /C calc'!A0",
		" =1":                               "' =1",
		"\u00a0=1":                          "'\u00a0=1",
		"\ufeff=1":                          "'\ufeff=1",
		`"=1`:                               `'"=1`,
		"'=1":                               "''=1",
		"＝1":                                "'＝1",
		"\tx":                               "'\tx",
		"'\tx":                              "''\tx",
		"\r":                                "'\r",
		"\nx":                               "'\nx",
		"2 = 2":                             "2 = 2",
		"a-b@c.vn":                          "a-b@c.vn",
		"ông/bà; =1":                        "ông/bà; =1",
		"'quoted'":                          "'quoted'",
		"\"":                                "\"",
		strings.Repeat(" ", 100) + "-1 - 1": "'" + strings.Repeat(" ", 100) + "-1 - 1",
	} {
		if got := textfile.Guard(text); got != want {
			t.Errorf("Guard(%q) = %q, want %q", text, got, want)
		}
	}
}

// TestGuardedTextsStayApart: the guard adds one apostrophe or nothing, never
// makes two texts the same, and leaves nothing that begins a formula, through
// CSV and back.
func TestGuardedTextsStayApart(t *testing.T) {
	t.Parallel()
	nasty := rapid.StringOfN(rapid.SampledFrom([]rune("=+-@'\"\t\r\n ;,a5＝\u00a0")), 0, 6, -1)
	rapid.Check(t, func(t *rapid.T) {
		a, b := nasty.Draw(t, "a"), nasty.Draw(t, "b")
		ga, gb := textfile.Guard(a), textfile.Guard(b)
		if (a == b) != (ga == gb) {
			t.Errorf("%q and %q become %q and %q", a, b, ga, gb)
		}
		if textfile.Unguarded(ga) != a {
			t.Errorf("%q becomes %q, and back %q", a, ga, textfile.Unguarded(ga))
		}
		if ga != a && ga != "'"+a {
			t.Errorf("%q becomes %q", a, ga)
		}
		if ga != "" && strings.ContainsRune("=+@\t\r\n", rune(ga[0])) {
			t.Errorf("%q becomes %q, which begins a formula", a, ga)
		}
		var sheet bytes.Buffer
		w := csv.NewWriter(&sheet)
		if err := w.Write([]string{"x", ga}); err != nil {
			t.Fatal(err)
		}
		w.Flush()
		back, err := csv.NewReader(&sheet).Read()
		// CSV itself makes CRLF in a cell LF.
		if err != nil || back[1] != strings.ReplaceAll(ga, "\r\n", "\n") {
			t.Errorf("%q comes back as %q, %v", ga, back, err)
		}
	})
}
