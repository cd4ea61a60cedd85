package qr

import (
	"fmt"
	"strings"

	"sipas/internal/typeset"
)

// page sets and draws posters in millimetres of A4; smaller paper scales them.
type page struct {
	canvas
	measure
}

// Measures in mm. Nothing comes closer to the edge than margin: office
// printers leave 5 mm white, and trimming or a frame may take as much again.
const (
	paperWidth  = 210.0
	paperHeight = 297.0
	margin      = 16.0
	middle      = paperWidth / 2
	column      = paperWidth - 2*margin
)

// ink is a colour as red, green and blue.
type ink [3]int

// The colours of the citizen's page, so that poster and phone look alike.
var (
	black  = ink{0x00, 0x00, 0x00}
	dark   = ink{0x1b, 0x27, 0x33}
	muted  = ink{0x55, 0x63, 0x6f}
	rule   = ink{0xd8, 0xde, 0xe4}
	ground = ink{0xf5, 0xf7, 0xf9}
	white  = ink{0xff, 0xff, 0xff}
	action = ink{0x0b, 0x5c, 0xad}
	alarm  = ink{0xa9, 0x27, 0x1f}
)

// Measures of the symbol with its frame, in mm.
const (
	largestSymbol  = 100.0 // read from two arms' lengths; larger only pushes text away
	smallestSymbol = 80.0  // below that, the head is set tight
	symbolGap      = 6.0   // above and below
	frame          = 1.1   // width of its line
)

// draw sets the head from the top down and the foot from the bottom up; the
// symbol takes what lies between, so that a long name costs size and never
// overlaps.
func (p page) draw(poster Poster, grid [][]bool) {
	bottom := p.hours(poster, p.foot(poster))
	h := p.composeFor(poster, bottom)
	p.drawHead(h)
	y, side := symbolSpace(h, bottom)
	p.symbol(grid, middle-side/2, y, side)
}

// composeFor sets the head tight if the symbol would get too small above a
// foot that begins at bottom.
func (p page) composeFor(poster Poster, bottom float64) head {
	h := p.compose(poster, false)
	if _, side := symbolSpace(h, bottom); side < smallestSymbol {
		h = p.compose(poster, true)
	}
	return h
}

// symbolSpace is the upper edge and the side of the symbol between h and a
// foot that begins at bottom.
func symbolSpace(h head, bottom float64) (y, side float64) {
	top := margin + h.height() + symbolGap
	bottom -= symbolGap
	side = min(bottom-top, largestSymbol)
	return (top + bottom - side) / 2, side
}

// hotlineGap is below the hotline, in mm.
const hotlineGap = 1.5

// foot draws steps, address, hotline and promise, and returns where it begins.
func (p page) foot(poster Poster) float64 {
	y := paperHeight - margin
	promise := p.fit(words.anonymous.vi, column, style{"", dark, 12, 12, 1})
	promiseEnglish := p.fit(words.anonymous.en, column, style{"", muted, 10.5, 10.5, 1})
	y -= promise.height() + promiseEnglish.height()
	p.centred(promiseEnglish, middle, p.centred(promise, middle, y))

	if line := p.fit(hotline(poster), column, style{"B", dark, 14, 11, 1}); len(line.lines) > 0 {
		y -= line.height() + hotlineGap
		p.centred(line, middle, y)
	}
	y -= 4
	y = p.addressBox(poster, y, margin, column)
	y -= 6
	return p.steps(poster.Kind.words().steps, y)
}

// hotline is the line that tells it, "" without one.
func hotline(poster Poster) string {
	number := typeset.Plain(poster.Hotline)
	if number == "" {
		return ""
	}
	return words.hotline.vi + " / " + words.hotline.en + ": " + number
}

