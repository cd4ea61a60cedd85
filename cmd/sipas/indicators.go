package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"text/tabwriter"

	"sipas/internal/app"
	"sipas/internal/command"
	"sipas/internal/fault"
	"sipas/internal/registry"
	"sipas/internal/report"
	"sipas/internal/score"
	"sipas/internal/survey"
	"sipas/internal/target"
)

// indicatorsCmd says which surveys make the figures of boards.
type indicatorsCmd struct {
	indicatorsHelp

	List   indicatorsList   `cmd:"" default:"withargs" help:"List them (the default)."`
	Add    indicatorsAdd    `cmd:"" help:"Give a survey a row of its own on the boards."`
	Count  indicatorsCount  `cmd:"" help:"Say which of the rows for one thing is held against targets."`
	Remove indicatorsRemove `cmd:"" help:"Take a row off the boards. Answers stay, and so does what was published."`
}

// indicatorsHelp is the longer help of the command and of each part of it.
type indicatorsHelp struct{}

// Help gives it.
func (indicatorsHelp) Help() string {
	return `An indicator names what a figure is about and the survey that makes it: FIELD of a service field, TTHC (all administrative procedures)
or SIPAS. Where several surveys make one, each has its own row and they are never added up; one of them counts for the targets.
A row is shown where there are answers.

Example:

  sipas surveys publish y-te-noi-tru
  sipas indicators add y-te-noi-tru --field y-te
  sipas indicators add y-te-noi-tru --field y-te --method all-satisfied
  sipas indicators
  sipas indicators count 9`
}

type indicatorsList struct {
	indicatorsHelp
	command.Database
}

// Run lists the rules that are kept.
func (c *indicatorsList) Run(ctx context.Context, s *command.Session) error {
	return c.With(ctx, func(d app.Database) error {
		snap, err := d.Registry.Current(ctx)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(s.Out, 0, 0, 2, ' ', 0)
		_, _ = fmt.Fprintln(table, "ID\tINDICATOR\tFIELD\tSURVEY\tMETHOD\tCOUNTS") // shows at the flush
		for _, i := range snap.Indicators {
			counts := "no"
			if i.Counts {
				counts = "yes"
			}
			_, _ = fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\t%s\n", i.ID, i.Kind, cmp.Or(i.FieldKey, "-"), i.SurveyKey, methodOf(snap, i), counts)
		}
		return table.Flush()
	})
}

// methodOf is the method of a rule: its own, or that of its survey.
func methodOf(snap *registry.Snapshot, i target.Indicator) string {
	newest := snap.Newest(i.SurveyKey)
	if i.Method != "" || newest == nil {
		return cmp.Or(i.Method, "-")
	}
	return newest.Definition.Method
}

type indicatorsAdd struct {
	indicatorsHelp
	command.Database
	Survey    string `arg:"" help:"Key of a published survey."`
	Field     string `placeholder:"KEY" help:"The service field that the figure is about."`
	Indicator string `placeholder:"NAME" help:"Or what else it is about: TTHC or SIPAS."`
	Method    string `placeholder:"NAME" help:"How the figure is made, if not as the survey says: sipas-2023, pooled, mean-score or all-satisfied."`
}

