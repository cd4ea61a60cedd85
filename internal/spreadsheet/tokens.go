package spreadsheet

import (
	"bufio"
	"encoding/xml"
	"errors"
	"io"
)

// Bounds of XML inside a file.
const (
	maxDepth = 64
	maxToken = 1 << 20 // bytes that one tag or text may have
)

// tokens reads XML that a stranger made: no document type, so no entity that stands
// for others; no deeper, no longer than a spreadsheet is.
type tokens struct {
	xml   *xml.Decoder
	bytes *counted
	depth int
}

// counted reads bytes while there are any left, of the part and of the file.
type counted struct {
	in    *bufio.Reader
	left  *int64 // of all parts of the file
	token int    // read since the token before
}

func (c *counted) Read([]byte) (int, error) { return 0, errors.New("read byte by byte") }

var errTooLarge = errors.New("it unpacks to too much")

func (c *counted) ReadByte() (byte, error) {
	if c.token++; c.token > maxToken || *c.left == 0 {
		return 0, errTooLarge
	}
	*c.left--
	return c.in.ReadByte()
}

func newTokens(part io.Reader, left *int64) *tokens {
	c := &counted{in: bufio.NewReaderSize(part, 64<<10), left: left}
	return &tokens{xml: xml.NewDecoder(c), bytes: c}
}

// next gives the next token, io.EOF behind the last.
func (t *tokens) next() (xml.Token, error) {
	t.bytes.token = 0
	token, err := t.xml.Token()
	switch {
	case errors.Is(err, errTooLarge):
		return nil, &Refusal{Reason: RefusedTooLarge, cause: err}
	case errors.Is(err, io.EOF):
		return nil, io.EOF
	case err != nil:
		return nil, &Refusal{Reason: RefusedDamaged, cause: err}
	}
	switch token.(type) {
	case xml.Directive:
		return nil, &Refusal{Reason: RefusedDoctype}
	case xml.StartElement:
		if t.depth++; t.depth > maxDepth {
			return nil, &Refusal{Reason: RefusedDamaged, cause: errors.New("nested too deep")}
		}
	case xml.EndElement:
		t.depth--
	}
	return token, nil
}

// elements calls start for each element of a part.
func (t *tokens) elements(start func(xml.StartElement) error) error {
	for {
		token, err := t.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if element, ok := token.(xml.StartElement); ok {
			if err := start(element); err != nil {
				return err
			}
		}
	}
}

// attribute is an attribute by its local name, "" if it is not there.
func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
