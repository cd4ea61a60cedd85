package chart

import (
	"html/template"
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

// onLevel names the ground of each level's colour in the stylesheet, and with it
// the ink that is easier to read there: dark ink on a light ground, light ink on
// a dark one.
func onLevel(i int) string { return [5]string{"dark", "light", "light", "light", "dark"}[i] }
