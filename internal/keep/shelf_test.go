package keep

import (
	"slices"
	"testing"
)

func TestShelfKeepsWhatIsAskedFor(t *testing.T) {
	t.Parallel()
	s := NewShelf[string, int](100)
	on := func() (keys []string) {
		for key := range s.kept {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		return keys
	}
	s.Keep("a", 1, 40)
	s.Keep("b", 2, 40)
	s.Find("a")
	s.Keep("c", 3, 40)
	if got := on(); !slices.Equal(got, []string{"a", "c"}) || s.bytes != 80 {
		t.Errorf("after a third: %v, %d bytes", got, s.bytes)
	}
	s.Keep("a", 4, 60)
	if value, _ := s.Find("a"); value != 4 || s.bytes != 100 {
		t.Errorf("another value in its place: %d, %d bytes", value, s.bytes)
	}
	s.Keep("a", 5, 101) // more than there is room for
	if got := on(); !slices.Equal(got, []string{"c"}) || s.bytes != 40 {
		t.Errorf("after one too large: %v, %d bytes", got, s.bytes)
	}
	s.Keep("d", 6, 100)
	if got := on(); !slices.Equal(got, []string{"d"}) || s.bytes != 100 {
		t.Errorf("after one that takes all: %v, %d bytes", got, s.bytes)
	}
}
