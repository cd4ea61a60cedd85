package qr

import "math"

const (
	slipMargin = 5.0 // what printers of receipts leave white on either side
	slipGap    = 2.0
	slipSymbol = 50.0 // at most
	// slipDot is how finely printers of receipts print, in mm: modules of whole dots
	// stay sharp.
	slipDot = 1.0 / 8
)

// slip is a poster on the paper of receipts, set but not yet drawn: one column in
// black, as long as it needs.
type slip struct {
	page
	width         float64
	notice        block
	above, below  []block // the symbol
	module, quiet float64 // of the symbol: a module, and its side
}

func (p page) slip(poster Poster, grid [][]bool, width float64) slip {
	column, said := width-2*slipMargin, poster.Kind.words()
	set := func(text, weight string, largest, smallest float64, lines int) block {
		return p.fit(text, column, style{weight, black, largest, smallest, lines})
	}
	s := slip{page: p, width: width, notice: p.fit(poster.Notice, column-2, style{"B", white, 8, 6, 4})}
	s.above = []block{
		set(upper(poster.Head), "", 7, 6, 2), set(upper(poster.Agency), "B", 9, 7, 4),
		set(poster.Point, "B", 10, 7.5, 3), set(said.question.vi, "B", 11, 9, 3), set(said.question.en, "", 7.5, 7, 3),
	}
	s.below = []block{
		set(said.how.vi, "", 8.5, 8, 3), p.whole(withoutScheme(poster), column, style{"B", black, 9, 6, 1}), set(codeOf(poster), "", 8, 7, 2),
		set(hotline(poster), "", 8, 7, 2), set(words.anonymous.vi, "", 7, 6.5, 4),
	}
	dots := math.Floor(min(column, slipSymbol) / slipDot / float64(len(grid)))
	s.module = dots * slipDot
	s.quiet = s.module * float64(len(grid))
	return s
}

// height is in mm, and has to add up what draw uses.
func (s slip) height() float64 {
	sum := 2*slipMargin + s.quiet + 2*slipGap
	if len(s.notice.lines) > 0 {
		sum += s.notice.height() + 2*noticePad + slipGap
	}
	for _, b := range append(s.above, s.below...) {
		sum += b.height() + lineGap
	}
	return sum
}

func (s slip) draw(grid [][]bool) {
	y, centre := slipMargin, s.width/2
	if len(s.notice.lines) > 0 {
		s.box(slipMargin, y, s.width-2*slipMargin, s.notice.height()+2*noticePad, 0, black, black, 0)
		y = s.centred(s.notice, centre, y+noticePad) + noticePad + slipGap
	}
	for _, b := range s.above {
		y = s.centred(b, centre, y) + lineGap
	}
	s.squares(grid, centre-s.quiet/2, y+slipGap, s.module)
	y += s.quiet + 2*slipGap
	for _, b := range s.below {
		y = s.centred(b, centre, y) + lineGap
	}
}
