package admin

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"runtime/debug"

	"sipas/internal/app"
	"sipas/internal/bulk"
	"sipas/internal/command"
	"sipas/internal/message"
	"sipas/internal/registry"
	"sipas/internal/spreadsheet"
	"sipas/web"
)

// listImport is what commands that read a list have in common.
type listImport struct {
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

func (c *listImport) run(ctx context.Context, s *command.Session, list bulk.List) error {
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(listMemory))
	content, err := readList(s, c.List)
	if err != nil {
		return err
	}
	texts, err := catalogue(c.Language)
	if err != nil {
		return err
	}
	return c.With(ctx, func(d app.Database) error {
		plan, err := c.carry(ctx, d.Registry, list, content)
		if err != nil {
			return err
		}
		if err := c.tell(s, plan, texts); err != nil {
			return err
		}
		if plan.Wrong > 0 {
			return command.ErrSaid
		}
		return nil
	})
}

// carry makes the plan, and carries it out where that is wanted and it is sound.
func (c *listImport) carry(ctx context.Context, reg *registry.Registry, list bulk.List, content []byte) (*bulk.Plan, error) {
	for n := 1; ; n++ {
		snap, err := reg.Load(ctx)
		if err != nil {
			return nil, err
		}
		plan := list.Plan(snap, content)
		if c.DryRun || plan.Wrong > 0 {
			return plan, nil
		}
		if err := plan.Apply(ctx, reg, command.Operator()); !errors.Is(err, bulk.ErrStale) || n == attempts {
			return plan, err
		}
	}
}

// tell prints the plan. What is wrong with a file that people read at a terminal is
// told apart from the result.
func (c *listImport) tell(s *command.Session, plan *bulk.Plan, texts message.Printer, links ...invited) error {
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

// catalogue are the texts of a language.
func catalogue(language string) (message.Printer, error) {
	files, err := fs.Sub(web.Files, "locales")
	if err != nil {
		return message.Printer{}, err
	}
	texts, err := message.Load(files)
	if err != nil {
		return message.Printer{}, err
	}
	return texts.For(language), nil
}

// listExport is what commands that write a list have in common.
type listExport struct {
	command.Database
	Format string `default:"csv" enum:"csv,xlsx" placeholder:"csv|xlsx" help:"csv, or xlsx, in which codes keep their zeros in Excel."`
	Out    string `short:"o" default:"-" placeholder:"FILE" help:"Where to write; - is the standard output."`
}

func (c *listExport) run(ctx context.Context, s *command.Session, list bulk.List) error {
	return c.With(ctx, func(d app.Database) error {
		defer debug.SetMemoryLimit(debug.SetMemoryLimit(listMemory))
		snap, err := d.Registry.Load(ctx)
		if err != nil {
			return err
		}
		return s.Write(c.Out, func(w io.Writer) error { return list.Write(w, c.Format, snap) })
	})
}

type agenciesImport struct {
	agenciesHelp
	listImport
}

// Run reads the list of agencies.
func (c *agenciesImport) Run(ctx context.Context, s *command.Session) error {
	return c.run(ctx, s, bulk.Agencies())
}

type agenciesExport struct {
	agenciesHelp
	listExport
}

// Run writes the list of agencies.
func (c *agenciesExport) Run(ctx context.Context, s *command.Session) error {
	return c.run(ctx, s, bulk.Agencies())
}

type pointsImport struct {
	pointsHelp
	listImport
}

// Run reads the list of service points.
func (c *pointsImport) Run(ctx context.Context, s *command.Session) error {
	return c.run(ctx, s, bulk.ServicePoints())
}

type pointsExport struct {
	pointsHelp
	listExport
}

// Run writes the list of service points.
func (c *pointsExport) Run(ctx context.Context, s *command.Session) error {
	return c.run(ctx, s, bulk.ServicePoints())
}

type targetsImport struct {
	targetsHelp
	listImport
}

// Run reads the list of targets.
func (c *targetsImport) Run(ctx context.Context, s *command.Session) error {
	return c.run(ctx, s, bulk.Targets())
}

type targetsExport struct {
	targetsHelp
	listExport
}

// Run writes the list of targets.
func (c *targetsExport) Run(ctx context.Context, s *command.Session) error {
	return c.run(ctx, s, bulk.Targets())
}
