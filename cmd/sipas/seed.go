package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"sipas/internal/app"
	"sipas/internal/command"
	"sipas/internal/db"
	"sipas/internal/preset"
)

type seedCmd struct {
	command.Database
	command.Calendar
	Preset   string `xor:"what" required:"" placeholder:"NAME" help:"The province."`
	Empty    bool   `xor:"what" required:"" help:"A province of your own, with nothing in it yet."`
	Province string `placeholder:"NAME" help:"Its name, with --empty: \"Lâm Đồng\", \"thành phố Huế\"."`
}

// Help is the longer help of the command.
func (seedCmd) Help() string {
	return fmt.Sprintf(`Puts in a province's agencies, the surveys and a service point for the yearly one. ca-mau, da-nang, lam-dong, phu-tho and tay-ninh
have the departments and communes of today; their counters and targets are yours to add, but for those that earlier releases of
ca-mau and tay-ninh had. Provinces that were merged away in 2025 are seeded as their plans describe them, with targets and a service
point for each agency that has a desk. Counters of agencies that have ended by today are closed. An empty database gets its tables
first. Seeding again changes nothing. There are: %s.

--empty puts in a province's people's committee, the service fields and the surveys; agencies, counters and targets come as
spreadsheets or on the pages.

Examples:

  sipas seed --preset binh-thuan && sipas service-points
  sipas seed --empty --province "Lâm Đồng"`, strings.Join(preset.Keys(), ", "))
}

// Run seeds the database.
func (c *seedCmd) Run(ctx context.Context, s *command.Session) error {
	switch { // before an empty database is made
	case c.Empty != (c.Province != ""):
		return command.UsageError("--empty and --province NAME belong together")
	case !c.Empty && !slices.Contains(preset.Keys(), c.Preset):
		return command.UsageError(fmt.Sprintf("there is no preset %q, only %s", c.Preset, strings.Join(preset.Keys(), ", ")))
	}
	zone, err := c.Zone()
	if err != nil {
		return err
	}
	return c.Unchecked(ctx, func(d app.Database) error {
		if err := prepared(ctx, d.DB); err != nil {
			return err
		}
		of, what := preset.Named(c.Preset), "preset "+c.Preset
		if c.Empty {
			of, what = preset.Empty(c.Province), c.Province
		}
		if err := preset.Apply(ctx, d.Registry, command.Operator(), of, s.Now().In(zone)); err != nil {
			return err
		}
		snap, err := d.Registry.Current(ctx)
		if err != nil {
			return err
		}
		s.Printf("the database holds %s: %d agencies, %d service points\n", what, len(snap.Tree.All()), len(snap.Points))
		return nil
	})
}

// prepared makes the tables of an empty database. One that holds tables of
// another version is not touched: migrating it is for the operator to decide.
func prepared(ctx context.Context, d *db.DB) error {
	err := d.CheckSchema(ctx)
	var wrong *db.SchemaError
	if errors.As(err, &wrong) && wrong.Found == 0 {
		_, err = d.Migrate(ctx)
	}
	return err
}
