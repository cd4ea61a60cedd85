package qr

// head is everything above the symbol, set but not yet drawn.
type head struct {
	notice, above, agency, point, place, question, english block
	radius                                                 float64 // of a face
	emblem                                                 placed
}

// compose sets the head. A tight one has smaller type, for names so long that
// the symbol would become too small.
func (p page) compose(poster Poster, tight bool) head {
	above, agency, point, place := style{"", dark, 13, 10, 2}, style{"B", dark, 16, 12, 3}, style{"B", dark, 21, 14, 2}, style{"", muted, 13, 11, 2}
	said := poster.Kind.words()
	question, english, radius := style{"B", action, 26, 18, 1}, style{"", muted, 14, 14, 1}, 7.0
	if tight {
		above, agency, point, place = style{"", dark, 11, 9, 1}, style{"B", dark, 12, 10, 3}, style{"B", dark, 14, 11, 2}, style{"", muted, 11, 9, 2}
		question, english, radius = style{"B", action, 20, 18, 1}, style{"", muted, 12, 12, 1}, 6.0
	}
	emblem := p.beside(poster.Emblem, column, 44, 20, line{upper(poster.Head), above}, line{upper(poster.Agency), agency})
	return head{
		notice:   p.fit(poster.Notice, column-8, style{"B", white, 13, 8, 2}),
		above:    p.fit(upper(poster.Head), emblem.column, above),
		agency:   p.fit(upper(poster.Agency), emblem.column, agency),
		point:    p.fit(poster.Point, column, point),
		place:    p.fit(poster.Place, column, place),
		question: p.fit(said.question.vi, column, question),
		english:  p.fit(said.question.en, column, english),
		radius:   radius,
		emblem:   emblem,
	}
}

// Spaces in the head, in mm.
const (
	noticePad  = 1.7 // above and below the text in its bar
	noticeGap  = 6.0
	ruleGap    = 2.4 // between agency and rule: capitals carry marks below, too
	ruleHeight = 0.9
	nameGap    = 3.0
	partGap    = 4.5
	lineGap    = 0.5
)

// height is in mm, and has to add up what drawHead uses.
func (h head) height() float64 {
	sum := max(h.above.height()+h.agency.height()+ruleGap+ruleHeight, h.emblem.height) + nameGap + h.point.height() + lineGap + h.place.height() +
		partGap + h.question.height() + lineGap + h.english.height() + partGap + 2*h.radius
	if len(h.notice.lines) > 0 {
		sum += h.notice.height() + 2*noticePad + noticeGap
	}
	return sum
}

// drawHead draws h from the upper margin down.
func (p page) drawHead(h head) {
	y := margin
	if len(h.notice.lines) > 0 {
		y = p.bar(h.notice, margin, y, column) + noticeGap
	}
	below := p.emblem(h.emblem, margin, y)
	y = p.centred(h.above, middle, y)
	y = p.centred(h.agency, middle, y) + ruleGap
	p.box(middle-16, y, 32, ruleHeight, 0, action, action, 0)
	y = p.centred(h.point, middle, max(y+ruleHeight, below)+nameGap)
	y = p.centred(h.place, middle, y+lineGap) + partGap
	y = p.centred(h.question, middle, y)
	y = p.centred(h.english, middle, y+lineGap) + partGap
	p.faces(middle, y+h.radius, h.radius)
}

// bar draws a notice from the top edge y down, and returns its lower edge.
func (p page) bar(notice block, left, y, width float64) float64 {
	height := notice.height() + 2*noticePad
	p.box(left, y, width, height, 0, alarm, alarm, 0)
	p.centred(notice, left+width/2, y+noticePad)
	return y + height
}
