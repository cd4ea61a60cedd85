package textfile

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// starters begin a formula in a spreadsheet. The wide forms are what some
// Asian keyboards write; spreadsheets take them for the others.
const starters = "=+-@＝＋－＠"

// number is what may begin with a minus sign and stay a number. A plus sign is
// no part of it: a spreadsheet would take it off a telephone number.
var number = regexp.MustCompile(`^-[0-9]+([.,][0-9]+)?$`)

// Guard makes a text safe as a cell of CSV: what a spreadsheet would take for a
// formula gets an apostrophe in front, which makes it a text. That is what
// begins with = + - @, also behind blanks or quotation marks, which some
// programs strip, or with a tab or line end. Negative numbers stay numbers. No
// two texts become the same: an apostrophe that was there before such a text
// gets another.
func Guard(text string) string {
	if text == "" || number.MatchString(text) {
		return text
	}
	inner := strings.TrimLeftFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsPrint(r) || strings.ContainsRune(`'"`, r)
	})
	first, _ := utf8.DecodeRuneInString(inner)
	if inner != "" && strings.ContainsRune(starters, first) || strings.IndexAny(strings.TrimLeft(text, "'"), "\t\r\n") == 0 {
		return "'" + text
	}
	return text
}

// Unguarded is the text that Guard made a cell of. A text that was never guarded
// loses an apostrophe only where Guard would have put it.
func Unguarded(cell string) string {
	if text, had := strings.CutPrefix(cell, "'"); had && Guard(text) == cell {
		return text
	}
	return cell
}
