package command

import (
	"context"
	"errors"
	"time"

	"sipas/internal/app"
	"sipas/internal/civil"
)

// MakeTallies makes the tallies from the responses where an upgrade asks for it.
func MakeTallies(ctx context.Context, s *Session, d app.Database) error {
	if err := d.CheckTallies(ctx); !errors.Is(err, app.ErrTalliesNotMade) {
		return err
	}
	total, err := d.Store.CountResponses(ctx, civil.Days{})
	if err != nil {
		return err
	}
	s.Notef("making the tallies from %d responses", total)
	begun, progress := s.Now(), s.Bar("responses", total)
	_, err = d.MakeTallies(ctx, begun, progress.To)
	progress.End()
	if err == nil {
		s.Notef("the tallies are made; it took %s", s.Now().Sub(begun).Round(time.Millisecond))
	}
	return err
}
