package qr

import (
	"fmt"
	"html"
	"strings"

	"sipas/internal/typeset"
)

// onSVG draws a picture of the size of a page. Its texts stay texts: they are as wide as
// they were measured in whatever font there is, and a print shop can find them.
type onSVG struct{ b *strings.Builder }

// newDrawing begins a picture; title is what a screen reader says.
func newDrawing(width, height float64, title string) onSVG {
	d := onSVG{&strings.Builder{}}
	fmt.Fprintf(d.b, `<svg xmlns="http://www.w3.org/2000/svg" width="%gmm" height="%gmm" viewBox="0 0 %[1]g %[2]g">`, width, height)
	fmt.Fprintf(d.b, "<title>%s</title>", html.EscapeString(typeset.Plain(title)))
	fmt.Fprintf(d.b, `<path fill="#fff" d="M0 0h%gv%gH0z"/>`, width, height)
	return d
}

// end gives the picture.
func (d onSVG) end() []byte { return []byte(d.b.String() + "</svg>\n") }

func (c ink) hex() string { return fmt.Sprintf("#%02x%02x%02x", c[0], c[1], c[2]) }

func (d onSVG) box(x, y, width, height, radius float64, fill, line ink, lineWidth float64) {
	fmt.Fprintf(d.b, `<rect x="%.2f" y="%.2f" width="%.2f" height="%.2f" rx="%g" fill="%s"`, x, y, width, height, radius, fill.hex())
	if lineWidth > 0 {
		fmt.Fprintf(d.b, ` stroke="%s" stroke-width="%g"`, line.hex(), lineWidth)
	}
	d.b.WriteString("/>")
}

func (d onSVG) disc(x, y, radius float64, fill ink) {
	fmt.Fprintf(d.b, `<circle cx="%.2f" cy="%.2f" r="%.2f" fill="%s"/>`, x, y, radius, fill.hex())
}

func (d onSVG) line(x1, y1, x2, y2, width float64, c ink) {
	fmt.Fprintf(d.b, `<path d="M%.2f %.2fL%.2f %.2f" stroke="%s" stroke-width="%.2f" stroke-linecap="round"/>`, x1, y1, x2, y2, c.hex(), width)
}

func (d onSVG) mouth(x, half, ends, bend, width float64, open bool, c ink) {
	fill, closed := "none", ""
	if open {
		fill, closed = c.hex(), "z"
	}
	fmt.Fprintf(d.b, `<path d="M%.2f %.2fC%[1]g %[2]g %.2f %.2f %.2f %.2f`, x-half, ends, x, bend, x+half, ends)
	fmt.Fprintf(d.b, `%s" fill="%s" stroke="%s" stroke-width="%.2f" stroke-linecap="round" stroke-linejoin="round"/>`, closed, fill, c.hex(), width)
}

func (d onSVG) text(x, baseline, width float64, line string, s style, size float64) {
	weight := ""
	if s.weight != "" {
		weight = ` font-weight="bold"`
	}
	fmt.Fprintf(d.b, `<text x="%.2f" y="%.2f" textLength="%.2f" lengthAdjust="spacingAndGlyphs" font-family="'Liberation Sans', Arial, Helvetica, sans-serif" font-size="%.3f"%s fill="%s">%s</text>`,
		x, baseline, width, size*point, weight, s.ink.hex(), html.EscapeString(line))
}

// picture names a file beside the drawing: hundreds of drawings share it.
func (d onSVG) picture(x, y, width, height float64, p Picture) {
	fmt.Fprintf(d.b, `<image x="%.2f" y="%.2f" width="%.2f" height="%.2f" href="%s"/>`, x, y, width, height, html.EscapeString(p.Name))
}

func (d onSVG) squares(grid [][]bool, x, y, module float64) {
	fmt.Fprintf(d.b, `<path shape-rendering="crispEdges" transform="translate(%.3f %.3f) scale(%.5f)" d="`, x, y, module)
	for _, r := range runs(grid) {
		fmt.Fprintf(d.b, "M%d %dh%dv1h-%dz", r.x, r.y, r.width, r.width)
	}
	d.b.WriteString(`"/>`)
}
