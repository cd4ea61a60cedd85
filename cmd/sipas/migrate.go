package main

import (
	"context"
	"errors"

	"sipas/internal/store"
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
	return c.unchecked(ctx, func(st *store.Store) error {
		n, err := st.Migrate(ctx)
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
	return c.unchecked(ctx, func(st *store.Store) error {
		all, err := st.Migrations(ctx)
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
		return st.CheckSchema(ctx)
	})
}

// unchecked opens the database whatever its schema is, and makes the file of one
// that is not there.
func (d database) unchecked(ctx context.Context, work func(*store.Store) error) error {
	st, err := store.Open(ctx, d.DatabaseURL)
	if err != nil {
		return err
	}
	return errors.Join(work(st), st.Close())
}
