package bulk

import (
	"cmp"
	"context"
	"maps"
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

// agencyColumns are the columns in their order. Days are half-open: valid_to is the
// first day on which the agency is no more.
func agencyColumns() []column[agency.Coded] {
	return []column[agency.Coded]{
		{"code", func(b *agency.Coded) string { return b.Code }, func(*agency.Coded, spreadsheet.Cell) wrong { return wrong{} }}, // read before
		{"name_vi", func(b *agency.Coded) string { return b.Name["vi"] }, func(b *agency.Coded, c spreadsheet.Cell) wrong { return name(&b.Name, "vi", c.Text) }},
		{"name_en", func(b *agency.Coded) string { return b.Name["en"] }, func(b *agency.Coded, c spreadsheet.Cell) wrong { return name(&b.Name, "en", c.Text) }},
		{"kind", func(b *agency.Coded) string { return string(b.Kind) }, readKind},
		{"parent", func(b *agency.Coded) string { return b.Parent }, func(b *agency.Coded, c spreadsheet.Cell) wrong {
			b.Parent = c.Text
			return wrong{}
		}},
		{"valid_from", func(b *agency.Coded) string { return b.ValidFrom }, func(b *agency.Coded, c spreadsheet.Cell) wrong { return day(&b.ValidFrom, c) }},
		{"valid_to", func(b *agency.Coded) string { return b.ValidTo }, func(b *agency.Coded, c spreadsheet.Cell) wrong { return day(&b.ValidTo, c) }},
		{"order", func(b *agency.Coded) string { return strconv.Itoa(b.Order) }, readOrder},
	}
}

func readKind(b *agency.Coded, c spreadsheet.Cell) wrong {
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

func readOrder(b *agency.Coded, c spreadsheet.Cell) wrong {
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

// offices are the agencies as they are, or would be, by their codes.
type offices struct {
	drafts map[string]*agency.Draft
	lines  map[string]int    // of those that the file names
	alike  map[string]string // codes, by what is left of them without what people confuse
}

func newOffices(snap *registry.Snapshot) *offices {
	o := &offices{map[string]*agency.Draft{}, map[string]int{}, map[string]string{}}
	for _, a := range snap.Tree.All() {
		above, _ := snap.Tree.Agency(a.ParentID)
		kept := agency.Coded{Agency: a, Parent: above.Code}
		o.drafts[a.Code], o.alike[agency.Confusable(a.Code)] = &agency.Draft{Coded: kept, Kept: kept}, a.Code
	}
	return o
}

// add begins a new agency. It is nil with what is wrong with its code.
func (o *offices) add(code spreadsheet.Cell) (*agency.Draft, wrong) {
	if w := codeOf(code); w.key != "" {
		return nil, w
	}
	if other := o.alike[agency.Confusable(code.Text)]; other != "" {
		return nil, wrong{ProblemLooksLike, other}
	}
	n := &agency.Draft{}
	n.Code = code.Text
	o.drafts[n.Code], o.alike[agency.Confusable(n.Code)] = n, n.Code
	return n, wrong{}
}

// fill writes a line into an agency.
func (o *offices) fill(p *Plan, l line, n *agency.Draft) (changed, sound bool) {
	o.lines[n.Code] = l.number
	return fill(p, agencyColumns(), l, &n.Coded, n.New())
}

// judge tells what is wrong with the tree that the agencies would make. Of those that
// the file does not name it tells on the line of the one above.
func (o *offices) judge(p *Plan) {
	all := slices.SortedFunc(maps.Values(o.drafts), func(a, b *agency.Draft) int {
		return cmp.Or(cmp.Compare(o.lines[a.Code], o.lines[b.Code]), cmp.Compare(a.Code, b.Code))
	})
	for _, m := range agency.Misfits(all) {
		n, line := m.Draft, o.lines[m.Draft.Code]
		column, value, w := "parent", n.Parent, wrong{}
		switch m.Why {
		case agency.ParentUnknown:
			w.key = ProblemUnknownAgency
		case agency.InCircle:
			w.key = ProblemCircle
		case agency.TooDeep:
			w = wrong{ProblemTooDeep, strconv.Itoa(agency.MostDepth)}
		case agency.EndsBeforeBegin:
			column, value, w = "valid_to", n.ValidTo, wrong{ProblemDayOrder, n.ValidFrom}
		case agency.OlderThanParent:
			column, value, w = "valid_from", n.ValidFrom, wrong{ProblemOlder, n.Parent}
		case agency.OutlivesParent:
			column, value, w = "valid_to", n.ValidTo, wrong{ProblemOutside, n.Parent}
		}
		if line == 0 {
			line, value, w.key = o.lines[n.Parent], n.Code, ProblemBelowOutside
		}
		p.problem(line, column, value, w.key, w.detail)
	}
}

func readAgencies(p *Plan, content []byte) {
	o := newOffices(p.snap)
	var added, updated []*agency.Draft
	p.lines(content, func(l line) {
		code := l.cells[0]
		n, w := o.drafts[code.Text], wrong{}
		switch {
		case n == nil:
			n, w = o.add(code)
		case o.lines[code.Text] != 0:
			w = wrong{ProblemTwice, lineOf(o.lines[code.Text])}
		}
		if w.key != "" {
			p.problem(l.number, "code", code.Text, w.key, w.detail)
			return
		}
		changed, sound := o.fill(p, l, n)
		switch {
		case !sound:
		case n.New():
			added = append(added, n)
		case changed:
			updated = append(updated, n)
		default:
			p.Unchanged++
		}
	})
	o.judge(p)
	p.Created, p.Updated = len(added), len(updated)
	p.make = func(ctx context.Context, c *registry.Change) error {
		return keepAgencies(ctx, c, o.drafts, added, updated)
	}
}

// ReadAgency reads one agency as a form has it, by the columns of the list: a new one,
// or with an id one that is kept, of which columns that are not given stay, and its code
// in any case. Of each column it tells what is wrong first, the place in the tree
// included.
func ReadAgency(snap *registry.Snapshot, kept agency.Agency, given map[string]string) (agency.Agency, []Problem) {
	p, o := &Plan{list: Agencies().Layout, snap: snap}, newOffices(snap)
	l := p.list.typed(given)
	n, w := o.drafts[kept.Code], wrong{}
	if kept.ID == 0 {
		n, w = o.add(l.cells[0])
	}
	if w.key != "" {
		p.problem(l.number, "code", l.cells[0].Text, w.key, w.detail)
		n = &agency.Draft{} // whose other columns are judged all the same
	}
	o.fill(p, l, n)
	o.judge(p)
	p.sort()
	if above := o.drafts[n.Parent]; above != nil {
		n.ParentID = above.ID
	} else {
		n.ParentID = 0
	}
	return n.Agency, slices.CompactFunc(p.Problems, func(a, b Problem) bool { return a.Column == b.Column })
}

// keepAgencies keeps new agencies, those above before those below, and changed ones.
func keepAgencies(ctx context.Context, c *registry.Change, drafts map[string]*agency.Draft, added, updated []*agency.Draft) error {
	var add func(n *agency.Draft) error
	add = func(n *agency.Draft) error {
		if n.ID != 0 {
			return nil
		}
		if above := drafts[n.Parent]; above != nil {
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
		if above := drafts[n.Parent]; above != nil {
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
		if err := write(agency.Coded{Agency: a, Parent: above.Code}); err != nil {
			return err
		}
	}
	return nil
}
