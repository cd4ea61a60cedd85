package qr

// Measures of a sticker, in mm: eight of them are an A4 page without a rest, as the
// sheets of labels in shops are.
const (
	stickersAcross = 2
	stickersOnPage = 8
	stickerWidth   = paperWidth / stickersAcross
	stickerHeight  = paperHeight * stickersAcross / stickersOnPage
	stickerMargin  = 7.0
	stickerColumn  = stickerWidth - 2*stickerMargin
	stickerSymbol  = 44.0 // at most
)

// sticker draws a poster in the n-th place of a page.
func (p page) sticker(poster Poster, grid [][]bool, n int) {
	left, y := float64(n%stickersAcross)*stickerWidth, float64(n/stickersAcross)*stickerHeight
	p.box(left, y, stickerWidth, stickerHeight, 0, white, rule, 0.1) // where to cut
	centre, bottom := left+stickerWidth/2, y+stickerHeight-stickerMargin
	left, y = left+stickerMargin, y+stickerMargin
	if notice := p.fit(poster.Notice, stickerColumn-2, style{"B", white, 7, 4, 1}); len(notice.lines) > 0 {
		y = p.bar(notice, left, y, stickerColumn) + 1.5
	}
	agency := line{upper(poster.Agency), style{"B", dark, 8.5, 5.5, 2}}
	emblem := p.beside(poster.Emblem, stickerColumn, 16, 8, agency)
	y = max(p.emblem(emblem, left, y), p.centred(p.fit(agency.text, emblem.column, agency.style), centre, y)) + 1
	for _, foot := range []block{p.fit(codeOf(poster), stickerColumn, style{"", dark, 8, 7, 1}), p.whole(withoutScheme(poster), stickerColumn, style{"B", action, 9, 6, 1})} {
		bottom -= foot.height()
		p.centred(foot, centre, bottom)
	}
	bottom--
	side := min(bottom-y, stickerSymbol)
	p.symbol(grid, left, (y+bottom-side)/2, side)
	left += side + 3
	p.column(poster, left, centre+stickerColumn/2-left, y, bottom, 2.6, [5]style{
		{"B", dark, 11, 6.5, 3}, {"", muted, 7, 6, 2}, {"B", action, 10, 7, 3}, {"", muted, 7, 6, 2}, {"", dark, 7, 6, 2},
	})
}
