package admin

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"sipas/internal/agency"
	"sipas/internal/app"
	"sipas/internal/bulk"
	"sipas/internal/command"
	"sipas/internal/fault"
	"sipas/internal/registry"
)

// Officials lists who serves at counters, and changes their list and their shifts.
type Officials struct {
	officialsHelp

	List   officialsList             `cmd:"" default:"withargs" help:"List them (the default)."`
	Import listImport[officialsHelp] `cmd:"" help:"Add and change them as a spreadsheet says."`
	Export listExport[officialsHelp] `cmd:"" help:"Write them as a spreadsheet that import reads."`
	Recode officialsRecode           `cmd:"" help:"Replace a lost badge; the one before says that it is out of use."`
	Shifts shifts                    `cmd:"" help:"Who serves at which counter, and when."`
}

// officialsHelp is the longer help of the command and of each part of it.
type officialsHelp struct{}

// list is what import reads and export writes.
func (officialsHelp) list(app.Database, time.Time) bulk.List { return bulk.Officials() }

// Help gives it.
func (officialsHelp) Help() string {
	return `A list is read whole or not at all; a line with the code of an official changes that one, any other adds one with a badge, and
whoever does not stand in it stays. Columns: ` + strings.Join(bulk.Officials().Columns, ",") + `.
Citizens are asked about officials only where the settings say so.

Example:

  sipas officials list --json
  sipas officials import can-bo.xlsx --dry-run --language vi
  sipas officials recode cb-001
  sipas officials shifts export -o ca.csv`
}

// shifts reads and writes who serves where, and when.
type shifts struct {
	shiftsHelp

	Import listImport[shiftsHelp] `cmd:"" help:"Add and change shifts as a spreadsheet says."`
	Export listExport[shiftsHelp] `cmd:"" help:"Write them as a spreadsheet that import reads."`
}

type shiftsHelp struct{}

func (shiftsHelp) list(d app.Database, _ time.Time) bulk.List { return bulk.Shifts(d.Duty) }

// Help gives it.
func (shiftsHelp) Help() string {
	return `A list is read whole or not at all; a line with the official, counter, first day and beginning of a shift changes that one, any
other adds one, and what does not stand in it stays. Columns: ` + strings.Join(bulk.Shifts(nil).Columns, ",") + `.

Example:

  sipas officials shifts export -o ca.csv
  sipas officials shifts import ca.csv --dry-run`
}

type officialsList struct {
	officialsHelp
	command.Database
	JSON bool `name:"json" help:"Print JSON."`
}

// officialLine is one official for scripts, by the columns of officials.csv.
type officialLine struct {
	Code   string      `json:"code"`
	Badge  agency.Code `json:"badge"`
	Name   string      `json:"name"`
	Agency string      `json:"agency"`
	Point  agency.Code `json:"service_point"`
	Login  string      `json:"login"`
	Named  bool        `json:"named"`
	Active bool        `json:"active"`
}

// Run lists the officials by their codes.
func (c *officialsList) Run(ctx context.Context, s *command.Session) error {
	return c.With(ctx, func(d app.Database) error {
		snap, err := d.Registry.Current(ctx)
		if err != nil {
			return err
		}
		lines := make([]officialLine, len(snap.Officials))
		for i, o := range snap.Officials {
			office, _ := snap.Tree.Agency(o.AgencyID)
			p, _ := snap.PointByID(o.PointID)
			lines[i] = officialLine{o.Code, o.Badge, o.Name, office.Code, p.Code, o.Login, o.Named, o.Active}
		}
		if c.JSON {
			return json.NewEncoder(s.Out).Encode(lines)
		}
		table := tabwriter.NewWriter(s.Out, 0, 0, 2, ' ', 0)
		_, _ = fmt.Fprintln(table, "CODE\tBADGE\tAGENCY\tCOUNTER\tNAME") // shows at the flush
		for _, l := range lines {
			_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", l.Code, l.Badge.Grouped(), l.Agency, l.Point.Grouped(), command.Cell(l.Name))
		}
		return table.Flush()
	})
}

type officialsRecode struct {
	officialsHelp
	command.Database
	Code string `arg:"" help:"Code of the official."`
}

// Run gives an official another badge.
func (c *officialsRecode) Run(ctx context.Context, s *command.Session) error {
	return c.With(ctx, func(d app.Database) error {
		snap, err := d.Registry.Current(ctx)
		if err != nil {
			return err
		}
		o, known := snap.Official(c.Code)
		if !known {
			return fmt.Errorf("official %.40q: %w", c.Code, fault.ErrNotFound)
		}
		var badge agency.Code
		err = d.Registry.Change(ctx, command.Operator(), func(change *registry.Change) (err error) {
			badge, err = change.ReplaceBadge(ctx, o.ID)
			return err
		})
		if err == nil {
			s.Printf("%s\n", badge.Grouped())
			s.Notef("%s says from now on that it is out of use; a badge with %s has to be printed", o.Badge.Grouped(), badge.Grouped())
		}
		return err
	})
}
