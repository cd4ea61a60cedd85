package score

import "testing"

func TestTooFew(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		n, k int64
		want bool
	}{
		{0, 5, false}, // nobody is no secret
		{1, 5, true}, {4, 5, true}, {5, 5, false},
		{2, 1, true}, {3, 1, false}, {2, 0, true}, // k is never below 3
	} {
		if got := TooFew(row.n, row.k); got != row.want {
			t.Errorf("TooFew(%d, %d) = %v, want %v", row.n, row.k, got, row.want)
		}
	}
}
