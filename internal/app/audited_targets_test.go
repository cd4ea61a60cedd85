package app_test

import (
	"context"
	"slices"

	"sipas/internal/audit"
	"sipas/internal/fault"
	"sipas/internal/indicator"
	"sipas/internal/registry"
	"sipas/internal/target"
)

// targetChanges are those of indicators and targets.
func targetChanges() []change {
	return []change{
		inRegistry("targets.AddIndicator", "indicator.add indicator/FIELD", func(ctx context.Context, s *scene, c *registry.Change) error {
			return c.AddIndicator(ctx, target.Indicator{Kind: target.IndicatorField, FieldKey: "dat-dai", SurveyKey: s.point.SurveyKey})
		}),
		{"registry.targets.CountIndicator", []string{"indicator.count indicator/FIELD", "indicator.count indicator/FIELD"}, onIndicator((*registry.Change).CountIndicator)},
		{"registry.targets.RemoveIndicator", []string{"indicator.remove indicator/FIELD"}, onIndicator((*registry.Change).RemoveIndicator)},
		{"indicator.Add", []string{"indicator.add indicator/FIELD"}, func(ctx context.Context, s *scene, by audit.Author) error {
			return s.Registry.Change(ctx, by, func(c *registry.Change) error {
				return indicator.Add(ctx, c, target.Indicator{Kind: target.IndicatorField, FieldKey: "xay-dung", SurveyKey: "sipas"})
			})
		}},
		{"indicator.Remove", []string{"indicator.remove indicator/FIELD"}, func(ctx context.Context, s *scene, by audit.Author) error {
			return s.Registry.Change(ctx, by, func(c *registry.Change) error {
				kept, err := c.Now(ctx)
				if err != nil {
					return err
				}
				at := slices.IndexFunc(kept.Indicators, func(i target.Indicator) bool { return i.FieldKey == "xay-dung" && !i.Counts })
				return indicator.Remove(ctx, c, kept.Indicators[at].ID)
			})
		}},
		inRegistry("targets.AddTarget", "target.add target/FIELD/2026", func(ctx context.Context, _ *scene, c *registry.Change) error {
			return c.AddTarget(ctx, target.Target{Plan: "KH 1", Indicator: target.IndicatorField, FieldKey: "dat-dai", Year: 2026, Percent: 9000})
		}),
		inRegistry("targets.UpdateTarget", "target.change target/SIPAS/2025", func(ctx context.Context, s *scene, c *registry.Change) error {
			t := s.snap.Targets[slices.IndexFunc(s.snap.Targets, func(t target.Target) bool { return t.Indicator == target.IndicatorSIPAS && t.Year == 2025 })]
			t.Percent++
			return c.UpdateTarget(ctx, t)
		}),
		inRegistry("targets.CopyTargets", "target.add target/FIELD/2027", func(ctx context.Context, _ *scene, c *registry.Change) error {
			_, err := c.CopyTargets(ctx, 2026, 2027)
			return err
		}),
		inRegistry("targets.AddTargets", "target.add target/TTHC/2026", func(ctx context.Context, _ *scene, c *registry.Change) error {
			return c.AddTargets(ctx, []target.Target{{Plan: "KH 1", Indicator: target.IndicatorProcedures, Year: 2026, Percent: 9000}})
		}),
		inRegistry("targets.UpdateTargets", "target.change target/SIPAS/2025", func(ctx context.Context, s *scene, c *registry.Change) error {
			t := s.snap.Targets[slices.IndexFunc(s.snap.Targets, func(t target.Target) bool { return t.Indicator == target.IndicatorSIPAS && t.Year == 2025 })]
			t.LeadAgency = "Sở khác"
			return c.UpdateTargets(ctx, []target.Target{t})
		}),
		inRegistry("targets.RemoveTarget", "target.remove target/TTHC/2021", func(ctx context.Context, s *scene, c *registry.Change) error {
			return c.RemoveTarget(ctx, s.snap.Targets[slices.IndexFunc(s.snap.Targets, func(t target.Target) bool { return t.Indicator == target.IndicatorProcedures })].ID)
		}),
	}
}

// onIndicator is a change of an indicator that does not count, which AddIndicator
// has kept before.
func onIndicator(do func(*registry.Change, context.Context, int64) error) func(context.Context, *scene, audit.Author) error {
	return func(ctx context.Context, s *scene, by audit.Author) error {
		return s.Registry.Change(ctx, by, func(c *registry.Change) error {
			kept, err := c.Now(ctx)
			if err != nil {
				return err
			}
			at := slices.IndexFunc(kept.Indicators, func(i target.Indicator) bool { return i.FieldKey == "dat-dai" && !i.Counts })
			if at < 0 {
				return fault.ErrNotFound
			}
			return do(c, ctx, kept.Indicators[at].ID)
		})
	}
}
