package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"text/tabwriter"

	"sipas/internal/app"
	"sipas/internal/command"
	"sipas/internal/indicator"
	"sipas/internal/registry"
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
			_, _ = fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\t%s\n", i.ID, i.Kind, cmp.Or(i.FieldKey, "-"), i.SurveyKey, cmp.Or(indicator.MethodOf(snap, i), "-"), counts)
		}
		return table.Flush()
	})
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
	switch {
	case (c.Field == "") == (c.Indicator == ""), c.Indicator != "" && !slices.Contains(indicator.Whole(), added.Kind):
		return command.UsageError("say --field KEY, or --indicator TTHC or SIPAS")
	case c.Field != "":
		added.Kind = target.IndicatorField
	}
	return c.With(ctx, func(d app.Database) error {
		err := d.Registry.Change(ctx, command.Operator(), func(change *registry.Change) error { return indicator.Add(ctx, change, added) })
		if err == nil {
			s.Printf("%s: a row of its own; it does not count for targets\n", c.Survey)
		}
		return err
	})
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
		err := d.Registry.Change(ctx, command.Operator(), func(change *registry.Change) error { return indicator.Remove(ctx, change, c.ID) })
		if err == nil {
			s.Printf("indicator %d removed\n", c.ID)
		}
		return err
	})
}
