package demo

import (
	"context"
	"slices"
	"time"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/db"
	"sipas/internal/publication"
	"sipas/internal/registry"
	"sipas/internal/report"
	"sipas/internal/store"
	"sipas/internal/target"
)

// ownPlan stands where a target names the plan it comes from, so that nobody
// takes these for somebody's.
const ownPlan = "Bản trình diễn"

// addTargets sets targets for each year after those of the plan, up to the last.
func addTargets(ctx context.Context, reg *registry.Registry, last int) error {
	return reg.Change(ctx, author(), func(c *registry.Change) error { return addTargetsTo(ctx, c, last) })
}

func addTargetsTo(ctx context.Context, c *registry.Change, last int) error {
	kept, err := c.Now(ctx)
	if err != nil {
		return err
	}
	for year := firstYear + 5; year <= last; year++ {
		if slices.ContainsFunc(kept.Targets, func(t target.Target) bool { return t.Plan == ownPlan && t.Year == year }) {
			continue
		}
		for _, t := range []target.Target{
			{Indicator: target.IndicatorProcedures, Percent: 9000},
			{Indicator: target.IndicatorSIPAS, Percent: 9000},
			{Indicator: target.IndicatorField, FieldKey: land, Percent: 8500},
			{Indicator: target.IndicatorField, FieldKey: construction, Percent: 8500},
			{Indicator: target.IndicatorField, FieldKey: investment, Percent: 8800, Comparator: target.Above},
			{Indicator: target.IndicatorField, FieldKey: health, Percent: 8500},
			{Indicator: target.IndicatorField, FieldKey: education, Percent: 8500},
		} {
			t.Plan, t.Year = ownPlan, year
			t.Note = agency.Text{"vi": "Chỉ tiêu giả định để minh họa, không thuộc kế hoạch nào", "en": "Made up for the demonstration; of no plan"}
			if err := c.AddTarget(ctx, t); err != nil {
				return err
			}
		}
	}
	return nil
}

// lastPublished is the last year whose figures the public sees: 2025 is left
// for whoever tries the demonstration to publish.
const lastPublished = 2024

// publish makes the figures of whole years public, each in the January after it.
func publish(ctx context.Context, d *db.DB, reg *registry.Registry, st *store.Store) error {
	snap, err := reg.Current(ctx)
	if err != nil {
		return err
	}
	for year := firstYear; year <= lastPublished; year++ {
		january := time.Date(year+1, time.January, 15, 9, 0, 0, 0, zone)
		then := func() time.Time { return january }
		r := publication.New(d, report.New(st, report.Options{Now: then, Zone: zone}), then)
		published, err := r.Publications(ctx)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(published, func(p publication.Publication) bool { return p.Year == year }) {
			continue
		}
		period, err := civil.ParsePeriod(year, "Y")
		if err != nil {
			return err
		}
		if _, err := r.Publish(ctx, snap, period, author()); err != nil {
			return err
		}
	}
	return nil
}
