package paper

import (
	"io"
	"slices"

	"codeberg.org/go-pdf/fpdf"

	"sipas/internal/typeset"
)

// Measures in mm.
const (
	paperWidth  = 210.0
	paperHeight = 297.0
	margin      = 16.0
	column      = paperWidth - 2*margin
	top         = 14.0
	bottom      = paperHeight - 18.0
	footLine    = paperHeight - 10.0
	point       = 25.4 / 72
)

// The colours of what is printed; a sheet is copied in black and white.
var (
	dark   = [3]int{0x1b, 0x27, 0x33}
	muted  = [3]int{0x55, 0x63, 0x6f}
	line   = [3]int{0xc4, 0xcc, 0xd3}
	ground = [3]int{0xf0, 0xf3, 0xf5}
	white  = [3]int{0xff, 0xff, 0xff}
	alarm  = [3]int{0xa9, 0x27, 0x1f}
)

// leaves are the pages as they come to be. What is drawn waits until all pages are known,
// for each says how many there are.
type leaves struct {
	pdf     *fpdf.Fpdf
	pen     *typeset.Pen
	pages   [][]func()
	y       float64 // where the next part of the last page begins
	missing []rune
	problem error
}

func newLeaves(pdf *fpdf.Fpdf, fonts *typeset.Fonts) *leaves {
	l := &leaves{pdf: pdf, pen: fonts.Pen(pdf)}
	l.turn()
	return l
}

// turn begins a page.
func (s *leaves) turn() {
	s.pages = append(s.pages, nil)
	s.y = top
}

// room turns the page if less is left of it; true if it did.
func (s *leaves) room(height float64) bool {
	if s.y+height <= bottom || s.y == top {
		return false
	}
	s.turn()
	return true
}

// place puts a part of a height where there is room for it.
func (s *leaves) place(height float64, draw func(y float64)) {
	s.room(height)
	y, last := s.y, len(s.pages)-1
	s.pages[last] = append(s.pages[last], func() { draw(y) })
	s.y += height
}

// together places parts on one page, where they are not longer than one.
func (s *leaves) together(parts func()) {
	pages, drawn, y := len(s.pages), len(s.pages[len(s.pages)-1]), s.y
	back := func() {
		s.pages = s.pages[:pages]
		s.pages[pages-1] = s.pages[pages-1][:drawn]
		s.y = y
	}
	parts()
	if len(s.pages) == pages || y == top {
		return
	}
	back()
	s.turn()
	parts()
	if len(s.pages) > pages+1 { // longer than a page: it may as well begin on this one
		back()
		parts()
	}
}

// write draws the pages, each with its foot.
func (s *leaves) write(w io.Writer, foot func(page, pages int)) error {
	for i, page := range s.pages {
		s.pdf.AddPage()
		for _, draw := range page {
			draw()
		}
		foot(i+1, len(s.pages))
	}
	if s.problem != nil {
		return s.problem
	}
	return s.pdf.Output(w)
}

func (s *leaves) failed(err error) {
	if s.problem == nil {
		s.problem = err
	}
}

// set is a text in lines; the zero value is none. Lengths in mm.
type set struct {
	pen           *typeset.Pen
	style         typeset.Style
	lines         []string
	high, base    float64 // of a line, and where in it the text stands
	width, height float64
}

// set parts a text into lines of a width.
func (s *leaves) set(text string, style typeset.Style, width float64) set {
	for _, r := range s.pen.Fonts().Missing(text) {
		if !slices.Contains(s.missing, r) {
			s.missing = append(s.missing, r)
		}
	}
	text = typeset.Plain(text)
	high, base := typeset.Line(text)
	t := set{pen: s.pen, style: style, lines: s.pen.Wrap(text, style, width), high: high * style.Size * point, base: base * style.Size * point}
	t.height = t.high * float64(len(t.lines))
	for _, l := range t.lines {
		t.width = max(t.width, s.pen.Width(l, style))
	}
	return t
}

// draw draws it with its upper left corner at x, y.
func (t set) draw(x, y float64) {
	for i, l := range t.lines {
		t.pen.Write(x, y+t.base+float64(i)*t.high, l, t.style)
	}
}

