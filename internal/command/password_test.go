package command

import (
	"errors"
	"strings"
	"testing"

	"sipas/internal/textfile"
)

// TestPasswordFilesOfEditors: the mark and the line ends that editors write are
// no part of a password.
func TestPasswordFilesOfEditors(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"mật khẩu dài\n": "mật khẩu dài", "\ufeffmật khẩu dài\r\nmore": "mật khẩu dài", " mật  khẩu ": " mật  khẩu ", "": "",
	} {
		if got, err := firstLine(strings.NewReader(file)); got != want || err != nil {
			t.Errorf("%q: %q, %v", file, got, err)
		}
	}
	for file, want := range map[string]error{
		"\xff\xfem\x00k\x00\r\x00\n\x00": textfile.ErrUTF16, "m\x00k\x001\x00\r\x00\n\x00": textfile.ErrUTF16, "m\xe2t": textfile.ErrNotUTF8,
	} {
		if got, err := firstLine(strings.NewReader(file)); got != "" || !errors.Is(err, want) {
			t.Errorf("%q: %q, %v", file, got, err)
		}
	}
}
