package report

import (
	"slices"

	"sipas/internal/agency"
	"sipas/internal/campaign"
	"sipas/internal/registry"
	"sipas/internal/score"
	"sipas/internal/survey"
	"sipas/internal/target"
)

// reference is what administrators keep, as boards ask for it.
type reference struct {
	*registry.Snapshot
	root     int64              // the agency that is the whole province, 0 if there is no single one
	campaign *campaign.Campaign // whose answers alone are looked at; nil: all
}

func newReference(snap *registry.Snapshot) *reference {
	return &reference{Snapshot: snap, root: snap.Tree.Root()}
}

// asked are the versions of a survey whose answers are looked at: a campaign has one.
func (ref *reference) asked(surveyKey string) []*survey.Version {
	if ref.campaign != nil {
		return []*survey.Version{ref.Version(ref.campaign.VersionID)}
	}
	return ref.Versions(surveyKey)
}

// asks tells whether a service point asks a survey, or is in the campaign.
func (ref *reference) asks(p *agency.ServicePoint, surveyKey string) bool {
	if ref.campaign != nil {
		return ref.campaign.Covers(ref.Tree, p) != campaign.Nowhere
	}
	return p.SurveyKey == surveyKey
}

// path lists the agencies from the outermost one to the given one. Where
// several agencies have no parent, it starts with 0, the whole of them.
func (ref *reference) path(id int64) []int64 {
	var path []int64
	if ref.root == 0 {
		path = append(path, 0)
	}
	for _, a := range ref.Tree.Path(id) {
		path = append(path, a.ID)
	}
	return path
}

// agency finds an agency by its id, the zero Agency for an unknown one.
func (ref *reference) agency(id int64) agency.Agency {
	a, _ := ref.Tree.Agency(id)
	return a
}

// UsualSurvey is the survey that feeds an indicator for which no rule is kept: a quick
// form, which has a headline question, or for SIPAS one whose index is the mean of
// that method. First versions say what a survey is, and of several the one published
// first counts: whatever is published later changes no board. It is "" without any.
func UsualSurvey(snap *registry.Snapshot, kind target.IndicatorKind) (surveyKey string) {
	var oldest int64
	for _, key := range snap.Surveys {
		first := snap.Versions(key)[0]
		method, err := score.ParseMethod(first.Definition.Method)
		fits := first.Definition.Headline != ""
		if kind == target.IndicatorSIPAS {
			fits = !fits && err == nil && method == score.Sipas2023
		}
		if fits && (surveyKey == "" || first.ID < oldest) {
			surveyKey, oldest = key, first.ID
		}
	}
	return surveyKey
}

// Indicators lists the indicators in order. An indicator without a rule has no id and
// gets the usual survey; where several surveys feed one and none is said to count, the
// first does.
func Indicators(snap *registry.Snapshot) []target.Indicator {
	indicators := slices.Clone(snap.Indicators)
	quick, sipas := UsualSurvey(snap, target.IndicatorField), UsualSurvey(snap, target.IndicatorSIPAS)
	add := func(kind target.IndicatorKind, field, surveyKey string) {
		if !slices.ContainsFunc(indicators, func(r target.Indicator) bool { return r.Kind == kind && r.FieldKey == field }) {
			indicators = append(indicators, target.Indicator{Kind: kind, FieldKey: field, SurveyKey: surveyKey})
		}
	}
	add(target.IndicatorProcedures, "", quick)
	add(target.IndicatorSIPAS, "", sipas)
	for _, f := range snap.Fields {
		if !agency.UnsaidField(f.Key) {
			add(target.IndicatorField, f.Key, quick)
		}
	}
	for i, r := range indicators {
		same := func(o target.Indicator) bool { return o.Kind == r.Kind && o.FieldKey == r.FieldKey && o.Counts }
		if !slices.ContainsFunc(indicators, same) {
			indicators[i].Counts = true
		}
	}
	return indicators
}

// indicators lists those of the boards. Of a campaign they are those that its survey feeds,
// and a row of all that was answered: a survey that feeds none has that one.
func (ref *reference) indicators() []target.Indicator {
	indicators := Indicators(ref.Snapshot)
	if ref.campaign == nil {
		return indicators
	}
	key := ref.Version(ref.campaign.VersionID).Definition.Key
	indicators = slices.DeleteFunc(indicators, func(i target.Indicator) bool { return i.SurveyKey != key })
	return append(indicators, target.Indicator{Kind: target.IndicatorSurvey, SurveyKey: key, Counts: true})
}

// targetsFor gives the targets of an indicator for an agency and year: its own,
// or else those of the nearest agency above it, or of the whole province.
func (ref *reference) targetsFor(kind target.IndicatorKind, field string, agency int64, year int) []TargetStanding {
	path := ref.path(agency)
	slices.Reverse(path)
	for i, id := range path {
		var found []TargetStanding
		for _, t := range ref.Targets {
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

// field finds a service field, also one that is known by its key only.
func (ref *reference) field(key string) agency.ServiceField {
	if f, ok := ref.Field(key); ok {
		return f
	}
	return agency.ServiceField{Key: key}
}
