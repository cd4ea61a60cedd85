package report

import (
	"context"
	"fmt"
	"slices"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/registry"
	"sipas/internal/score"
	"sipas/internal/store"
	"sipas/internal/target"
)

// LeastServed is of how many people a figure of an official is, at least: as many as a
// standing needs by default, whatever a province sets for standings.
const LeastServed = score.DefaultMinN

// EnoughServed is of how many people a figure of an official is at least, by the settings.
func EnoughServed(s registry.Settings) int64 { return max(LeastServed, s.MinSample) }

// Served is how people judged the official who served them, by one survey.
type Served struct {
	SurveyKey   string
	SurveyTitle agency.Text
	// WordingChanged: see Row.
	WordingChanged bool
	// Figure says neither an index nor how many people, where they are too few.
	Figure
	Trend []Month // of the period, each as Figure is
}

// Served reads how people judged an official in a period, by each survey that was
// answered. Who may know is for the caller to check. It costs a read by the official's
// index for each table that an answered survey is measured by.
func (r *Reporter) Served(ctx context.Context, snap *registry.Snapshot, officialID int64, period civil.Period) (all []Served, err error) {
	ref, halves := newReference(snap), civil.HalfMonths(period.First(), period.Before())
	q := store.TallyQuery{From: period.First(), Before: period.Before(), OfficialID: officialID}
	answered, err := r.store.PeopleTallies(ctx, q)
	if err != nil {
		return nil, err
	}
	enough := func(f Figure) Figure {
		if f.N < EnoughServed(ref.Settings) {
			return figureOf(score.Index{Method: f.Index.Method})
		}
		return f
	}
	for _, key := range ref.Surveys {
		m := &measurement{surveyKey: key}
		if m.method, m.headline, err = ref.methodOf(target.Indicator{SurveyKey: key}); err != nil {
			return nil, err
		}
		m.take(ref.Versions(key), true)
		if q.VersionIDs = m.versionIDs(); !slices.ContainsFunc(answered, func(t store.PeopleTally) bool { return slices.Contains(q.VersionIDs, t.VersionID) }) {
			continue
		}
		q.By = []store.Dimension{store.ByHalfMonth}
		c := collector{measurement: m, sheets: map[civil.HalfMonth]*sheet{}, places: map[place]int{}}
		for _, h := range halves {
			c.sheets[h] = &sheet{}
		}
		if err := (&reader{Reporter: r, measurement: m}).readTables(ctx, q, &c); err != nil {
			return nil, fmt.Errorf("read survey %s: %w", key, err)
		}
		one, total, versions := Served{SurveyKey: key, SurveyTitle: m.title()}, m.answers(false), map[int64]bool{}
		month := m.answers(false)
		for i, h := range halves {
			for n := range c.sheets[h].rows {
				t := &c.sheets[h].rows[n]
				total.add(&t.answers)
				month.add(&t.answers)
				versions[t.version] = versions[t.version] || m.some(&t.answers)
			}
			if i+1 == len(halves) || halves[i+1].Month() != h.Month() {
				one.Trend, month = append(one.Trend, Month{Month: h.Month(), Figure: enough(m.figure(month))}), m.answers(false)
			}
		}
		one.Figure, one.WordingChanged = enough(m.figure(total)), m.reworded(versions)
		all = append(all, one)
	}
	return all, nil
}

// APIServed is how people judged an official, by one survey, as the JSON interface gives
// it. n is null, too, where there is no figure.
type APIServed struct {
	Survey string `json:"survey"`
	Method string `json:"method"`
	APIFigure
	WordingChanged bool       `json:"wording_changed,omitempty"`
	Months         []APIMonth `json:"months"` // those with a figure
}

// API gives it for the JSON interface.
func (s Served) API() APIServed {
	out := APIServed{Survey: s.SurveyKey, Method: string(s.Index.Method), APIFigure: s.withInterval(), WordingChanged: s.WordingChanged, Months: []APIMonth{}}
	if !s.HasFigure() {
		out.N = nil
	}
	for _, m := range s.Trend {
		if m.HasFigure() {
			month := APIMonth{Month: m.Key()}
			month.N, month.Percent, month.Display = m.Numbers()
			out.Months = append(out.Months, month)
		}
	}
	return out
}
