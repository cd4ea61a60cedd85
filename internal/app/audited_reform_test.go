package app_test

import (
	"context"
	"time"

	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/auth"
	"sipas/internal/db"
	"sipas/internal/reform"
	"sipas/internal/registry"
)

func (s *scene) reforms() *reform.Reforms {
	return reform.New(s.DB, s.Registry, s.Auth, reform.Options{Now: auditClock, Zone: time.UTC})
}

// reforms are the changes of which agencies there are, after all others.
func reforms() []change {
	return []change{
		inRegistry("RemoveSuccession", "succession.remove agency/ubnd-tinh", func(ctx context.Context, s *scene, c *registry.Change) error {
			return c.RemoveSuccession(ctx, agency.Succession{FromID: s.top().ID, ToID: s.point.AgencyID, Day: "2025-07-01", Share: 10000})
		}),
		inRegistry("RemoveAgency", "agency.remove agency/so-moi", func(ctx context.Context, s *scene, c *registry.Change) error {
			a, _ := s.snap.Tree.ByCode("so-moi")
			return c.RemoveAgency(ctx, a.ID)
		}),
		{"auth.Auth.Rescope", []string{"user.change user/minh"}, ofMinh(func(ctx context.Context, s *scene, by audit.Author, u auth.User) error {
			return s.DB.Change(ctx, func(tx *db.Tx) error { return s.Rescope(ctx, tx, by, auth.Holder{ID: u.ID}, s.point.AgencyID) })
		})},
		{"reform.Reforms.Apply", nil, func(ctx context.Context, s *scene, by audit.Author) error {
			owner, _ := s.snap.Tree.Agency(s.point.AgencyID)
			plan, err := s.reforms().Plan(ctx, s.snap, reform.Asked{
				Kind: reform.Merge, From: []string{owner.Code}, Into: []reform.Successor{{Code: "so-hai", Name: agency.Text{"vi": "Sở Hai"}}}, Day: "2025-07-01",
			})
			if err != nil {
				return err
			}
			_, err = s.reforms().Apply(ctx, by, plan)
			return err
		}},
		{"reform.Reforms.Undo", nil, func(ctx context.Context, s *scene, by audit.Author) error {
			all, err := s.reforms().All(ctx)
			if err != nil {
				return err
			}
			return s.reforms().Undo(ctx, by, all[0].ID)
		}},
	}
}
