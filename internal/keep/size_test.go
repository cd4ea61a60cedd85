package keep

import (
	"math/big"
	"testing"
)

func TestBytesOf(t *testing.T) {
	t.Parallel()
	type part struct {
		name   string
		number *big.Rat
	}
	shared := string(make([]byte, 1000))
	for name, test := range map[string]struct{ got, want int }{
		"flat":               {BytesOf([4]int64{}), 32},
		"free room":          {BytesOf(make([]int64, 1, 10)), 24 + 80},
		"twice the same":     {BytesOf([]string{shared, shared}), 24 + 32 + 1000},
		"nothing":            {BytesOf((*part)(nil)), 8},
		"pointers in a list": {BytesOf([]*int64{new(int64), new(int64)}), 24 + 16 + 16},
		"texts by key":       {BytesOf(map[string]string{"vi": "abc"}), 8 + 64 + 5},
		"any":                {BytesOf([]any{int64(7)}), 24 + 16 + 8},
	} {
		if test.got != test.want {
			t.Errorf("%s: %d bytes, want %d", name, test.got, test.want)
		}
	}
	if got := BytesOf(part{"ab", big.NewRat(1, 3)}); got < 24+2+64+16 || got > 300 {
		t.Errorf("an exact number: %d bytes", got)
	}
}
