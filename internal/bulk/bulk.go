// Package bulk changes whole lists of what administrators keep, agencies, service
// points, procedures, files handled, targets, officials, shifts and accounts, as a spreadsheet says: first a plan that tells
// line by line what is wrong and what would change, then all of it or nothing; and it writes the spreadsheets.
package bulk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/fault"
	"sipas/internal/message"
	"sipas/internal/registry"
	"sipas/internal/spreadsheet"
)

// Layout is what spreadsheets of a list look like: the columns are a contract.
type Layout struct {
	Name    string   // "agencies", "service-points", "procedures", "files", "targets", "officials", "shifts", "users"
	Columns []string // in their order

	required []string // columns that a file must have
}

// List is a list that changes with the registry: it is kept there, or changes in its
// changes only.
type List struct {
	Layout
	read  func(context.Context, *Plan, []byte) error
	write func(context.Context, *registry.Snapshot, func(cells ...string) error) error
}

// inSnapshot is a list that the snapshot holds whole.
func inSnapshot(l Layout, read func(*Plan, []byte), write func(*registry.Snapshot, func(cells ...string) error) error) List {
	return List{
		l,
		func(_ context.Context, p *Plan, content []byte) error { read(p, content); return nil },
		func(_ context.Context, snap *registry.Snapshot, row func(...string) error) error {
			return write(snap, row)
		},
	}
}

// Problem is one thing wrong with a file.
type Problem struct {
	Line   int    // 0: the file as a whole
	Column string // as the list calls it; "" for the whole line
	Value  string // what stands there, shortened
	Key    string // which sentence explains it: one of the constants, or why a spreadsheet was refused
	Detail string // what the sentence names: another line, the allowed values
}

// Text is the sentence.
func (p Problem) Text(printer message.Printer) string {
	return printer.T("import."+p.Key, "value", p.Value, "detail", p.Detail)
}

// The keys of problems, each `import.<key>` of the catalogues.
const (
	ProblemUnknownColumn = "unknown-column"
	ProblemTwiceColumn   = "column-twice"
	ProblemNoColumn      = "no-column"
	ProblemTooWide       = "more-cells"
	ProblemFormula       = "formula"
	ProblemCharacter     = "character"
	ProblemTooLong       = "too-long"
	ProblemRequired      = "required"
	ProblemOneOf         = "one-of"
	ProblemTwice         = "twice"
	ProblemMadeDay       = "made-a-day"
	ProblemCodeForm      = "code-form"
	ProblemCodePage      = "code-page"
	ProblemPointCode     = "point-code"
	ProblemLooksLike     = "looks-like"
	ProblemReplaced      = "replaced"
	ProblemUnknownAgency = "unknown-agency"
	ProblemCircle        = "circle"
	ProblemTooDeep       = "too-deep"
	ProblemDay           = "day"
	ProblemDayOrder      = "day-order"
	ProblemOutside       = "outside-parent"
	ProblemOlder         = "older-than-parent"
	ProblemBelowOutside  = "below-outside"
	ProblemNumber        = "number"
	ProblemUnknownField  = "unknown-field"
	ProblemFieldTwice    = "field-twice"
	ProblemUnknownSurvey = "unknown-survey"
	ProblemPercent       = "percent"
	ProblemNoField       = "no-field"
	ProblemTargetTwice   = "target-twice"
	ProblemWhichTarget   = "which-target"
	ProblemDisabled      = "disabled"
	ProblemLogin         = "login"
	ProblemEmail         = "email"
	ProblemMadeNumber    = "made-a-number"
	ProblemUnknownCode   = "unknown-procedure"
	ProblemHalfMonth     = "half-month"
	ProblemFuture        = "half-month-future"
	ProblemNotThen       = "agency-not-then"
	ProblemLateMore      = "late-more"
	ProblemFilesTwice    = "files-twice"
	ProblemCodeTaken     = "code-taken"
	ProblemBadge         = "badge"
	ProblemUnknownPoint  = "unknown-point"
	ProblemWeekdays      = "weekdays"
	ProblemHour          = "hour"
	ProblemHours         = "hours"
	ProblemShiftMeets    = "shift-meets"
	ProblemShiftKept     = "shift-kept"
	ProblemTooManyShifts = "shifts-too-many"

	ProblemUnknownOfficial   = "unknown-official"
	ProblemLastAdministrator = "last-administrator"
)

