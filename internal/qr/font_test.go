package qr

import (
	"strings"
	"testing"
	"unicode"

	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/unicode/norm"
)

// vietnamese lists the lower case letters that are not ASCII, one word for
// each vowel: 12 vowels in 6 tones, without the 6 plain ones, and đ.
func vietnamese() []string {
	words := []string{"đ"}
	for _, vowel := range "aăâeêioôơuưy" {
		word := ""
		for _, tone := range []string{"", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"} {
			if letter := norm.NFC.String(string(vowel) + tone); letter[0] > unicode.MaxASCII {
				word += letter
			}
		}
		words = append(words, word)
	}
	return words
}

func TestFontsHaveEveryLetter(t *testing.T) {
	t.Parallel()
	lower := strings.Join(vietnamese(), "")
	letters := []rune(lower + strings.ToUpper(lower))
	if len(letters) != 134 {
		t.Fatalf("%d letters, want 134", len(letters))
	}
	for r := ' '; r <= '~'; r++ {
		letters = append(letters, r)
	}
	letters = append(letters, []rune("–·…“”₫")...)
	for name, data := range map[string][]byte{"regular": liberationsansregular.TTF, "bold": liberationsansbold.TTF} {
		font := must(sfnt.Parse(data))(t)
		for _, r := range letters {
			if glyph := must(font.GlyphIndex(nil, r))(t); glyph == 0 {
				t.Errorf("%s font has no %c (U+%04X)", name, r, r)
			}
		}
	}
}
