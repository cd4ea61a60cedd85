package fold_test

import (
	"slices"
	"testing"

	"sipas/internal/fold"
)

func TestText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Đắk Lắk": "dak lak", "ĐẮK LẮK": "dak lak", "Đa\u0306\u0301k": "dak", "Quầy 3 · Đăng ký": "quay 3 · dang ky", "abc": "abc", "": "",
	} {
		if got := fold.Text(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestBest: what a line begins with is what people look for, then what a word does.
func TestBest(t *testing.T) {
	t.Parallel()
	all := []string{"tan dinh", "quay 1\nphong dinh danh", "dinh quan\nso 1", "so 2\ndinh hoa", "mandinh\ndinh van", "xa 3"}
	for _, c := range []struct {
		wanted string
		n      int
		best   []string
		found  int
	}{
		{"dinh", 9, []string{all[2], all[3], all[4], all[0], all[1]}, 5},
		{"dinh", 2, []string{all[2], all[3]}, 5},
		{"ndinh", 9, []string{all[4]}, 1},
		{"so 1", 9, []string{all[2]}, 1},
		{"", 1, []string{all[0]}, 6},
		{"huyen", 9, nil, 0},
	} {
		best, found := fold.Best(all, c.n, func(i int) fold.Rank { return fold.Find(all[i], c.wanted) })
		if !slices.Equal(best, c.best) || found != c.found {
			t.Errorf("%q: %q of %d, want %q of %d", c.wanted, best, found, c.best, c.found)
		}
	}
}
