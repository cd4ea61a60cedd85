package surveyfile

import (
	"context"
	"fmt"
	"io"
	"slices"

	"sipas/internal/app"
	"sipas/internal/command"
	"sipas/internal/exchange"
	"sipas/internal/export"
	"sipas/internal/paper"
	"sipas/internal/registry"
	"sipas/internal/survey"
)

type surveysExport struct {
	command.Database
	command.Address
	command.Lettering
	Key      string `arg:"" help:"Which survey."`
	Version  int    `placeholder:"N" help:"Which version of it; without it, the newest."`
	Format   string `required:"" enum:"yaml,xlsform,codebook,ddi,spss,paper" placeholder:"yaml|xlsform|codebook|ddi|spss|paper" help:"yaml: a survey file; xlsform: a workbook for KoboToolbox, ODK and others; codebook: what the columns of exported responses mean, as CSV; ddi: the same as DDI-Codebook 2.5; spss: the commands by which SPSS or PSPP reads exported responses with labels; paper: the sheet to fill in with a pen, as PDF."`
	Language string `placeholder:"LANGUAGE" help:"Of a sheet of paper, or of the labels for SPSS; without it, the survey's first."`
	Point    string `placeholder:"CODE" help:"The service point that a sheet of paper is of; without it, any."`
	Data     string `default:"responses.csv" placeholder:"FILE" help:"For SPSS: how the file of responses is called, as made by sipas export --format csv."`
	Out      string `short:"o" default:"-" placeholder:"FILE" help:"Where to write; - is the standard output."`
}

// Help is the longer help of the command.
func (surveysExport) Help() string {
	return `The same version always makes the same bytes. A survey file and a workbook, read by "sipas surveys import", are the same survey
again: what XLSForm has no place for stands in the sheet _sipas.

Example:

  sipas surveys export sipas --format xlsform -o sipas.xlsx
  sipas surveys export quay-nhanh --version 1 --format yaml
  sipas surveys export sipas --format ddi -o sipas.xml
  sipas surveys export sipas --format spss --data 2026.csv -o sipas.sps
  sipas surveys export sipas --format paper --language vi --point 7K3MQ9TD --public-url https://danhgia.example.vn -o phieu.pdf`
}

// Run writes the version.
func (c *surveysExport) Run(ctx context.Context, s *command.Session) error {
	return c.With(ctx, func(d app.Database) error {
		snap, err := d.Registry.Load(ctx)
		if err != nil {
			return err
		}
		v, err := versionOf(snap, c.Key, c.Version)
		if err != nil {
			return err
		}
		language := c.Language
		if language == "" {
			language = v.Definition.Languages[0]
		}
		switch {
		case c.Format == "paper":
			return c.print(s, snap, v, language)
		case c.Point != "":
			return command.UsageError("--point is for sheets of paper")
		case c.Format == "spss":
			if !slices.Contains(v.Definition.Languages, language) {
				return fmt.Errorf("%w: %q", paper.ErrLanguage, language)
			}
			return s.Write(c.Out, func(w io.Writer) error { return exchange.SPSS(w, v, export.Columns(snap), c.Data, language) })
		case c.Language != "":
			return command.UsageError("--language is for sheets of paper and for SPSS")
		}
		return s.Write(c.Out, func(w io.Writer) error { return exchange.Write(w, c.Format, v) })
	})
}

// versionOf is a version of a published survey, the newest where none is named.
func versionOf(snap *registry.Snapshot, key string, number int) (*survey.Version, error) {
	versions := snap.Versions(key)
	if len(versions) == 0 {
		return nil, fmt.Errorf("there is no survey %s: see `sipas surveys`", key)
	}
	if number == 0 {
		return versions[len(versions)-1], nil
	}
	for _, one := range versions {
		if one.Number == number {
			return one, nil
		}
	}
	return nil, fmt.Errorf("the survey %s has no version %d: see `sipas surveys`", key, number)
}

// print writes the sheet of paper.
func (c *surveysExport) print(s *command.Session, snap *registry.Snapshot, v *survey.Version, language string) (err error) {
	form := paper.Form{Version: v, Language: language, Made: s.Now(), Fonts: c.Set(), Notice: paper.NoticeOf(snap)}
	if form.Words, err = command.Texts(form.Language); err != nil {
		return err
	}
	if c.Point != "" {
		point, err := command.PointByCode(snap, c.Point)
		if err != nil {
			return err
		}
		form.Counter = paper.CounterOf(snap, point, c.Base(), form.Language)
		if c.PublicURL == "" {
			s.Notef("nobody else can reach %s: print sheets with --public-url", c.Base())
		}
	}
	return s.Write(c.Out, func(w io.Writer) error { return paper.Write(w, form) })
}
