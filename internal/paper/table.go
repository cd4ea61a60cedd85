package paper

import (
	"strconv"

	"sipas/internal/survey"
	"sipas/internal/typeset"
)

// level is a column of a table: a level of a scale, or that somebody has no opinion.
type level struct{ digits, text string }

// levels are the columns for a question, no opinion last.
func (s *sheet) levels(q survey.Question) []level {
	shape := q.Shape()
	var all []level
	for n := 1; n <= shape.Levels; n++ {
		digits := strconv.Itoa(n)
		if shape.Levels == 3 {
			all = append(all, level{digits, s.form.Words.T("scale3." + digits)})
		} else {
			all = append(all, level{digits, s.form.Words.T("level." + digits)})
		}
	}
	switch {
	case len(q.NoOpinionText) > 0:
		all = append(all, level{"0", q.NoOpinionText.In(s.form.Language)})
	case shape.NoOpinion:
		all = append(all, level{"0", s.form.Words.T("level.0")})
	}
	return all
}

// row is a line of a table.
type row struct{ number, text, condition string }

// scaleRows are questions as rows.
func (s *sheet) scaleRows(questions []survey.Question) []row {
	rows := make([]row, len(questions))
	for i, q := range questions {
		number := s.numbers[q.Key]
		if q.Required {
			number += "*"
		}
		condition, _ := s.shown(q)
		rows[i] = row{number, q.Text.In(s.form.Language), condition}
	}
	return rows
}

// Measures of a table, in mm.
const (
	levelWidth = 17.0
	rowPad     = 1.4 // above and below a row
	mostHead   = 6   // lines above a column; what is longer stands above the table
)

// table places rows with a box for each level. Its head stands on each of its pages.
func (s *sheet) table(levels []level, rows []row) {
	width := min(levelWidth, column*0.62/float64(len(levels)))
	left := margin + column - width*float64(len(levels))
	textWidth := left - margin - indent - 3
	heads := make([]set, len(levels))
	high := 0.0
	for i, l := range levels {
		heads[i] = s.set(l.text, typeset.Style{Size: 7.5, Ink: dark}, width-1)
		if len(heads[i].lines) > mostHead {
			s.paragraph(l.digits+" = "+l.text, aside, 1)
			heads[i] = s.set(l.digits, typeset.Style{Size: 7.5, Ink: dark}, width-1)
		}
		high = max(high, heads[i].height)
	}
	head := func() {
		s.place(high+1.5, func(y float64) {
			for i := range levels {
				heads[i].centred(left+(float64(i)+0.5)*width, y+high-heads[i].height)
			}
			s.rule(margin, y+high+1, column, line)
		})
	}
	for i, r := range rows {
		condition := s.spill(s.set(r.condition, aside, textWidth), margin+indent)
		text := s.spill(s.set(r.text, option, textWidth), margin+indent)
		height := max(text.height+condition.height, boxSide) + 2*rowPad
		if i == 0 {
			s.room(high + 1.5 + height)
			head()
		} else if s.room(height) {
			head()
		}
		s.place(height, func(y float64) {
			middle := y + height/2
			condition.draw(margin+indent, middle-(text.height+condition.height)/2)
			at := middle - (text.height-condition.height)/2
			s.pen.Write(margin, at+text.base, r.number, option)
			text.draw(margin+indent, at)
			for i, l := range levels {
				s.box(left+(float64(i)+0.5)*width-boxSide/2, middle-boxSide/2, l.digits)
			}
			s.rule(margin, y+height, column, line)
		})
	}
	s.gap(4)
}
