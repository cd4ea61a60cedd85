package paper

import (
	"slices"
	"strconv"

	"sipas/internal/survey"
	"sipas/internal/typeset"
)

// Styles of what a question says.
var (
	asked  = typeset.Style{Bold: true, Size: 10.5, Ink: dark}
	option = typeset.Style{Size: 10, Ink: dark}
	aside  = typeset.Style{Size: 8.5, Ink: muted}
)

const indent = 9.0 // of what stands below a question, beside its number

// questions are all of the survey, section by section.
func (s *sheet) questions() {
	v := s.form.Version
	if !slices.ContainsFunc(v.Questions(), func(q survey.Question) bool { return q.Shape().Fields }) && len(s.fields()) > 1 {
		if field, known := v.Reserved("field"); known {
			s.prompt("", s.form.Words.T("form.field"), "", "")
			s.choices(s.options(field.Question, field.Question.Shape()))
			s.gap(3)
		}
	}
	for _, section := range v.Definition.Sections {
		s.section(section)
	}
}

// section is a title, and its questions: those with the same levels that follow each other
// are the rows of one table.
func (s *sheet) section(section survey.Section) {
	kept := slices.DeleteFunc(slices.Clone(section.Questions), func(q survey.Question) bool {
		_, is := s.shown(q)
		return !is
	})
	if len(kept) == 0 {
		return
	}
	title, stem := section.Title.In(s.form.Language), section.Stem.In(s.form.Language)
	for len(kept) > 0 {
		some := 1
		for some < len(kept) && isScale(kept[0]) && isScale(kept[some]) && slices.Equal(s.levels(kept[some]), s.levels(kept[0])) {
			some++
		}
		part := func(title, stem string) {
			s.title(title)
			if !isScale(kept[0]) {
				s.question(kept[0])
				return
			}
			if stem != "" {
				s.paragraph(stem, asked, 1)
			}
			s.table(s.levels(kept[0]), s.scaleRows(kept[:some]))
		}
		if some <= fewRows {
			s.together(func() { part(title, stem) })
		} else {
			s.room(70)
			part(title, stem)
		}
		title = ""
		if isScale(kept[0]) {
			stem = ""
		}
		kept = kept[some:]
	}
}

// fewRows is of how many questions a table stays on one page.
const fewRows = 6

// title is that of a section.
func (s *sheet) title(text string) {
	if text == "" {
		return
	}
	title := s.spill(s.set(text, typeset.Style{Bold: true, Size: 12, Ink: dark}, column-6), margin+3)
	s.gap(2)
	s.place(title.height+4.5, func(y float64) {
		s.fill(margin, y, column, title.height+2, ground)
		title.draw(margin+3, y+1)
	})
}

// isScale tells whether a question is one row of a table.
func isScale(q survey.Question) bool {
	shape := q.Shape()
	return shape.Levels > 0 && len(shape.Rows) == 0
}

// question is one that is no row of a table.
func (s *sheet) question(q survey.Question) {
	shape, language := q.Shape(), s.form.Language
	condition, _ := s.shown(q)
	parts := s.form.Version.PartsOf(q)
	if len(parts) == 0 { // it is only said
		s.paragraph(q.Text.In(language), option, 3)
		return
	}
	number, hint := s.numbers[parts[0].Key()], ""
	if len(shape.Rows) > 0 {
		number = firstOf(number)
	}
	switch {
	case shape.Several && shape.Most > 0:
		hint = s.form.Words.T("paper.most", "n", shape.Most)
	case shape.Several:
		hint = s.form.Words.T("paper.several")
	case shape.Day && shape.Limits != "":
		hint = s.form.Words.T("date.limits", "limits", shape.Limits)
	case shape.Limits != "":
		hint = s.form.Words.T("number.limits", "limits", shape.Limits)
	case numbersOnly(shape.Values):
		hint = s.form.Words.T("nps.ends")
	}
	if q.Required {
		number += "*"
	}
	s.prompt(number, q.Text.In(language), condition, hint)
	switch options := s.options(q, shape); {
	case len(shape.Rows) > 0:
		rows := make([]row, len(parts))
		for i, p := range parts {
			rows[i] = row{number: s.numbers[p.Key()], text: p.Text.In(language)}
		}
		s.table(s.levels(q), rows)
	case numbersOnly(shape.Values):
		s.scaleLine(shape.Values)
	case len(options) > 0:
		s.choices(options)
	case shape.Day:
		s.day()
	case shape.Text, shape.Fields:
		s.lines(shape.Most)
	default:
		s.number(shape.Unit.In(language))
	}
	s.gap(3)
}

