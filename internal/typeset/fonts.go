// Package typeset sets texts of any script on the pages of a PDF: letters with stacked
// marks, and scripts whose letters take their places from their neighbours.
package typeset

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansregular"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/font/opentype/tables"
	"golang.org/x/text/unicode/norm"
)

// Fonts are those that texts are set in: Liberation Sans, which is part of the program
// and has the letters of Latin, Greek and Cyrillic, and for every other letter what is
// found in some folders. The zero value and nil have no folders.
type Fonts struct {
	found func() []found // looked for when a text first needs it
}

// In gives the fonts with those in folders and below them, which are read when a text
// first needs them. A folder that is not there has none.
func In(folders ...string) *Fonts {
	return &Fonts{sync.OnceValue(func() []found { return search(folders) })}
}

// found is a font of a folder.
type found struct {
	path string
	has  letters
}

// letters tells which characters a font has: of each 256 a bit for each.
type letters map[rune]*[4]uint64

func (l letters) have(r rune) bool {
	page := l[r>>8]
	return page != nil && page[r>>6&3]>>(r&63)&1 == 1
}

func (l letters) add(r rune) {
	page := l[r>>8]
	if page == nil {
		page = new([4]uint64)
		l[r>>8] = page
	}
	page[r>>6&3] |= 1 << (r & 63)
}

// owned is the program's own font: the letters that both its weights have, which is what a
// text that may be set in either needs, and how wide they are in ems, bold ones second.
type owned struct {
	letters
	wide [2]map[rune]float64
}

var own = sync.OnceValue(func() owned {
	o := owned{letters: letters{}}
	var charts [2]letters
	for i, content := range [][]byte{liberationsansregular.TTF, liberationsansbold.TTF} {
		parsed, err := font.ParseTTF(bytes.NewReader(content))
		if err != nil {
			return o // a test reads them
		}
		charts[i], o.wide[i] = letters{}, map[rune]float64{}
		for chars := parsed.Cmap.Iter(); chars.Next(); {
			if r, glyph := chars.Char(); glyph != 0 && (i == 0 || charts[0].have(r)) {
				charts[i].add(r)
				o.wide[i][r] = float64(parsed.HorizontalAdvance(glyph)) / float64(parsed.Upem())
			}
		}
	}
	o.letters = charts[1]
	return o
})

const (
	largestFont = 32 << 20 // bytes; fonts of Chinese have 20 million
	mostFonts   = 1000
)

// search lists the fonts of folders that may be used, the sans serif ones of Noto first,
// as those are made to stand beside each other, then by path.
func search(folders []string) []found {
	var paths []string
	for _, folder := range folders {
		_ = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			if err == nil && !entry.IsDir() && upright(entry.Name()) && len(paths) < mostFonts {
				paths = append(paths, path)
			}
			return nil // a folder that cannot be read has no fonts for us
		})
	}
	rank := func(path string) int {
		if strings.HasPrefix(filepath.Base(path), "NotoSans") {
			return 0
		}
		return 1
	}
	slices.SortFunc(paths, func(a, b string) int {
		if r := rank(a) - rank(b); r != 0 {
			return r
		}
		return strings.Compare(a, b)
	})
	var all []found
	for _, path := range slices.Compact(paths) {
		content, err := read(path)
		if err != nil {
			continue
		}
		if has, err := lettersOf(content); err == nil {
			all = append(all, found{path, has})
		}
	}
	return all
}

// upright tells whether a file is by its name a font for running text: an ordinary
// weight, not slanted, and not narrow.
func upright(name string) bool {
	ext := strings.ToLower(filepath.Ext(name))
	if ext != ".ttf" && ext != ".otf" && ext != ".ttc" {
		return false
	}
	_, cut, styled := strings.Cut(strings.TrimSuffix(name, filepath.Ext(name)), "-")
	return !styled || cut == "Regular"
}

func read(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Size() > largestFont {
		return nil, fs.ErrInvalid
	}
	return os.ReadFile(path)
}

// lettersOf reads which characters a font has, and nothing else of it.
func lettersOf(content []byte) (letters, error) {
	loaders, err := opentype.NewLoaders(bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	table, err := loaders[0].RawTable(opentype.MustNewTag("cmap"))
	if err != nil {
		return nil, err
	}
	parsed, _, err := tables.ParseCmap(table)
	if err != nil {
		return nil, err
	}
	chart, _, err := font.ProcessCmap(parsed, tables.FPNone)
	if err != nil {
		return nil, err
	}
	has := letters{}
	for chars := chart.Iter(); chars.Next(); {
		if r, glyph := chars.Char(); glyph != 0 {
			has.add(r)
		}
	}
	return has, nil
}

// with gives the font of a folder that has a character.
func (f *Fonts) with(r rune) (found, bool) {
	if f == nil || f.found == nil {
		return found{}, false
	}
	for _, one := range f.found() {
		if one.has.have(r) {
			return one, true
		}
	}
	return found{}, false
}

// Missing lists the characters of a text, and of the text in capitals, that no font has.
func (f *Fonts) Missing(text string) []rune {
	var missing []rune
	lacks := func(r rune) bool {
		if own().have(r) {
			return false
		}
		_, has := f.with(r)
		return !has
	}
	for _, r := range norm.NFC.String(strings.ToValidUTF8(text, "?")) {
		if !unseen(r) && (lacks(r) || lacks(unicode.ToUpper(r))) && !slices.Contains(missing, r) {
			missing = append(missing, r)
		}
	}
	return missing
}

// Printable is a text on one line in which question marks stand for what no font has.
func (f *Fonts) Printable(text string) string {
	return strings.Map(func(r rune) rune {
		if own().have(r) || shapes(r) {
			return r
		}
		if _, has := f.with(r); has {
			return r
		}
		return '?'
	}, Plain(text))
}

// Plain makes a text safe to print on one line: composed, and without control and
// direction characters. What says where a word may be broken, and how its letters are
// joined, stays.
func Plain(text string) string {
	text = norm.NFC.String(strings.ToValidUTF8(text, "?"))
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r):
			return ' '
		case unseen(r) && !shapes(r):
			return -1
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

// Line is how high a line with a text is, and where in it the text stands, both in ems
// from above: Vietnamese capitals stack two marks, and other scripts more, above and below.
func Line(text string) (height, baseline float64) {
	for _, r := range text {
		if !own().have(r) && !unseen(r) {
			return 1.65, 1.15
		}
	}
	return 1.3, 1
}

// unseen is what has no shape of its own.
func unseen(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r)
}

const breaking = '\u200b' // stands between words of scripts without blanks

// shapes tells whether a character without a shape says how others are set.
func shapes(r rune) bool { return r == breaking || r == '\u200c' || r == '\u200d' }
