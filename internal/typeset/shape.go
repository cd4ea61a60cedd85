package typeset

import (
	"bytes"
	"os"
	"strings"
	"unicode"

	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansregular"
	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
)

// face is a font as a document uses it.
type face struct {
	*font.Face
	family  string // in the document, for the text that is searched; "" where there is none
	content []byte
	hidden  bool // the document has it already
}

// shaped is a word whose letters have taken their places. Lengths are in ems.
type shaped struct {
	glyphs []glyph
	width  float64
	ends   []end
}

// glyph is a shape of a face with where it stands, from where the word begins.
type glyph struct {
	face *face
	id   font.GID
	x, y float64
}

// end is where a part of a word ends that is not to be torn: in bytes, and in ems.
type end struct {
	at   int
	x    float64
	face *face
}

// simple tells whether a word needs no shaping: each of its letters is one of the
// program's own font and stands where the one before it ends.
func simple(text string) bool {
	has := own()
	for _, r := range text {
		if !has.have(r) || unicode.IsMark(r) || shapes(r) || unicode.Is(unicode.Hebrew, r) {
			return false
		}
	}
	return true
}

// shape sets a word. What was set before is kept, up to a bound: the texts of many
// posters are alike.
func (p *Pen) shape(word string, bold bool) shaped {
	key := weighted{word, bold}
	if s, is := p.words[key]; is {
		return s
	}
	if len(p.words) >= mostWords {
		clear(p.words)
	}
	s := p.shapeAnew(word, bold)
	p.words[key] = s
	return s
}

type weighted struct {
	text string
	bold bool
}

const mostWords = 4096

func (p *Pen) shapeAnew(word string, bold bool) shaped {
	text := []rune(word)
	at := make([]int, len(text)+1) // where each character begins, in bytes
	for i, r := range text {
		at[i+1] = at[i] + len(string(r))
	}
	chooser := p.choose(text, bold)
	var split shaping.Segmenter
	var s shaped
	for _, input := range split.Split(shaping.Input{
		Text: text, RunEnd: len(text), Direction: di.DirectionLTR, Face: chooser.faces[0].Face, Size: fixed.I(unit),
		Script: language.Common, Language: language.NewLanguage("vi"),
	}, chooser) {
		used := chooser.of(input.Face)
		for _, g := range p.shaper.ShapeNoExtents(input).Glyphs {
			s.glyphs = append(s.glyphs, glyph{used, g.GlyphID, s.width + ems(g.XOffset), ems(g.YOffset)})
			s.width += ems(g.Advance)
			next := at[g.TextIndex()+g.RunesCount()]
			if n := len(s.ends); n > 0 && s.ends[n-1].at >= next {
				s.ends[n-1].x = s.width
				continue
			}
			s.ends = append(s.ends, end{next, s.width, used})
		}
	}
	return s
}

// unit is the size that is shaped, fine enough for the largest poster.
const unit = 2048

func ems(v fixed.Int26_6) float64 { return float64(v) / 64 / unit }

// chooser gives each character of a word a face.
type chooser struct {
	faces []*face
	last  *face
}

// choose lists the faces for a word: the one that has all of it, if there is one, so that
// marks stand on letters of their own font, and else as many as are needed.
func (p *Pen) choose(text []rune, bold bool) *chooser {
	c := &chooser{faces: []*face{p.own(bold)}}
	for _, r := range text {
		if own().have(r) || unseen(r) {
			continue
		}
		if f, has := p.fonts.with(r); has {
			one := p.file(f.path, bold)
			if one == nil {
				continue
			}
			if one.hasAll(text) {
				c.faces = []*face{one}
				break
			}
			c.faces = append(c.faces, one)
		}
	}
	c.last = c.faces[0]
	return c
}

func (f *face) has(r rune) bool {
	_, has := f.NominalGlyph(r)
	return has || unseen(r)
}

func (f *face) hasAll(text []rune) bool {
	for _, r := range text {
		if !f.has(r) {
			return false
		}
	}
	return true
}

// ResolveFace is the face for a character: that of the one before, if it has it.
func (c *chooser) ResolveFace(r rune) *font.Face {
	if !c.last.has(r) || !unicode.IsMark(r) && !unseen(r) {
		for _, f := range c.faces {
			if f.has(r) {
				c.last = f
				break
			}
		}
	}
	return c.last.Face
}

func (c *chooser) of(chosen *font.Face) *face {
	for _, f := range c.faces {
		if f.Face == chosen {
			return f
		}
	}
	return c.faces[0]
}

// own is the program's own font.
func (p *Pen) own(bold bool) *face {
	if bold {
		return p.load("*bold", Family, func() ([]byte, error) { return liberationsansbold.TTF, nil })
	}
	return p.load("*regular", Family, func() ([]byte, error) { return liberationsansregular.TTF, nil })
}

// file is a font of a folder, bold if it has such a brother; nil if it cannot be read.
func (p *Pen) file(path string, bold bool) *face {
	if heavy := strings.Replace(path, "-Regular.", "-Bold.", 1); bold && heavy != path {
		if _, err := os.Stat(heavy); err == nil {
			if f := p.load(heavy, heavy, func() ([]byte, error) { return read(heavy) }); f != nil {
				return f
			}
		}
	}
	return p.load(path, path, func() ([]byte, error) { return read(path) })
}

// load reads a font once for a document. A face belongs to one document: it is not for
// several goroutines.
func (p *Pen) load(key, family string, content func() ([]byte, error)) *face {
	if f, is := p.faces[key]; is {
		return f
	}
	p.faces[key] = nil
	data, err := content()
	if err != nil {
		return nil
	}
	parsed, err := font.ParseTTC(bytes.NewReader(data)) // of a collection, the first
	if err != nil {
		return nil
	}
	f := &face{Face: parsed[0], family: family, content: data, hidden: family == Family}
	if !bytes.HasPrefix(data, []byte("\x00\x01\x00\x00")) {
		f.family = "" // the document cannot hold fonts of other kinds than TrueType
	}
	p.faces[key] = f
	return f
}
