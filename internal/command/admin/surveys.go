package admin

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"sipas/internal/app"
	"sipas/internal/auth"
	"sipas/internal/command"
	"sipas/internal/registry"
	"sipas/internal/survey"
	"sipas/surveys"
)

// Surveys lists and publishes surveys.
type Surveys struct {
	surveysHelp

	List    surveysList    `cmd:"" default:"withargs" help:"List every published version (the default)."`
	Publish surveysPublish `cmd:"" help:"Publish survey files, or the built-in surveys: what has changed becomes the next version."`
}

// surveysHelp is the longer help of the command and of each part of it.
type surveysHelp struct{}

// Help gives it.
func (surveysHelp) Help() string {
	return `A published version never changes, and answers stay with the version they were given to. Counters show the newest one. How a
file is written: surveys/README.md.

Example:

  sipas surveys publish thu-vien.yaml
  sipas surveys publish --built-in     after an upgrade, to take over its wording`
}

type surveysList struct {
	surveysHelp
	command.Database
	command.Calendar
}

// Run lists the versions, survey by survey, the oldest first.
func (c *surveysList) Run(ctx context.Context, s *command.Session) error {
	return c.Days(ctx, s, c.Database, func(d app.Database, _ *auth.Auth, day func(time.Time) string) error {
		snap, err := d.Registry.Current(ctx)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(s.Out, 0, 0, 2, ' ', 0)
		_, _ = fmt.Fprintln(table, "VERSION\tPUBLISHED\tMETHOD\tTITLE") // shows at the flush
		for _, key := range snap.Surveys {
			for _, v := range snap.Versions(key) {
				_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", v.Name(), day(v.PublishedAt), v.Definition.Method, command.Cell(v.Definition.Title.In("vi")))
			}
		}
		return table.Flush()
	})
}

type surveysPublish struct {
	surveysHelp
	command.Database
	Files   []string `arg:"" optional:"" name:"file" help:"Survey files; - is the standard input."`
	BuiltIn bool     `help:"The surveys of this program."`
}

// Run publishes all or nothing. Every file is read before.
func (c *surveysPublish) Run(ctx context.Context, s *command.Session) error {
	if c.BuiltIn == (len(c.Files) > 0) {
		return command.UsageError("name survey files, or say --built-in")
	}
	definitions, err := c.definitions(s)
	if err != nil {
		return err
	}
	return c.With(ctx, func(d app.Database) error {
		var said []string
		err := d.Registry.Change(ctx, command.Operator(), func(c *registry.Change) error {
			for _, d := range definitions {
				now := s.Now()
				v, err := c.PublishVersion(ctx, d, now)
				if err != nil {
					return err
				}
				state := "published"
				if v.PublishedAt.Before(now.Truncate(time.Microsecond)) {
					state = "unchanged"
				}
				said = append(said, v.Name()+" "+state)
			}
			return nil
		})
		if err != nil {
			return err
		}
		for _, line := range said {
			s.Printf("%s\n", line)
		}
		return nil
	})
}

func (c *surveysPublish) definitions(s *command.Session) ([]survey.Definition, error) {
	if c.BuiltIn {
		return surveys.BuiltIn()
	}
	var all []survey.Definition
	for _, file := range c.Files {
		in, err := s.Read(file)
		if err != nil {
			return nil, err
		}
		d, err := surveys.Decode(in)
		in.Close()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		all = append(all, d)
	}
	return all, nil
}
