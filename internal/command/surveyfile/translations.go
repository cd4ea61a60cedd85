package surveyfile

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"

	"sipas/internal/agency"
	"sipas/internal/app"
	"sipas/internal/command"
	"sipas/internal/exchange/draft"
	"sipas/internal/message"
	"sipas/internal/registry"
	"sipas/internal/studio"
	"sipas/internal/survey"
	"sipas/internal/translation"
)

type translations struct {
	translationsHelp

	List   translationsList   `cmd:"" default:"withargs" help:"List the drafts of surveys with their languages, and how far each is (the default)."`
	Export translationsExport `cmd:"" help:"Write the texts of a draft or of a published survey for a translator, as XLIFF 2.0 or CSV."`
	Import translationsImport `cmd:"" help:"Read such a file into a draft."`
}

// translationsHelp is the longer help of the command and of each part of it.
type translationsHelp struct{}

// Help gives it.
func (translationsHelp) Help() string {
	return `A file has one language, with Vietnamese as its source. It is taken whole or, with an error, not at all: a text that the draft does not
have is an error, told by its id. What was translated from a Vietnamese text that has changed since is taken, told as a warning,
and stays out of date until somebody has looked at it. What a file leaves empty stays as it is. The same texts always make the
same bytes, and read back they are unchanged.

Example:

  sipas surveys translations
  sipas surveys translations export --draft 3 --language km -o phieu.km.xlf
  sipas surveys translations export sipas --language ko --format csv -o sipas.ko.csv
  sipas surveys translations import phieu.km.xlf --draft 3 --language km --dry-run`
}

type translationsList struct {
	translationsHelp
	command.Database
	JSON bool `name:"json" help:"Print JSON."`
}

// translated is a language of a draft, for scripts.
type translated struct {
	Draft    int64  `json:"draft"`
	Survey   string `json:"survey"`
	Language string `json:"language"`
	Offered  bool   `json:"offered"` // it is published with the survey
	Texts    int    `json:"texts"`
	Missing  int    `json:"missing"`
	Stale    int    `json:"stale"`
}

// Run lists every language of every draft that is not put away.
func (c *translationsList) Run(ctx context.Context, s *command.Session) error {
	return c.With(ctx, func(d app.Database) error {
		drafts := studio.New(d.DB, d.Registry, s.Now)
		list, err := drafts.List(ctx, false)
		if err != nil {
			return err
		}
		all := []translated{}
		for _, info := range list {
			one, _, err := drafts.Draft(ctx, info.ID, 0)
			if err != nil {
				return err
			}
			for _, language := range translation.Begun(one) {
				p := translation.ProgressOf(translation.Texts(one, language))
				all = append(all, translated{info.ID, info.Code, language, slices.Contains(one.Languages(), language), p.All, p.Missing, p.Stale})
			}
		}
		if c.JSON {
			return json.NewEncoder(s.Out).Encode(all)
		}
		table := tabwriter.NewWriter(s.Out, 0, 0, 2, ' ', 0)
		_, _ = fmt.Fprintln(table, "DRAFT\tSURVEY\tLANGUAGE\tTEXTS\tMISSING\tOUT OF DATE") // shows at the flush
		for _, one := range all {
			_, _ = fmt.Fprintf(table, "%d\t%s\t%s\t%d\t%d\t%d\n", one.Draft, command.Cell(one.Survey), one.Language, one.Texts, one.Missing, one.Stale)
		}
		return table.Flush()
	})
}

// inLanguage is the language of a file.
type inLanguage struct {
	Language string `required:"" placeholder:"TAG" help:"The language, as km or zh-Hant."`
}

func (l inLanguage) check() error {
	if !studio.IsLanguage(l.Language) || l.Language == agency.FallbackLanguage {
		return command.UsageError(fmt.Sprintf("%q is no language to translate into", l.Language))
	}
	return nil
}

type translationsExport struct {
	translationsHelp
	command.Database
	inLanguage
	Key    string `arg:"" optional:"" help:"A published survey, of which the newest version is written."`
	Draft  int64  `placeholder:"N" help:"A draft instead, by its number."`
	Format string `default:"xliff" enum:"xliff,csv" help:"xliff or csv."`
	Out    string `short:"o" default:"-" placeholder:"FILE" help:"Where to write; - is the standard output."`
}

// Run writes the texts.
func (c *translationsExport) Run(ctx context.Context, s *command.Session) error {
	if (c.Key == "") == (c.Draft == 0) {
		return command.UsageError("name a published survey, or a draft by --draft")
	}
	if err := c.check(); err != nil {
		return err
	}
	return c.With(ctx, func(d app.Database) error {
		one, err := c.texts(ctx, s, d)
		if err != nil {
			return err
		}
		return s.Write(c.Out, func(w io.Writer) error { return translation.Write(w, c.Format, one, c.Language) })
	})
}

