package admin

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"sipas/internal/app"
	"sipas/internal/bulk"
	"sipas/internal/command"
)

// Procedures lists administrative procedures and changes their list.
type Procedures struct {
	proceduresHelp

	List   proceduresList             `cmd:"" default:"withargs" help:"List them (the default)."`
	Import listImport[proceduresHelp] `cmd:"" help:"Add and change them as a spreadsheet says."`
	Export listExport[proceduresHelp] `cmd:"" help:"Write them as a spreadsheet that import reads."`
}

// proceduresHelp is the longer help of the command and of each part of it.
type proceduresHelp struct{}

// list is what import reads and export writes.
func (proceduresHelp) list(d app.Database, _ time.Time) bulk.List {
	return bulk.Procedures(d.Procedures)
}

// Help gives it.
func (proceduresHelp) Help() string {
	return `A list is read whole or not at all; a line with the code of a procedure changes that one, any other adds one, and whatever does
not stand in the list stays. 1.004227 and 1.004227.000.00.00.H08 are one procedure. Columns:
` + strings.Join(bulk.Procedures(nil).Columns, ",") + `.

Example:

  sipas procedures list --json
  sipas procedures export --format xlsx -o thu-tuc.xlsx
  sipas procedures import thu-tuc.xlsx --dry-run --language vi`
}

type proceduresList struct {
	proceduresHelp
	command.Database
	JSON bool `name:"json" help:"Print JSON."`
}

// procedureLine is one procedure for scripts, by the columns of procedures.csv.
type procedureLine struct {
	Code   string `json:"code"`
	NameVi string `json:"name_vi"`
	NameEn string `json:"name_en"`
	Field  string `json:"field"`
}

// Run lists the procedures by their codes.
func (c *proceduresList) Run(ctx context.Context, s *command.Session) error {
	return c.With(ctx, func(d app.Database) error {
		snap, err := d.Registry.Current(ctx)
		if err != nil {
			return err
		}
		lines := []procedureLine{}
		err = c.list(d, s.Now()).Rows(ctx, snap, func(cells ...string) error {
			lines = append(lines, procedureLine{cells[0], cells[1], cells[2], cells[3]})
			return nil
		})
		if err != nil {
			return err
		}
		if c.JSON {
			return json.NewEncoder(s.Out).Encode(lines)
		}
		table := tabwriter.NewWriter(s.Out, 0, 0, 2, ' ', 0)
		_, _ = fmt.Fprintln(table, "CODE\tFIELD\tNAME") // shows at the flush
		for _, l := range lines {
			_, _ = fmt.Fprintf(table, "%s\t%s\t%s\n", l.Code, l.Field, command.Cell(l.NameVi))
		}
		return table.Flush()
	})
}
