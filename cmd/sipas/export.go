package main

import (
	"context"
	"errors"
	"io"

	"sipas/internal/app"
	"sipas/internal/command"
	"sipas/internal/export"
)

type exportCmd struct {
	command.Database
	command.Calendar
	Format string `required:"" enum:"jsonl,csv" placeholder:"jsonl|csv" help:"jsonl: a line of JSON for each response; csv: for spreadsheets."`
	Out    string `default:"-" placeholder:"FILE" help:"Where to write; - is the standard output."`
	stretch
	Times string `default:"half-month" enum:"half-month,hour" placeholder:"half-month|hour" help:"What is told of the time: the half month (days 1-14, 15-end; the default), or the day and hour, for your own statisticians."`
	NoIDs bool   `name:"no-ids" help:"Leave the ids out, for files that leave the house. They cannot be imported."`
}

// Help is the longer help of the command.
func (exportCmd) Help() string {
	return `Free texts and receipts are never written. Day and time are the first of the half month, if not asked for the hour; the order
of the rows is drawn anew each time. An id tells nothing; it lets import know a response again, and is the same in every
file of this database, so two files can be compared. A file that is published should be made with --no-ids; it cannot be
imported. Nor can csv. Files with hours are for the province's own statisticians: see docs/privacy.md.

Example:

  sipas export --format jsonl --from 2025-01-01 --to 2025-12-31 --out 2025.jsonl
  sipas export --format csv --no-ids --year 2026 --period Q1 --calendar report --out quy-1.csv`
}

// Run writes the responses.
func (c *exportCmd) Run(ctx context.Context, s *command.Session) error {
	days, err := c.days()
	if err != nil {
		return command.UsageError(err.Error())
	}
	zone, err := c.Zone()
	if err != nil {
		return err
	}
	return c.With(ctx, func(d app.Database) error {
		o := export.Options{Days: days, Zone: zone, Hours: c.Times == "hour", WithoutIDs: c.NoIDs}
		total, err := d.Store.CountResponses(ctx, o.Days)
		if err != nil {
			return err
		}
		progress := s.Bar("responses", total)
		o.Progress = progress.To
		written := int64(0)
		err = s.Write(c.Out, func(w io.Writer) error {
			if c.Format == "csv" {
				written, err = export.CSV(ctx, w, d.Registry, d.Store, o)
			} else {
				written, err = export.JSONL(ctx, w, d.Registry, d.Store, o)
			}
			return err
		})
		progress.End()
		if errors.Is(err, export.ErrDays) {
			return command.UsageError(err.Error() + "; give whole half months, or --times hour")
		}
		if err == nil && c.Out != "-" {
			s.Notef("%d responses written to %s", written, c.Out)
		}
		return err
	})
}
