package qr

import (
	"errors"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"sipas/internal/typeset"
)

// Poster is what one page says. Text is of any script that the fonts of the sheet
// have; too long text gets smaller, then
// wraps, then ends in an ellipsis. Empty lines are left out.
type Poster struct {
	Kind   Kind
	File   string // the name of its file where each has one, without its end
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
	Hours    string // when the counter is open: "Thứ 2-6: 7:30-11:30, 13:30-17:00"; "" if nobody knows
	// Emblem is whose office asks, as a picture; its zero value for none. Paper of
	// receipts is too narrow and too coarse for one.
	Emblem Picture
	// Notice is printed white on red above everything, for pages that must
	// not be posted, such as NoticeSynthetic.
	Notice string
}

// NoticeSynthetic is the Notice of counters whose citizens are made up.
const NoticeSynthetic = "DỮ LIỆU MÔ PHỎNG, KHÔNG DÁN – SIMULATED DATA, DO NOT POST"

// Sheet is the print job: the format, and the time that the file says it was
// made, given by the caller so that the same posters make the same bytes.
type Sheet struct {
	Format Format
	Made   time.Time
	Fonts  *typeset.Fonts // nil for those of the program alone
	// Progress, unless nil, is told after each poster how many there are; its error
	// ends the printing.
	Progress func(made int) error
}

// ErrNoPosters says that there is nothing to print.
var ErrNoPosters = errors.New("no posters to print")

func newDocument(sheet Sheet) onPDF {
	pdf := fpdf.New("P", "mm", string(sheet.Format.paper()), "")
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetMargins(0, 0, 0)
	pdf.SetCatalogSort(true) // otherwise fonts come in the order of a map
	pdf.SetCreationDate(sheet.Made.UTC())
	pdf.SetModificationDate(sheet.Made.UTC())
	pdf.SetProducer("SIPAS Một Cửa", true)
	pdf.SetTitle("Mã QR lấy ý kiến người dân", true)
	pdf.SetLang("vi-VN")
	return onPDF{pdf, sheet.Fonts.Pen(pdf)}
}
