package fold_test

import (
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
