package surveyfile

import (
	"context"
	"fmt"
	"io"

	"sipas/internal/app"
	"sipas/internal/command"
	"sipas/internal/exchange"
)

type surveysExport struct {
	command.Database
	Key     string `arg:"" help:"Which survey."`
	Version int    `placeholder:"N" help:"Which version of it; without it, the newest."`
	Format  string `required:"" enum:"yaml,xlsform,codebook,ddi" placeholder:"yaml|xlsform|codebook|ddi" help:"yaml: a survey file; xlsform: a workbook for KoboToolbox, ODK and others; codebook: what the columns of exported responses mean, as CSV; ddi: the same as DDI-Codebook 2.5."`
	Out     string `short:"o" default:"-" placeholder:"FILE" help:"Where to write; - is the standard output."`
}

// Help is the longer help of the command.
func (surveysExport) Help() string {
	return `The same version always makes the same bytes. A survey file and a workbook, read by "sipas surveys import", are the same survey
again: what XLSForm has no place for stands in the sheet _sipas.

Example:

  sipas surveys export sipas --format xlsform -o sipas.xlsx
  sipas surveys export quay-nhanh --version 1 --format yaml
  sipas surveys export sipas --format ddi -o sipas.xml`
}

// Run writes the version.
func (c *surveysExport) Run(ctx context.Context, s *command.Session) error {
	return c.With(ctx, func(d app.Database) error {
		snap, err := d.Registry.Load(ctx)
		if err != nil {
			return err
		}
		versions := snap.Versions(c.Key)
		if len(versions) == 0 {
			return fmt.Errorf("there is no survey %s: see `sipas surveys`", c.Key)
		}
		v := versions[len(versions)-1]
		if c.Version != 0 {
			v = nil
			for _, one := range versions {
				if one.Number == c.Version {
					v = one
				}
			}
		}
		if v == nil {
			return fmt.Errorf("the survey %s has no version %d: see `sipas surveys`", c.Key, c.Version)
		}
		return s.Write(c.Out, func(w io.Writer) error { return exchange.Write(w, c.Format, v) })
	})
}
