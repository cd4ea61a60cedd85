package report

import (
	"cmp"
	"context"
	"fmt"

	"sipas/internal/civil"
	"sipas/internal/registry"
	"sipas/internal/target"
)

// ByField is what was answered in a period about the administrative procedures of an
// agency alone, without those below it: all together, and by the key of their service
// field. It is made of what boards show.
func (r *Reporter) ByField(ctx context.Context, snap *registry.Snapshot, agencyID int64, period civil.Period) (all Figure, fields map[string]Figure, err error) {
	q := Query{Period: period, AgencyID: agencyID}
	b := &builder{Reporter: r, query: q, ref: newReference(snap), agency: cmp.Or(agencyID, snap.Tree.Root()), halves: halvesOf(q)}
	if err := b.lookAtChanges(ctx); err != nil {
		return all, nil, fmt.Errorf("answers by field: %w", err)
	}
	measurements, err := b.ref.measurements()
	if err != nil {
		return all, nil, err
	}
	fields = map[string]Figure{}
	for _, m := range measurements {
		for _, rule := range m.rules {
			if rule.indicator.Kind != target.IndicatorProcedures || !rule.indicator.Counts {
				continue
			}
			sheets, err := b.reader(m, 0).sheets(ctx, b.halves)
			if err != nil {
				return all, nil, err
			}
			total, each := m.answers(false), map[string]*answers{}
			for _, s := range sheets {
				for i := range s.rows {
					t := &s.rows[i]
					if t.agency != b.agency || !rule.covers(t.field, b.ref.administrative(t)) {
						continue
					}
					if each[t.field] == nil {
						none := m.answers(false)
						each[t.field] = &none
					}
					total.add(&t.answers)
					each[t.field].add(&t.answers)
				}
			}
			all = m.figure(total)
			for key, of := range each {
				fields[key] = m.figure(*of)
			}
		}
	}
	return all, fields, nil
}
