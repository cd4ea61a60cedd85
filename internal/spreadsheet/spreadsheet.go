// Package spreadsheet reads tables as spreadsheet programs keep them, CSV in
// whatever encoding or XLSX, row by row, and writes both.
package spreadsheet

import (
	"bytes"
	"errors"
	"fmt"
	"iter"

	"sipas/internal/textfile"
)

// Bounds of a table. A list of 100,000 service points is a tenth of them.
const (
	MaxBytes    = 64 << 20 // of a file
	MaxRows     = 250_000
	MaxColumns  = 256
	maxUnpacked = 256 << 20 // of the parts of a file that are read
	maxShared   = 64 << 20  // of the texts that an XLSX keeps once for all cells
	maxText     = 1 << 16   // of one of them; programs have at most half as much
	maxParts    = 2000      // of an XLSX
)

// Kind is what a program says that a cell holds.
type Kind int

// The kinds of cells. CSV has texts only.
const (
	Text   Kind = iota
	Number      // what was typed may have had zeros in front
	Day         // what was typed may have been something else: 3-12
	Fault       // a formula that failed: #REF!
)

// Cell is one cell: a text on one line, a number in digits, a day as 2006-01-02,
// or the name of what failed.
type Cell struct {
	Text string
	Kind Kind
}

// Row is one row, without empty cells at its end.
type Row struct {
	Line  int // from 1, as the program counts; of CSV the line where it begins
	Cells []Cell
}

// Refusal says why a file, or the rest of it, is not read: one of the constants
// below, and the line where that shows, 0 for the whole.
type Refusal struct {
	Line   int
	Reason string
	cause  error
}

// The reasons of a Refusal.
const (
	RefusedEmpty     = "empty"
	RefusedTooLarge  = "too-large"
	RefusedTooMany   = "too-many-rows"
	RefusedTooWide   = "too-many-columns"
	RefusedNotText   = "not-text"
	RefusedQuotes    = "quotes"
	RefusedOldExcel  = "old-excel" // or with a password
	RefusedOpenSheet = "open-document"
	RefusedDamaged   = "damaged"
	RefusedDoctype   = "doctype"
)

// Error names the reason, for logs.
func (r *Refusal) Error() string {
	if r.cause != nil {
		return fmt.Sprintf("spreadsheet: line %d: %s: %v", r.Line, r.Reason, r.cause)
	}
	return fmt.Sprintf("spreadsheet: line %d: %s", r.Line, r.Reason)
}

// Unwrap gives the cause.
func (r *Refusal) Unwrap() error { return r.cause }

// Rows gives the rows of a file, CSV or XLSX as it begins, without blank ones: of
// XLSX those of the first sheet that is shown. Each cell is as textfile.OneLine makes it, so form
// NFC. An error, a *Refusal, is the last thing it gives.
func Rows(content []byte) iter.Seq2[Row, error] {
	all := tabular
	switch {
	case len(content) > MaxBytes:
		return refuse(RefusedTooLarge)
	case bytes.HasPrefix(content, []byte("\xd0\xcf\x11\xe0")):
		return refuse(RefusedOldExcel)
	case bytes.HasPrefix(content, []byte("PK\x03\x04")):
		all = packed
	}
	return func(yield func(Row, error) bool) {
		n := 0
		for row, err := range all(content) {
			if err != nil {
				yield(Row{}, err)
				return
			}
			for i := range row.Cells {
				row.Cells[i].Text = textfile.OneLine(row.Cells[i].Text)
			}
			for len(row.Cells) > 0 && row.Cells[len(row.Cells)-1].Text == "" {
				row.Cells = row.Cells[:len(row.Cells)-1]
			}
			switch n++; {
			case len(row.Cells) == 0:
				n--
				continue
			case len(row.Cells) > MaxColumns:
				yield(Row{}, &Refusal{Line: row.Line, Reason: RefusedTooWide})
				return
			case n > MaxRows:
				yield(Row{}, &Refusal{Line: row.Line, Reason: RefusedTooMany})
				return
			}
			if !yield(row, nil) {
				return
			}
		}
		if n == 0 {
			yield(Row{}, &Refusal{Reason: RefusedEmpty})
		}
	}
}

func refuse(reason string) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) { yield(Row{}, &Refusal{Reason: reason}) }
}

// tabular reads CSV.
func tabular(content []byte) iter.Seq2[Row, error] {
	text, err := textfile.Decoded(content)
	if err != nil {
		return refuse(RefusedNotText)
	}
	return func(yield func(Row, error) bool) {
		for row, err := range textfile.Records(text) {
			var wrong *textfile.TableError
			if errors.As(err, &wrong) {
				err = &Refusal{wrong.Line, RefusedQuotes, err}
			}
			if err != nil {
				yield(Row{}, err)
				return
			}
			cells := make([]Cell, len(row.Cells))
			for i, cell := range row.Cells {
				cells[i] = Cell{Text: Unguarded(cell)}
			}
			if !yield(Row{row.Line, cells}, nil) {
				return
			}
		}
	}
}
