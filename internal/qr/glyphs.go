package qr

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"
)

// covered has every character of the Basic Multilingual Plane that both fonts of
// posters have, found out at the first question.
var covered = sync.OnceValue(func() []bool {
	has := make([]bool, 0x10000)
	for i, data := range [][]byte{liberationsansregular.TTF, liberationsansbold.TTF} {
		font, err := sfnt.Parse(data)
		if err != nil {
			return nil // a test reads them
		}
		var buffer sfnt.Buffer
		for r := range rune(len(has)) {
			glyph, err := font.GlyphIndex(&buffer, r)
			has[r] = err == nil && glyph != 0 && (i == 0 || has[r])
		}
	}
	return has
})

// Unprintable is a text of a poster with the characters that its fonts do not
// have; they are printed as question marks.
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
func (p Poster) Unprintable() []Unprintable {
	var found []Unprintable
	for _, text := range []string{p.Head, p.Agency, p.Point, p.Place, p.Hotline, p.Hours} {
		if characters := missing(text); len(characters) > 0 {
			found = append(found, Unprintable{text, characters})
		}
	}
	return found
}

func missing(text string) []rune {
	var found []rune
	has := covered()
	unprintable := func(r rune) bool { return int(r) >= len(has) || !has[r] }
	for _, r := range norm.NFC.String(strings.ToValidUTF8(text, "?")) {
		if !unseen(r) && (unprintable(r) || unprintable(unicode.ToUpper(r))) && !slices.Contains(found, r) {
			found = append(found, r)
		}
	}
	return found
}

// unseen is what plain makes a blank of or leaves out.
func unseen(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r)
}

// printable is plain text in which question marks stand for what the fonts do not
// have.
func printable(text string) string {
	has := covered()
	return strings.Map(func(r rune) rune {
		if int(r) >= len(has) || !has[r] { // beyond them the PDF writer would write another letter
			return '?'
		}
		return r
	}, plain(text))
}