func (c *translationsExport) texts(ctx context.Context, s *command.Session, d app.Database) (*studio.Draft, error) {
	if c.Draft != 0 {
		one, _, err := studio.New(d.DB, d.Registry, s.Now).Draft(ctx, c.Draft, 0)
		return one, command.Already(err, fmt.Sprintf("there is no draft %d: see `sipas surveys translations`", c.Draft))
	}
	v, err := newest(ctx, d.Registry, c.Key)
	if err != nil {
		return nil, err
	}
	return studio.From(v.Definition, draft.Report{}), nil
}

// newest is the newest version of a survey.
func newest(ctx context.Context, of *registry.Registry, key string) (*survey.Version, error) {
	snap, err := of.Load(ctx)
	if err != nil {
		return nil, err
	}
	v := snap.Newest(key)
	if v == nil {
		return nil, fmt.Errorf("there is no survey %s: see `sipas surveys`", key)
	}
	return v, nil
}

type translationsImport struct {
	translationsHelp
	command.Database
	inLanguage
	File   string `arg:"" name:"file" help:"XLIFF 2.0 or CSV; - is the standard input."`
	Draft  int64  `required:"" placeholder:"N" help:"The draft, by its number."`
	DryRun bool   `help:"Say what the file would do, and keep nothing."`
	JSON   bool   `name:"json" help:"Print JSON."`
	Words  string `default:"en" enum:"en,vi" help:"Language in which problems are told: en or vi."`
}

// planned is what came of a file, for scripts.
type planned struct {
	Units     int           `json:"units"`
	Created   int           `json:"created"`
	Updated   int           `json:"updated"`
	Checked   int           `json:"checked"`
	Unchanged int           `json:"unchanged"`
	Stale     int           `json:"stale"`
	Warnings  []unitProblem `json:"warnings"`
	Errors    []unitProblem `json:"errors"`
}

type unitProblem struct {
	Unit string `json:"unit"` // "" is the file
	Text string `json:"text"`
}

// Run reads the file, tells what it says, and keeps it as one operation.
func (c *translationsImport) Run(ctx context.Context, s *command.Session) error {
	if err := c.check(); err != nil {
		return err
	}
	texts, err := command.Texts(c.Words)
	if err != nil {
		return err
	}
	in, err := s.Read(c.File)
	if err != nil {
		return err
	}
	content, err := io.ReadAll(io.LimitReader(in, translation.MaxBytes+1))
	if err = errors.Join(err, in.Close()); err != nil {
		return err
	}
	return c.With(ctx, func(d app.Database) error {
		drafts := studio.New(d.DB, d.Registry, s.Now)
		one, info, err := drafts.Draft(ctx, c.Draft, 0)
		if err != nil {
			return command.Already(err, fmt.Sprintf("there is no draft %d: see `sipas surveys translations`", c.Draft))
		}
		if !info.ArchivedAt.IsZero() {
			return studio.ErrArchived
		}
		plan := translation.PlanOf(one, c.Language, content)
		if plan.Changes() && !c.DryRun {
			if _, err := drafts.Operate(ctx, info.ID, studio.Author{Name: command.Operator().Name}, plan.Operation()); err != nil {
				return err
			}
		}
		if err := c.tell(s, plan, texts); err != nil {
			return err
		}
		if len(plan.Errors) > 0 {
			return command.ErrSaid
		}
		return nil
	})
}

// tell prints what came of it. What people should know stands apart from the result.
func (c *translationsImport) tell(s *command.Session, plan *translation.Plan, texts message.Printer) error {
	said := func(all []translation.Problem, sort string) []unitProblem {
		list := make([]unitProblem, len(all))
		for i, p := range all {
			list[i] = unitProblem{p.Unit, p.Text(texts)}
			if !c.JSON {
				where := ""
				if p.Unit != "" {
					where = p.Unit + ": "
				}
				s.Notef("%s: %s", sort, command.Printable(where+list[i].Text))
			}
		}
		return list
	}
	r := planned{plan.Units, plan.Created, plan.Updated, plan.Checked, plan.Unchanged, plan.Stale, said(plan.Warnings, "warning"), said(plan.Errors, "error")}
	switch {
	case c.JSON:
		return json.NewEncoder(s.Out).Encode(r)
	case len(r.Errors) > 0:
		s.Printf("%d texts, %d errors: nothing was stored\n", r.Units, len(r.Errors))
	case c.DryRun:
		s.Printf("%d texts: %d would be new, %d changed, %d still right, %d unchanged\n", r.Units, r.Created, r.Updated, r.Checked, r.Unchanged)
	default:
		s.Printf("%d texts: %d new, %d changed, %d still right, %d unchanged\n", r.Units, r.Created, r.Updated, r.Checked, r.Unchanged)
	}
	return nil
}
