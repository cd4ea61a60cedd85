package demo

import (
	"context"
	"fmt"
	"slices"

	"sipas/internal/agency"
	"sipas/internal/registry"
)

// open adds the agencies and desks that are not there yet and returns each
// desk's service point, in the order of desks(), open for answers.
func open(ctx context.Context, reg *registry.Registry) (opened []agency.ServicePoint, err error) {
	err = reg.Change(ctx, author(), func(c *registry.Change) error {
		known, err := c.Now(ctx)
		if err != nil {
			return err
		}
		ids, err := addAgencies(ctx, c, known)
		if err != nil {
			return err
		}
		if err := addSuccessions(ctx, c, known, ids); err != nil {
			return err
		}
		opened, err = openDesks(ctx, c, known, ids)
		return err
	})
	return opened, err
}

func openDesks(ctx context.Context, c *registry.Change, kept *registry.Snapshot, ids map[string]int64) ([]agency.ServicePoint, error) {
	type name struct {
		agency int64
		vi     string
	}
	known := map[name]agency.ServicePoint{}
	for _, p := range kept.Points {
		known[name{p.AgencyID, p.Name["vi"]}] = p
		if first := (name{p.AgencyID, ""}); known[first].ID == 0 {
			known[first] = p
		}
	}
	var opened []agency.ServicePoint
	var err error
	for _, d := range desks() {
		p, ok := known[name{ids[d.agency], d.vi}]
		switch {
		case !ok:
			p, err = c.AddServicePoint(ctx, d.point(ids))
		case !p.Active:
			err = c.SetServicePointActive(ctx, p.ID, true)
		}
		if err != nil {
			return nil, fmt.Errorf("desk %q of %s: %w", d.vi, d.agency, err)
		}
		opened = append(opened, p)
	}
	return opened, nil
}

// shut closes the desks that were gone by the end of the story.
func shut(ctx context.Context, reg *registry.Registry, opened []agency.ServicePoint) error {
	return reg.Change(ctx, author(), func(c *registry.Change) error {
		for i, d := range desks() {
			if d.to == "" {
				continue
			}
			if err := c.SetServicePointActive(ctx, opened[i].ID, false); err != nil {
				return fmt.Errorf("desk %q of %s: %w", d.vi, d.agency, err)
			}
		}
		return nil
	})
}

func (d desk) point(ids map[string]int64) agency.ServicePoint {
	return agency.ServicePoint{
		AgencyID: ids[d.agency], JudgedID: ids[d.judged], Name: agency.Text{"vi": d.vi, "en": d.en},
		SurveyKey: d.survey, Channel: d.channel, FieldKeys: d.fields, Active: true,
	}
}

func addAgencies(ctx context.Context, c *registry.Change, kept *registry.Snapshot) (map[string]int64, error) {
	ids := map[string]int64{}
	for _, a := range kept.Tree.All() {
		ids[a.Code] = a.ID
	}
	for i, a := range agencies() {
		if ids[a.code] != 0 {
			continue
		}
		added, err := c.AddAgency(ctx, agency.Agency{
			Code: a.code, ParentID: ids[a.parent], Kind: a.kind, Name: agency.Text{"vi": a.vi, "en": a.en},
			ValidFrom: a.from, ValidTo: a.to, Order: 100 + i,
		})
		if err != nil {
			return nil, err
		}
		ids[a.code] = added.ID
	}
	return ids, nil
}

func addSuccessions(ctx context.Context, c *registry.Change, kept *registry.Snapshot, ids map[string]int64) error {
	for _, a := range agencies() {
		s := agency.Succession{FromID: ids[a.code], ToID: ids[a.successor], Day: reform, Share: 10000}
		if a.successor == "" || slices.Contains(kept.Successions(), s) {
			continue
		}
		if err := c.AddSuccession(ctx, s); err != nil {
			return err
		}
	}
	return nil
}
