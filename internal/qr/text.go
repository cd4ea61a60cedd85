package qr

import (
	"strings"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/text/unicode/norm"
)

// plain makes text safe to print on one line: composed (the PDF writer does
// not place combining marks) and without control and direction characters.
func plain(text string) string {
	text = norm.NFC.String(strings.ToValidUTF8(text, "?"))
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r):
			return ' '
		case unseen(r):
			return -1
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

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
}

const (
	point   = 25.4 / 72 // mm
	leading = 1.3       // line height in ems: Vietnamese capitals stack two marks
)

// height is in mm, 0 for a block without text.
func (b block) height() float64 { return float64(len(b.lines)) * b.size * leading * point }

// cut tells whether the end is missing.
func (b block) cut() bool {
	return len(b.lines) > 0 && strings.HasSuffix(b.lines[len(b.lines)-1], ellipsis)
}

const ellipsis = "…"

// measure sets texts in lines as wide as they are in the fonts.
type measure struct{ fonts *fpdf.Fpdf }

// fit sets text in the largest size of s that needs no more than its lines in
// width mm, and cuts what does not fit in the smallest.
func (m measure) fit(text string, width float64, s style) block {
	text = printable(text)
	if text == "" {
		return block{}
	}
	for size := s.largest; ; size -= 0.5 {
		size = max(size, s.smallest)
		m.setFont(s, size)
		lines := m.wrap(text, width)
		if len(lines) > s.lines && size > s.smallest {
			continue
		}
		if len(lines) > s.lines {
			lines = lines[:s.lines]
			lines[s.lines-1] = m.cut(lines[s.lines-1], width)
		} else {
			lines = m.balance(text, lines, width)
		}
		return block{lines: lines, size: size, style: s}
	}
}

// whole is fit for what says something else once it is cut, such as an address: it is
// left out instead.
func (m measure) whole(text string, width float64, s style) block {
	set := m.fit(text, width, s)
	if strings.Join(set.lines, "") != printable(text) {
		return block{}
	}
	return set
}

// wrap breaks text at spaces, and inside a word only if it is wider than a
// whole line.
func (m measure) wrap(text string, width float64) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if joined := strings.TrimSpace(line + " " + word); m.fonts.GetStringWidth(joined) <= width {
			line = joined
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for m.fonts.GetStringWidth(word) > width {
			head := m.prefix(word, width)
			lines = append(lines, head)
			word = word[len(head):]
		}
		line = word
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// balance narrows the column as long as the number of lines stays, so that a
// centred name does not end in one lonely word.
func (m measure) balance(text string, lines []string, width float64) []string {
	low, high := width/2, width
	for high-low > 1 {
		middle := (low + high) / 2
		if tried := m.wrap(text, middle); len(tried) <= len(lines) {
			lines, high = tried, middle
		} else {
			low = middle
		}
	}
	return lines
}

// prefix is the longest start of word that fits in width mm, at least a letter.
func (m measure) prefix(word string, width float64) string {
	end := 0
	for i, r := range word {
		next := i + len(string(r))
		if end > 0 && m.fonts.GetStringWidth(word[:next]) > width {
			break
		}
		end = next
	}
	return word[:end]
}

// cut ends line in an ellipsis within width mm.
func (m measure) cut(line string, width float64) string {
	return strings.TrimSpace(m.prefix(line, width-m.fonts.GetStringWidth(ellipsis))) + ellipsis
}

// centred draws b with its lines centred on x, from the top edge y down, and
// returns its lower edge. Lengths in mm.
func (p page) centred(b block, x, y float64) float64 {
	if len(b.lines) == 0 {
		return y
	}
	p.setFont(b.style, b.size)
	for _, line := range b.lines {
		width := p.fonts.GetStringWidth(line)
		p.text(x-width/2, y+b.size*point, width, line, b.style, b.size)
		y += b.size * leading * point
	}
	return y
}

func (m measure) setFont(s style, size float64) { m.fonts.SetFont(family, s.weight, size) }
