package qr

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansregular"
)

// Poster is what one page says. Text is Vietnamese or any other language of
// the Latin, Greek or Cyrillic script; too long text gets smaller, then
// wraps, then ends in an ellipsis. Empty lines are left out.
type Poster struct {
	Head   string // whose name stands above Agency: "Ủy ban nhân dân tỉnh Bình Thuận"; "" if nobody's
	Agency string // who asks: "Sở Tài nguyên và Môi trường"
	Point  string // the service point: "Quầy 3 – Đăng ký đất đai"
	Place  string // where it stands: "Trung tâm Phục vụ hành chính công, phường Phan Thiết"
	URL    string // what the symbol holds, absolute http or https
	// ShortURL is the address to type, without its scheme. Empty: URL without
	// its scheme.
	ShortURL string
	Code     string // the code of the service point grouped for reading: "7K3M-Q9TB"
	Hotline  string // a telephone number to report to; "" if there is none
	// Notice is printed white on red above everything, for pages that must
	// not be posted, such as NoticeSynthetic.
	Notice string
}

// NoticeSynthetic is the Notice of counters whose citizens are made up.
const NoticeSynthetic = "DỮ LIỆU MÔ PHỎNG, KHÔNG DÁN – SIMULATED DATA, DO NOT POST"

// Size is a paper size in portrait.
type Size string

// The paper sizes that office printers and acrylic counter stands have.
const (
	A4 Size = "A4" // 210 by 297 mm
	A5 Size = "A5" // 148 by 210 mm
)

// ParseSize reads "a4" or "A5" as written by people, or says which exist.
func ParseSize(text string) (Size, error) {
	switch size := Size(strings.ToUpper(strings.TrimSpace(text))); size {
	case A4, A5:
		return size, nil
	}
	return "", fmt.Errorf("paper size %q: want A4 or A5", text)
}

// scale is the size of a page relative to A4, for which the poster is drawn.
func (s Size) scale() float64 {
	if s == A5 {
		return 148.0 / 210.0
	}
	return 1
}

// Sheet is the print job: paper size, and the time that the PDF says it was
// made, given by the caller so that the same posters make the same bytes.
type Sheet struct {
	Size Size
	Made time.Time
}

// ErrNoPosters says that there is nothing to print.
var ErrNoPosters = errors.New("no posters to print")

// WritePosters writes one PDF with a page for each poster, in their order.
// Symbols are drawn as shapes and fonts are embedded once, cut down to the
// letters used. All posters are checked before the first byte is written; the
// error names the position of the first bad one and wraps ErrURL.
func WritePosters(w io.Writer, sheet Sheet, posters []Poster) error {
	if len(posters) == 0 {
		return ErrNoPosters
	}
	if _, err := ParseSize(string(sheet.Size)); err != nil {
		return err
	}
	pdf := newDocument(sheet)
	for i, poster := range posters {
		grid, err := modules(poster.URL, printLevel)
		if err != nil {
			return fmt.Errorf("poster %d of %d (%s): %w", i+1, len(posters), plain(poster.Point), err)
		}
		if len(poster.ShortURL) > MaxURL {
			return fmt.Errorf("poster %d of %d: %w: its short form has %d bytes, at most %d", i+1, len(posters), ErrURL, len(poster.ShortURL), MaxURL)
		}
		pdf.AddPage()
		pdf.TransformBegin()
		pdf.TransformScale(100*sheet.Size.scale(), 100*sheet.Size.scale(), 0, 0)
		page{pdf}.draw(poster, grid)
		pdf.TransformEnd()
	}
	if err := pdf.Output(w); err != nil {
		return fmt.Errorf("write posters: %w", err)
	}
	return nil
}

// family is the name under which the embedded fonts are known in the document.
const family = "sans"

func newDocument(sheet Sheet) *fpdf.Fpdf {
	pdf := fpdf.New("P", "mm", string(sheet.Size), "")
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetMargins(0, 0, 0)
	pdf.SetCatalogSort(true) // otherwise fonts come in the order of a map
	pdf.SetCreationDate(sheet.Made.UTC())
	pdf.SetModificationDate(sheet.Made.UTC())
	pdf.SetProducer("SIPAS Một Cửa", true)
	pdf.SetTitle("Mã QR lấy ý kiến người dân", true)
	pdf.SetLang("vi-VN")
	// Liberation Sans has every Vietnamese letter (a test counts them) and
	// the widths of Arial, which officials know from their own documents.
	pdf.AddUTF8FontFromBytes(family, "", liberationsansregular.TTF)
	pdf.AddUTF8FontFromBytes(family, "B", liberationsansbold.TTF)
	return pdf
}
