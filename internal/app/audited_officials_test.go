package app_test

import (
	"context"
	"time"

	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/duty"
	"sipas/internal/registry"
)

// officialChanges are those of who serves at counters.
func officialChanges() []change {
	shift := func(s *scene, o agency.Official, id int64, to duty.Minute) duty.Shift {
		return duty.Shift{ID: id, OfficialID: o.ID, PointID: s.point.ID, FirstDay: "2025-11-03", Weekdays: duty.Working, From: 450, To: to}
	}
	names := func(s *scene, o agency.Official) duty.Names {
		return func(duty.Shift) (string, agency.Code) { return o.Code, s.point.Code }
	}
	board := func(s *scene) *duty.Board {
		return duty.New(s.DB, duty.Options{Now: auditClock, Zone: time.UTC})
	}
	return []change{
		inRegistry("officials.AddOfficials", "official.add official/cb-1", func(ctx context.Context, s *scene, c *registry.Change) error {
			return c.AddOfficials(ctx, []agency.Official{{Code: "cb-1", AgencyID: s.point.AgencyID, Name: "Công chức một", Active: true}})
		}),
		ofOfficial("registry.officials.UpdateOfficials", "official.update official/cb-1", func(ctx context.Context, _ *scene, c *registry.Change, o agency.Official) error {
			o.Named = true
			return c.UpdateOfficials(ctx, []agency.Official{o})
		}),
		ofOfficial("registry.officials.ReplaceBadge", "official.replace-badge official/cb-1", func(ctx context.Context, _ *scene, c *registry.Change, o agency.Official) error {
			_, err := c.ReplaceBadge(ctx, o.ID)
			return err
		}),
		ofOfficial("duty.Keep", "shift.add official/cb-1", func(ctx context.Context, s *scene, c *registry.Change, o agency.Official) error {
			return duty.Keep(ctx, c.Tx(), c.Entry, []duty.Shift{shift(s, o, 0, 690)}, names(s, o))
		}),
		ofOfficial("duty.Keep", "shift.update official/cb-1", func(ctx context.Context, s *scene, c *registry.Change, o agency.Official) error {
			all, err := duty.Shifts(ctx, c.Tx())
			if err != nil {
				return err
			}
			return duty.Keep(ctx, c.Tx(), c.Entry, []duty.Shift{shift(s, o, all[0].ID, 700)}, names(s, o))
		}),
		ofOfficial("duty.Remove", "shift.remove official/cb-1", func(ctx context.Context, s *scene, c *registry.Change, o agency.Official) error {
			all, err := duty.Shifts(ctx, c.Tx())
			if err != nil {
				return err
			}
			return duty.Remove(ctx, c.Tx(), c.Entry, o.ID, all[0].ID, names(s, o))
		}),
		{"duty.Board.Serve", []string{"serving.set serving/POINT"}, func(ctx context.Context, s *scene, by audit.Author) error {
			snap, err := s.Registry.Load(ctx)
			if err != nil {
				return err
			}
			return board(s).Serve(ctx, by, s.point, snap.Officials[0])
		}},
	}
}

// ofOfficial is a change of the official who is kept.
func ofOfficial(name, entry string, do func(context.Context, *scene, *registry.Change, agency.Official) error) change {
	return change{name, []string{entry}, func(ctx context.Context, s *scene, by audit.Author) error {
		return s.Registry.Change(ctx, by, func(c *registry.Change) error {
			snap, err := c.Now(ctx)
			if err != nil {
				return err
			}
			return do(ctx, s, c, snap.Officials[0])
		})
	}}
}
