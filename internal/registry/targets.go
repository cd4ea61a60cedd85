package registry

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"sipas/internal/db"
	"sipas/internal/fault"
	"sipas/internal/target"
)

// targets are the part of a change that is about indicators and targets.
type targets struct{ noted }

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
func (c targets) AddIndicator(ctx context.Context, i target.Indicator) error {
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
	CoAgencies string
	Note       string // JSON: language -> text, or empty
}

func (targetRow) TableName() string { return "targets" }

func rowOfTarget(t target.Target) targetRow {
	row := targetRow{
		ID: t.ID, Plan: t.Plan, Indicator: string(t.Indicator), FieldKey: db.OrNull(t.FieldKey), AgencyID: db.OrNull(t.AgencyID),
		Year: t.Year, Comparator: string(t.Comparator), Percent: t.Percent, LeadAgency: t.LeadAgency, CoAgencies: t.CoAgencies,
	}
	if len(t.Note) > 0 {
		row.Note = writeText(t.Note)
	}
	return row
}

func (r targetRow) domain() (target.Target, error) {
	t := target.Target{
		ID: r.ID, Plan: r.Plan, Indicator: target.IndicatorKind(r.Indicator), FieldKey: db.OrZero(r.FieldKey), AgencyID: db.OrZero(r.AgencyID),
		Year: r.Year, Comparator: target.Comparator(r.Comparator), Percent: r.Percent, LeadAgency: r.LeadAgency, CoAgencies: r.CoAgencies,
	}
	if r.Note == "" {
		return t, nil
	}
	return t, readText(r.Note, &t.Note)
}

// AddTarget keeps a target. Several for one indicator and year are all kept, but
// none twice. Without a comparator it is target.AtLeast. Error: *fault.Invalid.
func (c targets) AddTarget(ctx context.Context, t target.Target) error {
	t.ID, t.Comparator = 0, cmp.Or(t.Comparator, target.AtLeast)
	if err := c.fits(ctx, t); err != nil {
		return err
	}
	row := rowOfTarget(t)
	if err := c.rows(ctx).Create(&row).Error; err != nil {
		return db.Failed("add target", err)
	}
	t.ID = row.ID
	return c.Note(ctx, "target.add", subjectOfTarget(t), nil, targetEntry(t))
}

// UpdateTarget changes the target with an id. Errors: fault.ErrNotFound,
// *fault.Invalid.
func (c targets) UpdateTarget(ctx context.Context, t target.Target) error {
	before, err := c.target(ctx, t.ID)
	if err != nil {
		return err
	}
	if err := c.fits(ctx, t); err != nil {
		return err
	}
	row := rowOfTarget(t)
	if err := c.rows(ctx).Save(&row).Error; err != nil {
		return db.Failed("change target", err)
	}
	return c.Note(ctx, "target.change", subjectOfTarget(t), targetEntry(before), targetEntry(t))
}

// RemoveTarget forgets the target with an id; what was published keeps it. Error:
// fault.ErrNotFound.
func (c targets) RemoveTarget(ctx context.Context, id int64) error {
	before, err := c.target(ctx, id)
	if err != nil {
		return err
	}
	if err := db.Changed("remove target", c.rows(ctx).Delete(&targetRow{ID: id})); err != nil {
		return err
	}
	return c.Note(ctx, "target.remove", subjectOfTarget(before), targetEntry(before), nil)
}

// CopyTargets keeps the targets of a year for another one, where it does not have
// the same already, and tells how many that were.
func (c targets) CopyTargets(ctx context.Context, from, to int) (copied int, err error) {
	all, err := readTargets(c.rows(ctx))
	if err != nil {
		return 0, err
	}
	for _, t := range all {
		if t.Year != from {
			continue
		}
		t.Year = to
		if slices.ContainsFunc(all, t.Same) {
			continue
		}
		if err := c.AddTarget(ctx, t); err != nil {
			return copied, err
		}
		copied++
	}
	return copied, nil
}

// fits refuses a target that is wrong by itself, that is about a field or an agency
// which is not there, or that is kept already.
func (c targets) fits(ctx context.Context, t target.Target) error {
	found := t.Problems()
	kept, err := readTargets(c.rows(ctx).Where("year = ?", t.Year))
	if err != nil {
		return err
	}
	if slices.ContainsFunc(kept, func(k target.Target) bool { return k.ID != t.ID && k.Same(t) }) {
		found = append(found, fault.Problem{Where: "target_percent", Key: target.ProblemSame})
	}
	if len(found) > 0 {
		return &fault.Invalid{Problems: found}
	}
	return nil
}

func (c targets) target(ctx context.Context, id int64) (target.Target, error) {
	return db.One("find target", c.rows(ctx).Where("id = ?", id), targetRow.domain)
}

func subjectOfTarget(t target.Target) string { return fmt.Sprintf("target/%s/%d", t.Indicator, t.Year) }

func readTargets(rows *gorm.DB) ([]target.Target, error) {
	return db.List("list targets", rows.Order("year, id"), targetRow.domain)
}

// Target finds a target by its id.
func (s *Snapshot) Target(id int64) (t target.Target, ok bool) {
	i := slices.IndexFunc(s.Targets, func(t target.Target) bool { return t.ID == id })
	if i < 0 {
		return t, false
	}
	return s.Targets[i], true
}
