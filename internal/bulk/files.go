package bulk

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/procedure"
	"sipas/internal/registry"
	"sipas/internal/spreadsheet"
)

// What Files writes, if not one half month only.
const (
	AllFiles    civil.HalfMonth = 0
	NewestFiles civil.HalfMonth = -1 // of the newest half month of which there are any
)

// Files is the list of files handled; now is the half month that it is. What is written
// of it is of one half month only, or AllFiles or NewestFiles.
func Files(c *procedure.Catalogue, now func() civil.HalfMonth, only civil.HalfMonth) List {
	return List{
		Layout{Name: "files", Columns: names((&ledger{}).columns()), required: names((&ledger{}).columns())},
		func(ctx context.Context, p *Plan, content []byte) error {
			return c.Read(ctx, func(kept procedure.Reader) error {
				d, err := newLedger(ctx, kept, p.snap, now)
				if err != nil {
					return err
				}
				return d.plan(ctx, kept, p, content)
			})
		},
		func(ctx context.Context, snap *registry.Snapshot, row func(...string) error) error {
			return c.Read(ctx, func(kept procedure.Reader) error {
				d, err := newLedger(ctx, kept, snap, now)
				if err != nil {
					return err
				}
				return d.write(ctx, kept, only, row)
			})
		},
	}
}

// caseload is files handled with the codes that people know them by.
type caseload struct {
	procedure.Files
	procedure, agency string
}

// ledger knows what files handled refer to.
type ledger struct {
	snap  *registry.Snapshot
	now   func() civil.HalfMonth
	all   *register
	codes map[int64]string // of procedures
}

func newLedger(ctx context.Context, kept procedure.Reader, snap *registry.Snapshot, now func() civil.HalfMonth) (*ledger, error) {
	procedures, err := kept.All(ctx)
	d := &ledger{snap, now, newRegister(procedures), make(map[int64]string, len(procedures))}
	for _, p := range procedures {
		d.codes[p.ID] = p.Code
	}
	return d, err
}

// coded is files handled with their codes.
func (d *ledger) coded(f procedure.Files) caseload {
	office, code := d.names(f.Key)
	return caseload{f, code, office}
}

// names are the codes of an agency and a procedure.
func (d *ledger) names(k procedure.Key) (office, code string) {
	a, _ := d.snap.Tree.Agency(k.AgencyID)
	return a.Code, d.codes[k.ProcedureID]
}

// columns are the columns in their order. The first three say which files are counted.
func (d *ledger) columns() []column[caseload] {
	return []column[caseload]{
		{"procedure", func(f *caseload) string { return f.procedure }, d.readProcedure},
		{"agency", func(f *caseload) string { return f.agency }, d.readAgency},
		{"half_month", showHalfMonth, d.readHalfMonth},
		{"handled", func(f *caseload) string { return strconv.FormatInt(f.Handled, 10) }, func(f *caseload, c spreadsheet.Cell) wrong { return number(&f.Handled, c) }},
		{"late", func(f *caseload) string { return strconv.FormatInt(f.Late, 10) }, func(f *caseload, c spreadsheet.Cell) wrong { return number(&f.Late, c) }},
	}
}

const keyColumns = 3

func (d *ledger) readProcedure(f *caseload, c spreadsheet.Cell) wrong {
	of, known := d.all.find(c.Text)
	switch f.procedure, f.ProcedureID = of.Code, of.ID; {
	case c.Text == "":
		return wrong{key: ProblemRequired}
	case !known:
		return wrong{key: ProblemUnknownCode}
	}
	return wrong{}
}

func (d *ledger) readAgency(f *caseload, c spreadsheet.Cell) wrong {
	office, known := d.snap.Tree.ByCode(c.Text)
	switch f.agency, f.AgencyID = office.Code, office.ID; {
	case c.Text == "":
		return wrong{key: ProblemRequired}
	case !known:
		return wrong{key: ProblemUnknownAgency}
	}
	return wrong{}
}

func showHalfMonth(f *caseload) string {
	if f.HalfMonth == 0 {
		return ""
	}
	return f.HalfMonth.From()
}

// readHalfMonth reads the first day of a half month.
func (d *ledger) readHalfMonth(f *caseload, c spreadsheet.Cell) wrong {
	var first string
	if w := day(&first, c); w.key != "" || first == "" {
		return wrong{key: ProblemHalfMonth}
	}
	switch half := civil.HalfMonthOf(first); {
	case half.From() != first || half.Year() < civil.FirstYear:
		return wrong{key: ProblemHalfMonth}
	case half > d.now():
		return wrong{ProblemFuture, d.now().From()}
	default:
		f.HalfMonth = half
		return wrong{}
	}
}

// number reads how many files there are. Nothing is no number: who leaves a cell empty
// may not know it.
func number(into *int64, c spreadsheet.Cell) wrong {
	n, err := strconv.ParseInt(c.Text, 10, 64)
	switch {
	case c.Text == "":
		return wrong{key: ProblemRequired}
	case err != nil || n < 0 || n > procedure.MaxFiles:
		return wrong{ProblemNumber, "0-9999999"}
	}
	*into = n
	return wrong{}
}

