package report

import (
	"context"
	"fmt"
	"slices"

	"sipas/internal/agency"
	"sipas/internal/store"
	"sipas/internal/survey"
	"sipas/internal/target"
)

// reference is what administrators keep: small tables, read for each board.
type reference struct {
	province   agency.Text
	synthetic  bool
	agencies   map[int64]agency.Agency
	children   map[int64][]agency.Agency // in order; 0: the roots
	root       int64                     // the agency that is the whole province, 0 if there is no single one
	fields     []agency.ServiceField
	surveys    map[string][]*survey.Version // oldest first
	indicators []target.Indicator
	targets    []target.Target
	points     []agency.ServicePoint
}

func loadReference(ctx context.Context, st *store.Store) (*reference, error) {
	ref := &reference{agencies: map[int64]agency.Agency{}, children: map[int64][]agency.Agency{}, surveys: map[string][]*survey.Version{}}
	agencies, err := st.Agencies(ctx)
	if err != nil {
		return nil, fmt.Errorf("read agencies: %w", err)
	}
	for _, a := range agencies {
		ref.agencies[a.ID] = a
		ref.children[a.ParentID] = append(ref.children[a.ParentID], a)
	}
	if roots := ref.children[0]; len(roots) == 1 {
		ref.root = roots[0].ID
	}
	versions, err := st.Versions(ctx)
	if err != nil {
		return nil, fmt.Errorf("read survey versions: %w", err)
	}
	for _, v := range versions {
		ref.surveys[v.Definition.Key] = append(ref.surveys[v.Definition.Key], v)
	}
	if ref.fields, err = st.ServiceFields(ctx); err != nil {
		return nil, fmt.Errorf("read service fields: %w", err)
	}
	if ref.indicators, err = st.Indicators(ctx); err != nil {
		return nil, fmt.Errorf("read indicators: %w", err)
	}
	if ref.targets, err = st.Targets(ctx); err != nil {
		return nil, fmt.Errorf("read targets: %w", err)
	}
	if ref.points, err = st.ServicePoints(ctx); err != nil {
		return nil, fmt.Errorf("read service points: %w", err)
	}
	deployment, err := st.Deployment(ctx)
	if err != nil {
		return nil, err
	}
	ref.province, ref.synthetic = deployment.Province, deployment.Synthetic
	return ref, nil
}

// path lists the agencies from the outermost one to the given one. Where
// several agencies have no parent, it starts with 0, the whole of them.
func (ref *reference) path(id int64) []int64 {
	var path []int64
	for id != 0 && !slices.Contains(path, id) {
		path = append(path, id)
		id = ref.agencies[id].ParentID
	}
	if ref.root == 0 {
		path = append(path, 0)
	}
	slices.Reverse(path)
	return path
}

// subtree lists an agency and everything below it; nil is the whole province.
func (ref *reference) subtree(id int64) []int64 {
	if id == ref.root {
		return nil
	}
	ids := []int64{id}
	for i := 0; i < len(ids); i++ {
		for _, c := range ref.children[ids[i]] {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// The surveys that feed an indicator for which no rule is kept.
const (
	quickSurvey = "quay-nhanh"
	sipasSurvey = "sipas"
)

// rules lists the indicators in order. An indicator without a rule gets the
// usual one; where several surveys feed one and none is said to count, the
// first does.
func (ref *reference) rules() []target.Indicator {
	rules := slices.Clone(ref.indicators)
	add := func(kind target.IndicatorKind, field, surveyKey string) {
		if !slices.ContainsFunc(rules, func(r target.Indicator) bool { return r.Kind == kind && r.FieldKey == field }) {
			rules = append(rules, target.Indicator{Kind: kind, FieldKey: field, SurveyKey: surveyKey})
		}
	}
	add(target.IndicatorProcedures, "", quickSurvey)
	add(target.IndicatorSIPAS, "", sipasSurvey)
	for _, f := range ref.fields {
		if !agency.UnsaidField(f.Key) {
			add(target.IndicatorField, f.Key, quickSurvey)
		}
	}
	for i, r := range rules {
		same := func(o target.Indicator) bool { return o.Kind == r.Kind && o.FieldKey == r.FieldKey && o.Counts }
		if !slices.ContainsFunc(rules, same) {
			rules[i].Counts = true
		}
	}
	return rules
}

// targetsFor gives the targets of an indicator for an agency and year: its own,
// or else those of the nearest agency above it, or of the whole province.
func (ref *reference) targetsFor(kind target.IndicatorKind, field string, agency int64, year int) []TargetStanding {
	path := ref.path(agency)
	slices.Reverse(path)
	for i, id := range path {
		var found []TargetStanding
		for _, t := range ref.targets {
			at := t.AgencyID
			if at == 0 {
				at = ref.root
			}
			if t.Indicator == kind && t.FieldKey == field && t.Year == year && at == id {
				found = append(found, TargetStanding{Target: t, Inherited: i > 0})
			}
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

func (ref *reference) field(key string) agency.ServiceField {
	i := slices.IndexFunc(ref.fields, func(f agency.ServiceField) bool { return f.Key == key })
	if i < 0 {
		return agency.ServiceField{Key: key}
	}
	return ref.fields[i]
}
