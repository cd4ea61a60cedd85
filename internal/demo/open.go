package demo

import (
	"context"
	"fmt"

	"sipas/internal/agency"
	"sipas/internal/registry"
)

// open adds the agencies and desks that are not there yet and returns each
// desk's service point, in the order of desks().
func open(ctx context.Context, reg *registry.Registry) (opened []agency.ServicePoint, err error) {
	err = reg.Change(ctx, author(), func(c *registry.Change) error {
		known, err := c.Now(ctx)
		if err != nil {
			return err
		}
		if _, begun := known.Tree.ByCode(agencies()[0].code); !begun {
			if err := postpone(ctx, c, known); err != nil {
				return err
			}
		}
		ids, err := addAgencies(ctx, c, known)
		if err != nil {
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
	for _, a := range agencies() {
		if now, there := kept.Tree.ByCode(a.code); there && a.successor != "" && now.ValidTo != "" {
			ids[a.code] = ids[a.successor] // has its desks since
		}
	}
	var opened []agency.ServicePoint
	var err error
	for _, d := range desks() {
		p, ok := known[name{ids[d.agency], d.vi}]
		if !ok {
			if p, err = c.AddServicePoint(ctx, d.point(ids)); err != nil {
				return nil, fmt.Errorf("desk %q of %s: %w", d.vi, d.agency, err)
			}
		}
		opened = append(opened, p)
	}
	return opened, nil
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
			ValidFrom: a.from, Order: 100 + i,
		})
		if err != nil {
			return nil, err
		}
		ids[a.code] = added.ID
	}
	return ids, nil
}
