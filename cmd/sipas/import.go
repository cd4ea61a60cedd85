package main

import (
	"context"
	"errors"
	"path/filepath"

	"sipas/internal/app"
	"sipas/internal/audit"
	"sipas/internal/command"
	"sipas/internal/db"
	"sipas/internal/export"
	"sipas/internal/intake"
)

type importCmd struct {
	command.Counted
	Rows   string `arg:"" name:"file" help:"Lines of JSON as export writes them; - is the standard input."`
	DryRun bool   `help:"Check every line and keep nothing."`
}

// Help is the longer help of the command.
func (importCmd) Help() string {
	return `Each line goes through the rules for citizens' answers. A line that is refused is told with its number and keeps no other
out; then the command ends with 1. The service points must exist, with the same codes, and be open.

Responses that are there already are left alone, so a file may be imported again. But exports never hold free texts: in
the database that they were exported from, responses that came with one are refused, for they cannot be told from others;
nothing is changed by that. Files made with export --no-ids cannot be imported.

Answers are shown in groups, as new ones are: --small-cell, --show and --cut-off-days must be those of the servers. What is in no
group at the end of its half month is put together as it would have been then.

Example:

  sipas import --dry-run 2025.jsonl && sipas import 2025.jsonl`
}

// mostToldLines is how many refused lines are told one by one.
const mostToldLines = 100

// Run imports.
func (c *importCmd) Run(ctx context.Context, s *command.Session) error {
	zone, err := c.Zone()
	if err != nil {
		return err
	}
	in, err := s.Read(c.Rows)
	if err != nil {
		return err
	}
	defer in.Close()
	return c.With(ctx, func(d app.Database) (err error) {
		door := intake.New(d.Registry, d.Store, intake.Options{Now: s.Now, Zone: zone, Log: command.Quiet()})
		defer func() { err = errors.Join(err, door.Close(context.WithoutCancel(ctx))) }()
		if err := c.note(ctx, s, d, nil); err != nil {
			return err
		}
		progress := s.Bar("lines", 0)
		told, used, nameless := 0, 0, 0
		got, err := export.Import(ctx, door, d.Registry, in, export.ImportOptions{
			Zone: zone, Now: s.Now, DryRun: c.DryRun, Progress: progress.To,
			Failed: func(line int, err error) {
				switch {
				case errors.Is(err, export.ErrUsed):
					used++
				case errors.Is(err, export.ErrNoID):
					if nameless++; nameless > 1 {
						return // once is enough
					}
				}
				if told++; told <= mostToldLines {
					progress.End()
					s.Notef("line %d: %s", line, command.Explain(err))
				}
			},
		})
		progress.End()
		err = errors.Join(err, c.close(context.WithoutCancel(ctx), s, d), c.note(context.WithoutCancel(ctx), s, d, &got))
		if told > mostToldLines {
			s.Notef("and %d more", told-mostToldLines)
		}
		word := "kept"
		if c.DryRun {
			word = "good"
		}
		s.Printf("%d lines: %d %s, %d there already, %d refused\n", got.Lines, got.Kept, word, got.Known, got.Failed)
		if nameless > 0 {
			s.Notef("%d of the refused have no id", nameless)
		}
		if used > 0 {
			s.Notef("%d of the refused have the id of a response that is there with a free text or with other answers; it was not changed", used)
		}
		if err == nil && got.Failed > 0 {
			return command.ErrSaid
		}
		return err
	})
}

// close closes the half months that answers came to after their end.
func (c *importCmd) close(ctx context.Context, s *command.Session, d app.Database) error {
	if c.DryRun {
		return nil
	}
	closing, err := d.Closing(ctx, s.Now())
	if err != nil {
		return err
	}
	_, err = d.Store.Close(ctx, closing)
	return err
}

// note writes an entry of the audit: before the first line is kept, so that it is
// there however the import ends, and what became of the lines afterwards.
func (c *importCmd) note(ctx context.Context, s *command.Session, d app.Database, got *export.Imported) error {
	if c.DryRun {
		return nil
	}
	entry := audit.Entry{At: s.Now(), Author: command.Operator(), Action: "responses.import", Subject: filepath.Base(c.Rows)}
	if got != nil {
		entry.Action = "responses.import-end"
		entry.After = map[string]int64{"lines": got.Lines, "kept": got.Kept, "known": got.Known, "refused": got.Failed}
	}
	return d.Change(ctx, func(tx *db.Tx) error { return audit.Append(ctx, tx, entry) })
}
