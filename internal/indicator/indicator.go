// Package indicator keeps which surveys make the figures of boards: what fits, and how
// that is changed.
package indicator

import (
	"cmp"
	"context"
	"slices"

	"sipas/internal/fault"
	"sipas/internal/registry"
	"sipas/internal/report"
	"sipas/internal/score"
	"sipas/internal/survey"
	"sipas/internal/target"
)

// The message keys of what keeps an indicator from being: each is a key `problem.<key>`
// of the catalogues. Where is survey, indicator or method.
const (
	ProblemNotPublished = "indicator-not-published"
	ProblemNoField      = "indicator-no-field"
	ProblemNoFigure     = "indicator-no-figure" // that method makes none of the survey
	ProblemSame         = "indicator-same"
	ProblemCounts       = "indicator-counts" // for targets, so that it stays
)

// Whole are the kinds of what is about no field.
func Whole() []target.IndicatorKind {
	return []target.IndicatorKind{target.IndicatorProcedures, target.IndicatorSIPAS}
}

// Methods are those by which the figure of an indicator may be made, whatever its survey
// says: the survey's questions with levels are all they need.
func Methods() []score.Method {
	return []score.Method{score.Sipas2023, score.Pooled, score.MeanScore, score.AllSatisfied}
}

// MethodOf is the method of an indicator: its own, or that of its survey; "" where that is
// not published.
func MethodOf(snap *registry.Snapshot, i target.Indicator) string {
	newest := snap.Newest(i.SurveyKey)
	if i.Method != "" || newest == nil {
		return i.Method
	}
	return newest.Definition.Method
}

// Add keeps one more indicator that does not count for targets. Where none was kept for
// the same thing, the usual one is kept with it and counts on. Error: *fault.Invalid.
func Add(ctx context.Context, c *registry.Change, added target.Indicator) error {
	snap, err := c.Now(ctx)
	if err != nil {
		return err
	}
	if wrong := problems(snap, added); len(wrong) > 0 {
		return &fault.Invalid{Problems: wrong}
	}
	added.Counts = false
	kept := false
	for _, k := range snap.Indicators {
		kept = kept || same(k, added)
		added.Order = max(added.Order, k.Order+1)
	}
	usual := report.UsualSurvey(snap, added.Kind)
	if !kept && usual != "" && usual != added.SurveyKey {
		err := c.AddIndicator(ctx, target.Indicator{Kind: added.Kind, FieldKey: added.FieldKey, SurveyKey: usual, Counts: true, Order: added.Order})
		if err != nil {
			return err
		}
		added.Order++
	}
	return c.AddIndicator(ctx, added)
}

// Remove takes an indicator off the boards; answers stay, and so does what was published.
// One that counts for targets is *fault.Invalid, one that is not there fault.ErrNotFound.
func Remove(ctx context.Context, c *registry.Change, id int64) error {
	snap, err := c.Now(ctx)
	if err != nil {
		return err
	}
	if i, known := snap.Indicator(id); known && i.Counts {
		return &fault.Invalid{Problems: []fault.Problem{{Where: "indicator", Key: ProblemCounts}}}
	}
	return c.RemoveIndicator(ctx, id)
}

// same tells whether two indicators are about the same thing.
func same(a, b target.Indicator) bool { return a.Kind == b.Kind && a.FieldKey == b.FieldKey }

// problems are what keeps an indicator from making a figure.
func problems(snap *registry.Snapshot, i target.Indicator) (wrong []fault.Problem) {
	_, known := snap.Field(i.FieldKey)
	if i.Kind == target.IndicatorField && !known || i.Kind != target.IndicatorField && (i.FieldKey != "" || !slices.Contains(Whole(), i.Kind)) {
		wrong = append(wrong, fault.Problem{Where: "indicator", Key: ProblemNoField, Limit: cmp.Or(i.FieldKey, string(i.Kind))})
	}
	newest := snap.Newest(i.SurveyKey)
	if newest == nil {
		return append(wrong, fault.Problem{Where: "survey", Key: ProblemNotPublished, Limit: i.SurveyKey})
	}
	if i.Method != "" {
		scored := slices.ContainsFunc(newest.Scale(), func(p survey.Part) bool { return p.Question.Scores() })
		if !slices.Contains(Methods(), score.Method(i.Method)) || !scored {
			wrong = append(wrong, fault.Problem{Where: "method", Key: ProblemNoFigure})
		}
	}
	for _, k := range snap.Indicators {
		if same(k, i) && k.SurveyKey == i.SurveyKey && MethodOf(snap, k) == MethodOf(snap, i) {
			wrong = append(wrong, fault.Problem{Where: "survey", Key: ProblemSame})
		}
	}
	return wrong
}
