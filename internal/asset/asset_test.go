package asset

import "testing"

func TestStyleSheetsAreServedWithoutComments(t *testing.T) {
	t.Parallel()
	for sheet, want := range map[string]string{
		"a { b: c }\n/* why */\nd { e: f } /* twice\n * over */ g {}\n": "a { b: c }\nd { e: f } g {}\n",
		"/* first */":    "",
		"a{}/* open":     "a{}",
		"p > q { r: s }": "p > q { r: s }",
	} {
		if got := string(uncommented([]byte(sheet))); got != want {
			t.Errorf("%q became %q, want %q", sheet, got, want)
		}
	}
}
