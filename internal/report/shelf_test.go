package report

import (
	"math/big"
	"slices"
	"testing"
)

func TestShelfKeepsWhatIsAskedFor(t *testing.T) {
	t.Parallel()
	s := newShelf[string, int](100)
	on := func() (keys []string) {
		for key := range s.kept {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		return keys
	}
	s.keep("a", 1, 40)
	s.keep("b", 2, 40)
	s.find("a")
	s.keep("c", 3, 40)
	if got := on(); !slices.Equal(got, []string{"a", "c"}) || s.bytes != 80 {
		t.Errorf("after a third: %v, %d bytes", got, s.bytes)
	}
	s.keep("a", 4, 60)
	if value, _ := s.find("a"); value != 4 || s.bytes != 100 {
		t.Errorf("another value in its place: %d, %d bytes", value, s.bytes)
	}
	s.keep("a", 5, 101) // more than there is room for
	if got := on(); !slices.Equal(got, []string{"c"}) || s.bytes != 40 {
		t.Errorf("after one too large: %v, %d bytes", got, s.bytes)
	}
	s.keep("d", 6, 100)
	if got := on(); !slices.Equal(got, []string{"d"}) || s.bytes != 100 {
		t.Errorf("after one that takes all: %v, %d bytes", got, s.bytes)
	}
}

func TestBytesOf(t *testing.T) {
	t.Parallel()
	type part struct {
		name   string
		number *big.Rat
	}
	shared := string(make([]byte, 1000))
	for name, test := range map[string]struct{ got, want int }{
		"flat":               {bytesOf([4]int64{}), 32},
		"free room":          {bytesOf(make([]int64, 1, 10)), 24 + 80},
		"twice the same":     {bytesOf([]string{shared, shared}), 24 + 32 + 1000},
		"nothing":            {bytesOf((*part)(nil)), 8},
		"pointers in a list": {bytesOf([]*int64{new(int64), new(int64)}), 24 + 16 + 16},
		"texts by key":       {bytesOf(map[string]string{"vi": "abc"}), 8 + 64 + 5},
		"any":                {bytesOf([]any{int64(7)}), 24 + 16 + 8},
	} {
		if test.got != test.want {
			t.Errorf("%s: %d bytes, want %d", name, test.got, test.want)
		}
	}
	if got := bytesOf(part{"ab", big.NewRat(1, 3)}); got < 24+2+64+16 || got > 300 {
		t.Errorf("an exact number: %d bytes", got)
	}
}
