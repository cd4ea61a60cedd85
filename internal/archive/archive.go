// Package archive is the file that a whole database is kept in: how it is
// written and read, whatever the database.
package archive

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"strconv"
	"unicode/utf8"
)

// An archive is gzip of lines of JSON: a header, then for each table a line
// that names it and its columns, followed by one array a row (texts, whole
// numbers and null), and at last a line with the number of rows and the SHA-256
// of every line before it. So it can be read without this program:
//
//	gunzip -c sipas.backup.gz | head
const (
	Format  = "sipas-backup"
	Version = 1 // of the format
	// maxLine bounds a line, and with it what a hostile archive can make
	// the reader hold. The longest rows are definitions and published boards.
	maxLine = 16 << 20
)

// Header is the first line.
type Header struct {
	Format  string `json:"format"`
	Version int    `json:"version"` // of the format
	Schema  int64  `json:"schema"`  // number of the newest migration
	Created string `json:"created"` // RFC 3339, UTC
}

// Section begins the rows of a table.
type Section struct {
	Table   string   `json:"table"`
	Columns []string `json:"columns"`
}

// Trailer is the last line.
type Trailer struct {
	Rows   *int64 `json:"rows"`
	SHA256 string `json:"sha256"` // hexadecimal
}

// Error says why an archive is refused. Nothing was loaded.
type Error struct{ Reason string }

// Error says so.
func (e *Error) Error() string { return "the archive cannot be restored: " + e.Reason }

// Errorf makes an *Error.
func Errorf(format string, args ...any) error {
	return &Error{fmt.Sprintf(format, args...)}
}

// Writer writes the lines of an archive and remembers the first error.
type Writer struct {
	zip  *gzip.Writer
	out  *bufio.Writer
	sum  hash.Hash
	rows int64
	err  error
}

// NewWriter begins an archive.
func NewWriter(w io.Writer) *Writer {
	a := &Writer{zip: gzip.NewWriter(w), sum: sha256.New()}
	a.out = bufio.NewWriterSize(io.MultiWriter(a.zip, a.sum), 1<<16)
	return a
}

// Line writes a Header or Section; what went wrong is said by Row and Close.
func (a *Writer) Line(v any) {
	text, err := json.Marshal(v)
	if a.err == nil {
		a.err = err
	}
	if a.err == nil {
		_, a.err = a.out.Write(append(text, '\n'))
	}
}

// Rows is how many rows were written so far.
func (a *Writer) Rows() int64 { return a.rows }

// Row writes a row of the last section: texts, whole numbers and nil.
func (a *Writer) Row(values []any) error {
	for _, v := range values {
		switch v := v.(type) {
		case nil, int64:
		case string:
			if !utf8.ValidString(v) { // JSON would change it without a word
				return errors.New("a text is not UTF-8")
			}
		default:
			return fmt.Errorf("a value of type %T has no form in an archive", v)
		}
	}
	a.Line(values)
	a.rows++
	return a.err
}

// Close writes the trailer and ends the archive.
func (a *Writer) Close() error {
	if a.err == nil {
		a.err = a.out.Flush()
	}
	a.Line(Trailer{Rows: &a.rows, SHA256: hex.EncodeToString(a.sum.Sum(nil))})
	return errors.Join(a.err, a.out.Flush(), a.zip.Close())
}

