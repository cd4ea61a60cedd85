package typeset

import (
	"fmt"
	"strings"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansregular"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/shaping"
)

// Family is the name of the program's own font in a document.
const Family = "sans"

// Pen sets texts on the pages of one document.
type Pen struct {
	pdf    *fpdf.Fpdf
	fonts  *Fonts
	shaper shaping.HarfbuzzShaper
	faces  map[string]*face
	words  map[weighted]shaped
}

// Style is how a text looks.
type Style struct {
	Bold bool
	Size float64 // points
	Ink  [3]int  // red, green, blue
}

// Pen begins to set texts in a document, which gets the program's own font: Liberation
// Sans has every Vietnamese letter (a test counts them) and the widths of Arial, which
// officials know from their own documents.
func (f *Fonts) Pen(pdf *fpdf.Fpdf) *Pen {
	pdf.AddUTF8FontFromBytes(Family, "", liberationsansregular.TTF)
	pdf.AddUTF8FontFromBytes(Family, "B", liberationsansbold.TTF)
	return &Pen{pdf: pdf, fonts: f, faces: map[string]*face{}, words: map[weighted]shaped{}}
}

// Fonts are those of the pen.
func (p *Pen) Fonts() *Fonts { return p.fonts }

// Width is how wide a text on one line is, in units of the document.
func (p *Pen) Width(text string, s Style) float64 {
	if simple(text) {
		return p.simpleWidth(text, s)
	}
	var sum float64
	for _, w := range wordsOf(text) {
		sum += p.wordWidth(w.text, s)
		if w.blank {
			sum += p.simpleWidth(" ", s)
		}
	}
	return sum
}

// simpleWidth measures without the document: a font that is set on a page only to measure
// is written there.
func (p *Pen) simpleWidth(text string, s Style) float64 {
	wide, sum := own().wide[0], 0.0
	if s.Bold {
		wide = own().wide[1]
	}
	for _, r := range text {
		sum += wide[r]
	}
	return p.scaled(sum, s)
}

func (p *Pen) wordWidth(text string, s Style) float64 {
	if simple(text) {
		return p.simpleWidth(text, s)
	}
	return p.scaled(p.shape(text, s.Bold).width, s)
}

// scaled is a length in ems in units of the document.
func (p *Pen) scaled(ems float64, s Style) float64 { return ems * s.Size / p.pdf.GetConversionRatio() }

func weight(s Style) string {
	if s.Bold {
		return "B"
	}
	return ""
}

// word is one of a text, and whether a blank follows it.
type word struct {
	text  string
	blank bool
}

// wordsOf parts a text where a line may end: at blanks, and where the writer says so.
func wordsOf(text string) []word {
	var words []word
	for field := range strings.FieldsSeq(text) {
		for part := range strings.SplitSeq(field, string(breaking)) {
			if part != "" {
				words = append(words, word{part, false})
			}
		}
		if n := len(words); n > 0 {
			words[n-1].blank = true
		}
	}
	if n := len(words); n > 0 {
		words[n-1].blank = false
	}
	return words
}

// Write sets a text on one line that begins at x on a baseline. A text that needs no
// shaping is written with the font; the shapes of others are drawn, and below them stands
// the text that nobody sees, so that it is found and copied.
func (p *Pen) Write(x, baseline float64, text string, s Style) {
	p.pdf.SetTextColor(s.Ink[0], s.Ink[1], s.Ink[2])
	if simple(text) {
		p.pdf.SetFont(Family, weight(s), s.Size)
		p.pdf.Text(x, baseline, text)
		return
	}
	for _, w := range wordsOf(text) {
		if simple(w.text) {
			p.pdf.SetFont(Family, weight(s), s.Size)
			p.pdf.Text(x, baseline, w.text)
		} else {
			p.draw(x, baseline, w.text, s)
		}
		x += p.wordWidth(w.text, s)
		if w.blank {
			x += p.simpleWidth(" ", s)
		}
	}
}

