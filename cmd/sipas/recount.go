package main

import (
	"context"
	"encoding/json"
	"fmt"

	"sipas/internal/app"
	"sipas/internal/civil"
	"sipas/internal/command"
	"sipas/internal/store"
)

type recountCmd struct {
	command.Counted
	Fix  bool `help:"Replace the tallies where they differ."`
	JSON bool `name:"json" help:"Print JSON."`
}

// Help is the longer help of the command.
func (recountCmd) Help() string {
	return `Ends with 0 only if the tallies were right, or were put right by --fix: what is shown and what waits for its group must together
be what the responses make. No answers are taken while --fix runs; it makes all tallies anew, so answers are in other groups afterwards.
It needs the --small-cell, --tz and --cut-off-days of the servers.

Example:

  sipas recount --json      {"responses":150000,"cells":20480,"drift":0}`
}

// Run recounts, and fails on drift.
func (c *recountCmd) Run(ctx context.Context, s *command.Session) error {
	return c.With(ctx, func(d app.Database) error {
		total, err := d.Store.CountResponses(ctx, civil.Days{})
		if err != nil {
			return err
		}
		snap, err := d.Registry.Current(ctx)
		if err != nil {
			return err
		}
		progress := s.Bar("responses", total)
		var got store.Recounted
		if c.Fix {
			var closing store.Closing
			if closing, err = d.Closing(ctx, s.Now()); err == nil {
				got, err = d.Store.Mend(ctx, command.Operator(), s.Now(), snap.Version, closing, progress.To)
			}
		} else {
			got, err = d.Store.Recount(ctx, snap.Version, progress.To)
		}
		progress.End()
		if err != nil {
			return err
		}
		if c.JSON {
			if err := json.NewEncoder(s.Out).Encode(got); err != nil {
				return err
			}
		} else {
			s.Printf("%d responses, %d cells, %d of them wrong\n", got.Responses, got.Cells, got.Drift)
		}
		switch {
		case got.Drift == 0:
			return nil
		case c.Fix:
			s.Notef("%d cells were put right", got.Drift)
			return nil
		}
		return fmt.Errorf("the tallies drifted from the responses in %d cells: run `sipas recount --fix`", got.Drift)
	})
}
