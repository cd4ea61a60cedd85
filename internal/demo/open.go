package demo

import (
	"context"
	"fmt"

	"sipas/internal/agency"
	"sipas/internal/store"
)

// open adds the agencies and desks that are not there yet and returns each
// desk's service point, in the order of desks(), open for answers.
func open(ctx context.Context, st *store.Store) ([]agency.ServicePoint, error) {
	ids, err := addAgencies(ctx, st)
	if err != nil {
		return nil, err
	}
	if err := addSuccessions(ctx, st, ids); err != nil {
		return nil, err
	}
	points, err := st.ServicePoints(ctx)
	if err != nil {
		return nil, err
	}
	type name struct {
		agency int64
		vi     string
	}
	known := map[name]agency.ServicePoint{}
	for _, p := range points {
		known[name{p.AgencyID, p.Name["vi"]}] = p
		if first := (name{p.AgencyID, ""}); known[first].ID == 0 {
			known[first] = p
		}
	}
	var opened []agency.ServicePoint
	for _, d := range desks() {
		p, ok := known[name{ids[d.agency], d.vi}]
		switch {
		case !ok:
			p, err = st.AddServicePoint(ctx, d.point(ids))
		case !p.Active:
			err = st.SetServicePointActive(ctx, p.ID, true)
		}
		if err != nil {
			return nil, fmt.Errorf("desk %q of %s: %w", d.vi, d.agency, err)
		}
		opened = append(opened, p)
	}
	return opened, nil
}

// shut closes the desks that were gone by the end of the story.
func shut(ctx context.Context, st *store.Store, opened []agency.ServicePoint) error {
	for i, d := range desks() {
		if d.to == "" {
			continue
		}
		if err := st.SetServicePointActive(ctx, opened[i].ID, false); err != nil {
			return fmt.Errorf("desk %q of %s: %w", d.vi, d.agency, err)
		}
	}
	return nil
}

func (d desk) point(ids map[string]int64) agency.ServicePoint {
	return agency.ServicePoint{
		AgencyID: ids[d.agency], JudgedID: ids[d.judged], Name: agency.Text{"vi": d.vi, "en": d.en},
		SurveyKey: d.survey, Channel: d.channel, FieldKeys: d.fields, Active: true,
	}
}

func addAgencies(ctx context.Context, st *store.Store) (map[string]int64, error) {
	kept, err := st.Agencies(ctx)
	if err != nil {
		return nil, err
	}
	ids := map[string]int64{}
	for _, a := range kept {
		ids[a.Code] = a.ID
	}
	for i, a := range agencies() {
		if ids[a.code] != 0 {
			continue
		}
		added, err := st.AddAgency(ctx, agency.Agency{
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

func addSuccessions(ctx context.Context, st *store.Store, ids map[string]int64) error {
	kept, err := st.Successions(ctx)
	if err != nil {
		return err
	}
	present := map[agency.Succession]bool{}
	for _, s := range kept {
		present[s] = true
	}
	for _, a := range agencies() {
		s := agency.Succession{FromID: ids[a.code], ToID: ids[a.successor], Day: reform, Share: 10000}
		if a.successor == "" || present[s] {
			continue
		}
		if err := st.AddSuccession(ctx, s); err != nil {
			return err
		}
	}
	return nil
}
