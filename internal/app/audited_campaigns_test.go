package app_test

import (
	"context"

	"sipas/internal/agency"
	"sipas/internal/campaign"
	"sipas/internal/campaign/asked"
	"sipas/internal/registry"
)

// campaignChanges are the changes of campaigns, of which the scene has two.
func campaignChanges() []change {
	now := campaign.Moment{At: auditDay, Day: "2025-11-20"}
	named := func(s *scene, first string) asked.Campaign {
		return asked.Campaign{NameVi: "Đợt", FirstDay: first, LastDay: "2025-12-31", Version: s.point.SurveyKey, Points: []string{string(s.point.Code)}}
	}
	return []change{
		ofChange("asked.Put", "campaign.add campaign/N", func(ctx context.Context, s *scene, c *registry.Change) error {
			_, err := asked.Put(ctx, c, campaign.Campaign{
				Name: agency.Text{"vi": "Đợt"}, FirstDay: "2025-11-20", LastDay: "2025-12-31", VersionID: s.snap.Newest(s.point.SurveyKey).ID,
			}, now)
			return err
		}),
		ofChange("asked.Campaign.Keep", "campaign.add campaign/N", func(ctx context.Context, s *scene, c *registry.Change) error {
			_, err := named(s, "2025-12-01").Keep(ctx, c, 0, now)
			return err
		}),
		ofChange("asked.Campaign.Keep", "campaign.update campaign/N", func(ctx context.Context, s *scene, c *registry.Change) error {
			_, err := named(s, "2025-12-02").Keep(ctx, c, ofScene(ctx, c, 1), now)
			return err
		}),
		ofChange("asked.Move", "campaign.update campaign/N", func(ctx context.Context, _ *scene, c *registry.Change) error {
			_, err := asked.Move(ctx, c, ofScene(ctx, c, 1), "31/12/2026", now)
			return err
		}),
		ofChange("asked.End", "campaign.update campaign/N", func(ctx context.Context, _ *scene, c *registry.Change) error {
			_, err := asked.End(ctx, c, ofScene(ctx, c, 0), now)
			return err
		}),
		ofChange("asked.Remove", "campaign.remove campaign/N", func(ctx context.Context, _ *scene, c *registry.Change) error {
			return asked.Remove(ctx, c, ofScene(ctx, c, 1), now)
		}),
	}
}

// ofScene is the id of the campaign that is kept in some place of the list.
func ofScene(ctx context.Context, c *registry.Change, at int) int64 {
	snap, err := c.Now(ctx)
	if err != nil || at >= len(snap.Campaigns) {
		return -1
	}
	return snap.Campaigns[at].ID
}

// ofChange is a change by a function that is told a registry.Change.
func ofChange(name, entry string, do func(context.Context, *scene, *registry.Change) error) change {
	c := inRegistry("", entry, do)
	c.name = name
	return c
}