// draw draws a word.
func (p *Pen) draw(x, baseline float64, text string, s Style) {
	set := p.shape(text, s.Bold)
	k := p.pdf.GetConversionRatio()
	_, height := p.pdf.GetPageSize()
	p.pdf.SetFillColor(s.Ink[0], s.Ink[1], s.Ink[2])
	var b strings.Builder
	for i := 0; i < len(set.glyphs); {
		used := set.glyphs[i].face
		scale := s.Size / float64(used.Upem())
		fmt.Fprintf(&b, "q %.5f 0 0 %.5f %.3f %.3f cm", scale, scale, x*k, (height-baseline)*k)
		for ; i < len(set.glyphs) && set.glyphs[i].face == used; i++ {
			outline(&b, set.glyphs[i])
		}
		b.WriteString(" f Q ")
	}
	p.pdf.RawWriteStr(b.String())
	from, begin := 0, 0.0
	for i, e := range set.ends {
		if i+1 < len(set.ends) && set.ends[i+1].face == e.face {
			continue
		}
		p.hide(x+p.scaled(begin, s), baseline, p.scaled(e.x-begin, s), text[from:e.at], e.face, s)
		from, begin = e.at, e.x
	}
}

// outline writes the shape of a glyph as a path in units of its font. The curves of
// TrueType have one point between their ends, those of PDF two.
func outline(b *strings.Builder, g glyph) {
	shape, is := g.face.GlyphDataOutline(g.id)
	if !is {
		return
	}
	upem := float32(g.face.Upem())
	dx, dy := float32(g.x)*upem, float32(g.y)*upem
	var last opentype.SegmentPoint
	open := false
	point := func(x, y float32) { fmt.Fprintf(b, " %.0f %.0f", x+dx, y+dy) }
	for _, segment := range shape.Segments {
		to := segment.Args[0]
		switch segment.Op {
		case opentype.SegmentOpMoveTo:
			if open {
				b.WriteString(" h")
			}
			open = true
			point(to.X, to.Y)
			b.WriteString(" m")
		case opentype.SegmentOpLineTo:
			point(to.X, to.Y)
			b.WriteString(" l")
		case opentype.SegmentOpQuadTo:
			by := segment.Args[0]
			to = segment.Args[1]
			point(last.X+(by.X-last.X)*2/3, last.Y+(by.Y-last.Y)*2/3)
			point(to.X+(by.X-to.X)*2/3, to.Y+(by.Y-to.Y)*2/3)
			point(to.X, to.Y)
			b.WriteString(" c")
		case opentype.SegmentOpCubeTo:
			to = segment.Args[2]
			for _, p := range segment.Args {
				point(p.X, p.Y)
			}
			b.WriteString(" c")
		}
		last = to
	}
	if open {
		b.WriteString(" h")
	}
}

const unseenMode = 3 // of writing, in which nothing is painted

// hide writes a text that is not seen, as wide as what is seen of it: what copies it takes
// words for words by where they stand. It has no letters beyond the Basic Multilingual
// Plane, which the writer of the document does not have.
func (p *Pen) hide(x, baseline, width float64, text string, f *face, s Style) {
	text = strings.Map(func(r rune) rune {
		if unseen(r) || r > 0xffff {
			return -1
		}
		return r
	}, text)
	if f.family == "" || text == "" || p.pdf.Err() {
		return
	}
	if !f.hidden {
		f.hidden = true
		p.pdf.AddUTF8FontFromBytes(f.family, "", f.content)
		if p.pdf.Err() { // a font that we can draw and the writer cannot hold
			p.pdf.ClearError()
			f.family = ""
			return
		}
	}
	style := ""
	if f.family == Family {
		style = weight(s)
	}
	p.pdf.SetFont(f.family, style, s.Size)
	if unshaped := p.pdf.GetStringWidth(text); unshaped > 0 {
		p.pdf.SetFont(f.family, style, s.Size*width/unshaped)
	}
	p.pdf.SetTextRenderingMode(unseenMode)
	p.pdf.Text(x, baseline, text)
	p.pdf.SetTextRenderingMode(0)
	p.pdf.SetFont(Family, "", s.Size)
}
