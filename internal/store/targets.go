package store

import (
	"context"
	"fmt"

	"sipas/internal/survey"
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

// optional makes an optional text: "" is none.
func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// orEmpty reads an optional text.
func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// AddIndicator keeps a rule that makes a figure.
func (s *Store) AddIndicator(ctx context.Context, i survey.Indicator) error {
	row := indicatorRow{Kind: string(i.Kind), FieldKey: optional(i.FieldKey), SurveyKey: i.SurveyKey, Method: i.Method, Sort: i.Order}
	if i.Counts {
		row.Counts = 1
	}
	if err := s.ormWrite.WithContext(ctx).Create(&row).Error; err != nil {
		return fmt.Errorf("add indicator: %w", translate(err))
	}
	return nil
}

// Indicators lists every indicator in order.
func (s *Store) Indicators(ctx context.Context) ([]survey.Indicator, error) {
	return list(s.orm.WithContext(ctx).Order("sort, id"), func(r indicatorRow) (survey.Indicator, error) {
		return survey.Indicator{
			ID: r.ID, Kind: survey.IndicatorKind(r.Kind), FieldKey: orEmpty(r.FieldKey), SurveyKey: r.SurveyKey,
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
	Percent    int
	LeadAgency string
	Note       string
}

func (targetRow) TableName() string { return "targets" }

// AddTarget keeps a target. Several for one indicator and year are all kept.
func (s *Store) AddTarget(ctx context.Context, t survey.Target) error {
	row := targetRow{
		Plan: t.Plan, Indicator: string(t.Indicator), FieldKey: optional(t.FieldKey), AgencyID: reference(t.AgencyID),
		Year: t.Year, Percent: t.Percent, LeadAgency: t.LeadAgency, Note: t.Note,
	}
	if err := s.ormWrite.WithContext(ctx).Create(&row).Error; err != nil {
		return fmt.Errorf("add target: %w", translate(err))
	}
	return nil
}

// Targets lists every target by year, in the order they were kept.
func (s *Store) Targets(ctx context.Context) ([]survey.Target, error) {
	return list(s.orm.WithContext(ctx).Order("year, id"), func(r targetRow) (survey.Target, error) {
		t := survey.Target{
			ID: r.ID, Plan: r.Plan, Indicator: survey.IndicatorKind(r.Indicator), FieldKey: orEmpty(r.FieldKey),
			Year: r.Year, Percent: r.Percent, LeadAgency: r.LeadAgency, Note: r.Note,
		}
		if r.AgencyID != nil {
			t.AgencyID = *r.AgencyID
		}
		return t, nil
	})
}
