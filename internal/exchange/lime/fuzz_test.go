package lime_test

import (
	"testing"

	"sipas/internal/exchange/lime"
	"sipas/internal/testkit"
)

// FuzzRead changes a file of LimeSurvey.
func FuzzRead(f *testing.F) {
	f.Add([]byte(lines(group + question(1, "a", "L", "|other=Y") + answers(1, 0, "x", "y") + question(2, "b", "M", "|relevance=a == \"x\"") + sub(3, 2, "c", 0) + sub(4, 2, "d", 0)).file(true)))
	f.Add([]byte(lines(group + question(1, "a", "A", "") + sub(3, 1, "c", 0) + question(2, "b", ":", "|relevance=a_c > 2") + sub(5, 2, "c", 0) + sub(4, 2, "d", 1)).file(false)))
	f.Fuzz(func(t *testing.T, content []byte) {
		d, report := lime.Read(content)
		testkit.Sound(t, d, report, false)
	})
}
