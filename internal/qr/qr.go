// Package qr turns the address of a service point into a QR image (PNG, SVG,
// terminal) and into a print-ready poster.
//
// Every image holds the same symbol: the whole address, byte for byte, with
// the four-module quiet zone that ISO/IEC 18004 asks for. The same input
// always gives the same bytes.
package qr

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/url"
	"strings"

	"codeberg.org/go-pdf/fpdf"
	qrcode "github.com/skip2/go-qrcode"
)

// MaxURL is the longest accepted address in bytes. The format would take
// more, but the modules of a longer one get finer than 0.5 mm on the smallest
// poster, and decoders begin to miss it.
const MaxURL = 200

// MaxPixels is the largest accepted side of a PNG. Print shops that want more
// take the SVG or the poster, which have no resolution.
const MaxPixels = 4096

var (
	// ErrURL says that an address cannot be printed: empty, longer than
	// MaxURL, not absolute http or https, or not plain ASCII.
	ErrURL = errors.New("address cannot be made a QR code")
	// ErrPixels says that the asked side of a PNG is not possible.
	ErrPixels = errors.New("image side out of range")
)

// printLevel restores a quarter of the symbol: a poster on a counter gets
// scratched, taped over and lit from the side.
const printLevel = qrcode.High

// PNG draws address as a square black-and-white PNG of exactly pixels by
// pixels. Modules are a whole number of pixels wide, so that edges stay sharp;
// what is left over becomes white border. It returns ErrURL, or ErrPixels when
// pixels is above MaxPixels or too small for one pixel per module.
func PNG(address string, pixels int) ([]byte, error) {
	grid, err := modules(address, printLevel)
	if err != nil {
		return nil, err
	}
	if pixels < len(grid) || pixels > MaxPixels {
		return nil, fmt.Errorf("%w: %d pixels, want %d to %d", ErrPixels, pixels, len(grid), MaxPixels)
	}
	scale := pixels / len(grid)
	border := (pixels - scale*len(grid)) / 2
	img := image.NewPaletted(image.Rect(0, 0, pixels, pixels), color.Palette{color.White, color.Black})
	for _, r := range runs(grid) {
		for y := range scale {
			for x := range scale * r.width {
				img.SetColorIndex(border+scale*r.x+x, border+scale*r.y+y, 1)
			}
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		return nil, fmt.Errorf("encode QR image: %w", err)
	}
	return out.Bytes(), nil
}

// modules returns the symbol of address as rows of modules, true for black,
// quiet zone included.
func modules(address string, level qrcode.RecoveryLevel) ([][]bool, error) {
	if err := checkURL(address); err != nil {
		return nil, err
	}
	code, err := qrcode.New(address, level)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrURL, err)
	}
	return code.Bitmap(), nil
}

// OnPage draws a symbol that holds a text as a square on the page of a document.
func OnPage(pdf *fpdf.Fpdf, text string, x, y, side float64) error {
	code, err := qrcode.New(text, printLevel)
	if err != nil {
		return fmt.Errorf("QR code: %w", err)
	}
	grid := code.Bitmap()
	onPDF{pdf: pdf}.squares(grid, x, y, side/float64(len(grid)))
	return nil
}

// checkURL refuses what a phone would not open, or would open as something
// else than is printed below the symbol.
func checkURL(address string) error {
	switch {
	case address == "":
		return fmt.Errorf("%w: it is empty", ErrURL)
	case len(address) > MaxURL:
		return fmt.Errorf("%w: %d bytes, at most %d", ErrURL, len(address), MaxURL)
	case strings.IndexFunc(address, func(r rune) bool { return r <= ' ' || r >= 0x7f }) >= 0:
		return fmt.Errorf("%w: it has spaces or letters outside ASCII; percent-encode them", ErrURL)
	}
	u, err := url.Parse(address)
	if err != nil {
		return fmt.Errorf("%w: it is not a URL", ErrURL)
	}
	if (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || u.User != nil {
		return fmt.Errorf("%w: want http://host/... or https://host/... without user name", ErrURL)
	}
	return nil
}

// run is a horizontal stretch of black modules; x, y and width count modules.
type run struct{ x, y, width int }

// runs returns the black modules row by row as few wide rectangles, the
// smallest description that both an SVG path and a PDF path can use.
func runs(grid [][]bool) []run {
	var found []run
	for y, row := range grid {
		for x := 0; x < len(row); x++ {
			if !row[x] {
				continue
			}
			start := x
			for x < len(row) && row[x] {
				x++
			}
			found = append(found, run{x: start, y: y, width: x - start})
		}
	}
	return found
}
