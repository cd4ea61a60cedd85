package caseload

import (
	"sipas/internal/civil"
	"sipas/internal/httpd"
	"sipas/internal/registry"
	"sipas/internal/score"
)

// mix is what people said of an agency's procedures: as they answered, and as it would be
// if they had answered about each field as often as files of it were handled.
type mix struct {
	Plain    string // index of all answers, "" for none
	N        int64  // people
	Weighted string // "" where a field lacks answers
	Least    int64  // so many each field needs
	Lacking  []lack
}

// lack is a field of which files were handled and too few people told.
type lack struct {
	Field      string
	Files, Now int64
}

// mixOf weighs what is shown of the agency's answers in a period by the files that it
// handled then, by service field.
func (s side) mixOf(r *httpd.Request, p httpd.Page, snap *registry.Snapshot, period civil.Period, handled map[string]int64) (*mix, error) {
	all, fields, err := s.k.Reports.ByField(r.Context(), snap, r.Agency.ID, period)
	if err != nil {
		return nil, err
	}
	m := &mix{Least: snap.Settings.MinSample, N: all.N}
	if all.HasFigure() {
		m.Plain = all.Index.Value.Percent(p.Language, 1)
	}
	names, parts := map[string]string{}, []score.MixPart(nil)
	for _, f := range snap.Fields {
		names[f.Key] = f.Name.In(p.Language)
		parts = append(parts, score.MixPart{Key: f.Key, Weight: handled[f.Key], Index: fields[f.Key].Index})
	}
	value, lacking, ok := score.Mix(parts, m.Least)
	if ok {
		m.Weighted = value.Percent(p.Language, 1)
	}
	for _, key := range lacking {
		m.Lacking = append(m.Lacking, lack{names[key], handled[key], fields[key].N})
	}
	return m, nil
}
