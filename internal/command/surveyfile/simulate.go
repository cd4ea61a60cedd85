package surveyfile

import (
	"context"
	"encoding/json"
	"fmt"
	"text/tabwriter"

	"sipas/internal/app"
	"sipas/internal/command"
	"sipas/internal/registry"
	"sipas/internal/score"
	"sipas/internal/simulation"
	"sipas/internal/survey"
)

type surveysSimulate struct {
	command.Database
	Survey   string `arg:"" name:"survey" help:"Key of a published survey or of the library, or a survey file; - is the standard input."`
	Version  int    `placeholder:"N" help:"Which version of a published one; without it, the newest."`
	Citizens int    `default:"1000" help:"How many answer, up to 10000."`
	Seed     uint64 `help:"Which citizens: the same seed gives the same result."`
	JSON     bool   `name:"json" help:"Print JSON."`
}

// Help is the longer help of the command.
func (surveysSimulate) Help() string {
	return `Made-up citizens answer a survey at random: each choice is as likely, and half of them answer what is not required. They take the
way of real answers through conditions, checks and arithmetic; nothing of them is stored or counted. It says which questions nobody
meets, how long the survey is, and the score that answers at random, all satisfied and all dissatisfied give.

Example:

  sipas surveys simulate sipas
  sipas surveys simulate thu-vien.yaml --citizens 5000 --seed 7
  sipas surveys simulate quay-nhanh --version 1 --json`
}

// Run tries the survey.
func (c *surveysSimulate) Run(ctx context.Context, s *command.Session) error {
	return c.With(ctx, func(d app.Database) error {
		snap, err := d.Registry.Load(ctx)
		if err != nil {
			return err
		}
		def, err := c.definition(s, snap)
		if err != nil {
			return err
		}
		if c.Citizens == 0 {
			return simulation.ErrCitizens
		}
		result, err := simulation.Run(ctx, simulation.Plan{Survey: def, Fields: snap.Fields, Citizens: c.Citizens, Seed: c.Seed})
		if err != nil {
			return err
		}
		if c.JSON {
			return json.NewEncoder(s.Out).Encode(result.Document())
		}
		return c.print(s, result)
	})
}

// definition is what was published, or else what the library or a file has.
func (c *surveysSimulate) definition(s *command.Session, snap *registry.Snapshot) (survey.Definition, error) {
	if len(snap.Versions(c.Survey)) == 0 && c.Version == 0 {
		return named(s, c.Survey)
	}
	v, err := versionOf(snap, c.Survey, c.Version)
	if err != nil {
		return survey.Definition{}, err
	}
	return v.Definition, nil
}

func (c *surveysSimulate) print(s *command.Session, r simulation.Result) error {
	minutes := r.Minutes()
	s.Printf("%d citizens, seed %d: %d to %d questions, %d in the middle; about %d to %d minutes, %d in the middle; %d ways\n",
		r.Citizens, r.Seed, r.Asked.Least, r.Asked.Most, r.Asked.Median, minutes.Least, minutes.Most, minutes.Median, r.Ways)
	if r.Refused > 0 {
		s.Printf("%d citizens could send nothing that is accepted\n", r.Refused)
	}
	table := tabwriter.NewWriter(s.Out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "\nQUESTION\tMET BY\t") // shows at the flush
	for _, q := range r.Questions {
		note := ""
		switch {
		case q.Never:
			note = "nobody ever can: its condition contradicts itself"
		case q.Reached == 0:
			note = "nobody of these"
		}
		_, _ = fmt.Fprintf(table, "%s\t%.1f%%\t%s\n", q.Question.Key, 100*float64(q.Reached)/float64(r.Citizens), note)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, _ = fmt.Fprintln(table, "\nSCORE\tALL DISSATISFIED\tAT RANDOM\tALL SATISFIED")
	row := func(name string, of func(simulation.Figures) score.Index) {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", name, shown(of(r.Unsatisfied)), shown(of(r.Random)), shown(of(r.Satisfied)))
	}
	row(r.Survey.Method, func(f simulation.Figures) score.Index { return f.Overall })
	for i, section := range r.Survey.Sections {
		row(section.Key, func(f simulation.Figures) score.Index { return f.Sections[i] })
	}
	return table.Flush()
}

func shown(x score.Index) string {
	if !x.HasData {
		return "-"
	}
	return x.DisplayIn("en", 1)
}
