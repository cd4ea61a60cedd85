package qr

import (
	"fmt"
	"io"
	"time"

	"sipas/internal/typeset"
)

// Badge is what the card says that an official wears.
type Badge struct {
	Agency string // whose official: "Sở Tài nguyên và Môi trường"
	Name   string // of the official
	URL    string // what the symbol holds, absolute http or https
	Code   string // grouped for reading: "7K3M-Q9TB"
	Emblem Picture
	Notice string // white on red above everything, as on a poster
}

// Measures of a card, in mm: it is as large as identity cards are (ID-1), for which
// holders are made. Ten are on an A4 page, side by side, so that one cut parts two.
const (
	badgesAcross = 2
	badgesDown   = 5
	badgesOnPage = badgesAcross * badgesDown
	badgeWidth   = 86.0
	badgeHeight  = 54.0
	badgesLeft   = (paperWidth - badgesAcross*badgeWidth) / 2
	badgesTop    = (paperHeight - badgesDown*badgeHeight) / 2
	badgeMargin  = 4.0
	badgeColumn  = badgeWidth - 2*badgeMargin
	badgeSymbol  = 32.0 // at most
)

// WriteBadges writes a PDF with badges in their order; made is when the file says that it
// was made. All are checked before the first byte is written.
func WriteBadges(w io.Writer, made time.Time, fonts *typeset.Fonts, badges []Badge) error {
	if len(badges) == 0 {
		return ErrNoPosters
	}
	for i, b := range badges {
		if err := checkURL(b.URL); err != nil {
			return fmt.Errorf("badge %d of %d (%s): %w", i+1, len(badges), b.Code, err)
		}
	}
	doc := newDocument(Sheet{Format: A4, Made: made, Fonts: fonts})
	doc.pdf.SetTitle("Thẻ cán bộ", true)
	p := page{doc, measure{doc.pen}}
	for i, b := range badges {
		grid, err := modules(b.URL, printLevel)
		if err != nil {
			return err
		}
		if i%badgesOnPage == 0 {
			doc.pdf.AddPage()
		}
		p.badge(b, grid, i%badgesOnPage)
	}
	if err := doc.pdf.Output(w); err != nil {
		return fmt.Errorf("write badges: %w", err)
	}
	return nil
}

// badge draws one in the n-th place of a page.
func (p page) badge(b Badge, grid [][]bool, n int) {
	left, y := badgesLeft+float64(n%badgesAcross)*badgeWidth, badgesTop+float64(n/badgesAcross)*badgeHeight
	p.box(left, y, badgeWidth, badgeHeight, 0, white, rule, 0.1) // where to cut
	centre, bottom := left+badgeWidth/2, y+badgeHeight-badgeMargin
	left, y = left+badgeMargin, y+badgeMargin
	if notice := p.fit(b.Notice, badgeColumn-2, style{"B", white, 6, 4, 1}); len(notice.lines) > 0 {
		y = p.bar(notice, left, y, badgeColumn) + 1
	}
	agency := line{upper(b.Agency), style{"B", dark, 8.5, 5.5, 2}}
	if p.fit(agency.text, badgeColumn, agency.style).cut() {
		agency.style = style{"B", dark, 6, 5, 3}
	}
	emblem := p.beside(b.Emblem, badgeColumn, 14, 8, agency)
	office := p.fit(agency.text, emblem.column, agency.style)
	y = max(p.emblem(emblem, left, y), p.centred(office, centre, y+max(0, emblem.height-office.height())/2)) + 1
	card := Poster{Kind: worn, Point: b.Name, URL: b.URL}
	code := p.fit(words.badge.vi+" / "+words.badge.en+": "+b.Code, badgeColumn, style{"", dark, 7, 6, 1})
	for _, foot := range []block{code, p.whole(withoutScheme(card), badgeColumn, style{"B", action, 7.5, 6, 1})} {
		bottom -= foot.height()
		p.centred(foot, centre, bottom)
	}
	bottom--
	side := min(bottom-y, badgeSymbol)
	p.symbol(grid, left, (y+bottom-side)/2, side)
	left += side + 2.5
	p.column(card, left, centre+badgeColumn/2-left, y, bottom, 2.2, [5]style{
		{"B", dark, 13, 6.5, 3}, {}, {"B", action, 10, 8, 2}, {"", muted, 7, 6, 1}, {"", dark, 6.5, 6, 2},
	})
}
