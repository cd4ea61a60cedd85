package store

import (
	"cmp"
	"context"

	"sipas/internal/target"
)

type indicatorRow struct {
	ID        int64
	Kind      string
	FieldKey  *string
	SurveyKey string
	Method    string
	Counts    int
	Sort      int
}

func (indicatorRow) TableName() string { return "indicators" }

// AddIndicator keeps a rule that makes a figure.
func (s *Store) AddIndicator(ctx context.Context, i target.Indicator) error {
	row := indicatorRow{Kind: string(i.Kind), FieldKey: orNull(i.FieldKey), SurveyKey: i.SurveyKey, Method: i.Method, Counts: flag(i.Counts), Sort: i.Order}
	return failed("add indicator", s.ormWrite.WithContext(ctx).Create(&row).Error)
}

// Indicators lists every indicator in order.
func (s *Store) Indicators(ctx context.Context) ([]target.Indicator, error) {
	return list("list indicators", s.orm.WithContext(ctx).Order("sort, id"), func(r indicatorRow) (target.Indicator, error) {
		return target.Indicator{
			ID: r.ID, Kind: target.IndicatorKind(r.Kind), FieldKey: orZero(r.FieldKey), SurveyKey: r.SurveyKey,
			Method: r.Method, Counts: r.Counts == 1, Order: r.Sort,
		}, nil
	})
}

type targetRow struct {
	ID         int64
	Plan       string
	Indicator  string
	FieldKey   *string
	AgencyID   *int64
	Year       int
	Comparator string
	Percent    int
	LeadAgency string
	Note       string // JSON: language -> text, or empty
}

func (targetRow) TableName() string { return "targets" }

// AddTarget keeps a target. Several for one indicator and year are all kept.
// Without a comparator it is survey.AtLeast.
func (s *Store) AddTarget(ctx context.Context, t target.Target) error {
	row := targetRow{
		Plan: t.Plan, Indicator: string(t.Indicator), FieldKey: orNull(t.FieldKey), AgencyID: orNull(t.AgencyID),
		Year: t.Year, Comparator: string(cmp.Or(t.Comparator, target.AtLeast)), Percent: t.Percent, LeadAgency: t.LeadAgency,
	}
	if len(t.Note) > 0 {
		row.Note = writeText(t.Note)
	}
	return failed("add target", s.ormWrite.WithContext(ctx).Create(&row).Error)
}

// Targets lists every target by year, in the order they were kept.
func (s *Store) Targets(ctx context.Context) ([]target.Target, error) {
	return list("list targets", s.orm.WithContext(ctx).Order("year, id"), func(r targetRow) (target.Target, error) {
		t := target.Target{
			ID: r.ID, Plan: r.Plan, Indicator: target.IndicatorKind(r.Indicator), FieldKey: orZero(r.FieldKey),
			AgencyID: orZero(r.AgencyID), Year: r.Year, Comparator: target.Comparator(r.Comparator), Percent: r.Percent, LeadAgency: r.LeadAgency,
		}
		if r.Note == "" {
			return t, nil
		}
		return t, readText(r.Note, &t.Note)
	})
}