// centred draws it with each line around x.
func (t set) centred(x, y float64) {
	for i, l := range t.lines {
		t.pen.Write(x-t.pen.Width(l, t.style)/2, y+t.base+float64(i)*t.high, l, t.style)
	}
}

// highest is how high a part may be that is not parted, in mm.
const highest = 100.0

// spill places as much of a text as makes the rest no higher than a part may be.
func (s *leaves) spill(t set, x float64) set {
	for t.height > highest {
		n := int(highest / t.high)
		head := t
		head.lines, t.lines = t.lines[:n], t.lines[n:]
		head.height = t.high * float64(n)
		t.height -= head.height
		s.place(head.height, func(y float64) { head.draw(x, y) })
	}
	return t
}

// paragraph places a text line by line, so that a long one may go over pages.
func (s *leaves) paragraph(text string, style typeset.Style, after float64) {
	for _, l := range s.pen.Wrap(typeset.Plain(text), style, column) {
		one := s.set(l, style, column+1)
		s.place(one.height, func(y float64) { one.draw(margin, y) })
	}
	s.gap(after)
}

// gap leaves some white, but not at the top of a page.
func (s *leaves) gap(height float64) {
	if s.y > top {
		s.y += height
	}
}

func (s *leaves) fill(x, y, width, height float64, c [3]int) {
	s.pdf.SetFillColor(c[0], c[1], c[2])
	s.pdf.Rect(x, y, width, height, "F")
}

func (s *leaves) rule(x, y, width float64, c [3]int) {
	s.pdf.SetDrawColor(c[0], c[1], c[2])
	s.pdf.SetLineWidth(0.2)
	s.pdf.Line(x, y, x+width, y)
}

// boxSide is that of a box to tick, in mm.
const boxSide = 4.8

// box draws one with its upper left corner at x, y; what is typed for it stands in it.
func (s *leaves) box(x, y float64, digits string) {
	s.pdf.SetDrawColor(dark[0], dark[1], dark[2])
	s.pdf.SetLineWidth(0.3)
	s.pdf.Rect(x, y, boxSide, boxSide, "D")
	style := typeset.Style{Size: 7, Ink: muted}
	s.pen.Write(x+(boxSide-s.pen.Width(digits, style))/2, y+boxSide*0.5+0.9, digits, style)
}

// scaleLine places the boxes of numbers in one line.
func (s *leaves) scaleLine(values []string) {
	step := min((column-indent)/float64(len(values)), 14)
	s.place(boxSide+2.5, func(y float64) {
		for i, value := range values {
			s.box(margin+indent+float64(i)*step, y+0.5, value)
		}
	})
}

// day is where a date is written: two digits, two, and four.
func (s *leaves) day() {
	s.place(9, func(y float64) {
		x := margin + indent
		for i, digits := range []int{2, 2, 4} {
			if i > 0 {
				s.pen.Write(x+1, y+5.2, "/", option)
				x += 4
			}
			for range digits {
				s.pdf.SetDrawColor(dark[0], dark[1], dark[2])
				s.pdf.SetLineWidth(0.3)
				s.pdf.Rect(x, y+0.5, 5.5, 6.5, "D")
				x += 5.5
			}
		}
	})
}

// number is where one is written.
func (s *leaves) number(unit string) {
	name := s.spill(s.set(unit, option, column-indent-33), margin+indent+33)
	s.place(max(9, name.height+3), func(y float64) {
		s.pdf.SetDrawColor(dark[0], dark[1], dark[2])
		s.pdf.SetLineWidth(0.3)
		s.pdf.Rect(margin+indent, y+0.5, 30, 7, "D")
		name.draw(margin+indent+33, y+2)
	})
}

// lines are where somebody writes: as many as a text of so many characters may need, up to
// what people fill by hand.
func (s *leaves) lines(most int) {
	n := 4
	switch {
	case most <= 100:
		n = 1
	case most <= 200:
		n = 2
	case most <= 500:
		n = 3
	}
	const high = 8.0
	s.place(float64(n)*high+1, func(y float64) {
		for range n {
			y += high
			s.rule(margin+indent, y, column-indent, dark)
		}
	})
}
