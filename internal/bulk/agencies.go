package bulk

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/registry"
	"sipas/internal/spreadsheet"
)

// Agencies is the list of agencies.
func Agencies() List {
	return inSnapshot(
		Layout{Name: "agencies", Columns: names(agencyColumns()), required: []string{"code"}},
		readAgencies, writeAgencies,
	)
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
	if kind == "" {
		return wrong{key: ProblemRequired}
	}
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

func day(into *string, c spreadsheet.Cell) wrong {
	if c.Text == "" {
		*into = ""
		return wrong{}
	}
	read, ok := civil.ReadDay(c.Text)
	if !ok || c.Kind == spreadsheet.Number {
		return wrong{key: ProblemDay}
	}
	*into = read
	return wrong{}
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
	case slices.Contains([]string{"them", "nhap", "xuat"}, c.Text): // pages beside those of agencies
		return wrong{key: ProblemCodePage}
	}
	return judged(c)
}

// node is an agency as it is, or would be.
type node struct {
	body
	line  int  // 0: the file does not name it
	fresh bool // not kept yet
	// What of its place in the tree differs from what is kept: the agency above, the day
	// on which it begins, the day on which it ends; moved is any of them.
	placed, began, ended, moved bool
}

// offices are the agencies as they are, or would be, by their codes.
type offices struct {
	nodes map[string]*node
	alike map[string]string // codes, by what is left of them without what people confuse
}

func newOffices(snap *registry.Snapshot) *offices {
	o := &offices{map[string]*node{}, map[string]string{}}
	for _, a := range snap.Tree.All() {
		above, _ := snap.Tree.Agency(a.ParentID)
		o.nodes[a.Code], o.alike[agency.Confusable(a.Code)] = &node{body: body{a, above.Code}}, a.Code
	}
	return o
}

// add begins a new agency. It is nil with what is wrong with its code.
func (o *offices) add(code spreadsheet.Cell) (*node, wrong) {
	if w := codeOf(code); w.key != "" {
		return nil, w
	}
	if other := o.alike[agency.Confusable(code.Text)]; other != "" {
		return nil, wrong{ProblemLooksLike, other}
	}
	n := &node{body: body{Agency: agency.Agency{Code: code.Text}}, fresh: true}
	o.nodes[code.Text], o.alike[agency.Confusable(code.Text)] = n, code.Text
	return n, wrong{}
}

// fill writes a line into an agency.
func (n *node) fill(p *Plan, columns []column[body], l line) (changed, sound bool) {
	n.line = l.number
	before := n.body
	changed, sound = fill(p, columns, l, &n.body, n.fresh)
	n.placed, n.began, n.ended = n.fresh || n.parent != before.parent, n.ValidFrom != before.ValidFrom, n.ValidTo != before.ValidTo
	n.moved = n.placed || n.began || n.ended
	return changed, sound
}

func readAgencies(p *Plan, content []byte) {
	columns, o := agencyColumns(), newOffices(p.snap)
	var added, updated []*node
	p.lines(content, func(l line) {
		code := l.cells[0]
		n, w := o.nodes[code.Text], wrong{}
		switch {
		case n == nil:
			n, w = o.add(code)
		case n.line != 0:
			w = wrong{ProblemTwice, lineOf(n.line)}
		}
		if w.key != "" {
			p.problem(l.number, "code", code.Text, w.key, w.detail)
			return
		}
		changed, sound := n.fill(p, columns, l)
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
	p.judgeTree(o.nodes)
	p.Created, p.Updated = len(added), len(updated)
	p.make = func(ctx context.Context, c *registry.Change) error {
		return keepAgencies(ctx, c, o.nodes, added, updated)
	}
}

// ReadAgency reads one agency as a form has it, by the columns of the list: a new one,
// or with an id one that is kept, of which columns that are not given stay, and its code
// in any case. Of each column it tells what is wrong first, the place in the tree
// included.
func ReadAgency(snap *registry.Snapshot, kept agency.Agency, given map[string]string) (agency.Agency, []Problem) {
	p, o := &Plan{list: Agencies().Layout, snap: snap}, newOffices(snap)
	l := p.list.typed(given)
	n, w := o.nodes[kept.Code], wrong{}
	if kept.ID == 0 {
		n, w = o.add(l.cells[0])
	}
	if w.key != "" {
		p.problem(l.number, "code", l.cells[0].Text, w.key, w.detail)
		n = &node{fresh: true} // whose other columns are judged all the same
	}
	n.fill(p, agencyColumns(), l)
	p.judgeTree(o.nodes)
	p.sort()
	if above := o.nodes[n.parent]; above != nil {
		n.ParentID = above.ID
	} else {
		n.ParentID = 0
	}
	return n.Agency, slices.CompactFunc(p.Problems, func(a, b Problem) bool { return a.Column == b.Column })
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
	write := writer(agencyColumns(), row)
	for _, a := range snap.Tree.All() {
		above, _ := snap.Tree.Agency(a.ParentID)
		if err := write(body{a, above.Code}); err != nil {
			return err
		}
	}
	return nil
}
