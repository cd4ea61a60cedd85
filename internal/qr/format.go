package qr

import (
	"fmt"
	"strings"

	qrcode "github.com/skip2/go-qrcode"
)

// Format is what posters are printed on.
type Format string

// The formats.
const (
	A4     Format = "A4"      // office printers; 210 by 297 mm
	A5     Format = "A5"      // acrylic stands on counters; 148 by 210 mm
	TentA4 Format = "tent-A4" // folded across the middle, readable from both sides
	TentA5 Format = "tent-A5"
	// Stickers are eight on an A4 page, one for each poster; one poster alone fills it.
	Stickers Format = "stickers"
	Slip58   Format = "slip-58" // the paper of receipts, 58 mm wide
	Slip80   Format = "slip-80"
	Drawings Format = "svg" // SVG pictures of A4 pages for print shops, each a file
)

// Formats lists every format.
func Formats() []Format { return []Format{A4, A5, TentA4, TentA5, Stickers, Slip58, Slip80, Drawings} }

// ParseFormat reads "a4" or "tent-A5" as written by people, or says which exist.
func ParseFormat(text string) (Format, error) {
	for _, f := range Formats() {
		if strings.EqualFold(string(f), strings.TrimSpace(text)) {
			return f, nil
		}
	}
	return "", fmt.Errorf("format %.40q: want one of %v", text, Formats())
}

// paper is the size of its pages; receipts have no size of their own.
func (f Format) paper() Format {
	if f == A5 || f == TentA5 {
		return A5
	}
	return A4
}

// scale is the size of a page relative to A4, for which posters are drawn.
func (f Format) scale() float64 {
	if f.paper() == A5 {
		return 148.0 / 210.0
	}
	return 1
}

// level is how much of a symbol may be lost. A slip is read once, soon, and printed
// coarsely: larger modules help it more.
func (f Format) level() qrcode.RecoveryLevel {
	if f == Slip58 || f == Slip80 {
		return qrcode.Medium
	}
	return printLevel
}

// together is how many posters one PDF has: one of thousands of pages is more than
// memory and most printers take.
const together = 500

// zipped tells whether so many posters are several files, in a ZIP.
func (f Format) zipped(posters int) bool { return f == Drawings || posters > together }

// File says what the file with so many posters is, and how its name ends.
func (f Format) File(posters int) (contentType, extension string) {
	if f.zipped(posters) {
		return "application/zip", ".zip"
	}
	return "application/pdf", ".pdf"
}
