package main

import (
	"context"

	"sipas/internal/app"
	"sipas/internal/command"
)

type migrateCmd struct {
	migrateHelp

	Up     migrateUpCmd     `cmd:"" help:"Apply every migration that is missing."`
	Status migrateStatusCmd `cmd:"" help:"List the migrations and whether they are applied."`
}

// migrateHelp is the longer help of the command and of each part of it.
type migrateHelp struct{}

// Help gives it.
func (migrateHelp) Help() string {
	return `up also makes the tallies again from the responses where a new version of the program holds them in another way. It takes some
minutes for millions of responses; cut short, it is done anew by the next migrate up, and no server starts before. Tallies depend
on --tz, --small-cell and --cut-off-days: they must be those of the servers.

Example:

  sipas migrate up --database-url sqlite:sipas.db`
}

type migrateUpCmd struct {
	migrateHelp
	command.Counted
}

// Run brings the database to the program's schema, and its tallies to what the
// program counts.
func (c *migrateUpCmd) Run(ctx context.Context, s *command.Session) error {
	return c.Unchecked(ctx, func(d app.Database) error {
		n, err := d.Migrate(ctx)
		if err != nil {
			return err
		}
		if err := command.MakeTallies(ctx, s, d); err != nil {
			return err
		}
		s.Printf("%d migrations applied; the database is up to date\n", n)
		return nil
	})
}

type migrateStatusCmd struct {
	migrateHelp
	command.Database
}

// Run fails if a migration is missing.
func (c *migrateStatusCmd) Run(ctx context.Context, s *command.Session) error {
	if err := c.There(); err != nil {
		return err
	}
	return c.Unchecked(ctx, func(d app.Database) error {
		all, err := d.Migrations(ctx)
		if err != nil {
			return err
		}
		for _, m := range all {
			state := "missing"
			if m.Applied {
				state = "applied"
			}
			s.Printf("%-8s %s\n", state, m.Name)
		}
		if err := d.CheckSchema(ctx); err != nil {
			return err
		}
		return d.CheckTallies(ctx)
	})
}
