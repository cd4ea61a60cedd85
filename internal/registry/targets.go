package registry

import (
	"cmp"
	"context"
	"fmt"

	"gorm.io/gorm"

	"sipas/internal/db"
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
func (c *Change) AddIndicator(ctx context.Context, i target.Indicator) error {
	row := indicatorRow{Kind: string(i.Kind), FieldKey: db.OrNull(i.FieldKey), SurveyKey: i.SurveyKey, Method: i.Method, Counts: db.Flag(i.Counts), Sort: i.Order}
	if err := c.rows(ctx).Create(&row).Error; err != nil {
		return db.Failed("add indicator", err)
	}
	i.ID = row.ID
	return c.Note(ctx, "indicator.add", "indicator/"+string(i.Kind), nil, indicatorEntry(i))
}

func readIndicators(rows *gorm.DB) ([]target.Indicator, error) {
	return db.List("list indicators", rows.Order("sort, id"), func(r indicatorRow) (target.Indicator, error) {
		return target.Indicator{
			ID: r.ID, Kind: target.IndicatorKind(r.Kind), FieldKey: db.OrZero(r.FieldKey), SurveyKey: r.SurveyKey,
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
func (c *Change) AddTarget(ctx context.Context, t target.Target) error {
	t.Comparator = cmp.Or(t.Comparator, target.AtLeast)
	row := targetRow{
		Plan: t.Plan, Indicator: string(t.Indicator), FieldKey: db.OrNull(t.FieldKey), AgencyID: db.OrNull(t.AgencyID),
		Year: t.Year, Comparator: string(t.Comparator), Percent: t.Percent, LeadAgency: t.LeadAgency,
	}
	if len(t.Note) > 0 {
		row.Note = writeText(t.Note)
	}
	if err := c.rows(ctx).Create(&row).Error; err != nil {
		return db.Failed("add target", err)
	}
	t.ID = row.ID
	return c.Note(ctx, "target.add", fmt.Sprintf("target/%s/%d", t.Indicator, t.Year), nil, targetEntry(t))
}

func readTargets(rows *gorm.DB) ([]target.Target, error) {
	return db.List("list targets", rows.Order("year, id"), func(r targetRow) (target.Target, error) {
		t := target.Target{
			ID: r.ID, Plan: r.Plan, Indicator: target.IndicatorKind(r.Indicator), FieldKey: db.OrZero(r.FieldKey),
			AgencyID: db.OrZero(r.AgencyID), Year: r.Year, Comparator: target.Comparator(r.Comparator), Percent: r.Percent, LeadAgency: r.LeadAgency,
		}
		if r.Note == "" {
			return t, nil
		}
		return t, readText(r.Note, &t.Note)
	})
}
