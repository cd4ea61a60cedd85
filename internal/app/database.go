package app

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"sipas/internal/audit"
	"sipas/internal/auth"
	"sipas/internal/config"
	"sipas/internal/db"
	"sipas/internal/jobs"
	"sipas/internal/publication"
	"sipas/internal/registry"
	"sipas/internal/store"
)

// Database is an open database with those who keep its tables.
type Database struct {
	*db.DB
	Registry *registry.Registry
	Store    *store.Store
}

// OpenDatabase opens the database of a configuration and refuses a schema that
// is not the program's.
func OpenDatabase(ctx context.Context, cfg config.Config, log *slog.Logger) (Database, error) {
	d, err := OpenAnyDatabase(ctx, cfg, log)
	if err != nil {
		return Database{}, err
	}
	if err := d.CheckSchema(ctx); err != nil {
		return Database{}, errors.Join(err, d.Close())
	}
	return d, nil
}

// OpenAnyDatabase is OpenDatabase for those who change the schema.
func OpenAnyDatabase(ctx context.Context, cfg config.Config, log *slog.Logger) (Database, error) {
	d, err := db.Open(ctx, cfg.DatabaseURL)
	if err != nil {
		return Database{}, err
	}
	return Database{d, registry.New(d, registry.Options{Now: time.Now, Log: log}), store.New(d)}, nil
}

// Tables are all that a backup holds, in the order in which rows may be
// inserted. Sessions are left out, everybody signs in again, and so are the place
// where readiness is tried, the revision, and the migration tool's own table,
// whose number stands in the backup's header.
func Tables() []db.Table {
	return slices.Concat(registry.Tables(), store.Tables(), auth.Tables(), publication.Tables(), audit.Tables(), jobs.Tables())
}
