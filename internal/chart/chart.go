// Package chart draws figures as inline SVG that is as wide as its place, reads
// well without colour, and speaks to screen readers.
//
// Horizontal positions are percentages of the width and heights are pixels, so
// a chart stretches while its text and lines keep their size. Colours come from
// classes (see Stylesheet), so they follow the page's light or dark scheme.
// Every text is the caller's, already in the reader's language, and is escaped.
package chart

import (
	_ "embed"
	"fmt"
	"html"
	"html/template"
	"math"
	"strconv"
	"strings"
)

//go:embed chart.css
var stylesheet string

// Stylesheet is the CSS that every page with a chart needs. It takes the page's
// custom properties (--ink, --muted, --line, --paper, --met, --missed,
// --not-enough, --action) and has the light scheme's values of its own where
// they are not set.
func Stylesheet() string { return stylesheet }

// drawing collects elements.
type drawing struct{ b strings.Builder }

// draw opens an SVG image with its name and description.
func draw(class string, height int, title, desc string) *drawing {
	d := &drawing{}
	fmt.Fprintf(&d.b, `<svg xmlns="http://www.w3.org/2000/svg" class="chart chart-%s" role="img" width="100%%" height="%d"><title>%s</title>`,
		class, height, html.EscapeString(title))
	if desc != "" {
		fmt.Fprintf(&d.b, `<desc>%s</desc>`, html.EscapeString(desc))
	}
	return d
}

func (d *drawing) done() template.HTML {
	d.b.WriteString("</svg>")
	// Everything in it is a number, a fixed word or an escaped text.
	return template.HTML(d.b.String())
}

func (d *drawing) rect(class string, x, y, width, height float64) {
	fmt.Fprintf(&d.b, `<rect class="%s" x="%s%%" y="%s" width="%s%%" height="%s"/>`, class, number(x), number(y), number(width), number(height))
}

func (d *drawing) line(class string, x1, y1, x2, y2 float64) {
	fmt.Fprintf(&d.b, `<line class="%s" x1="%s%%" y1="%s" x2="%s%%" y2="%s"/>`, class, number(x1), number(y1), number(x2), number(y2))
}

func (d *drawing) dot(class string, x, y, radius float64) {
	fmt.Fprintf(&d.b, `<circle class="%s" cx="%s%%" cy="%s" r="%s"/>`, class, number(x), number(y), number(radius))
}

// anchor is the end of a text that its position fixes.
type anchor string

const (
	start  anchor = "start"
	middle anchor = "middle"
	end    anchor = "end"
)

// text stands dx pixels beside x, on the baseline y. The image has a name, so
// its texts are not read one by one.
func (d *drawing) text(class string, x, dx, y float64, at anchor, text string) {
	fmt.Fprintf(&d.b, `<text class="%s" x="%s%%" dx="%s" y="%s" text-anchor="%s">%s</text>`,
		class, number(x), number(dx), number(y), at, html.EscapeString(text))
}

// number writes a coordinate with at most two decimals; what is no number is 0.
func number(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		x = 0
	}
	s := strconv.FormatFloat(math.Round(x*100)/100, 'f', -1, 64)
	if s == "-0" {
		return "0"
	}
	return s
}

// percent keeps a share on the scale 0 to 100.
func percent(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return min(max(x, 0), 100)
}
