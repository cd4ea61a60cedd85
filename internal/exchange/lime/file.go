// Package lime reads the surveys that LimeSurvey exports, in both layouts that its
// files have had.
package lime

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Bounds of a file.
const (
	maxDepth = 12
	maxText  = 1 << 20 // of one cell
	maxRows  = 200_000 // of all tables together
)

// record is a row of a table, by column.
type record map[string]string

func (r record) number(column string) int {
	n, err := strconv.Atoi(r[column])
	if err != nil {
		return 0
	}
	return n
}

// file is what a file holds.
type file struct {
	kind   string // Survey, Group, Question
	tables map[string][]record

	orphans []*question // rows of no question
}

var (
	errDirective = errors.New("it has a document type") // which could hold entities
	errTooLarge  = errors.New("it is too large")
	errDeep      = errors.New("it is nested too deep")
	errNoSurvey  = errors.New("it is no survey of LimeSurvey")
	errEncoding  = errors.New("its encoding is not UTF-8")
)

// parse reads XML that a stranger made.
func parse(content []byte) (*file, error) {
	if !utf8.Valid(content) {
		return nil, errEncoding
	}
	in := xml.NewDecoder(bytes.NewReader(bytes.TrimLeft(bytes.TrimPrefix(content, []byte("\ufeff")), " \t\r\n")))
	in.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, errEncoding }
	f := &file{tables: map[string][]record{}}
	var path []string
	var row record
	var text strings.Builder
	rows := 0
	for {
		token, err := in.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.Directive:
			return nil, errDirective
		case xml.StartElement:
			if len(path) == 0 && token.Name.Local != "document" {
				return nil, errNoSurvey
			}
			if path = append(path, token.Name.Local); len(path) > maxDepth {
				return nil, errDeep
			}
			text.Reset()
			if len(path) == 4 && path[2] == "rows" && path[3] == "row" {
				if row = (record{}); rows >= maxRows {
					return nil, errTooLarge
				}
				rows++
			}
		case xml.CharData:
			if text.Len()+len(token) > maxText {
				return nil, errTooLarge
			}
			text.Write(token)
		case xml.EndElement:
			switch {
			case len(path) == 5 && row != nil:
				if value := strings.TrimSpace(text.String()); value != "" {
					row[token.Name.Local] = value
				}
			case len(path) == 4 && row != nil:
				f.tables[path[1]] = append(f.tables[path[1]], row)
				row = nil
			case len(path) == 2 && path[1] == "LimeSurveyDocType":
				f.kind = strings.TrimSpace(text.String())
			}
			path = path[:len(path)-1]
			text.Reset()
		}
	}
	if f.kind == "" {
		return nil, errNoSurvey
	}
	return f, nil
}