// MaxProblems is how many problems a plan tells; of more it has the number.
const MaxProblems = 1000

// Plan is what a file would change.
type Plan struct {
	Rows, Created, Updated, Unchanged int
	Problems                          []Problem // by line; the first MaxProblems
	Wrong                             int       // how many problems there are

	list   Layout
	snap   *registry.Snapshot
	state  string
	source audit.Content
	make   func(context.Context, *registry.Change) error
	codes  []agency.Code
}

// State names what the plan was made of: with the same file and the same state it is the
// same.
func (p *Plan) State() string { return p.state }

// File is the SHA-256 of the file.
func (p *Plan) File() string { return p.source.SHA256 }

// Codes are those of the service points that Apply has made, in the order of the
// file.
func (p *Plan) Codes() []agency.Code { return p.codes }

// Plan judges a file against what is kept.
func (l List) Plan(ctx context.Context, snap *registry.Snapshot, content []byte) (*Plan, error) {
	p := &Plan{list: l.Layout, snap: snap, state: strconv.FormatInt(snap.Revision, 10), source: audit.ContentOf(content)}
	if err := l.read(ctx, p, content); err != nil {
		return nil, fmt.Errorf("judge %s: %w", l.Name, err)
	}
	p.sort()
	return p, nil
}

// Write writes the list as a spreadsheet of a format. Read back, it changes nothing.
func (l List) Write(ctx context.Context, w io.Writer, format string, snap *registry.Snapshot) error {
	return l.Layout.write(w, format, func(row func(...string) error) error { return l.write(ctx, snap, row) })
}

// Rows hands over what Write writes, row by row without the columns. A row is over when
// the next one comes.
func (l List) Rows(ctx context.Context, snap *registry.Snapshot, row func(cells ...string) error) error {
	return l.write(ctx, snap, row)
}

// write writes a spreadsheet whose lines below the columns are given.
func (l Layout) write(w io.Writer, format string, lines func(row func(...string) error) error) error {
	return spreadsheet.Write(w, format, func(row func(...string) error) error {
		if err := row(l.Columns...); err != nil {
			return err
		}
		return lines(row)
	})
}

var (
	// ErrWrong says that a plan has problems, and so is not carried out.
	ErrWrong = errors.New("the file has errors")
	// ErrStale says that something was changed since the plan was made, so it may be wrong by
	// now; it is made anew.
	ErrStale = errors.New("something was changed meanwhile")
)

// Changes tells whether the plan would change anything.
func (p *Plan) Changes() bool { return p.Wrong == 0 && p.Created+p.Updated > 0 }

// Apply carries the plan out, all of it in one change: each thing of the list that is
// new or different has its entry in the audit, and the import has one that
// proves which file it was. Errors: ErrWrong, ErrStale.
func (p *Plan) Apply(ctx context.Context, reg *registry.Registry, by audit.Author) error {
	switch {
	case p.Wrong > 0:
		return ErrWrong
	case !p.Changes():
		return nil
	}
	return reg.Change(ctx, by, func(c *registry.Change) error {
		if !c.Follows(p.snap) {
			return ErrStale
		}
		if err := p.make(ctx, c); err != nil {
			return fmt.Errorf("import %s: %w", p.list.Name, err)
		}
		return c.Note(ctx, p.list.Name+".import", "list/"+p.list.Name, nil, importEntry{p.source, p.Created, p.Updated, p.Unchanged})
	})
}

// state is what a line means to what is kept.
type state int

const (
	same state = iota
	fresh
	different
)

// tally counts a line.
func (p *Plan) tally(s state) { *[]*int{&p.Unchanged, &p.Created, &p.Updated}[s]++ }

// errChanged says that a file that is read once more says something else.
var errChanged = errors.New("the file is not what it was")

// importEntry is what the entry of an import says.
type importEntry struct {
	File      audit.Content `json:"file"`
	Created   int           `json:"created"`
	Updated   int           `json:"updated"`
	Unchanged int           `json:"unchanged"`
}

// problem notes what is wrong.
func (p *Plan) problem(line int, column, value, key, detail string) {
	p.Wrong++
	if len(p.Problems) < MaxProblems {
		p.Problems = append(p.Problems, Problem{line, column, fault.Shortened(value), key, detail})
	}
}

// lineOf names a line in a detail.
func lineOf(n int) string { return strconv.Itoa(n) }
