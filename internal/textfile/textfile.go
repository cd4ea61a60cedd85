// Package textfile reads text files as people and their programs save them: with
// a byte order mark or without, in another encoding, tables with the separators
// and line ends of whatever program wrote them.
package textfile

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

var (
	// ErrUTF16 says that a file is in an encoding that nothing of it can be read in.
	ErrUTF16 = errors.New("the file is UTF-16; save it as UTF-8")
	// ErrNotUTF8 says that a file is in some other encoding, or no text.
	ErrNotUTF8 = errors.New("the file is not UTF-8 text; save it as UTF-8")
)

const mark = "\ufeff"

// UTF8 gives the content of a file without its byte order mark. Errors: ErrUTF16,
// ErrNotUTF8.
func UTF8(content []byte) ([]byte, error) {
	if utf16(content) {
		return nil, ErrUTF16
	}
	if !utf8.Valid(content) {
		return nil, ErrNotUTF8
	}
	return bytes.TrimPrefix(content, []byte(mark)), nil
}

// utf16 knows the encoding by its mark, or by the first letters being plain ones
// with a NUL beside them.
func utf16(content []byte) bool {
	if bytes.HasPrefix(content, []byte("\xff\xfe")) || bytes.HasPrefix(content, []byte("\xfe\xff")) {
		return true
	}
	return len(content) >= 4 &&
		(content[0] == 0 && content[1] != 0 && content[2] == 0 && content[3] != 0 ||
			content[0] != 0 && content[1] == 0 && content[2] != 0 && content[3] == 0)
}

// Read reads a whole file of at most limit bytes; what is longer comes back cut
// off, one byte too long. Errors: those of UTF8 and of the reader.
func Read(r io.Reader, limit int64) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(content)) > limit {
		return content, nil // what is wrong with it is its length
	}
	return UTF8(content)
}

// OneLine is a typed text as it is compared with others, and shown on one line: in
// Unicode form NFC, each run of white space one blank, none at the ends, without
// characters that have no width.
func OneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Bidi_Control, r) || ZeroWidth(r) || r == '\u00ad' {
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(norm.NFC.String(s)), " ")
}

// ZeroWidth tells whether a character has no width: breaks that may be made in a
// word, joiners, byte order marks.
func ZeroWidth(r rune) bool { return r >= '\u200b' && r <= '\u200d' || r == '\u2060' || r == '\ufeff' }
