package textfile

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
)

// Row is one row of a table.
type Row struct {
	Line  int // from 1
	Cells []string
}

// TableError says what is wrong with a table and where.
type TableError struct {
	Line   int // from 1
	Reason string
}

// Error is "line 3: reason".
func (e *TableError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Reason) }

// Records gives the rows of a table that is CSV as spreadsheet programs write it,
// the header first and blank ones too, with their cells as they stand there: cells
// separated by commas, semicolons or tabs, whichever the header has most of or the
// line "sep=" before it names; lines that end in LF, CR LF or CR. content is as UTF8
// or Decoded gives it. An error, a *TableError, is the last thing it gives.
func Records(content []byte) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		if bytes.IndexByte(content, '\r') >= 0 {
			content = bytes.ReplaceAll(bytes.ReplaceAll(content, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
		}
		content, separator, skipped := named(content)
		if separator == 0 {
			separator = frequent(content)
		}
		in := csv.NewReader(bytes.NewReader(content))
		in.Comma, in.FieldsPerRecord = separator, -1
		for {
			cells, err := in.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			var parse *csv.ParseError
			if errors.As(err, &parse) {
				err = &TableError{parse.StartLine + skipped, "a quotation mark is not closed or stands in the wrong place"}
			}
			if err != nil {
				yield(Row{}, err)
				return
			}
			line, _ := in.FieldPos(0)
			if !yield(Row{Line: line + skipped, Cells: cells}, nil) {
				return
			}
		}
	}
}

// Table reads a table as Records does, each cell as OneLine makes it; blank rows and
// empty columns at the end of every row are left out. Each row has as many cells as
// the header, which is the first row; there is none if the table is empty. Errors:
// *TableError.
func Table(content []byte) (header Row, rows []Row, err error) {
	for row, err := range Records(content) {
		if err != nil {
			return header, rows, err
		}
		for i, cell := range row.Cells {
			row.Cells[i] = OneLine(cell)
		}
		switch filled := row.filled(); {
		case filled == 0:
		case header.Cells == nil:
			header = Row{row.Line, row.Cells[:filled]}
		case filled > len(header.Cells) || len(row.Cells) < len(header.Cells):
			return header, rows, &TableError{row.Line, "not as many fields as the header has"}
		default:
			row.Cells = row.Cells[:len(header.Cells)]
			rows = append(rows, row)
		}
	}
	return header, rows, nil
}

// filled is how many cells there are without the empty ones at the end.
func (r Row) filled() int {
	n := len(r.Cells)
	for n > 0 && r.Cells[n-1] == "" {
		n--
	}
	return n
}

// named reads a first line that names the separator, as some programs want it.
func named(content []byte) (rest []byte, separator rune, lines int) {
	first, rest, _ := bytes.Cut(content, []byte("\n"))
	first = bytes.TrimPrefix(bytes.TrimSpace(first), []byte(`"`))
	if len(first) < len("sep=?") || !strings.EqualFold(string(first[:len("sep=")]), "sep=") {
		if strings.EqualFold(string(first), "sep=") { // the blank that was taken off is a tab
			return rest, '\t', 1
		}
		return content, 0, 0
	}
	switch separator := rune(first[len("sep=")]); separator {
	case ',', ';', '\t', '|':
		return rest, separator, 1
	}
	return content, 0, 0
}

// frequent is the separator that is most frequent in the header line, where no
// name contains any of them.
func frequent(content []byte) rune {
	header, _, _ := bytes.Cut(bytes.TrimLeft(content, "\n"), []byte("\n"))
	best, most := ',', bytes.Count(header, []byte(","))
	for _, s := range ";\t" {
		if n := bytes.Count(header, []byte(string(s))); n > most {
			best, most = s, n
		}
	}
	return best
}
