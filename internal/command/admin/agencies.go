// Package admin holds the commands of who looks after the platform, by which
// they keep what its desk in the web keeps: the organisation, surveys, accounts.
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
	"sipas/internal/registry"
)

// Agencies lists agencies, changes their list, sets their hotlines and reforms them.
type Agencies struct {
	agenciesHelp

	List    agenciesList             `cmd:"" default:"withargs" help:"List them (the default)."`
	Hotline agenciesHotline          `cmd:"" help:"Set the telephone number that posters, forms and thanks name."`
	Import  listImport[agenciesHelp] `cmd:"" help:"Add and change them as a spreadsheet says."`
	Export  listExport[agenciesHelp] `cmd:"" help:"Write them as a spreadsheet that import reads."`

	Merge    agenciesMerge    `cmd:"" help:"Make agencies part of another."`
	Split    agenciesSplit    `cmd:"" help:"Divide an agency among several."`
	Dissolve agenciesDissolve `cmd:"" help:"End an agency."`
	Reforms  agenciesReforms  `cmd:"" help:"List mergers, splits and dissolutions."`
	Undo     agenciesUndo     `cmd:"" help:"Undo one while nothing was built on it."`
}

// agenciesHelp is the longer help of the command and of each part of it.
type agenciesHelp struct{}

// list is what import reads and export writes.
func (agenciesHelp) list(app.Database, time.Time) bulk.List { return bulk.Agencies() }

// Help gives it.
func (agenciesHelp) Help() string {
	return `An agency without a hotline has that of the nearest agency above it. A list is read whole or not at all; a line with the
code of an agency changes that one, any other adds one, and whoever does not stand in it stays. Columns:
` + strings.Join(bulk.Agencies().Columns, ",") + `; days are half-open: valid_to is the first day without the agency.

Example:

  sipas agencies list --json
  sipas agencies hotline so-xay-dung "1900 1234"
  sipas agencies hotline so-xay-dung ""            has that of the agency above again
  sipas agencies export -o co-quan.csv
  sipas agencies import co-quan.xlsx --dry-run --json --language vi`
}

type agenciesList struct {
	agenciesHelp
	command.Database
	JSON bool `name:"json" help:"Print JSON."`
}

// agencyLine is one agency for scripts.
type agencyLine struct {
	Code      string      `json:"code"`
	Name      agency.Text `json:"name"`
	Kind      agency.Kind `json:"kind"`
	Parent    string      `json:"parent"`     // "" at the top
	ValidFrom string      `json:"valid_from"` // civil days, half-open; "" is unbounded
	ValidTo   string      `json:"valid_to"`
	Hotline   string      `json:"hotline"` // its own; "": that of the agency above
}

// Run lists the agencies, parents and siblings in their order.
func (c *agenciesList) Run(ctx context.Context, s *command.Session) error {
	return c.With(ctx, func(d app.Database) error {
		snap, err := d.Registry.Current(ctx)
		if err != nil {
			return err
		}
		agencies := command.ListedAgencies(snap.Tree)
		above := func(a agency.Agency) string {
			parent, _ := snap.Tree.Agency(a.ParentID)
			return parent.Code
		}
		if c.JSON {
			lines := make([]agencyLine, len(agencies))
			for i, a := range agencies {
				lines[i] = agencyLine{a.Code, a.Name, a.Kind, above(a), a.ValidFrom, a.ValidTo, a.Hotline}
			}
			return json.NewEncoder(s.Out).Encode(lines)
		}
		table := tabwriter.NewWriter(s.Out, 0, 0, 2, ' ', 0)
		_, _ = fmt.Fprintln(table, "CODE\tKIND\tABOVE\tHOTLINE\tNAME") // shows at the flush
		for _, a := range agencies {
			number := a.Hotline
			if number == "" {
				if number = snap.Tree.Hotline(a.ID); number != "" {
					number = "(" + number + ")"
				}
			}
			_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", a.Code, a.Kind, above(a), number, command.Cell(a.Name.In("vi")))
		}
		return table.Flush()
	})
}

type agenciesHotline struct {
	agenciesHelp
	command.Database
	Code   string `arg:"" help:"Code of the agency."`
	Number string `arg:"" help:"One telephone number; \"\" takes it away."`
}

// Run sets the hotline of an agency.
func (c *agenciesHotline) Run(ctx context.Context, s *command.Session) error {
	number, ok := agency.ParseHotline(c.Number)
	switch {
	case !ok:
		return command.UsageError(fmt.Sprintf("%q is no telephone number: want 3 to 15 digits with blanks, + ( ) . and -, at most %d characters", c.Number, agency.MaxHotline))
	case c.Code == "": // an empty variable of a script must not mean everything
		return command.UsageError("the code of the agency is empty")
	}
	return c.With(ctx, func(d app.Database) error {
		snap, err := d.Registry.Current(ctx)
		if err != nil {
			return err
		}
		agency, err := command.AgencyByCode(snap, c.Code)
		if err != nil {
			return err
		}
		err = d.Registry.Change(ctx, command.Operator(), func(c *registry.Change) error { return c.SetHotline(ctx, agency.ID, number) })
		if err != nil {
			return err
		}
		if number == "" {
			s.Printf("%s has no hotline of its own\n", agency.Code)
			return nil
		}
		s.Printf("the hotline of %s is %s; posters printed before do not say so\n", agency.Code, number)
		return nil
	})
}
