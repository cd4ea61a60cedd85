package bulk

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"sipas/internal/agency"
	"sipas/internal/spreadsheet"
	"sipas/internal/textfile"
)

// line is one line of a file, its cells in the order of the list's columns.
type line struct {
	number int
	cells  []spreadsheet.Cell
	given  []bool // whether the file has the column
}

// typed is a line that was typed into a form, its cells by the names of columns.
func (l Layout) typed(given map[string]string) line {
	made := line{1, make([]spreadsheet.Cell, len(l.Columns)), make([]bool, len(l.Columns))}
	for i, name := range l.Columns {
		var text string
		text, made.given[i] = given[name]
		made.cells[i] = spreadsheet.Cell{Text: textfile.OneLine(text)}
	}
	return made
}

// lines reads a file and calls each for every line of the list.
func (p *Plan) lines(content []byte, each func(line)) {
	var places []int // of each column of the file in the list
	var given []bool
	for row, err := range spreadsheet.Rows(content) {
		var refused *spreadsheet.Refusal
		switch {
		case errors.As(err, &refused):
			p.problem(refused.Line, "", "", refused.Reason, "")
			return
		case err != nil:
			p.problem(0, "", "", spreadsheet.RefusedDamaged, "")
			return
		case places == nil:
			if places, given = p.header(row); places == nil {
				return
			}
			continue
		}
		p.Rows++
		if len(row.Cells) > len(places) {
			p.problem(row.Line, "", row.Cells[len(places)].Text, ProblemTooWide, "")
			continue
		}
		l := line{row.Line, make([]spreadsheet.Cell, len(p.list.Columns)), given}
		for i, cell := range row.Cells {
			l.cells[places[i]] = cell
		}
		each(l)
	}
}

// header finds the columns by their names; what is wrong with them is wrong with
// every line, so no line is read then. Capitals and blanks make no difference.
func (p *Plan) header(row spreadsheet.Row) (places []int, given []bool) {
	given = make([]bool, len(p.list.Columns))
	before := p.Wrong
	for _, cell := range row.Cells {
		name := strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(cell.Text))
		at := slices.Index(p.list.Columns, name)
		switch {
		case at < 0:
			p.problem(row.Line, "", cell.Text, ProblemUnknownColumn, strings.Join(p.list.Columns, ", "))
		case given[at]:
			p.problem(row.Line, name, cell.Text, ProblemTwiceColumn, "")
		default:
			given[at] = true
		}
		places = append(places, at)
	}
	for _, name := range p.list.required {
		if !given[slices.Index(p.list.Columns, name)] {
			p.problem(row.Line, name, "", ProblemNoColumn, "")
		}
	}
	if p.Wrong > before {
		return nil, nil
	}
	return places, given
}

// sort puts the problems in the order of lines and columns.
func (p *Plan) sort() {
	slices.SortStableFunc(p.Problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(slices.Index(p.list.Columns, a.Column), slices.Index(p.list.Columns, b.Column)))
	})
}

// wrong is what is wrong with a cell; the zero value is nothing.
type wrong struct{ key, detail string }

// column is how one column of a list reads and shows a thing of the list.
type column[T any] struct {
	name string
	show func(*T) string
	read func(*T, spreadsheet.Cell) wrong
}

// writer writes things of a list, each as a row.
func writer[T any](columns []column[T], row func(cells ...string) error) func(T) error {
	cells := make([]string, len(columns))
	return func(thing T) error {
		for i, c := range columns {
			cells[i] = c.show(&thing)
		}
		return row(cells...)
	}
}

func names[T any](columns []column[T]) []string {
	all := make([]string, len(columns))
	for i, c := range columns {
		all[i] = c.name
	}
	return all
}

// fill writes a line into a thing, new or as it is kept. A cell that says what is
// kept already is not judged: what was good before stays so. sound is false if a
// cell is wrong.
func fill[T any](p *Plan, columns []column[T], l line, thing *T, fresh bool) (changed, sound bool) {
	changed, sound = fresh, true
	for i, c := range columns {
		cell := l.cells[i]
		before := c.show(thing)
		if !fresh && (!l.given[i] || cell.Text == before || cell.Text == textfile.OneLine(before)) {
			continue
		}
		w := judged(cell)
		if w.key == "" {
			w = c.read(thing, cell)
		}
		if w.key != "" {
			p.problem(l.number, c.name, cell.Text, w.key, w.detail)
			sound = false
		}
		changed = changed || c.show(thing) != before
	}
	return changed, sound
}

// maxCell is how many characters any cell may have.
const maxCell = 2000

// judged says what is wrong with a cell whatever its column is.
func judged(cell spreadsheet.Cell) wrong {
	switch {
	case cell.Kind == spreadsheet.Fault:
		return wrong{key: ProblemFormula}
	case strings.ContainsFunc(cell.Text, func(r rune) bool { return unicode.IsControl(r) || r == utf8.RuneError }):
		return wrong{key: ProblemCharacter}
	case utf8.RuneCountInString(cell.Text) > maxCell:
		return wrong{ProblemTooLong, "2000"}
	}
	return wrong{}
}

// maxName is how many characters a name may have: what fits on a poster and into a
// table.
const maxName = 200

// name reads a name of one language into names.
func name(into *agency.Text, language, text string) wrong {
	switch {
	case utf8.RuneCountInString(text) > maxName:
		return wrong{ProblemTooLong, "200"}
	case text == "" && language == agency.FallbackLanguage:
		return wrong{key: ProblemRequired}
	}
	return note(into, language, text)
}

// note reads a text of one language into a text, which is copied: others look at it.
func note(into *agency.Text, language, text string) wrong {
	noted := agency.Text{}
	for l, t := range *into {
		if l != language {
			noted[l] = t
		}
	}
	if text != "" {
		noted[language] = text
	}
	if *into = noted; len(noted) == 0 {
		*into = nil
	}
	return wrong{}
}
