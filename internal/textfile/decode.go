package textfile

import (
	"bytes"
	"errors"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// ErrNotText says that a file is in no encoding that offices here use, or no text.
var ErrNotText = errors.New("the file is no text in UTF-8, UTF-16 or Windows-1258; save it as UTF-8")

// Decoded gives the content of a file as UTF-8 without its byte order mark, where
// people have no choice of the encoding: what a spreadsheet program of an office
// saves is UTF-8, UTF-16 or Windows-1258. The last writes a tone behind its letter;
// OneLine puts them together. Errors: ErrNotText.
func Decoded(content []byte) ([]byte, error) {
	var err error
	switch {
	case utf16(content):
		order := unicode.LittleEndian
		if content[0] == 0 { // no mark
			order = unicode.BigEndian
		}
		content, err = unicode.UTF16(order, unicode.UseBOM).NewDecoder().Bytes(content)
	case !utf8.Valid(content):
		if bytes.HasPrefix(content, []byte(mark)) || mostlyUTF8(content) {
			return nil, ErrNotText
		}
		content, err = charmap.Windows1258.NewDecoder().Bytes(content)
		if bytes.ContainsRune(content, utf8.RuneError) {
			return nil, ErrNotText
		}
	}
	if err != nil || bytes.IndexByte(content, 0) >= 0 {
		return nil, ErrNotText
	}
	return bytes.TrimPrefix(content, []byte(mark)), nil
}

// mostlyUTF8 tells a text in UTF-8 with a few broken characters from one in
// another encoding, which would be misread as that one.
func mostlyUTF8(content []byte) bool {
	good, bad := 0, 0
	for len(content) > 0 {
		r, size := utf8.DecodeRune(content)
		switch {
		case r == utf8.RuneError && size == 1:
			bad++
		case size > 1:
			good++
		}
		content = content[size:]
	}
	return good > bad
}