// firstOf is the number of a question, of that of its first row.
func firstOf(number string) string {
	for i, r := range number {
		if r == '.' {
			return number[:i]
		}
	}
	return number
}

// prompt is the question itself with its number, and above it who answers it.
func (s *sheet) prompt(number, text, condition, hint string) {
	left := indent
	if number == "" {
		left = 0
	} else {
		number += "."
	}
	who, how := s.spill(s.set(condition, aside, column-left), margin+left), s.set(hint, aside, column-left)
	what := s.spill(s.set(text, asked, column-left), margin+left)
	height := what.height + who.height + how.height
	s.place(height+1, func(y float64) {
		who.draw(margin+left, y)
		y += who.height
		s.pen.Write(margin, y+what.base, number, asked)
		what.draw(margin+left, y)
		how.draw(margin+left, y+what.height)
	})
}

// choice is a box with what it means.
type choice struct {
	digits, text, note string
	line               bool // to write on follows
}

// options are the boxes of a question.
func (s *sheet) options(q survey.Question, shape survey.Shape) []choice {
	var all []choice
	hotline := ""
	if s.form.Counter != nil {
		hotline = s.form.Counter.Hotline
	}
	for _, c := range shape.Choices {
		all = append(all, choice{q.Digits(c.Key), c.Text.In(s.form.Language), c.NoteIn(s.form.Language, hotline), c.Other})
	}
	for _, value := range shape.Values {
		all = append(all, choice{digits: q.Digits(value), text: s.word(value)})
	}
	if shape.Fields {
		for i, f := range s.fields() {
			all = append(all, choice{digits: strconv.Itoa(i + 1), text: f.Name.In(s.form.Language)})
		}
	}
	return all
}

// choices places boxes, side by side where their texts are short.
func (s *sheet) choices(options []choice) {
	const text, between = boxSide + 2, 5.0
	width := column - indent
	most, alone := 0.0, false
	for _, o := range options {
		most = max(most, s.set(o.text, option, width-text).width)
		alone = alone || o.line
	}
	across := min(4, len(options), int((width+between)/(most+text+between)))
	if across < 1 || alone {
		across = 1
	}
	cell := (width+between)/float64(across) - between
	for from := 0; from < len(options); from += across {
		some := options[from:min(from+across, len(options))]
		texts, notes := make([]set, len(some)), make([]set, len(some))
		height := boxSide
		for i, o := range some {
			texts[i], notes[i] = s.set(o.text, option, cell-text), s.set(o.note, aside, cell-text)
			if across == 1 { // what is side by side is short
				texts[i], notes[i] = s.spill(texts[i], margin+indent+text), s.spill(notes[i], margin+indent+text)
			}
			height = max(height, texts[i].height+notes[i].height)
		}
		s.place(height+1.6, func(y float64) {
			for i, o := range some {
				x := margin + indent + float64(i)*(cell+between)
				s.box(x, y, o.digits)
				texts[i].draw(x+text, y+0.3)
				notes[i].draw(x+text, y+0.3+texts[i].height)
				if o.line {
					begin := x + text + texts[i].width + 2
					s.rule(begin, y+texts[i].height-0.5, max(20, margin+column-begin), dark)
				}
			}
		})
	}
}

// numbersOnly tells whether values to choose from say themselves what they are.
func numbersOnly(values []string) bool {
	return len(values) > 0 && !slices.ContainsFunc(values, func(v string) bool { _, err := strconv.Atoi(v); return err != nil })
}
