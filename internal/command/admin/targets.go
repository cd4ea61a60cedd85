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
	"sipas/internal/target"
)

// Targets lists targets and changes their list.
type Targets struct {
	targetsHelp

	List   targetsList             `cmd:"" default:"withargs" help:"List them (the default)."`
	Import listImport[targetsHelp] `cmd:"" help:"Add and change them as a spreadsheet says."`
	Export listExport[targetsHelp] `cmd:"" help:"Write them as a spreadsheet that import reads."`
}

// targetsHelp is the longer help of the command and of each part of it.
type targetsHelp struct{}

// list is what import reads and export writes.
func (targetsHelp) list(app.Database, time.Time) bulk.List { return bulk.Targets() }

// Help gives it.
func (targetsHelp) Help() string {
	return `A list is read whole or not at all. A line of the same plan, year, indicator, service field and agency as a target that is kept
is that target, and changes its value; any other adds one, and whatever does not stand in the list stays. Columns:
` + strings.Join(bulk.Targets().Columns, ",") + `.

Example:

  sipas targets list --year 2026 --json
  sipas targets export --format xlsx -o chi-tieu.xlsx
  sipas targets import chi-tieu.xlsx --dry-run --json --language vi`
}

type targetsList struct {
	targetsHelp
	command.Database
	Year int  `placeholder:"YEAR" help:"Only those of this year."`
	JSON bool `name:"json" help:"Print JSON."`
}

// targetLine is one target for scripts, by the columns of targets.csv.
type targetLine struct {
	Plan         string               `json:"plan"`
	Year         int                  `json:"year"`
	Indicator    target.IndicatorKind `json:"indicator"`
	Scope        string               `json:"scope"`
	ServiceField string               `json:"service_field"` // "" unless the indicator is FIELD
	Comparator   target.Comparator    `json:"comparator"`
	Percent      json.Number          `json:"target_percent"`
	Lead         string               `json:"lead_agency"`
	NoteVi       string               `json:"note_vi"`
	NoteEn       string               `json:"note_en"`
	Agency       string               `json:"agency"` // "": the whole province
	CoAgencies   string               `json:"co_agencies"`
}

// Run lists the targets by year.
func (c *targetsList) Run(ctx context.Context, s *command.Session) error {
	return c.With(ctx, func(d app.Database) error {
		snap, err := d.Registry.Current(ctx)
		if err != nil {
			return err
		}
		lines := []targetLine{}
		for _, t := range snap.Targets {
			if c.Year == 0 || t.Year == c.Year {
				office, _ := snap.Tree.Agency(t.AgencyID)
				lines = append(lines, targetLine{
					t.Plan, t.Year, t.Indicator, bulk.ScopeOf(snap, t), t.FieldKey, t.Comparator, json.Number(t.Value()),
					t.LeadAgency, t.Note["vi"], t.Note["en"], office.Code, t.CoAgencies,
				})
			}
		}
		if c.JSON {
			return json.NewEncoder(s.Out).Encode(lines)
		}
		table := tabwriter.NewWriter(s.Out, 0, 0, 2, ' ', 0)
		_, _ = fmt.Fprintln(table, "YEAR\tINDICATOR\tFIELD\tVALUE\tAGENCY\tPLAN") // shows at the flush
		for _, l := range lines {
			_, _ = fmt.Fprintf(table, "%d\t%s\t%s\t%s %s\t%s\t%s\n", l.Year, l.Indicator, l.ServiceField, l.Comparator, l.Percent, l.Agency, command.Cell(l.Plan))
		}
		return table.Flush()
	})
}
