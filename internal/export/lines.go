package export

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"unicode/utf8"

	"sipas/internal/textfile"
)

// MaxLine bounds a line that is read, in bytes. A survey of 200 questions with
// every choice taken stays below it.
const MaxLine = 64 << 10

// Line is one line of a file of rows.
type Line struct {
	Number int // from 1
	Row    Row
	Err    error // what is wrong with the line; the next ones may still be good
}

// ErrUTF16 says that a whole file is in an encoding that no line of it can be
// read in.
var ErrUTF16 = textfile.ErrUTF16

// Lines reads lines of JSON as JSONL writes them, one at a time. A byte order
// mark, CRLF and blank lines are no fault. Texts of a bad line are quoted in its
// error. An error of the reader, or ErrUTF16, is the last thing it gives.
func Lines(r io.Reader) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		in := bufio.NewReaderSize(r, MaxLine)
		for n := 1; ; n++ {
			text, tooLong, err := readLine(in)
			if err != nil && !errors.Is(err, io.EOF) {
				yield(Line{}, fmt.Errorf("line %d: %w", n, err))
				return
			}
			last := err != nil
			if n == 1 {
				if bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) {
					yield(Line{}, ErrUTF16)
					return
				}
				text = bytes.TrimPrefix(text, []byte("\ufeff"))
			}
			text = bytes.TrimSpace(text)
			if len(text) > 0 {
				line := Line{Number: n}
				if tooLong {
					line.Err = fmt.Errorf("longer than %d bytes", MaxLine)
				} else {
					line.Row, line.Err = Decode(text)
				}
				if !yield(line, nil) {
					return
				}
			}
			if last {
				return
			}
		}
	}
}

// readLine reads to the end of a line. Of one that is too long it gives the
// beginning. Its text is good until the next call.
func readLine(in *bufio.Reader) (text []byte, tooLong bool, err error) {
	text, err = in.ReadSlice('\n')
	if tooLong = errors.Is(err, bufio.ErrBufferFull); tooLong {
		text = bytes.Clone(text[:4]) // enough to tell the encoding
	}
	for errors.Is(err, bufio.ErrBufferFull) {
		_, err = in.ReadSlice('\n')
	}
	return text, tooLong, err
}

// Decode reads one row, strictly: what is not known, stands twice or has
// another form is refused.
func Decode(text []byte) (Row, error) {
	var row Row
	switch {
	case !utf8.Valid(text):
		return row, errors.New("not UTF-8; save the file as UTF-8")
	case text[0] != '{':
		return row, fmt.Errorf("want one JSON object a line, as `sipas export --format jsonl` writes them; found %.40q", text)
	}
	if err := unambiguous(text); err != nil {
		return row, err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&row); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) {
			return Row{}, fmt.Errorf("%.40q: want a text, found a %s", wrong.Field, wrong.Value)
		}
		return Row{}, err
	}
	return row, nil
}

// maxDepth is that of a list of choices: object, answers, list.
const maxDepth = 3

// unambiguous refuses a text that is not one JSON value, is nested deeper than
// a row, or names a member of an object twice: the standard decoder would take
// the last of them without a word.
func unambiguous(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	type level struct {
		names map[string]bool // nil for a list
		value bool            // a value comes next, not a name
	}
	var open []level
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return errors.New("the JSON is cut off")
		}
		if err != nil {
			return fmt.Errorf("bad JSON: %w", err)
		}
		switch token := token.(type) {
		case json.Delim:
			switch token {
			case '{', '[':
				if len(open) == maxDepth {
					return errors.New("nested too deep")
				}
				inner := level{}
				if token == '{' {
					inner.names = map[string]bool{}
				}
				open = append(open, inner)
				continue
			}
			open = open[:len(open)-1]
		case string:
			top := &open[len(open)-1]
			if top.names != nil && !top.value {
				// The decoder takes a name in any case.
				name := strings.ToLower(strings.ToUpper(token))
				if top.names[name] {
					return fmt.Errorf("%.40q stands twice", token)
				}
				top.names[name], top.value = true, true
				continue
			}
		}
		if len(open) == 0 {
			if d.InputOffset() != int64(len(text)) {
				return errors.New("there is more behind the JSON object")
			}
			return nil
		}
		open[len(open)-1].value = false
	}
}
