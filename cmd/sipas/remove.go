package main

import (
	"context"
	"errors"
	"fmt"

	"sipas/internal/agency"
	"sipas/internal/app"
	"sipas/internal/command"
	"sipas/internal/fault"
	"sipas/internal/store"
)

type removeCmd struct {
	command.Counted
	Receipt string `arg:"" help:"The receipt that the person was given."`
	Point   string `name:"service-point" required:"" placeholder:"CODE" help:"Where it was given."`
}

// Help is the longer help of the command.
func (removeCmd) Help() string {
	return `For a person who asks for it. The figures fall when as many answers as are shown together were removed from the service point, in
the field: a figure that falls by one person would tell what that one had answered. Until then the answers stay in the figures that
they were shown in, or are shown with their group. It needs the --small-cell of the servers. Backups and exports made before still
hold the answers. Sending them again does not bring them back. docs/privacy.md says what stays where.

Example:

  sipas remove-response --service-point 7K3M-Q9TB X2VK-77FK`
}

// Run takes one response out.
func (c *removeCmd) Run(ctx context.Context, s *command.Session) error {
	receipts := agency.ReadCodes(c.Receipt)
	if len(receipts) == 0 {
		return command.UsageError("a receipt has eight letters and digits, such as X2VK-77FK")
	}
	return c.With(ctx, func(d app.Database) error {
		snap, err := d.Registry.Current(ctx)
		if err != nil {
			return err
		}
		point, err := command.PointByCode(snap, c.Point)
		if err != nil {
			return err
		}
		receipt := receipts[0]
		for _, receipt = range receipts {
			if err = d.Store.RemoveResponse(ctx, command.Operator(), s.Now(), point, receipt, snap.Version); !errors.Is(err, fault.ErrNotFound) {
				break
			}
		}
		var traces *store.TracesError
		switch {
		case errors.As(err, &traces) && !errors.Is(err, fault.ErrNotFound):
			s.Printf("the answers with receipt %s are removed\n", receipt.Grouped())
			return fmt.Errorf("%w; run this command again in a while to clear them", traces)
		case errors.As(err, &traces):
			return fmt.Errorf("no answers have this receipt at this service point; %w", traces)
		case errors.Is(err, fault.ErrNotFound):
			return errors.New("no answers have this receipt at this service point")
		case errors.Is(err, fault.ErrConflict):
			return errors.New("two answers have this receipt at this service point; neither was removed")
		case err != nil:
			return err
		}
		s.Printf("the answers with receipt %s are removed\n", receipt.Grouped())
		return nil
	})
}
