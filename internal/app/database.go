package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"sipas/internal/arrival"
	"sipas/internal/audit"
	"sipas/internal/auth"
	"sipas/internal/campaign"
	"sipas/internal/civil"
	"sipas/internal/config"
	"sipas/internal/db"
	"sipas/internal/duty"
	"sipas/internal/entry"
	"sipas/internal/freetext"
	"sipas/internal/jobs"
	"sipas/internal/procedure"
	"sipas/internal/publication"
	"sipas/internal/published"
	"sipas/internal/reform"
	"sipas/internal/registry"
	"sipas/internal/store"
	"sipas/internal/studio"
)

// Database is an open database with those who keep its tables.
type Database struct {
	*db.DB
	Registry   *registry.Registry
	Procedures *procedure.Catalogue
	Store      *store.Store
	Duty       *duty.Board

	zone *time.Location
}

// OpenDatabase opens the database of a configuration and refuses a schema that
// is not the program's, and tallies that an upgrade has not made yet.
func OpenDatabase(ctx context.Context, cfg config.Config, log *slog.Logger) (Database, error) {
	d, err := OpenAnyDatabase(ctx, cfg, log)
	if err != nil {
		return Database{}, err
	}
	if err := d.CheckSchema(ctx); err != nil {
		return Database{}, errors.Join(err, d.Close())
	}
	if err := d.CheckTallies(ctx); err != nil {
		return Database{}, errors.Join(err, d.Close())
	}
	return d, nil
}

// OpenAnyDatabase is OpenDatabase for those who change the schema.
func OpenAnyDatabase(ctx context.Context, cfg config.Config, log *slog.Logger) (Database, error) {
	zone, err := cfg.Location()
	if err != nil {
		return Database{}, fmt.Errorf("time zone: %w", err)
	}
	d, err := db.Open(ctx, cfg.DatabaseURL)
	if err != nil {
		return Database{}, err
	}
	reg := registry.New(d, registry.Options{Now: time.Now, Log: log, Given: cfg.Given()})
	return Database{
		DB: d, Registry: reg, Procedures: procedure.New(d), Store: store.New(d, store.Options{K: reg.SmallCell, Daily: cfg.Show == config.ShowDaily, Zone: zone}), Duty: duty.New(d, duty.Options{Now: time.Now, Zone: zone, Log: log}), zone: zone,
	}, nil
}

// ErrTalliesNotMade says that an upgrade was not finished.
var ErrTalliesNotMade = errors.New("the tallies are not made from the responses yet: run `sipas migrate up`")

// CheckTallies returns ErrTalliesNotMade while figures would be wrong.
func (d Database) CheckTallies(ctx context.Context) error {
	made, err := d.Store.Made(ctx)
	if err == nil && !made {
		err = ErrTalliesNotMade
	}
	return err
}

// Closing says, as of a moment, which half months are over, and how what waits in
// them goes on.
func (d Database) Closing(ctx context.Context, at time.Time) (store.Closing, error) {
	snap, err := d.Registry.Current(ctx)
	if err != nil {
		return store.Closing{}, err
	}
	return store.Closing{Now: d.HalfMonth(at), Ends: snap.Settings.CutOffs.Ends, Over: snap.Campaigns.EndingIn, Tree: snap.Tree}, nil
}

// HalfMonth is the half month of a moment, at the place.
func (d Database) HalfMonth(at time.Time) civil.HalfMonth {
	return civil.HalfMonthOf(at.In(d.zone).Format(time.DateOnly))
}

// MakeTallies makes them from the responses if an upgrade asks for it, and tells
// whether it did. Cut short, it has done nothing, and may be called again.
func (d Database) MakeTallies(ctx context.Context, at time.Time, progress func(int64)) (made bool, err error) {
	if err := d.CheckTallies(ctx); !errors.Is(err, ErrTalliesNotMade) {
		return false, err
	}
	snap, err := d.Registry.Current(ctx)
	if err != nil {
		return false, err
	}
	closing, err := d.Closing(ctx, at)
	if err != nil {
		return false, err
	}
	return d.Store.Remake(ctx, snap.Version, closing, progress)
}

// Tables are all that a backup holds, in the order in which rows may be
// inserted. Sessions are left out, everybody signs in again, and so are orders of
// posters, which are there for a day, the place where readiness is tried, the
// revisions, whether the tallies are made (no backup is written before), and the
// migration tool's own table, whose number stands in the backup's header.
func Tables() []db.Table {
	return slices.Concat(registry.Tables(), campaign.Tables(), procedure.Tables(), duty.Tables(), studio.Tables(), store.Tables(), freetext.Tables(), entry.Tables(), arrival.Tables(), auth.Tables(), publication.Tables(), published.Tables(), reform.Tables(), audit.Tables(), jobs.Tables())
}
