package bulk

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"sipas/internal/agency"
	"sipas/internal/registry"
	"sipas/internal/spreadsheet"
)

// Agencies is the list of agencies.
func Agencies() List {
	return List{
		Layout: Layout{Name: "agencies", Columns: names(agencyColumns()), required: []string{"code"}},
		read:   readAgencies, write: writeAgencies,
	}
}

// body is an agency with the code of the one above.
type body struct {
	agency.Agency
	parent string
}

// agencyColumns are the columns in their order. Days are half-open: valid_to is the
// first day on which the agency is no more.
func agencyColumns() []column[body] {
	return []column[body]{
		{"code", func(b *body) string { return b.Code }, func(*body, spreadsheet.Cell) wrong { return wrong{} }}, // read before
		{"name_vi", func(b *body) string { return b.Name["vi"] }, func(b *body, c spreadsheet.Cell) wrong { return name(&b.Name, "vi", c.Text) }},
		{"name_en", func(b *body) string { return b.Name["en"] }, func(b *body, c spreadsheet.Cell) wrong { return name(&b.Name, "en", c.Text) }},
		{"kind", func(b *body) string { return string(b.Kind) }, readKind},
		{"parent", func(b *body) string { return b.parent }, func(b *body, c spreadsheet.Cell) wrong {
			b.parent = c.Text
			return wrong{}
		}},
		{"valid_from", func(b *body) string { return b.ValidFrom }, func(b *body, c spreadsheet.Cell) wrong { return day(&b.ValidFrom, c) }},
		{"valid_to", func(b *body) string { return b.ValidTo }, func(b *body, c spreadsheet.Cell) wrong { return day(&b.ValidTo, c) }},
		{"order", func(b *body) string { return strconv.Itoa(b.Order) }, readOrder},
	}
}

func readKind(b *body, c spreadsheet.Cell) wrong {
	kind := agency.Kind(strings.ToLower(c.Text))
	if !slices.Contains(agency.Kinds(), kind) {
		return oneOf(agency.Kinds())
	}
	b.Kind = kind
	return wrong{}
}

// oneOf says which values are allowed.
func oneOf[T ~string](allowed []T) wrong {
	texts := make([]string, len(allowed))
	for i, a := range allowed {
		texts[i] = string(a)
	}
	return wrong{ProblemOneOf, strings.Join(texts, ", ")}
}

// maxOrder bounds a place among siblings.
const maxOrder = 999_999

func readOrder(b *body, c spreadsheet.Cell) wrong {
	order, err := strconv.Atoi(c.Text)
	switch {
	case c.Text == "":
		order = 0
	case err != nil || order < 0 || order > maxOrder:
		return wrong{ProblemNumber, "0-999999"}
	}
	b.Order = order
	return wrong{}
}

// dayForms are how people write days.
var dayForms = []string{time.DateOnly, "2/1/2006", "2-1-2006", "2.1.2006"}

func day(into *string, c spreadsheet.Cell) wrong {
	if c.Text == "" {
		*into = ""
		return wrong{}
	}
	for _, form := range dayForms {
		if at, err := time.Parse(form, c.Text); err == nil && at.Year() >= 1900 && c.Kind != spreadsheet.Number {
			*into = at.Format(time.DateOnly)
			return wrong{}
		}
	}
	return wrong{key: ProblemDay}
}

// codeOf judges the code of a new agency.
func codeOf(c spreadsheet.Cell) wrong {
	switch {
	case c.Text == "":
		return wrong{key: ProblemRequired}
	case c.Kind == spreadsheet.Day:
		return wrong{key: ProblemMadeDay}
	case !agency.WellFormedKey(c.Text):
		return wrong{key: ProblemCodeForm}
	}
	return judged(c)
}

// node is an agency as it is, or would be.
type node struct {
	body
	line  int  // 0: the file does not name it
	fresh bool // not kept yet
	moved bool // its parent or its days differ from what is kept
}

func readAgencies(p *Plan, content []byte) {
	columns := agencyColumns()
	nodes, alike := map[string]*node{}, map[string]string{}
	for _, a := range p.snap.Tree.All() {
		above, _ := p.snap.Tree.Agency(a.ParentID)
		nodes[a.Code], alike[agency.Confusable(a.Code)] = &node{body: body{a, above.Code}}, a.Code
	}
	var added, updated []*node
	p.lines(content, func(l line) {
		code := l.cells[0]
		n := nodes[code.Text]
		if n == nil {
			w := codeOf(code)
			if other := alike[agency.Confusable(code.Text)]; w.key == "" && other != "" {
				w = wrong{ProblemLooksLike, other}
			}
			if w.key != "" {
				p.problem(l.number, "code", code.Text, w.key, w.detail)
				return
			}
			n = &node{body: body{Agency: agency.Agency{Code: code.Text}}, fresh: true}
			nodes[code.Text], alike[agency.Confusable(code.Text)] = n, code.Text
		}
		if n.line != 0 {
			p.problem(l.number, "code", code.Text, ProblemTwice, lineOf(n.line))
			return
		}
		n.line = l.number
		before := n.body
		changed, sound := fill(p, columns, l, &n.body, n.fresh)
		n.moved = n.fresh || n.parent != before.parent || n.ValidFrom != before.ValidFrom || n.ValidTo != before.ValidTo
		switch {
		case !sound:
		case n.fresh:
			added = append(added, n)
		case changed:
			updated = append(updated, n)
		default:
			p.Unchanged++
		}
	})
	p.judgeTree(nodes)
	p.Created, p.Updated = len(added), len(updated)
	p.make = func(ctx context.Context, c *registry.Change) error {
		return keepAgencies(ctx, c, nodes, added, updated)
	}
}

// keepAgencies keeps new agencies, those above before those below, and changed ones.
func keepAgencies(ctx context.Context, c *registry.Change, nodes map[string]*node, added, updated []*node) error {
	var add func(n *node) error
	add = func(n *node) error {
		if n.ID != 0 {
			return nil
		}
		if above := nodes[n.parent]; above != nil {
			if err := add(above); err != nil {
				return err
			}
			n.ParentID = above.ID
		}
		kept, err := c.AddAgency(ctx, n.Agency)
		n.ID = kept.ID
		return err
	}
	for _, n := range added {
		if err := add(n); err != nil {
			return err
		}
	}
	for _, n := range updated {
		n.ParentID = 0
		if above := nodes[n.parent]; above != nil {
			n.ParentID = above.ID
		}
		if err := c.UpdateAgency(ctx, n.Agency); err != nil {
			return err
		}
	}
	return nil
}

func writeAgencies(snap *registry.Snapshot, row func(...string) error) error {
	columns := agencyColumns()
	cells := make([]string, len(columns))
	for _, a := range snap.Tree.All() {
		above, _ := snap.Tree.Agency(a.ParentID)
		for i, c := range columns {
			cells[i] = c.show(&body{a, above.Code})
		}
		if err := row(cells...); err != nil {
			return err
		}
	}
	return nil
}
