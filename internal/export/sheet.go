package export

import (
	"encoding/csv"
	"io"

	"sipas/internal/textfile"
)

// sheet writes CSV whose cells are guarded.
type sheet struct{ out *csv.Writer }

func newSheet(w io.Writer) sheet { return sheet{csv.NewWriter(w)} }

func (s sheet) write(cells []string) error {
	guarded := make([]string, len(cells))
	for i, c := range cells {
		guarded[i] = textfile.Guard(c)
	}
	return s.out.Write(guarded)
}

func (s sheet) flush() error {
	s.out.Flush()
	return s.out.Error()
}
