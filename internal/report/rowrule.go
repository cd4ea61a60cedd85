package report

import (
	"slices"

	"sipas/internal/agency"
	"sipas/internal/target"
)

// rowRule says what a row counts: its indicator, and which fields of which
// agencies that is about. At the desk of a department of health people come for a
// procedure, whatever its field is called: a public service is what hospitals,
// stations and schools do.
type rowRule struct {
	indicator      target.Indicator
	administrative []string // fields that count of state administrative agencies; nil: all
	others         []string // fields that count of hospitals, stations and schools; nil: all
}

// covers tells whether it counts answers of a field; administrative, whether they
// are about a state administrative agency.
func (rule *rowRule) covers(field string, administrative bool) bool {
	fields := rule.others
	if administrative {
		fields = rule.administrative
	}
	return fields == nil || slices.Contains(fields, field)
}

// byField tells whether it depends on the field at all.
func (rule *rowRule) byField() bool { return len(rule.administrative)+len(rule.others) > 0 }

func (ref *reference) rowRule(indicator target.Indicator) *rowRule {
	none := []string{}
	switch rule := (&rowRule{indicator: indicator, administrative: none, others: none}); indicator.Kind {
	case target.IndicatorField:
		rule.others = []string{indicator.FieldKey}
		if ref.field(indicator.FieldKey).Scope != agency.ScopePublic {
			rule.administrative = rule.others
		}
		return rule
	case target.IndicatorProcedures:
		for _, f := range ref.Fields {
			switch f.Scope {
			case agency.ScopeProcedures:
				rule.administrative, rule.others = append(rule.administrative, f.Key), append(rule.others, f.Key)
			case agency.ScopePublic:
				rule.administrative = append(rule.administrative, f.Key)
			case agency.ScopeUnknown:
			}
		}
		return rule
	case target.IndicatorSIPAS:
		rule.administrative = nil
		return rule
	case target.IndicatorSurvey:
		rule.administrative, rule.others = nil, nil
		return rule
	}
	return nil
}
