package typeset

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
	"pgregory.net/rapid"

	"sipas/internal/testkit"
)

const folder = "/usr/share/fonts"

// noto are the fonts of this machine, if it has Khmer ones.
func noto(t *testing.T) *Fonts {
	t.Helper()
	fonts := In(folder)
	if len(fonts.Missing("ក")) > 0 {
		testkit.Missing(t, "a Khmer font (Debian package fonts-noto-core)")
	}
	return fonts
}

func newPen(t interface{ Helper() }, fonts *Fonts) *Pen {
	t.Helper()
	pdf := fpdf.New("P", "mm", "A4", "")
	pen := fonts.Pen(pdf)
	pdf.AddPage()
	return pen
}

var style = Style{Size: 12}

// A mark stands on its letter and takes no room of its own, however many there are and
// whichever font the letter is of.
func TestMarksTakeNoRoom(t *testing.T) {
	t.Parallel()
	pen := newPen(t, noto(t))
	for text, same := range map[string]string{
		"o\u0306\u0302": "o", // Ê-đê and Chăm as they are written in Latin letters
		"\u01a1\u0306":  "\u01a1",
		"\u01b0\u0306":  "\u01b0",
		"e\u0331":       "e",
		"\u0041\u0331":  "A",
		"ក្ក":           "ក", // a letter below another
	} {
		for _, bold := range []bool{false, true} {
			s := Style{Size: 12, Bold: bold}
			if got, want := pen.Width(text, s), pen.Width(same, s); got > want+0.1 || got < want-0.1 {
				t.Errorf("%q is %.2f mm wide, %q %.2f", text, got, same, want)
			}
		}
	}
}

// Khmer letters take their places: the vowel that is written after its consonant is drawn
// before it, and one that goes around it on both sides.
func TestKhmerTakesItsPlaces(t *testing.T) {
	t.Parallel()
	pen := newPen(t, noto(t))
	places := func(text string) (ids []uint32) {
		for _, g := range pen.shape(text, false).glyphs {
			ids = append(ids, uint32(g.id))
		}
		return ids
	}
	consonant := places("ក")
	if len(consonant) != 1 || consonant[0] == 0 {
		t.Fatalf("ក is %v", consonant)
	}
	before := places("កេ")
	if len(before) != 2 || before[1] != consonant[0] {
		t.Errorf("កេ is drawn as %v, its consonant is %v", before, consonant)
	}
	if around := places("កោ"); len(around) < 2 || around[0] != before[0] {
		t.Errorf("កោ is drawn as %v, and begins as %v does", around, before)
	}
	for _, word := range []string{"ស្ត្រី", "ខ្ញុំ", "កម្ពុជា", "ភ្ញៀវ", "ꨌꩌ", "ꨣꩂ"} {
		if slices.Contains(places(word), 0) {
			t.Errorf("%q has a box", word)
		}
	}
}

// Whatever is broken into lines is all there, in its order; no line is wider than it may
// be unless it is one letter with its marks, and none begins with a mark.
func TestLines(t *testing.T) {
	t.Parallel()
	fonts := noto(t)
	words := []string{"Quầy", "ŏ̂ơ̆ư̆ê̆", "តើលោកអ្នកពេញចិត្តនឹងសេវាកម្មនៅទីនេះដែរឬទេ", "ស្ត្រី", "ꨀꨇꩉ", "x", "Đường-dây-nóng-rất-dài-không-có-chỗ-ngắt", "\u200b", "a\u200bb"}
	pen := newPen(t, fonts)
	rapid.Check(t, func(t *rapid.T) {
		text := Plain(strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 1, 8).Draw(t, "words"), " "))
		width := rapid.Float64Range(3, 120).Draw(t, "width")
		lines := pen.Wrap(text, style, width)
		bare := func(s string) string {
			return strings.Map(func(r rune) rune {
				if unseen(r) {
					return -1
				}
				return r
			}, s)
		}
		if got := bare(strings.Join(lines, "")); got != bare(text) {
			t.Fatalf("%q became %q", text, lines)
		}
		for _, line := range lines {
			if first := []rune(bare(line)); len(first) > 0 && unicode.IsMark(first[0]) {
				t.Fatalf("%q begins with a mark", line)
			}
			if pen.Width(line, style) > width+0.01 && pen.Prefix(line, style, 0) != line {
				t.Fatalf("%q is %.1f mm wide, may be %.1f", line, pen.Width(line, style), width)
			}
		}
	})
}

// What no font has is named and printed as a question mark; folders that are not there,
// and files that are no fonts, have none.
func TestMissing(t *testing.T) {
	t.Parallel()
	broken := t.TempDir()
	for name, content := range map[string]string{"NotoSansBroken-Regular.ttf": "", "Other.ttf": "\x00\x01\x00\x00\x00\x09rubbish", "Third.otf": "OTTO"} {
		if err := os.WriteFile(filepath.Join(broken, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, fonts := range map[string]*Fonts{"none": nil, "no folder": In(filepath.Join(broken, "away")), "broken": In(broken)} {
		if got := string(fonts.Missing("Quầy ក ខ ក\u200b, Ŏ̂")); got != "កខ" {
			t.Errorf("%s: %q is missing", name, got)
		}
		if got := fonts.Printable("Quầy\nក\u202e!"); got != "Quầy ?!" {
			t.Errorf("%s: printed as %q", name, got)
		}
	}
	if got := string(noto(t).Missing("Quầy ក ꨌ \U0010fffd")); got != "\U0010fffd" {
		t.Errorf("with fonts: %q is missing", got)
	}
}

// The same texts make the same bytes, with fonts of folders too, and one that is asked for
// by several documents at once.
func TestSameBytes(t *testing.T) {
	t.Parallel()
	fonts := noto(t)
	document := func() []byte {
		pdf := fpdf.New("P", "mm", "A4", "")
		pdf.SetCatalogSort(true)
		pdf.SetCreationDate(pdf.GetCreationDate().UTC().Truncate(1 << 62))
		pdf.SetModificationDate(pdf.GetModificationDate().UTC().Truncate(1 << 62))
		pen := fonts.Pen(pdf)
		pdf.AddPage()
		pen.Write(20, 20, "Sở Nội vụ ខ្មែរ ŏ̂ ꨌꩌ", style)
		pen.Write(20, 30, "ខ្មែរ", Style{Size: 14, Bold: true})
		var out bytes.Buffer
		if err := pdf.Output(&out); err != nil {
			t.Error(err)
		}
		return out.Bytes()
	}
	done := make(chan []byte)
	for range 3 {
		go func() { done <- document() }()
	}
	first := <-done
	for range 2 {
		if !bytes.Equal(first, <-done) {
			t.Error("the same text is written in two ways")
		}
	}
}
