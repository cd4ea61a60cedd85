package typing

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"sipas/internal/entry"
	"sipas/internal/fault"
	"sipas/internal/forms"
	"sipas/internal/httpd"
)

// comparePage shows what two typings differ in.
type comparePage struct {
	named
	Agreed  int
	Missing []int
	Differ  int
	Sheets  []differs
	Done    string
}

// differs is one sheet that was typed in two ways.
type differs struct {
	Number   int
	Fields   []difference
	Problems []string
}

// difference is one field, in words.
type difference struct {
	Name, Question, First, Second string
	Chosen                        int
	Problem                       string
}

// chosenPrefix begins the fields that choose between two typings.
const chosenPrefix = "choose."

func (s *side) compare(r *httpd.Request) error {
	return s.writeComparison(r, http.StatusOK, r.Done(), chosen{}, nil)
}

// chosen is what was chosen of a sheet: 1 or 2, by the names of cells.
type chosen struct {
	number int
	of     map[string]int
}

// writeComparison writes all differences, and what is wrong with what was chosen for one
// of the sheets.
func (s *side) writeComparison(r *httpd.Request, status int, done string, c chosen, wrong *fault.Invalid) error {
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	b := *r.Batch
	if !b.Twice || b.Closed() {
		r.LeadTo(pathOf(b))
		return nil
	}
	form, err := s.k.Entries.Form(snap, b)
	if err != nil {
		return err
	}
	sheets, err := s.k.Entries.Sheets(r.Context(), b)
	if err != nil {
		return err
	}
	found := entry.Compare(form.Version, sheets)
	p := r.NewPage("batch-compare", nil)
	page := comparePage{named: name(snap, p, b), Agreed: found.Agreed, Missing: found.Missing, Differ: len(found.Differences), Done: done}
	viewer := s.viewer(form.Version, b)
	words := wordsOf(p, viewer.View(form))
	for _, d := range found.Differences {
		if n := len(page.Sheets); n == 0 || page.Sheets[n-1].Number != d.Number {
			page.Sheets = append(page.Sheets, differs{Number: d.Number})
		}
		sheet := &page.Sheets[len(page.Sheets)-1]
		field := difference{Name: chosenPrefix + d.Cell, Question: words.question(d.Cell), First: words.value(d.Cell, d.First), Second: words.value(d.Cell, d.Second)}
		if wrong != nil && d.Number == c.number {
			field.Chosen = c.of[d.Cell]
			for _, problem := range wrong.Problems {
				if problem.Where == d.Cell || problem.Where == "answers."+entry.Address(d.Cell) {
					field.Problem = forms.Sentence(p.Printer, problem)
				}
			}
		}
		sheet.Fields = append(sheet.Fields, field)
	}
	for i, sheet := range page.Sheets {
		if wrong == nil || sheet.Number != c.number {
			continue
		}
		if !slices.ContainsFunc(sheet.Fields, func(d difference) bool { return d.Problem != "" }) {
			page.Sheets[i].Problems = sentences(r, wrong.Problems)
		}
	}
	p.Data = page
	return r.Show(status, "desk/batch-compare", p)
}

// settle keeps what was chosen for one sheet.
func (s *side) settle(r *httpd.Request) error {
	given, err := r.Answers()
	if err != nil {
		return err
	}
	snap, err := r.Snapshot()
	if err != nil {
		return err
	}
	number, _ := strconv.Atoi(given.Get(fieldNumber))
	c := chosen{number, map[string]int{}}
	for name := range given {
		if cell, is := strings.CutPrefix(name, chosenPrefix); is {
			c.of[cell], _ = strconv.Atoi(given.Get(name))
		}
	}
	err = s.k.Entries.Settle(r.Context(), snap, *r.Batch, number, c.of)
	var invalid *fault.Invalid
	if errors.As(err, &invalid) {
		return s.writeComparison(r, http.StatusUnprocessableEntity, "", c, invalid)
	}
	if err != nil {
		return err
	}
	r.LeadTo(httpd.AddressOf(pathOf(*r.Batch)+compareEnd, "da", "sheet-settled"))
	return nil
}

// words say what cells mean, as the form does.
type words struct {
	p         httpd.Page
	questions map[string]forms.Question // by the names of their fields
}

func wordsOf(p httpd.Page, view forms.View) words {
	w := words{p, map[string]forms.Question{}}
	add := func(q *forms.Question) {
		if q == nil {
			return
		}
		w.questions[q.Name] = *q
		for _, row := range q.Rows {
			row.Text = q.Text + " " + row.Text
			w.questions[row.Name] = row
		}
		for _, o := range q.Options {
			if o.Other != nil {
				w.questions[o.Other.Name] = *o.Other
			}
		}
	}
	add(view.Headline)
	add(view.Field)
	add(view.Reasons)
	for _, section := range view.Sections {
		for i := range section.Questions {
			add(&section.Questions[i])
		}
	}
	return w
}

func (w words) question(cell string) string {
	switch cell {
	case entry.CellDay:
		return w.p.T("entry.day")
	case entry.CellVoid:
		return w.p.T("entry.whole-sheet")
	}
	q := w.questions[cell]
	return strings.TrimSpace(q.Stem + " " + q.Text)
}

func (w words) value(cell, text string) string {
	switch {
	case cell == entry.CellVoid && text == "":
		return w.p.T("entry.can-be-used")
	case cell == entry.CellVoid:
		return w.p.T("entry.is-void")
	case text == "":
		return w.p.T("entry.blank")
	case cell == entry.CellDay:
		return w.p.Day(text)
	}
	q := w.questions[cell]
	if len(q.Options) == 0 {
		return text
	}
	var said []string
	for _, one := range strings.Split(text, " ") {
		at := slices.IndexFunc(q.Options, func(o forms.Option) bool { return o.Value == one })
		switch {
		case at < 0 || q.Options[at].Text == "" || q.Options[at].Text == one:
			said = append(said, one)
		case q.Options[at].Face > 0 || one == "0":
			said = append(said, one+" · "+q.Options[at].Text)
		default:
			said = append(said, q.Options[at].Text)
		}
	}
	return strings.Join(said, "; ")
}
