// Package surveyfile has the commands of surveys: what is published is listed, and
// files are published, read from other programs and written for them.
package surveyfile

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"text/tabwriter"
	"time"

	"sipas/internal/app"
	"sipas/internal/auth"
	"sipas/internal/command"
	"sipas/internal/exchange"
	"sipas/internal/registry"
	"sipas/internal/survey"
	"sipas/surveys"
)

// Surveys lists and publishes surveys.
type Surveys struct {
	surveysHelp

	List         surveysList     `cmd:"" default:"withargs" help:"List every published version (the default)."`
	Library      surveysLibrary  `cmd:"" help:"List the surveys that this program brings and what else is published, with sources and what is unverified."`
	Publish      surveysPublish  `cmd:"" help:"Publish surveys of the library or survey files: what has changed becomes the next version."`
	Import       surveysImport   `cmd:"" help:"Read a survey of another program, XLSForm or LimeSurvey, and publish it."`
	Schema       surveysSchema   `cmd:"" help:"Write the JSON Schema of survey files, for editors and other programs."`
	Simulate     surveysSimulate `cmd:"" help:"Try a survey with made-up citizens: which questions nobody meets, how long it is, which score it gives."`
	Export       surveysExport   `cmd:"" help:"Write a survey as a survey file, as XLSForm, as a codebook, or as a sheet of paper."`
	Translations translations    `cmd:"" help:"How far the translations of drafts are; write them for translators, and read what came back."`
}

// surveysHelp is the longer help of the command and of each part of it.
type surveysHelp struct{}

// Help gives it.
func (surveysHelp) Help() string {
	return `A published version never changes, and answers stay with the version they were given to. Counters show the newest one. How a
file is written: surveys/README.md.

Example:

  sipas surveys library                       which surveys there are to publish
  sipas surveys publish y-te-noi-tru          one of them, by its key
  sipas surveys publish thu-vien.yaml         one of your own
  sipas surveys publish --built-in            after an upgrade, to take over the wording of what every database has
  sipas surveys import phieu.xlsx --dry-run
  sipas surveys export sipas --format xlsform -o sipas.xlsx`
}

type surveysList struct {
	surveysHelp
	command.Database
	command.Calendar
	JSON bool `name:"json" help:"Print JSON: the newest version of each survey."`
}

// listed is a survey in JSON.
type listed struct {
	Key       string                 `json:"key"`
	Title     string                 `json:"title"`
	Method    string                 `json:"method"`
	Languages []string               `json:"languages"`
	Sections  []exchange.ToldSection `json:"sections"`
	Questions int                    `json:"questions"`
	BuiltIn   bool                   `json:"built_in"`
	Version   int                    `json:"version"`
}

// inJSON lists the newest version of each survey.
func inJSON(s *command.Session, snap *registry.Snapshot) error {
	builtIn, err := surveys.Library()
	if err != nil {
		return err
	}
	all := []listed{}
	for _, key := range snap.Surveys {
		versions := snap.Versions(key)
		v := versions[len(versions)-1]
		d := v.Definition
		all = append(all, listed{
			Key: key, Title: d.Title.In("vi"), Method: d.Method, Languages: d.Languages, Sections: exchange.Sections(d), Questions: len(v.Questions()),
			BuiltIn: slices.ContainsFunc(builtIn, func(b survey.Definition) bool { return b.Key == key }), Version: v.Number,
		})
	}
	return json.NewEncoder(s.Out).Encode(all)
}

// Run lists the versions, survey by survey, the oldest first.
func (c *surveysList) Run(ctx context.Context, s *command.Session) error {
	return c.Days(ctx, s, c.Database, func(d app.Database, _ *auth.Auth, day func(time.Time) string) error {
		snap, err := d.Registry.Current(ctx)
		if err != nil {
			return err
		}
		if c.JSON {
			return inJSON(s, snap)
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

type surveysLibrary struct {
	surveysHelp
	command.Database
}

// Run lists the library, and after it what else is published: what each survey
// is, its newest version here if there is one, and on what it stands.
func (c *surveysLibrary) Run(ctx context.Context, s *command.Session) error {
	all, err := surveys.Library()
	if err != nil {
		return err
	}
	return c.With(ctx, func(d app.Database) error {
		snap, err := d.Registry.Current(ctx)
		if err != nil {
			return err
		}
		for _, key := range snap.Surveys {
			if !slices.ContainsFunc(all, func(d survey.Definition) bool { return d.Key == key }) {
				all = append(all, snap.Newest(key).Definition)
			}
		}
		for i, d := range all {
			if i > 0 {
				s.Printf("\n")
			}
			state := "not published"
			if newest := snap.Newest(d.Key); newest != nil {
				state = newest.Name()
			}
			s.Printf("%s  %s\n  %s, %s\n", d.Key, command.Cell(d.Title.In("vi")), state, d.Method)
			if source := d.Source.In("vi"); source != "" {
				s.Printf("  source: %s\n", command.Cell(source))
			}
			for _, u := range d.Unverified {
				s.Printf("  unverified: %s\n", command.Cell(u.In("vi")))
			}
		}
		return nil
	})
}

type surveysPublish struct {
	surveysHelp
	command.Database
	Surveys []string `arg:"" optional:"" name:"survey" help:"Keys of the library, or survey files; - is the standard input."`
	BuiltIn bool     `help:"The surveys that every database has."`
}

// Run publishes all or nothing. Every file is read before.
func (c *surveysPublish) Run(ctx context.Context, s *command.Session) error {
	if c.BuiltIn == (len(c.Surveys) > 0) {
		return command.UsageError("name surveys of the library or survey files, or say --built-in")
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
	for _, name := range c.Surveys {
		d, err := named(s, name)
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, nil
}

// named is the survey of the library that has the key, or else what the file says.
func named(s *command.Session, name string) (survey.Definition, error) {
	if d, is, err := surveys.InLibrary(name); is || err != nil {
		return d, err
	}
	in, err := s.Read(name)
	if err != nil {
		return survey.Definition{}, err
	}
	defer in.Close()
	d, err := surveys.Decode(in)
	if err != nil {
		return d, fmt.Errorf("%s: %w", name, err)
	}
	return d, nil
}
