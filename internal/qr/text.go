package qr

import (
	"strings"

	"sipas/internal/typeset"
)

// style is how a text may be set: sizes in points on A4.
type style struct {
	weight   string // "B" for bold
	ink      ink
	largest  float64
	smallest float64
	lines    int // at most
}

// block is text set in lines, ready to draw.
type block struct {
	lines []string
	size  float64 // points
	style style
	// line is how high each is, and first where it stands in that, in ems.
	line, first float64
}

const point = 25.4 / 72 // mm

// height is in mm, 0 for a block without text.
func (b block) height() float64 { return float64(len(b.lines)) * b.size * b.line * point }

// cut tells whether the end is missing.
func (b block) cut() bool {
	return len(b.lines) > 0 && strings.HasSuffix(b.lines[len(b.lines)-1], ellipsis)
}

const ellipsis = "…"

// measure sets texts in lines as wide as they are in the fonts.
type measure struct{ pen *typeset.Pen }

// fit sets text in the largest size of s that needs no more than its lines in
// width mm, and cuts what does not fit in the smallest.
func (m measure) fit(text string, width float64, s style) block {
	text = m.pen.Fonts().Printable(text)
	if text == "" {
		return block{}
	}
	for size := s.largest; ; size -= 0.5 {
		size = max(size, s.smallest)
		in := s.of(size)
		lines := m.pen.Wrap(text, in, width)
		if len(lines) > s.lines && size > s.smallest {
			continue
		}
		if len(lines) > s.lines {
			lines = lines[:s.lines]
			lines[s.lines-1] = m.cut(lines[s.lines-1], in, width)
		} else {
			lines = m.balance(text, lines, in, width)
		}
		set := block{lines: lines, size: size, style: s}
		set.line, set.first = typeset.Line(text)
		return set
	}
}

// whole is fit for what says something else once it is cut, such as an address: it is
// left out instead.
func (m measure) whole(text string, width float64, s style) block {
	set := m.fit(text, width, s)
	if strings.Join(set.lines, "") != m.pen.Fonts().Printable(text) {
		return block{}
	}
	return set
}

// balance narrows the column as long as the number of lines stays, so that a
// centred name does not end in one lonely word.
func (m measure) balance(text string, lines []string, s typeset.Style, width float64) []string {
	low, high := width/2, width
	for high-low > 1 {
		middle := (low + high) / 2
		if tried := m.pen.Wrap(text, s, middle); len(tried) <= len(lines) {
			lines, high = tried, middle
		} else {
			low = middle
		}
	}
	return lines
}

// cut ends line in an ellipsis within width mm.
func (m measure) cut(line string, s typeset.Style, width float64) string {
	return strings.TrimSpace(m.pen.Prefix(line, s, width-m.pen.Width(ellipsis, s))) + ellipsis
}

// centred draws b with its lines centred on x, from the top edge y down, and
// returns its lower edge. Lengths in mm.
func (p page) centred(b block, x, y float64) float64 {
	if len(b.lines) == 0 {
		return y
	}
	for _, line := range b.lines {
		width := p.pen.Width(line, b.style.of(b.size))
		p.text(x-width/2, y+b.first*b.size*point, width, line, b.style, b.size)
		y += b.size * b.line * point
	}
	return y
}

// of is the style in a size.
func (s style) of(size float64) typeset.Style {
	return typeset.Style{Bold: s.weight == "B", Size: size, Ink: s.ink}
}
