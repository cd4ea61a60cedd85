package publication

import (
	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/report"
)

// PublicBoard is an edition as the JSON interface gives it.
type PublicBoard struct {
	report.APIPeriod
	Province  agency.Text `json:"province,omitempty"`
	Synthetic bool        `json:"synthetic,omitempty"`
	// Exact: numbers are unrounded. Editions of before then have two decimals, and
	// of a target they do not say beyond_chance.
	Exact bool `json:"exact,omitempty"`
	// Groups: answers are shown in groups of SmallCell people. In editions of before
	// then, figures about fewer were hidden.
	Groups    bool        `json:"groups,omitempty"`
	SmallCell int64       `json:"small_cell"`
	MinSample int64       `json:"min_sample"`
	Rows      []PublicRow `json:"rows"`
}

// PublicRow is a row with its names, factors and months.
type PublicRow struct {
	report.APIRow
	FieldName   agency.Text    `json:"field_name,omitempty"`
	SurveyTitle agency.Text    `json:"survey_title,omitempty"`
	Factors     []PublicFigure `json:"factors,omitempty"`
	Months      []PublicFigure `json:"months,omitempty"`
}

// PublicFigure is a factor or a month.
type PublicFigure struct {
	Key     string      `json:"key"` // of the factor; of the month "2025-05"
	Label   agency.Text `json:"label,omitempty"`
	N       *int64      `json:"n"`
	Percent *float64    `json:"percent"`
	Display *string     `json:"display"`
	Hidden  bool        `json:"hidden,omitempty"`
}

// document says what an edition says, as it was written: old figures are not
// judged anew for programs that read them before. The period is its own.
func (e Edition) document(period civil.Period) PublicBoard {
	out := PublicBoard{
		APIPeriod: report.DescribePeriod(period), Province: e.Province, Synthetic: e.Synthetic, Exact: e.Format >= formatExact, Groups: e.Format >= formatGroups,
		SmallCell: e.SmallCell, MinSample: e.MinSample, Rows: []PublicRow{},
	}
	for _, r := range e.Rows {
		row := PublicRow{FieldName: r.FieldName, SurveyTitle: r.SurveyTitle, APIRow: report.APIRow{
			Indicator: r.Indicator, Field: r.Field, N: r.N, Percent: r.Percent, Display: r.Display, Low: r.Low, High: r.High,
			Survey: r.Survey, Method: string(r.Method), Counts: r.Counts, Hidden: r.Hidden,
			WordingChanged: r.WordingChanged, LeftOut: r.LeftOut, Targets: []report.APITarget{},
		}}
		for _, t := range r.Targets {
			row.Targets = append(row.Targets, report.APITarget{
				Comparator: t.Comparator, Percent: t.Percent, Plan: t.Plan, LeadAgency: t.LeadAgency, Note: report.Note(t.Note),
				Gap: t.Gap, Standing: t.Standing, BeyondChance: t.BeyondChance, Inherited: t.Inherited,
			})
		}
		for _, f := range r.Factors {
			row.Factors = append(row.Factors, PublicFigure{f.Key, f.Label, f.N, f.Percent, f.Display, f.Hidden})
		}
		for _, m := range r.Months {
			row.Months = append(row.Months, PublicFigure{m.Key, nil, m.N, m.Percent, m.Display, m.Hidden})
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}
