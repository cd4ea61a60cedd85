package bulk

import (
	"context"
	"slices"

	"sipas/internal/agency"
	"sipas/internal/procedure"
	"sipas/internal/registry"
	"sipas/internal/spreadsheet"
)

// Procedures is the list of administrative procedures.
func Procedures(c *procedure.Catalogue) List {
	return List{
		Layout{Name: "procedures", Columns: names((&shelf{}).columns()), required: []string{"code", "name_vi"}},
		func(ctx context.Context, p *Plan, content []byte) error {
			kept, err := c.All(ctx)
			if err == nil {
				readProcedures(p, kept, content)
			}
			return err
		},
		func(ctx context.Context, snap *registry.Snapshot, row func(...string) error) error {
			kept, err := c.All(ctx)
			if err != nil {
				return err
			}
			return writeProcedures(snap, kept, row)
		},
	}
}

// shelf knows what procedures refer to.
type shelf struct{ snap *registry.Snapshot }

// columns are the columns in their order.
func (s *shelf) columns() []column[procedure.Procedure] {
	type of = procedure.Procedure
	return []column[of]{
		{"code", func(p *of) string { return p.Code }, func(*of, spreadsheet.Cell) wrong { return wrong{} }}, // read before
		{"name_vi", func(p *of) string { return p.Name["vi"] }, func(p *of, c spreadsheet.Cell) wrong { return title(&p.Name, "vi", c.Text) }},
		{"name_en", func(p *of) string { return p.Name["en"] }, func(p *of, c spreadsheet.Cell) wrong { return title(&p.Name, "en", c.Text) }},
		{"field", func(p *of) string { return p.FieldKey }, s.readField},
	}
}

// title reads the name of a procedure, which may be as long as a cell: some have 1,000
// characters.
func title(into *agency.Text, language, text string) wrong {
	if text == "" && language == agency.FallbackLanguage {
		return wrong{key: ProblemRequired}
	}
	return note(into, language, text)
}

// readField reads the key of a service field; a procedure without one is of some field,
// where there is one for that.
func (s *shelf) readField(p *procedure.Procedure, c spreadsheet.Cell) wrong {
	key := c.Text
	if key == "" {
		key = agency.FieldUnsaidProcedure
	}
	if _, known := s.snap.Field(key); !known {
		return wrong{ProblemUnknownField, fieldKeys(s.snap)}
	}
	p.FieldKey = key
	return wrong{}
}

// register finds procedures by what a cell says.
type register struct {
	kept  map[string]procedure.Procedure // by the national part of their codes
	alike map[string]string              // codes by what is not confused in them
}

func newRegister(all []procedure.Procedure) *register {
	r := &register{make(map[string]procedure.Procedure, len(all)), make(map[string]string, len(all))}
	for _, p := range all {
		r.add(p)
	}
	return r
}

func (r *register) add(p procedure.Procedure) {
	r.kept[procedure.National(p.Code)], r.alike[agency.Confusable(p.Code)] = p, p.Code
}

// find finds the procedure of a code; digits that a spreadsheet program has cut off make
// no difference.
func (r *register) find(code string) (p procedure.Procedure, known bool) {
	p, known = r.kept[procedure.National(code)]
	return p, known
}

// judge judges the code of a new procedure.
func (r *register) judge(c spreadsheet.Cell) wrong {
	w := codeOf(c)
	switch other := r.alike[agency.Confusable(c.Text)]; {
	case w.key != "":
		return w
	case c.Kind == spreadsheet.Number || procedure.Cut(c.Text):
		return wrong{key: ProblemMadeNumber}
	case other != "":
		return wrong{ProblemLooksLike, other}
	}
	return wrong{}
}

func readProcedures(p *Plan, kept []procedure.Procedure, content []byte) {
	s, all, lines := &shelf{p.snap}, newRegister(kept), map[string]int{}
	var added, updated []procedure.Procedure
	p.lines(content, func(l line) {
		code := l.cells[0]
		of, known := all.find(code.Text)
		w := wrong{}
		if first := lines[procedure.National(code.Text)]; first != 0 {
			w = wrong{ProblemTwice, lineOf(first)}
		} else if !known {
			w = all.judge(code)
		}
		if w.key != "" {
			p.problem(l.number, "code", code.Text, w.key, w.detail)
			return
		}
		if !known {
			of.Code = code.Text
			all.add(of)
		}
		lines[procedure.National(code.Text)] = l.number
		switch changed, sound := fill(p, s.columns(), l, &of, !known); {
		case !sound:
		case !known:
			added = append(added, of)
		case changed:
			updated = append(updated, of)
		default:
			p.Unchanged++
		}
	})
	p.Created, p.Updated = len(added), len(updated)
	p.make = func(ctx context.Context, c *registry.Change) error {
		if err := procedure.Update(ctx, c, updated); err != nil {
			return err
		}
		return procedure.Add(ctx, c, added)
	}
}

// ReadProcedure reads one procedure as a form has it, by the columns of the list: a new
// one beside all that are kept, or one of them, whose code stays. Of each column it tells
// what is wrong first.
func ReadProcedure(snap *registry.Snapshot, all []procedure.Procedure, kept procedure.Procedure, given map[string]string) (procedure.Procedure, []Problem) {
	p, s := &Plan{list: Procedures(nil).Layout, snap: snap}, &shelf{snap}
	l := p.list.typed(given)
	if code := l.cells[0]; kept.ID == 0 {
		of := newRegister(all)
		w := of.judge(code)
		if other, known := of.find(code.Text); known {
			w = wrong{ProblemLooksLike, other.Code}
		}
		if w.key != "" {
			p.problem(l.number, "code", code.Text, w.key, w.detail)
		}
		kept.Code = code.Text
	}
	fill(p, s.columns(), l, &kept, kept.ID == 0)
	p.sort()
	return kept, slices.CompactFunc(p.Problems, func(a, b Problem) bool { return a.Column == b.Column })
}

func writeProcedures(snap *registry.Snapshot, kept []procedure.Procedure, row func(...string) error) error {
	write := writer((&shelf{snap}).columns(), row)
	for _, p := range kept {
		if err := write(p); err != nil {
			return err
		}
	}
	return nil
}
