package qr

import (
	"bytes"
	"fmt"
	"strings"

	"codeberg.org/go-pdf/fpdf"

	"sipas/internal/typeset"
)

// canvas is what posters are drawn on, in mm from the upper left corner.
type canvas interface {
	// box is a rectangle with round corners, in one colour with a line of another.
	box(x, y, width, height, radius float64, fill, line ink, lineWidth float64)
	// disc is a filled circle.
	disc(x, y, radius float64, fill ink)
	// line is a line with round ends.
	line(x1, y1, x2, y2, width float64, c ink)
	// mouth is a line that is bent towards the y of its middle; filled if open.
	mouth(x, half, ends, bend, width float64, open bool, c ink)
	// text begins at x on a baseline and is width mm wide.
	text(x, baseline, width float64, line string, s style, size float64)
	// picture is one that is so large.
	picture(x, y, width, height float64, p Picture)
	// squares are the modules of a symbol, each so wide.
	squares(grid [][]bool, x, y, module float64)
}

// onPDF draws on the page of a document.
type onPDF struct {
	pdf *fpdf.Fpdf
	pen *typeset.Pen
}

func (d onPDF) box(x, y, width, height, radius float64, fill, line ink, lineWidth float64) {
	d.pdf.SetFillColor(fill[0], fill[1], fill[2])
	kind := "F"
	if lineWidth > 0 {
		d.pdf.SetDrawColor(line[0], line[1], line[2])
		d.pdf.SetLineWidth(lineWidth)
		kind = "FD"
	}
	d.pdf.RoundedRect(x, y, width, height, radius, "1234", kind)
}

func (d onPDF) disc(x, y, radius float64, fill ink) {
	d.pdf.SetFillColor(fill[0], fill[1], fill[2])
	d.pdf.Circle(x, y, radius, "F")
}

func (d onPDF) stroke(width float64, c ink) {
	d.pdf.SetDrawColor(c[0], c[1], c[2])
	d.pdf.SetLineWidth(width)
	d.pdf.SetLineCapStyle("round")
	d.pdf.SetLineJoinStyle("round")
}

func (d onPDF) line(x1, y1, x2, y2, width float64, c ink) {
	d.stroke(width, c)
	d.pdf.Line(x1, y1, x2, y2)
}

func (d onPDF) mouth(x, half, ends, bend, width float64, open bool, c ink) {
	d.stroke(width, c)
	d.pdf.MoveTo(x-half, ends)
	d.pdf.CurveTo(x, bend, x+half, ends)
	if open {
		d.pdf.SetFillColor(c[0], c[1], c[2])
		d.pdf.ClosePath()
		d.pdf.DrawPath("FD")
		return
	}
	d.pdf.DrawPath("D")
}

func (d onPDF) text(x, baseline, _ float64, line string, s style, size float64) {
	d.pen.Write(x, baseline, line, s.of(size))
}

// picture puts a picture into the document once, however many posters show it.
func (d onPDF) picture(x, y, width, height float64, p Picture) {
	png := fpdf.ImageOptions{ImageType: "PNG"}
	if d.pdf.GetImageInfo(p.Name) == nil {
		d.pdf.RegisterImageOptionsReader(p.Name, png, bytes.NewReader(p.PNG))
	}
	d.pdf.ImageOptions(p.Name, x, y, width, height, false, png, 0, "")
}

// squares is one path in units of modules: one fill cannot show hairlines between its
// rectangles, and whole numbers keep it small.
func (d onPDF) squares(grid [][]bool, x, y, module float64) {
	k := d.pdf.GetConversionRatio()
	_, pageHeight := d.pdf.GetPageSize()
	d.pdf.SetFillColor(black[0], black[1], black[2])
	var b strings.Builder
	fmt.Fprintf(&b, "q %.4f 0 0 %.4f %.4f %.4f cm", module*k, -module*k, x*k, (pageHeight-y)*k)
	for _, r := range runs(grid) {
		fmt.Fprintf(&b, " %d %d %d 1 re", r.x, r.y, r.width)
	}
	b.WriteString(" f Q")
	d.pdf.RawWriteStr(b.String())
}

// within draws on a part of the page that is moved, turned or scaled.
func (d onPDF) within(transform, draw func()) {
	d.pdf.TransformBegin()
	transform()
	// The font of what was drawn before is not known in here, whatever fpdf believes.
	d.pdf.SetFont(typeset.Family, "", 1)
	draw()
	d.pdf.TransformEnd()
	d.pdf.SetFont(typeset.Family, "", 2)
}
