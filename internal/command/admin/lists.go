package admin

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"runtime/debug"
	"time"

	"sipas/internal/app"
	"sipas/internal/bulk"
	"sipas/internal/command"
	"sipas/internal/message"
	"sipas/internal/registry"
	"sipas/internal/spreadsheet"
)

// listed are the commands of a list that changes with the registry.
type listed interface {
	Help() string
	list(d app.Database, now time.Time) bulk.List
}

// listImport reads such a list.
type listImport[L listed] struct{ importing }

// Help is that of the other commands of the list.
func (listImport[L]) Help() string {
	var of L
	return of.Help()
}

// Run reads the list.
func (c *listImport[L]) Run(ctx context.Context, s *command.Session) error {
	var of L
	return c.With(ctx, func(d app.Database) error {
		return c.carry(ctx, s, d.Registry, func(snap *registry.Snapshot, content []byte) (planned, error) {
			return planOf(ctx, d.Registry, of.list(d, s.Now()), snap, content)
		})
	})
}

// importing is what commands that read a list have in common.
type importing struct {
	command.Database
	List     string `arg:"" name:"file" help:"CSV in any encoding, or XLSX; - is the standard input."`
	DryRun   bool   `help:"Say what would change, and change nothing."`
	JSON     bool   `name:"json" help:"Print JSON."`
	Language string `default:"en" enum:"en,vi" help:"Language in which errors are told: en or vi."`
}

// imported is what came of an import, for scripts.
type imported struct {
	Rows      int           `json:"rows"`
	Created   int           `json:"created"`
	Updated   int           `json:"updated"`
	Unchanged int           `json:"unchanged"`
	Errors    []importError `json:"errors"`
	Wrong     int           `json:"error_count"` // more than errors has, if there are very many
	Invited   []invited     `json:"invitations,omitempty"`
}

// importError is one of its errors.
type importError struct {
	Line   int    `json:"line"` // 0: the file as a whole
	Column string `json:"column"`
	Value  string `json:"value"`
	Text   string `json:"text"`
}

// attempts is how often a plan is made anew because something was changed meanwhile.
const attempts = 3

// listMemory is what a long list may take before it is tidied up more often; what
// 100,000 lines need is less.
const listMemory = 130 << 20

// planned is what a file would change, and what does so; it gives the links of accounts
// that it made.
type planned struct {
	*bulk.Plan
	apply func() ([]invited, error)
}

// carry reads the file, settles it, and tells what came of it.
func (c *importing) carry(ctx context.Context, s *command.Session, reg *registry.Registry, judge func(*registry.Snapshot, []byte) (planned, error)) error {
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(listMemory))
	content, err := readList(s, c.List)
	if err != nil {
		return err
	}
	texts, err := command.Texts(c.Language)
	if err != nil {
		return err
	}
	plan, links, err := settle(ctx, reg, c.DryRun, func(snap *registry.Snapshot) (planned, error) { return judge(snap, content) })
	if err != nil {
		return err
	}
	if err := c.tell(s, plan, texts, links); err != nil {
		return err
	}
	if plan.Wrong > 0 {
		return command.ErrSaid
	}
	return nil
}

// settle makes a plan, and carries it out where that is wanted and it is sound; anew
// if something was changed meanwhile.
func settle(ctx context.Context, reg *registry.Registry, dry bool, judge func(*registry.Snapshot) (planned, error)) (*bulk.Plan, []invited, error) {
	for n := 1; ; n++ {
		snap, err := reg.Load(ctx)
		if err != nil {
			return nil, nil, err
		}
		plan, err := judge(snap)
		if err != nil || dry || plan.Wrong > 0 {
			return plan.Plan, nil, err
		}
		if links, err := plan.apply(); !errors.Is(err, bulk.ErrStale) || n == attempts {
			return plan.Plan, links, err
		}
	}
}

// planOf judges a file of a list that changes with the registry.
func planOf(ctx context.Context, reg *registry.Registry, list bulk.List, snap *registry.Snapshot, content []byte) (planned, error) {
	plan, err := list.Plan(ctx, snap, content)
	return planned{plan, func() ([]invited, error) { return nil, plan.Apply(ctx, reg, command.Operator()) }}, err
}

// tell prints the plan. What is wrong with a file that people read at a terminal is
// told apart from the result.
func (c *importing) tell(s *command.Session, plan *bulk.Plan, texts message.Printer, links []invited) error {
	result := imported{plan.Rows, plan.Created, plan.Updated, plan.Unchanged, []importError{}, plan.Wrong, links}
	if plan.Wrong > 0 { // nothing will be
		result.Created, result.Updated, result.Unchanged = 0, 0, 0
	}
	for _, p := range plan.Problems {
		result.Errors = append(result.Errors, importError{p.Line, p.Column, p.Value, p.Text(texts)})
	}
	if c.JSON {
		return json.NewEncoder(s.Out).Encode(result)
	}
	for _, e := range result.Errors {
		s.Notef("line %d%s: %s", e.Line, prefixed(", ", e.Column), command.Printable(e.Text))
	}
	if more := plan.Wrong - len(result.Errors); more > 0 {
		s.Notef("and %d more", more)
	}
	switch {
	case plan.Wrong > 0:
		s.Printf("%d rows, %d errors: nothing was changed\n", plan.Rows, plan.Wrong)
	case c.DryRun:
		s.Printf("%d rows: %d would be new, %d would change, %d would stay as they are\n", plan.Rows, plan.Created, plan.Updated, plan.Unchanged)
	default:
		s.Printf("%d rows: %d are new, %d were changed, %d stay as they are\n", plan.Rows, plan.Created, plan.Updated, plan.Unchanged)
	}
	for _, i := range links {
		s.Printf("%s %s\n", i.Login, i.Link)
	}
	return nil
}

func prefixed(prefix, text string) string {
	if text == "" {
		return ""
	}
	return prefix + text
}

// readList reads a file, and of one that is too long enough to tell.
func readList(s *command.Session, path string) (content []byte, err error) {
	file, err := s.Read(path)
	if err != nil {
		return nil, err
	}
	content, err = io.ReadAll(io.LimitReader(file, spreadsheet.MaxBytes+1))
	return content, errors.Join(err, file.Close())
}

// listExport writes a list that changes with the registry.
type listExport[L listed] struct{ exporting }

// Help is that of the other commands of the list.
func (listExport[L]) Help() string {
	var of L
	return of.Help()
}

// Run writes the list.
func (c *listExport[L]) Run(ctx context.Context, s *command.Session) error {
	var of L
	return c.With(ctx, func(d app.Database) error {
		return c.write(ctx, s, d.Registry, func(w io.Writer, snap *registry.Snapshot) error {
			return of.list(d, s.Now()).Write(ctx, w, c.Format, snap)
		})
	})
}

// exporting is what commands that write a list have in common.
type exporting struct {
	command.Database
	Format string `default:"csv" enum:"csv,xlsx" placeholder:"csv|xlsx" help:"csv, or xlsx, in which codes keep their zeros in Excel."`
	Out    string `short:"o" default:"-" placeholder:"FILE" help:"Where to write; - is the standard output."`
}

func (c *exporting) write(ctx context.Context, s *command.Session, reg *registry.Registry, list func(io.Writer, *registry.Snapshot) error) error {
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(listMemory))
	snap, err := reg.Load(ctx)
	if err != nil {
		return err
	}
	return s.Write(c.Out, func(w io.Writer) error { return list(w, snap) })
}
