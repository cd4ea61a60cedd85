package report

import (
	"slices"

	"sipas/internal/agency"
	"sipas/internal/score"
	"sipas/internal/target"
)

// row makes one row. It is nil if the row has neither answers nor a target to
// stand against.
func (c *counting) row(counted *counted) *Row {
	rule, answered := counted.rule, len(counted.versions) > 0
	row := &Row{
		Indicator: rule.indicator.Kind, FieldKey: rule.indicator.FieldKey, SurveyKey: c.measurement.surveyKey, SurveyTitle: c.measurement.title(),
		Counts: rule.indicator.Counts, Method: c.measurement.method, Figure: c.measurement.figure(counted.total),
		WordingChanged: c.measurement.reworded(counted.versions), LeftOut: c.leftOut,
	}
	if rule.indicator.Kind == target.IndicatorField {
		row.FieldName = c.ref.field(rule.indicator.FieldKey).Name
	}
	targets := c.ref.targetsFor(rule.indicator.Kind, rule.indicator.FieldKey, c.agency, c.query.Period.Year)
	for i := range targets {
		targets[i].Inherited = targets[i].Inherited || c.query.PointID != 0
	}
	own := slices.ContainsFunc(targets, func(t TargetStanding) bool { return !t.Inherited })
	if !answered && (!rule.indicator.Counts || !own && (len(targets) == 0 || !c.serves(rule))) {
		return nil
	}
	if rule.indicator.Counts {
		row.Targets = c.judge(row.Figure, targets)
	}
	if c.query.Detail {
		c.details(row, counted)
	}
	return row
}

// figure is the measurement's figure of some answers.
func (m *measurement) figure(a answers) Figure { return figureOf(m.index(a)) }

// figureOf is an index with the number of people behind it.
func figureOf(x score.Index) Figure {
	if !x.HasData {
		return Figure{Index: score.Index{Method: x.Method}}
	}
	return Figure{N: x.N, Index: x}
}

// HasFigure tells whether there is a number to show.
func (f Figure) HasFigure() bool { return !f.Withheld && f.Index.HasData }

// judge holds a figure against targets. Without one, and where it is no percentage,
// it stands nowhere.
func (b *builder) judge(f Figure, targets []TargetStanding) []TargetStanding {
	judged := slices.Clone(targets)
	for i := range judged {
		t := &judged[i]
		t.Verdict = score.Verdict{Standing: score.NotEnoughData}
		if f.HasFigure() && f.Index.Method.IsPercent() {
			t.Verdict = score.Judge(f.Index, score.Target(t.Percent), t.Comparator == target.Above, b.ref.Settings.MinSample)
		}
	}
	return judged
}

// serves tells whether a service point of the agency, or that of the board, asks the
// survey about the row's fields.
func (c *counting) serves(rule *rowRule) bool {
	return slices.ContainsFunc(c.ref.Points, func(point agency.ServicePoint) bool {
		return (c.query.PointID == 0 || c.query.PointID == point.ID) && c.ref.asks(&point, c.measurement.surveyKey) && c.ref.Tree.Below(c.agency, point.JudgedID) &&
			slices.ContainsFunc(point.FieldKeys, func(k string) bool {
				return rule.covers(k, c.ref.agency(point.JudgedID).Kind.Administrative())
			})
	})
}
