package qr

import (
	"fmt"
	"strings"

	"sipas/internal/typeset"
)

// Unprintable is a text of a poster with the characters that no font has; they are
// printed as question marks.
type Unprintable struct {
	Text       string
	Characters []rune
}

// String is `"Quầy ☃" has ☃ (U+2603)`, safe to print on one line.
func (u Unprintable) String() string {
	names := make([]string, len(u.Characters))
	for i, r := range u.Characters {
		names[i] = fmt.Sprintf("%#U", r)
	}
	return fmt.Sprintf("%q has %s", u.Text, strings.Join(names, ", "))
}

// Unprintable finds what cannot be printed as it is written.
func (p Poster) Unprintable(fonts *typeset.Fonts) []Unprintable {
	var found []Unprintable
	for _, text := range []string{p.Head, p.Agency, p.Point, p.Place, p.Hotline, p.Hours} {
		if characters := fonts.Missing(text); len(characters) > 0 {
			found = append(found, Unprintable{text, characters})
		}
	}
	return found
}
