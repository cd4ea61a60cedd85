package main

import (
	"context"
	"errors"

	"sipas/internal/app"
	"sipas/internal/config"
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
	return `Example:

  sipas migrate up --database-url sqlite:sipas.db`
}

type migrateUpCmd struct {
	migrateHelp
	database
}

// Run brings the database to the program's schema.
func (c *migrateUpCmd) Run(ctx context.Context, s *session) error {
	return c.unchecked(ctx, func(d app.Database) error {
		n, err := d.Migrate(ctx)
		if err == nil {
			s.printf("%d migrations applied; the database is up to date\n", n)
		}
		return err
	})
}

type migrateStatusCmd struct {
	migrateHelp
	database
}

// Run fails if a migration is missing.
func (c *migrateStatusCmd) Run(ctx context.Context, s *session) error {
	if err := c.there(); err != nil {
		return err
	}
	return c.unchecked(ctx, func(d app.Database) error {
		all, err := d.Migrations(ctx)
		if err != nil {
			return err
		}
		for _, m := range all {
			state := "missing"
			if m.Applied {
				state = "applied"
			}
			s.printf("%-8s %s\n", state, m.Name)
		}
		return d.CheckSchema(ctx)
	})
}

// unchecked opens the database whatever its schema is, and makes the file of one
// that is not there.
func (d database) unchecked(ctx context.Context, work func(app.Database) error) error {
	opened, err := app.OpenAnyDatabase(ctx, config.Config{DatabaseURL: d.DatabaseURL}, quiet())
	if err != nil {
		return err
	}
	return errors.Join(work(opened), opened.Close())
}