// Read hands the parts of an archive to a visitor: an Header, then
// any number of Section and, behind each, of []any, which are its rows
// with a nil, int64 or string for each column; and at last, if the archive is
// whole, the Trailer. Its errors are *Error, those of the source
// and those of the visitor.
func Read(r io.Reader, visit func(part any) error) error {
	zip, err := gzip.NewReader(r)
	if err != nil {
		return damaged(err)
	}
	lines := lineReader{in: bufio.NewReaderSize(zip, 1<<16), sum: sha256.New()}
	h, err := lines.header()
	if err != nil {
		return err
	}
	if err := visit(h); err != nil {
		return err
	}
	var rows int64
	var section Section
	for {
		line, err := lines.next()
		if err != nil {
			return err
		}
		if line[0] == '[' && len(section.Columns) > 0 {
			values, err := readRow(line, len(section.Columns))
			if err != nil {
				return err
			}
			if err := visit(values); err != nil {
				return err
			}
			rows++
			continue
		}
		var mark struct {
			Section
			Trailer
		}
		if err := json.Unmarshal(line, &mark); err != nil {
			return Errorf("it is damaged: line %d cannot be read", lines.n)
		}
		if mark.Rows != nil {
			if err := lines.end(mark.Trailer, rows); err != nil {
				return err
			}
			return visit(mark.Trailer)
		}
		section = mark.Section
		if err := visit(section); err != nil {
			return err
		}
	}
}

func (l *lineReader) header() (h Header, err error) {
	line, err := l.next()
	if err != nil {
		return h, err
	}
	if err := json.Unmarshal(line, &h); err != nil || h.Format != Format {
		return h, Errorf("it is no backup of sipas")
	}
	if h.Version != Version {
		return h, Errorf("its format has number %d, this program reads %d: use the program that made it, or a newer one", h.Version, Version)
	}
	return h, nil
}

// end checks the trailer, and that nothing follows it.
func (l *lineReader) end(t Trailer, rows int64) error {
	switch {
	case *t.Rows != rows:
		return Errorf("it says it has %d rows, but has %d", *t.Rows, rows)
	case t.SHA256 != hex.EncodeToString(l.sum.Sum(nil)):
		return Errorf("it was changed or damaged: its SHA-256 does not fit")
	}
	if _, err := l.in.ReadByte(); !errors.Is(err, io.EOF) {
		if err != nil {
			return damaged(err)
		}
		return Errorf("there is something after its end")
	}
	return nil
}

// lineReader reads lines of bounded length.
type lineReader struct {
	in  *bufio.Reader
	sum hash.Hash // of the lines before the last one read
	n   int
	buf []byte
}

// next gives a line without its end, good until the next call; it is not empty.
func (l *lineReader) next() ([]byte, error) {
	_, _ = l.sum.Write(l.buf) // a hash takes everything
	l.buf = l.buf[:0]
	l.n++
	for {
		part, err := l.in.ReadSlice('\n')
		l.buf = append(l.buf, part...)
		if len(l.buf) > maxLine {
			return nil, Errorf("line %d is longer than %d bytes", l.n, maxLine)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil {
			return nil, damaged(err)
		}
		break
	}
	line := bytes.TrimSuffix(l.buf, []byte("\n"))
	if len(line) == 0 {
		return nil, Errorf("it is damaged: line %d is empty", l.n)
	}
	return line, nil
}

// damaged tells a broken archive from a source that cannot be read.
func damaged(err error) error {
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return Errorf("it is cut off")
	case errors.Is(err, gzip.ErrHeader):
		return Errorf("it is no gzip file")
	case errors.Is(err, gzip.ErrChecksum), errors.As(err, &corrupt):
		return Errorf("it was changed or damaged: %v", err)
	}
	return err
}

// readRow reads a row of n values.
func readRow(line []byte, n int) ([]any, error) {
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	var values []any
	if err := d.Decode(&values); err != nil || len(values) != n || d.InputOffset() != int64(len(line)) {
		return nil, Errorf("it is damaged: a row is not %d values", n)
	}
	for i, v := range values {
		switch v := v.(type) {
		case nil, string:
		case json.Number:
			whole, err := strconv.ParseInt(v.String(), 10, 64)
			if err != nil {
				return nil, Errorf("it is damaged: %.40q is no whole number", v.String())
			}
			values[i] = whole
		default:
			return nil, Errorf("it is damaged: a value is no text, whole number or null")
		}
	}
	return values, nil
}
