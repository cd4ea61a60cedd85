package surveyfile

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"

	"sipas/internal/app"
	"sipas/internal/command"
	"sipas/internal/exchange"
	"sipas/internal/exchange/draft"
	"sipas/internal/registry"
	"sipas/internal/survey"
	"sipas/surveys"
)

type surveysImport struct {
	command.Database
	File     string `arg:"" name:"file" help:"XLSForm (.xlsx), LimeSurvey (.lss, .lsa) or a survey file; - is the standard input."`
	DryRun   bool   `help:"Say what the survey would be, and publish nothing."`
	JSON     bool   `name:"json" help:"Print JSON."`
	Language string `default:"en" enum:"en,vi" help:"Language in which problems are told: en or vi."`
	Key      string `placeholder:"KEY" help:"The survey's key, instead of the one made of the file."`
	Draft    string `placeholder:"FILE" help:"Also write the survey as a survey file, to mend by hand what could not be read; - is the standard output."`
}

// Help is the longer help of the command.
func (surveysImport) Help() string {
	return `The content of the file tells its format. What has no counterpart here is told as a warning, with its place. With an error,
nothing is stored and the command ends with 1; a condition that cannot be translated is an error too. --draft writes what could
be read as a survey file; mend it and publish it by "sipas surveys publish". On the web, the page of surveys makes a draft of such
a file, to be mended there. Without errors the survey is published as the next version of its key. No question counts in an index by a guess:
see docs/adr/0042-survey-files-of-other-programs.md.

Example:

  sipas surveys import phieu.xlsx --dry-run
  sipas surveys import khao-sat.lss --key khao-sat-2026
  sipas surveys import phieu.xlsx --dry-run --draft phieu.yaml`
}

// Run reads the file, tells what it says, and publishes it.
func (c *surveysImport) Run(ctx context.Context, s *command.Session) error {
	content, err := c.content(s)
	if err != nil {
		return err
	}
	texts, err := command.Texts(c.Language)
	if err != nil {
		return err
	}
	d, report := exchange.Read(content)
	if c.Key != "" {
		var keys draft.Keys
		if d.Key = c.Key; !keys.Take(c.Key) {
			report.Refuse("", draft.ProblemKeyForm, c.Key, "")
		}
	}
	version, err := c.publish(ctx, s, d, &report)
	if err == nil {
		err = c.draft(s, d)
	}
	if err == nil {
		told := exchange.Tell(d, report, texts)
		told.Version = version
		err = c.tell(s, told)
	}
	if err == nil && len(report.Errors) > 0 {
		return command.ErrSaid
	}
	return err
}

func (c *surveysImport) content(s *command.Session) (content []byte, err error) {
	in, err := s.Read(c.File)
	if err != nil {
		return nil, err
	}
	content, err = io.ReadAll(io.LimitReader(in, exchange.MaxBytes+1))
	return content, errors.Join(err, in.Close())
}

// publish publishes what is sound, if that is wanted; and says that there is a survey
// of this key already.
func (c *surveysImport) publish(ctx context.Context, s *command.Session, d survey.Definition, report *draft.Report) (version string, err error) {
	if c.DryRun && c.There() != nil { // to try a file, no database is needed
		return "", nil
	}
	return version, c.With(ctx, func(opened app.Database) error {
		snap, err := opened.Registry.Load(ctx)
		if err != nil {
			return err
		}
		if d.Key != "" && len(snap.Versions(d.Key)) > 0 {
			report.Warn("", draft.ProblemExists, d.Key, "")
		}
		if c.DryRun || len(report.Errors) > 0 {
			return nil
		}
		return opened.Registry.Change(ctx, command.Operator(), func(change *registry.Change) error {
			v, err := change.PublishVersion(ctx, d, s.Now())
			if err == nil {
				version = v.Name()
			}
			return err
		})
	})
}

// draft writes the survey as a file, if that is wanted and there is any.
func (c *surveysImport) draft(s *command.Session, d survey.Definition) error {
	if c.Draft == "" || len(d.Sections) == 0 {
		return nil
	}
	return s.Write(c.Draft, func(w io.Writer) error { return surveys.Encode(w, d) })
}

// tell prints what came of it. What people should know stands apart from the result.
func (c *surveysImport) tell(s *command.Session, r exchange.Told) error {
	if c.JSON {
		var out bytes.Buffer
		in := json.NewEncoder(&out)
		in.SetEscapeHTML(true)
		if err := in.Encode(r); err != nil {
			return err
		}
		_, err := out.WriteTo(s.Out)
		return err
	}
	line := func(sort string, p exchange.ToldProblem) {
		where := ""
		if p.Where != "" {
			where = p.Where + ": "
		}
		s.Notef("%s: %s", sort, command.Printable(where+p.Text))
	}
	for _, p := range r.Warnings {
		line("warning", p)
	}
	for _, p := range r.Errors {
		line("error", p)
	}
	switch {
	case len(r.Errors) > 0:
		s.Printf("%d questions, %d errors: nothing was stored\n", len(r.Questions), len(r.Errors))
	case c.DryRun:
		s.Printf("%s: %d questions in %d sections would be published\n", r.Key, len(r.Questions), len(r.Sections))
	default:
		s.Printf("%s: %d questions in %d sections are published\n", r.Version, len(r.Questions), len(r.Sections))
	}
	return nil
}
