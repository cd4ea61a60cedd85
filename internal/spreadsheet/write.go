package spreadsheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"sipas/internal/textfile"
)

// The names of what Write writes.
const (
	CSV  = "csv"
	XLSX = "xlsx"
)

// Write writes a table in a format: rows calls row for each of them, the header
// first. Every cell is a text, and stays one whatever it begins with. The same
// table always makes the same bytes.
func Write(w io.Writer, format string, rows func(row func(cells ...string) error) error) error {
	switch format {
	case CSV:
		out := csv.NewWriter(w)
		err := rows(func(cells ...string) error {
			row := make([]string, len(cells))
			for i, cell := range cells {
				row[i] = guarded(cell)
			}
			return out.Write(row)
		})
		out.Flush()
		if err == nil {
			err = out.Error()
		}
		return err
	case XLSX:
		return pack(w, rows)
	}
	return fmt.Errorf("there is no format %q, only %s and %s", format, CSV, XLSX)
}

// guarded makes a text safe as a cell of CSV, also where a program takes the file
// apart at semicolons. No two texts become the same.
func guarded(text string) string { return eachPart(text, textfile.Guard) }

// Unguarded is the text that Write made a cell of.
func Unguarded(cell string) string { return eachPart(cell, textfile.Unguarded) }

func eachPart(text string, of func(string) string) string {
	if !strings.Contains(text, ";") {
		return of(text)
	}
	parts := strings.Split(text, ";")
	for i, part := range parts {
		parts[i] = of(part)
	}
	return strings.Join(parts, ";")
}
