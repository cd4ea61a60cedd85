// Package fold writes texts as they are compared where people type without marks.
package fold

import (
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// Text is a text in small letters without marks, so that "dak lak" finds "Đắk Lắk".
func Text(text string) string {
	lower := strings.ToLower(text)
	plain, _, err := transform.String(transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC), lower)
	if err != nil {
		return lower
	}
	return strings.ReplaceAll(plain, "đ", "d")
}
