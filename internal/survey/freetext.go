package survey

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"sipas/internal/fault"
	"sipas/internal/textfile"
)

// CleanText takes out of a text what its writer can neither see nor mend: the
// marks of writing direction around copied telephone numbers, control
// characters from slides, tables and PDF, characters without width. What breaks
// a line there breaks it here. The joiner stays, for emoji are made with it.
// What is not UTF-8 is left as it is, for the validation to refuse.
func CleanText(s string) string {
	if !utf8.ValidString(s) {
		return s
	}
	return strings.Map(func(c rune) rune {
		switch {
		case c == '\n' || c == '\t':
			return c
		case c == '\r' || c == '\v' || c == '\f' || c == '\u0085' || c == '\u2028' || c == '\u2029':
			return '\n'
		case unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c) || textfile.ZeroWidth(c) && !isJoiner(c):
			return -1
		}
		return c
	}, newlines.Replace(s))
}

// newlines makes a text that a browser sent by itself equal to the same text
// sent by our script: browsers write CR LF in forms.
var newlines = strings.NewReplacer("\r\n", "\n")

func isJoiner(c rune) bool { return c == '\u200c' || c == '\u200d' }

// textProblem returns the key of what is wrong with a free text, or "". Line
// ends and tabs are allowed, other control characters are not: NUL cannot be
// stored by every database, and the others hide content from readers. Nor are
// the marks, embeddings, overrides and isolates of writing direction, by which
// a reader sees something else than was written; neither Vietnamese nor emoji
// need them.
func textProblem(s string, mostRunes int) string {
	if !utf8.ValidString(s) {
		return fault.ProblemBadUTF8
	}
	if utf8.RuneCountInString(s) > mostRunes {
		return fault.ProblemTooLong
	}
	for _, c := range s {
		if c == '\n' || c == '\r' || c == '\t' {
			continue
		}
		if unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c) {
			return fault.ProblemControlCharacter
		}
	}
	return ""
}

// trimmed takes white space and characters without width off both ends, so that
// a text in which nothing can be seen is empty. Within a text the latter stay:
// emoji are joined by one, and nobody could find those that came in by pasting.
func trimmed(s string) string {
	return strings.TrimFunc(s, func(c rune) bool { return unicode.IsSpace(c) || textfile.ZeroWidth(c) })
}
