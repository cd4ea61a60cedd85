package chart

import (
	"html/template"
	"math"
	"strconv"
)

// Levels is how answers spread over the five levels, as one bar that lies round
// the middle: the half of "neither" and the dissatisfied levels to the left, the
// others to the right, so that bars below each other can be compared.
type Levels struct {
	Title, Desc string
	Shares      [5]Share // level 1 to 5
}

// Share is one level: its part in percent and how to print it.
type Share struct {
	Percent float64
	Label   string // inside the bar where there is room, for example "12%"
}

// roomFor is the share from which a label fits inside its part of the bar: the
// whole bar is half as wide as its place.
const roomFor = 14

// SVG draws the bar, 36 pixels high, the middle marked above and below it.
func (l Levels) SVG() template.HTML {
	const top, thick, height = 5, 26, 36
	d := draw("levels", height, l.Title, l.Desc)
	at := 50.0
	for _, s := range l.Shares[:2] {
		at -= percent(s.Percent) / 2
	}
	at -= percent(l.Shares[2].Percent) / 4
	for i, s := range l.Shares {
		width := percent(s.Percent) / 2
		if width == 0 {
			continue
		}
		level := strconv.Itoa(i + 1)
		d.rect("chart-level-"+level, at, top, width, thick)
		if s.Percent >= roomFor && s.Label != "" {
			d.text("chart-inside chart-on-"+onLevel(i), at+width/2, 0, top+thick/2+4.5, middle, s.Label)
		}
		at += width
	}
	d.line("chart-middle", 50, 0, 50, top-1)
	d.line("chart-middle", 50, top+thick+1, 50, height)
	return d.done()
}

// levelColours are those of the stylesheet: diverging, safe for colour-blind
// people, darker away from the middle, the same in both schemes.
func levelColours() [5]uint32 { return [5]uint32{0xa6361c, 0xdd8452, 0xbdbbb2, 0x6ba3c4, 0x1f5f8b} }

const (
	darkInk  = 0x101820
	lightInk = 0xffffff
)

// onLevel names the ink that is easier to read on a level's colour.
func onLevel(i int) string {
	colour := levelColours()[i]
	if contrast(darkInk, colour) >= contrast(lightInk, colour) {
		return "light" // dark ink on a light ground
	}
	return "dark"
}

// contrast is the ratio of WCAG 2.2, 1 to 21.
func contrast(a, b uint32) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// luminance is the relative luminance of WCAG 2.2, 0 to 1.
func luminance(rgb uint32) float64 {
	part := func(shift uint) float64 {
		c := float64(rgb>>shift&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*part(16) + 0.7152*part(8) + 0.0722*part(0)
}
