package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"sipas/internal/agency"
	"sipas/internal/auth"
	"sipas/internal/db"
	"sipas/internal/reform"
	"sipas/internal/registry"
)

// reformed tells whether the reform has begun. Former releases knew from the opening
// what would come.
func reformed(snap *registry.Snapshot) bool {
	return slices.ContainsFunc(snap.Tree.All(), func(a agency.Agency) bool { return a.ValidTo != "" })
}

// postpone forgets that the districts end, which the preset knows: until the day
// of the reform nobody has said so.
func postpone(ctx context.Context, c *registry.Change, kept *registry.Snapshot) error {
	for _, a := range kept.Tree.All() {
		if a.ValidTo == "" {
			continue
		}
		a.ValidTo = ""
		if err := c.UpdateAgency(ctx, a); err != nil {
			return err
		}
	}
	return nil
}

// merge carries the reform out as an administrator would have on the day: communes
// are merged with all their desks, districts are dissolved, which closes theirs. One
// that was cut short goes on where it stopped.
func merge(ctx context.Context, d *db.DB, reg *registry.Registry) error {
	day, err := time.ParseInLocation(time.DateOnly, reformDay, zone)
	if err != nil {
		return err
	}
	then := func() time.Time { return day.Add(8 * time.Hour) }
	reforms := reform.New(d, reg, auth.New(d, auth.Options{Now: then}), reform.Options{Now: then, Zone: zone})
	snap, err := reg.Current(ctx)
	if err != nil {
		return err
	}
	for _, asked := range reformsOf(snap) {
		if snap, err = reg.Current(ctx); err != nil {
			return err
		}
		plan, err := reforms.Plan(ctx, snap, asked)
		if err != nil {
			return err
		}
		if _, err := reforms.Apply(ctx, author(), plan); err != nil {
			return fmt.Errorf("%v: %w, %v", asked.From, err, plan.Problems)
		}
	}
	return nil
}

// reformsOf lists what is still to be done: districts without communes here end first,
// then communes are merged, then districts that had these end.
func reformsOf(snap *registry.Snapshot) []reform.Asked {
	lasting := func(code string) bool {
		a, known := snap.Tree.ByCode(code)
		return known && a.ValidTo == ""
	}
	var first, merged, last []reform.Asked
	for _, a := range snap.Tree.All() {
		asked := reform.Asked{Kind: reform.Dissolve, From: []string{a.Code}, Day: reformDay}
		switch {
		case a.Kind != agency.KindDistrict || !lasting(a.Code):
		case len(snap.Tree.Children(a.ID)) == 0:
			first = append(first, asked)
		default:
			last = append(last, asked)
		}
	}
	places := agencies()
	for _, into := range places {
		asked := reform.Asked{Kind: reform.Merge, Into: []reform.Successor{{Code: into.code}}, Day: reformDay}
		for _, from := range places {
			if from.successor == into.code && lasting(from.code) {
				asked.From = append(asked.From, from.code)
			}
		}
		if len(asked.From) > 0 {
			merged = append(merged, asked)
		}
	}
	return slices.Concat(first, merged, last)
}
