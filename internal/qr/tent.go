package qr

// Measures of a face of a table tent, in mm of an A4 page that is folded across its
// middle; smaller paper scales it.
const (
	faceHeight = paperHeight / 2
	faceMargin = 12.0
	faceColumn = paperWidth - 2*faceMargin
	faceSymbol = 72.0 // at most
	faceGap    = 4.0
)

// tentFace draws one face of a table tent: the head above, the symbol beside the
// question, and below what tells who cannot scan.
func (p page) tentFace(poster Poster, grid [][]bool) {
	y := faceMargin
	if notice := p.fit(poster.Notice, faceColumn-8, style{"B", white, 11, 7, 1}); len(notice.lines) > 0 {
		y = p.bar(notice, faceMargin, y, faceColumn) + faceGap
	}
	above, agency := line{upper(poster.Head), style{"", dark, 12, 8, 1}}, line{upper(poster.Agency), style{"B", dark, 15, 10, 2}}
	emblem := p.beside(poster.Emblem, faceColumn, 36, 15, above, agency)
	below := p.emblem(emblem, faceMargin, y)
	y = p.centred(p.fit(above.text, emblem.column, above.style), middle, y)
	y = p.centred(p.fit(agency.text, emblem.column, agency.style), middle, y) + ruleGap
	p.box(middle-16, y, 32, ruleHeight, 0, action, action, 0)
	top := max(y+ruleHeight, below) + faceGap

	bottom := faceHeight - faceMargin
	for _, foot := range []block{
		p.fit(words.anonymous.vi, faceColumn, style{"", muted, 10, 8, 1}),
		p.fit(hotline(poster), faceColumn, style{"B", dark, 11, 9, 1}),
	} {
		bottom -= foot.height()
		p.centred(foot, middle, bottom)
	}
	bottom = p.addressBox(poster, bottom-2, faceMargin, faceColumn) - faceGap

	side := min(bottom-top, faceSymbol)
	p.symbol(grid, faceMargin, (top+bottom-side)/2, side)
	left := faceMargin + side + 8
	p.column(poster, left, paperWidth-faceMargin-left, top, bottom, 5, [5]style{
		{"B", dark, 20, 12, 3}, {"", muted, 12, 9, 2}, {"B", action, 20, 13, 3}, {"", muted, 12, 10, 2}, {"", dark, 12, 10, 2},
	})
}

// column sets the counter, where it is, the question, its translation and how to answer
// one below the other, in styles of that order, around the middle between two edges.
// What is too long for that gets smaller; then the translation, the place and how to
// answer are left out, and the faces at last. Of a badge the translation is as short as
// can be, and stays the longest.
func (p page) column(poster Poster, x, width, top, bottom, radius float64, styles [5]style) {
	said := poster.Kind.words()
	texts := [5]string{poster.Point, poster.Place, said.question.vi, said.question.en, said.how.vi}
	var blocks [5]block
	height := func() float64 {
		sum := 2*radius + 2*lineGap
		for _, b := range blocks {
			sum += b.height() + lineGap
		}
		return sum
	}
	for _, share := range []float64{1, 0.85, 0.7, 0} {
		for i, s := range styles {
			s.largest = max(s.smallest, s.largest*share)
			blocks[i] = p.fit(texts[i], width, s)
		}
		if height() <= bottom-top {
			break
		}
	}
	spare := []int{3, 1, 4}
	if poster.Kind == worn {
		spare = []int{4, 1, 3}
	}
	for _, i := range spare {
		if height() > bottom-top {
			blocks[i] = block{}
		}
	}
	if height() > bottom-top {
		radius = 0
	}
	y := max(top, (top+bottom-height())/2)
	for i, b := range blocks {
		y = p.centred(b, x+width/2, y) + lineGap
		if i == 2 && radius > 0 {
			p.faces(x+width/2, y+lineGap+radius, radius)
			y += 2*radius + 2*lineGap
		}
	}
}