// Run adds a rule that does not count for targets. Where none was kept for the same
// thing, the usual one is kept with it and counts on.
func (c *indicatorsAdd) Run(ctx context.Context, s *command.Session) error {
	added := target.Indicator{Kind: target.IndicatorKind(c.Indicator), FieldKey: c.Field, SurveyKey: c.Survey, Method: c.Method}
	switch whole := []string{string(target.IndicatorProcedures), string(target.IndicatorSIPAS)}; {
	case (c.Field == "") == (c.Indicator == ""), c.Indicator != "" && !slices.Contains(whole, c.Indicator):
		return command.UsageError("say --field KEY, or --indicator TTHC or SIPAS")
	case c.Field != "":
		added.Kind = target.IndicatorField
	}
	return c.With(ctx, func(d app.Database) error {
		err := d.Registry.Change(ctx, command.Operator(), func(change *registry.Change) error {
			snap, err := change.Now(ctx)
			if err != nil {
				return err
			}
			if err := fits(snap, added); err != nil {
				return err
			}
			same := false
			for _, k := range snap.Indicators {
				same = same || k.Kind == added.Kind && k.FieldKey == added.FieldKey
				added.Order = max(added.Order, k.Order+1)
			}
			usual := report.UsualSurvey(snap, added.Kind)
			if !same && usual != "" && usual != added.SurveyKey {
				err := change.AddIndicator(ctx, target.Indicator{Kind: added.Kind, FieldKey: added.FieldKey, SurveyKey: usual, Counts: true, Order: added.Order})
				if err != nil {
					return err
				}
				added.Order++
			}
			return change.AddIndicator(ctx, added)
		})
		if err == nil {
			s.Printf("%s: a row of its own; it does not count for targets\n", c.Survey)
		}
		return err
	})
}

// fits tells what keeps a rule from making a figure.
func fits(snap *registry.Snapshot, i target.Indicator) error {
	newest := snap.Newest(i.SurveyKey)
	if newest == nil {
		return fmt.Errorf("survey %q is not published: %w", i.SurveyKey, fault.ErrNotFound)
	}
	if _, known := snap.Field(i.FieldKey); i.Kind == target.IndicatorField && !known {
		return fmt.Errorf("service field %q: %w", i.FieldKey, fault.ErrNotFound)
	}
	if i.Method != "" {
		ofLevels := []score.Method{score.Sipas2023, score.Pooled, score.MeanScore, score.AllSatisfied}
		scored := slices.ContainsFunc(newest.Scale(), func(p survey.Part) bool { return p.Question.Scores() })
		if !slices.Contains(ofLevels, score.Method(i.Method)) || !scored {
			return fmt.Errorf("method %q makes no figure of survey %s, want one of %v and questions with levels", i.Method, i.SurveyKey, ofLevels)
		}
	}
	for _, k := range snap.Indicators {
		if k.Kind == i.Kind && k.FieldKey == i.FieldKey && k.SurveyKey == i.SurveyKey && methodOf(snap, k) == methodOf(snap, i) {
			return fmt.Errorf("indicator %d is the same: %w", k.ID, fault.ErrConflict)
		}
	}
	return nil
}

type indicatorsCount struct {
	indicatorsHelp
	command.Database
	ID int64 `arg:"" help:"Its number in the list."`
}

// Run chooses the rule that counts.
func (c *indicatorsCount) Run(ctx context.Context, s *command.Session) error {
	return c.With(ctx, func(d app.Database) error {
		err := d.Registry.Change(ctx, command.Operator(), func(change *registry.Change) error { return change.CountIndicator(ctx, c.ID) })
		if err == nil {
			s.Printf("indicator %d counts for targets\n", c.ID)
		}
		return err
	})
}

type indicatorsRemove struct {
	indicatorsHelp
	command.Database
	ID int64 `arg:"" help:"Its number in the list."`
}

// Run removes a rule that does not count.
func (c *indicatorsRemove) Run(ctx context.Context, s *command.Session) error {
	return c.With(ctx, func(d app.Database) error {
		err := d.Registry.Change(ctx, command.Operator(), func(change *registry.Change) error {
			snap, err := change.Now(ctx)
			if err != nil {
				return err
			}
			if slices.ContainsFunc(snap.Indicators, func(i target.Indicator) bool { return i.ID == c.ID && i.Counts }) {
				return fmt.Errorf("indicator %d counts for targets; let another one count before: %w", c.ID, fault.ErrConflict)
			}
			return change.RemoveIndicator(ctx, c.ID)
		})
		if err == nil {
			s.Printf("indicator %d removed\n", c.ID)
		}
		return err
	})
}
