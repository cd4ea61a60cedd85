package archive

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// FuzzArchive gives the reader lines with a trailer that fits. What it takes,
// written again and read again, must be the same.
func FuzzArchive(f *testing.F) {
	const header = `{"format":"sipas-backup","version":1,"schema":1,"created":"2025-11-20T08:30:00Z"}` + "\n"
	f.Add(header+`{"table":"settings","columns":["value","name"]}`+"\n"+`["1","synthetic"]`+"\n", 1)
	f.Add(header+`{"table":"users","columns":["id","agency_id"]}`+"\n"+`[9223372036854775807,null]`+"\n"+`[-1,"\u00ea"]`+"\n", 2)
	f.Fuzz(func(t *testing.T, text string, rows int) {
		text += fmt.Sprintf("{\"rows\":%d,\"sha256\":\"%x\"}\n", rows, sha256.Sum256([]byte(text)))
		var archive bytes.Buffer
		zip := gzip.NewWriter(&archive)
		if _, err := io.WriteString(zip, text); err != nil {
			t.Fatal(err)
		}
		if err := zip.Close(); err != nil {
			t.Fatal(err)
		}
		parts, err := readAllParts(&archive)
		if err != nil {
			return
		}
		var again bytes.Buffer
		out := NewWriter(&again)
		for _, part := range parts[:len(parts)-1] {
			if row, ok := part.([]any); ok {
				if err := out.Row(row); err != nil {
					t.Fatalf("row %v cannot be written: %v", row, err)
				}
				continue
			}
			out.Line(part)
		}
		if err := out.Close(); err != nil {
			t.Fatal(err)
		}
		same, err := readAllParts(&again)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(parts[:len(parts)-1], same[:len(same)-1]); diff != "" {
			t.Error(diff)
		}
	})
}

func readAllParts(r io.Reader) (parts []any, err error) {
	err = Read(r, func(part any) error {
		parts = append(parts, part)
		return nil
	})
	return parts, err
}
