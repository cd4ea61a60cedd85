package registry

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"sipas/internal/audit"
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

// CountIndicator makes the indicator with an id the one that is held against
// targets, and no other of its kind and field. Error: fault.ErrNotFound.
func (c targets) CountIndicator(ctx context.Context, id int64) error {
	kept, err := readIndicators(c.rows(ctx))
	if err != nil {
		return err
	}
	at := slices.IndexFunc(kept, func(k target.Indicator) bool { return k.ID == id })
	if at < 0 {
		return db.Failed("count indicator", fault.ErrNotFound)
	}
	var entries []audit.Entry
	for _, k := range kept {
		now := k
		now.Counts = k.ID == id
		if k.Kind != kept[at].Kind || k.FieldKey != kept[at].FieldKey || k.Counts == now.Counts {
			continue
		}
		if err := db.Changed("count indicator", c.rows(ctx).Model(&indicatorRow{ID: k.ID}).Update("counts", db.Flag(now.Counts))); err != nil {
			return err
		}
		entries = append(entries, c.Entry("indicator.count", "indicator/"+string(k.Kind), indicatorEntry(k), indicatorEntry(now)))
	}
	return audit.Append(ctx, c.tx, entries...)
}

// RemoveIndicator forgets the indicator with an id: its row goes from boards, and
// no answer. Error: fault.ErrNotFound.
func (c targets) RemoveIndicator(ctx context.Context, id int64) error {
	kept, err := readIndicators(c.rows(ctx))
	if err != nil {
		return err
	}
	at := slices.IndexFunc(kept, func(k target.Indicator) bool { return k.ID == id })
	if at < 0 {
		return db.Failed("remove indicator", fault.ErrNotFound)
	}
	if err := db.Changed("remove indicator", c.rows(ctx).Delete(&indicatorRow{ID: id})); err != nil {
		return err
	}
	return c.Note(ctx, "indicator.remove", "indicator/"+string(kept[at].Kind), indicatorEntry(kept[at]), nil)
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

// AddTarget keeps a target; see AddTargets.
func (c targets) AddTarget(ctx context.Context, t target.Target) error {
	return c.AddTargets(ctx, []target.Target{t})
}

// AddTargets keeps targets. Several for one indicator and year are all kept, but
// none twice. Without a comparator one is target.AtLeast. Error: *fault.Invalid.
func (c targets) AddTargets(ctx context.Context, added []target.Target) error {
	kept, err := readTargets(c.rows(ctx))
	if err != nil {
		return err
	}
	known := claims(kept)
	entries := make([]audit.Entry, len(added))
	for i, t := range added {
		t.ID, t.Comparator = 0, cmp.Or(t.Comparator, target.AtLeast)
		if err := fits(known, t); err != nil {
			return err
		}
		row := rowOfTarget(t)
		if err := c.rows(ctx).Create(&row).Error; err != nil {
			return db.Failed("add target", err)
		}
		t.ID = row.ID
		entries[i] = c.Entry("target.add", subjectOfTarget(t), nil, targetEntry(t))
	}
	return audit.Append(ctx, c.tx, entries...)
}

// UpdateTarget changes the target with an id; see UpdateTargets.
func (c targets) UpdateTarget(ctx context.Context, t target.Target) error {
	return c.UpdateTargets(ctx, []target.Target{t})
}

// UpdateTargets changes targets by their ids. Errors: fault.ErrNotFound,
// *fault.Invalid.
func (c targets) UpdateTargets(ctx context.Context, changed []target.Target) error {
	kept, err := readTargets(c.rows(ctx))
	if err != nil {
		return err
	}
	before, known := make(map[int64]target.Target, len(kept)), claims(kept)
	for _, k := range kept {
		before[k.ID] = k
	}
	for _, t := range changed {
		delete(known, before[t.ID].Claim())
	}
	entries := make([]audit.Entry, len(changed))
	for i, t := range changed {
		was, found := before[t.ID]
		if !found {
			return fault.ErrNotFound
		}
		if err := fits(known, t); err != nil {
			return err
		}
		row := rowOfTarget(t)
		if err := c.rows(ctx).Save(&row).Error; err != nil {
			return db.Failed("change target", err)
		}
		entries[i] = c.Entry("target.change", subjectOfTarget(t), targetEntry(was), targetEntry(t))
	}
	return audit.Append(ctx, c.tx, entries...)
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
	known := claims(all)
	var copies []target.Target
	for _, t := range all {
		if t.Year != from {
			continue
		}
		if t.Year = to; !known[t.Claim()] {
			copies = append(copies, t)
		}
	}
	return len(copies), c.AddTargets(ctx, copies)
}

// claims are what targets say.
func claims(all []target.Target) map[target.Claim]bool {
	known := make(map[target.Claim]bool, len(all))
	for _, t := range all {
		known[t.Claim()] = true
	}
	return known
}

// fits refuses a target that is wrong by itself or says what is known already, and
// else knows what it says.
func fits(known map[target.Claim]bool, t target.Target) error {
	found := t.Problems()
	if known[t.Claim()] {
		found = append(found, fault.Problem{Where: "target_percent", Key: target.ProblemSame})
	}
	if len(found) > 0 {
		return &fault.Invalid{Problems: found}
	}
	known[t.Claim()] = true
	return nil
}

func (c targets) target(ctx context.Context, id int64) (target.Target, error) {
	return db.One("find target", c.rows(ctx).Where("id = ?", id), targetRow.domain)
}

func subjectOfTarget(t target.Target) string { return fmt.Sprintf("target/%s/%d", t.Indicator, t.Year) }

func readTargets(rows *gorm.DB) ([]target.Target, error) {
	return db.List("list targets", rows.Order("year, id"), targetRow.domain)
}

// Indicator finds an indicator that is kept by its id.
func (s *Snapshot) Indicator(id int64) (i target.Indicator, ok bool) {
	at := slices.IndexFunc(s.Indicators, func(i target.Indicator) bool { return i.ID == id })
	if at < 0 {
		return i, false
	}
	return s.Indicators[at], true
}

// Target finds a target by its id.
func (s *Snapshot) Target(id int64) (t target.Target, ok bool) {
	i := slices.IndexFunc(s.Targets, func(t target.Target) bool { return t.ID == id })
	if i < 0 {
		return t, false
	}
	return s.Targets[i], true
}
