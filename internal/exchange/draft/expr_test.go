package draft_test

import (
	"testing"

	"sipas/internal/exchange/draft"
)

// FuzzParse: nothing crashes, whatever stands for a condition.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"${a} = 'b' and not(selected(${c}, 'd'))", "(a.NAOK == \"b\") || !is_empty(c)", ". >= 1 and . <= date('2026-01-01')"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, dialect := range []draft.Dialect{draft.XPath, draft.Lime} {
			_, _ = draft.Parse(s, dialect)
		}
	})
}
