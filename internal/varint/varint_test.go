package varint_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"sipas/internal/varint"
)

// TestWhatIsWrittenIsRead: in its order and whole; cut short or with something left it
// is damaged, and nothing is read that would take more room than it has bytes.
func TestWhatIsWrittenIsRead(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		numbers := rapid.SliceOf(rapid.Int64()).Draw(t, "numbers")
		text := rapid.String().Draw(t, "text")
		var w varint.Numbers
		w.AddList(numbers)
		w.AddText(text)
		w.Add(7)
		read := func(b []byte) (equal bool, err error) {
			r := varint.Of(b)
			list, said, last := r.List(), r.Text(), r.Next()
			if len(list) > len(b) {
				t.Errorf("%d numbers of %d bytes", len(list), len(b))
			}
			return slices.Equal(list, numbers) && said == text && last == 7, r.End()
		}
		if equal, err := read(w.Bytes()); !equal || err != nil {
			t.Errorf("it is not read as it was written: %v", err)
		}
		if _, err := read(slices.Concat(w.Bytes(), []byte{0})); err == nil {
			t.Error("what is left is no damage")
		}
		cut := rapid.IntRange(0, len(w.Bytes())-1).Draw(t, "cut")
		if equal, err := read(w.Bytes()[:cut]); equal || err == nil {
			t.Error("what is cut short is no damage")
		}
	})
}