// read reads a file, some lines at a time, and calls each for what is sound.
func (d *ledger) read(ctx context.Context, kept procedure.Reader, p *Plan, content []byte, each func(procedure.Files, state) error) (err error) {
	lines, numbers := make([]line, 0, together), map[procedure.Key]int{}
	flush := func() {
		if err == nil {
			err = d.judge(ctx, kept, p, lines, numbers, each)
		}
		lines = lines[:0]
	}
	p.lines(content, func(l line) {
		if lines = append(lines, l); len(lines) == together {
			flush()
		}
	})
	flush()
	return err
}

// judge judges lines; numbers are those of the lines of a key.
func (d *ledger) judge(ctx context.Context, kept procedure.Reader, p *Plan, lines []line, numbers map[procedure.Key]int, each func(procedure.Files, state) error) error {
	columns := d.columns()
	keys := make([]procedure.Key, len(lines)) // zero: of no files
	for i, l := range lines {
		keys[i] = keyOf(columns, l)
	}
	before, err := kept.Kept(ctx, keys)
	if err != nil {
		return err
	}
	for i, l := range lines {
		counts, known := before[keys[i]]
		f := caseload{}
		if known {
			f = d.coded(procedure.Files{Key: keys[i], Counts: counts})
		}
		changed, sound := fill(p, columns, l, &f, !known)
		if !sound {
			continue
		}
		if first := numbers[f.Key]; first != 0 {
			p.problem(l.number, "procedure", f.procedure, ProblemFilesTwice, lineOf(first))
			continue
		}
		numbers[f.Key] = l.number
		if changed && !d.whole(p, l, &f) {
			continue
		}
		what := same
		switch {
		case !known:
			what = fresh
		case changed:
			what = different
		}
		if err := each(f.Files, what); err != nil {
			return err
		}
	}
	return nil
}

// keyOf is the key of a line, zero where it has none.
func keyOf(columns []column[caseload], l line) procedure.Key {
	var f caseload
	for i, c := range columns[:keyColumns] {
		if judged(l.cells[i]).key != "" || c.read(&f, l.cells[i]).key != "" {
			return procedure.Key{}
		}
	}
	return f.Key
}

// whole judges what no column judges alone.
func (d *ledger) whole(p *Plan, l line, f *caseload) bool {
	if f.Late > f.Handled {
		p.problem(l.number, "late", l.cells[4].Text, ProblemLateMore, strconv.FormatInt(f.Handled, 10))
		return false
	}
	if office, _ := d.snap.Tree.Agency(f.AgencyID); !during(office, f.HalfMonth) {
		p.problem(l.number, "agency", f.agency, ProblemNotThen, office.ValidFrom+" – "+office.ValidTo)
		return false
	}
	return true
}

// during tells whether there was an agency on some day of a half month.
func during(a agency.Agency, h civil.HalfMonth) bool {
	return a.ValidFrom <= h.Last() && (a.ValidTo == "" || a.ValidTo > h.From())
}

// plan judges a file. As it is with service points, nothing is kept of its lines.
func (d *ledger) plan(ctx context.Context, kept procedure.Reader, p *Plan, content []byte) error {
	p.make = func(ctx context.Context, c *registry.Change) error { return d.keep(ctx, c, p, content) }
	return d.read(ctx, kept, p, content, func(_ procedure.Files, s state) error {
		p.tally(s)
		return nil
	})
}

// keep keeps what a file says, which was judged before.
func (d *ledger) keep(ctx context.Context, c *registry.Change, p *Plan, content []byte) error {
	again := &Plan{list: p.list}
	var some []procedure.Files
	flush := func(atLeast int) (err error) {
		if len(some) >= atLeast {
			err = procedure.Keep(ctx, c, some, d.names)
			some = some[:0]
		}
		return err
	}
	err := d.read(ctx, procedure.Within(c), again, content, func(f procedure.Files, s state) error {
		if s != same {
			some = append(some, f)
		}
		return flush(together)
	})
	if err == nil && again.Wrong > 0 {
		err = errChanged
	}
	return errors.Join(err, flush(1))
}

// write writes files handled by half month, in the order of the tree and of the codes
// of procedures, which is the same in every database.
func (d *ledger) write(ctx context.Context, kept procedure.Reader, only civil.HalfMonth, row func(...string) error) error {
	halves, write := []civil.HalfMonth{only}, writer(d.columns(), row)
	if only == AllFiles || only == NewestFiles {
		var err error
		if halves, err = kept.HalfMonths(ctx); err != nil {
			return err
		}
		if only == NewestFiles {
			halves = halves[max(0, len(halves)-1):]
		}
	}
	place := func(f procedure.Files) int { at, _, _ := d.snap.Tree.Span(f.AgencyID); return at }
	for _, half := range halves {
		all, err := kept.Of(ctx, half)
		if err != nil {
			return err
		}
		slices.SortFunc(all, func(a, b procedure.Files) int {
			return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(d.codes[a.ProcedureID], d.codes[b.ProcedureID]))
		})
		for _, f := range all {
			if err := write(d.coded(f)); err != nil {
				return err
			}
		}
	}
	return nil
}