// hours draws the line that tells them above a foot that begins at bottom, and returns
// where it begins. Without any, and where the symbol would get too small, there is none.
func (p page) hours(poster Poster, bottom float64) float64 {
	if typeset.Plain(poster.Hours) == "" {
		return bottom
	}
	line := p.fit(words.hours.vi+" / "+words.hours.en+": "+poster.Hours, column, style{"", dark, 12, 10, 2})
	const gap = 4
	above := bottom - gap - line.height()
	if _, side := symbolSpace(p.composeFor(poster, above), above); side < smallestSymbol {
		return bottom
	}
	p.centred(line, middle, above)
	return above
}

// codeOf is the line that tells the code, "" without one.
func codeOf(poster Poster) string {
	if typeset.Plain(poster.Code) == "" {
		return ""
	}
	return words.code.vi + " / " + words.code.en + ": " + poster.Code
}

// upper is a name in capitals.
func upper(name string) string { return strings.ToUpper(typeset.Plain(name)) }

// addressBox draws the box for those whose phone cannot scan, ending at bottom, and
// returns where it begins.
func (p page) addressBox(poster Poster, bottom, left, width float64) float64 {
	short := withoutScheme(poster)
	help := p.fit(words.typing.vi+"  ·  "+words.typing.en, width-12, style{"", muted, 11, 10, 1})
	typed := p.fit(short, width-12, p.typedStyle(short))
	code := p.fit(codeOf(poster), width-12, style{"", dark, 11, 10, 1})
	const pad = 2.2
	height := help.height() + typed.height() + code.height() + 2*pad
	p.box(left, bottom-height, width, height, 2.5, ground, rule, 0.3)
	y := p.centred(help, left+width/2, bottom-height+pad)
	y = p.centred(typed, left+width/2, y)
	p.centred(code, left+width/2, y)
	return bottom - height
}

// typedStyle keeps an address on one line as long as that is readable, because
// a broken line looks like a space; no address of MaxURL bytes is cut.
func (p page) typedStyle(address string) style {
	one := style{"B", action, 20, 11, 1}
	if p.pen.Width(typeset.Plain(address), one.of(one.smallest)) <= column-12 {
		return one
	}
	return style{"B", action, 11, 8, 4}
}

// withoutScheme is the address to type.
func withoutScheme(poster Poster) string {
	if typeset.Plain(poster.ShortURL) != "" {
		return poster.ShortURL
	}
	_, rest, _ := strings.Cut(poster.URL, "://")
	return strings.TrimSuffix(rest, "/")
}

// steps draws the three numbered steps side by side, ending at bottom.
func (p page) steps(steps [3]bilingual, bottom float64) float64 {
	const radius, gap = 3.6, 1.6
	width := column / float64(len(steps))
	vi := make([]block, len(steps))
	en := make([]block, len(steps))
	var viHeight, enHeight float64
	for i, step := range steps {
		vi[i] = p.fit(step.vi, width-6, style{"B", dark, 13, 13, 2})
		en[i] = p.fit(step.en, width-6, style{"", muted, 11, 11, 2})
		viHeight, enHeight = max(viHeight, vi[i].height()), max(enHeight, en[i].height())
	}
	top := bottom - 2*radius - gap - viHeight - enHeight
	for i := range steps {
		x := margin + (float64(i)+0.5)*width
		p.disc(x, top+radius, radius, action)
		number := p.fit(fmt.Sprint(i+1), 2*radius, style{"B", white, 13, 13, 1})
		p.centred(number, x, top+radius-0.5*number.height()+0.25)
		y := p.centred(vi[i], x, top+2*radius+gap)
		p.centred(en[i], x, y)
	}
	return top
}

// symbol draws the QR code in its frame, a square of side mm with its upper
// left corner at x, y.
func (p page) symbol(grid [][]bool, x, y, side float64) {
	p.box(x, y, side, side, side/20, white, action, frame)
	// The frame's line stays outside the quiet zone.
	p.squares(grid, x+frame, y+frame, (side-2*frame)/float64(len(grid)))
}
