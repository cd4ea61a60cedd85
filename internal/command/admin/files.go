package admin

import (
	"context"
	"encoding/json"
	"io"
	"strings"
	"time"

	"sipas/internal/app"
	"sipas/internal/bulk"
	"sipas/internal/civil"
	"sipas/internal/command"
	"sipas/internal/registry"
)

// Files lists how many files agencies handled and changes the list.
type Files struct {
	filesHelp

	List   filesList             `cmd:"" default:"withargs" help:"List them (the default)."`
	Import listImport[filesHelp] `cmd:"" help:"Add and change them as a spreadsheet says."`
	Export filesExport           `cmd:"" help:"Write them as a spreadsheet that import reads."`
}

// filesHelp is the longer help of the command and of each part of it.
type filesHelp struct{}

// list is what import reads.
func (filesHelp) list(d app.Database, now time.Time) bulk.List {
	return bulk.Files(d.Procedures, nowOf(d, now), bulk.AllFiles)
}

func nowOf(d app.Database, now time.Time) func() civil.HalfMonth {
	return func() civil.HalfMonth { return d.HalfMonth(now) }
}

// Help gives it.
func (filesHelp) Help() string {
	return `A list is read whole or not at all; a line of the same procedure, agency and half month as one that is kept gets its numbers, and
whatever does not stand in the list stays. A half month is written as its first day. Columns:
` + strings.Join(bulk.Files(nil, nil, 0).Columns, ",") + `.

Example:

  sipas files import ho-so.xlsx --dry-run --language vi
  sipas files list --half-month 2026-11-01 --json
  sipas files export --half-month 2026-11-01 --format xlsx -o ho-so.xlsx`
}

// halfMonthFlag leaves one half month.
type halfMonthFlag struct {
	HalfMonth string `placeholder:"DAY" help:"Only that of this first day, 2026-11-01 or 2026-11-15 (default: all)."`
}

// only is the half month that is named, 0 for all.
func (f halfMonthFlag) only() (civil.HalfMonth, error) {
	half := civil.HalfMonthOf(f.HalfMonth)
	if f.HalfMonth != "" && (half == 0 || half.From() != f.HalfMonth) {
		return 0, command.UsageError("--half-month: the first day of a half month is needed, such as 2026-11-01 or 2026-11-15")
	}
	return half, nil
}

type filesExport struct {
	filesHelp
	exporting
	halfMonthFlag
}

// Run writes the list.
func (c *filesExport) Run(ctx context.Context, s *command.Session) error {
	only, err := c.only()
	if err != nil {
		return err
	}
	return c.With(ctx, func(d app.Database) error {
		return c.write(ctx, s, d.Registry, func(w io.Writer, snap *registry.Snapshot) error {
			return bulk.Files(d.Procedures, nowOf(d, s.Now()), only).Write(ctx, w, c.Format, snap)
		})
	})
}

type filesList struct {
	filesHelp
	command.Database
	halfMonthFlag
	JSON bool `name:"json" help:"Print JSON."`
}

// fileLine is one line for scripts, by the columns of files.csv.
type fileLine struct {
	Procedure string      `json:"procedure"`
	Agency    string      `json:"agency"`
	HalfMonth string      `json:"half_month"`
	Handled   json.Number `json:"handled"`
	Late      json.Number `json:"late"`
}

// Run lists the files handled as they are read: a year may have two million lines.
func (c *filesList) Run(ctx context.Context, s *command.Session) error {
	only, err := c.only()
	if err != nil {
		return err
	}
	return c.With(ctx, func(d app.Database) error {
		snap, err := d.Registry.Current(ctx)
		if err != nil {
			return err
		}
		list := bulk.Files(d.Procedures, nowOf(d, s.Now()), only)
		if !c.JSON {
			s.Printf("HALF MONTH  AGENCY  PROCEDURE  HANDLED  LATE\n")
			return list.Rows(ctx, snap, func(cells ...string) error {
				s.Printf("%s  %s  %s  %s  %s\n", cells[2], cells[1], cells[0], cells[3], cells[4])
				return nil
			})
		}
		s.Printf("[")
		between := ""
		err = list.Rows(ctx, snap, func(cells ...string) error {
			line, err := json.Marshal(fileLine{cells[0], cells[1], cells[2], json.Number(cells[3]), json.Number(cells[4])})
			s.Printf("%s%s", between, line)
			between = ",\n"
			return err
		})
		s.Printf("]\n")
		return err
	})
}
