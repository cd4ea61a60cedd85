package admin

import (
	"bytes"
	"context"
	"errors"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/app"
	"sipas/internal/bulk"
	"sipas/internal/command"
	"sipas/internal/registry"
	"sipas/internal/spreadsheet"
)

type pointsAdd struct {
	pointsHelp
	command.Database
	Agency  string `required:"" placeholder:"CODE" help:"Whose counter it is."`
	Name    string `required:"" placeholder:"TEXT" help:"Its name in Vietnamese, as on the poster."`
	NameEn  string `name:"name-en" placeholder:"TEXT" help:"Its name in English."`
	Survey  string `placeholder:"KEY" help:"The survey that it asks; the quick form by default."`
	Channel string `placeholder:"CHANNEL" help:"qr (the default), kiosk, online, interviewer or paper."`
	Fields  string `placeholder:"KEY,..." help:"The service fields that it serves, the main one first."`
	Judged  string `placeholder:"CODE" help:"Whose work is judged, if not the agency's own."`
	Place   string `placeholder:"TEXT" help:"Where to find it."`
}

// Run adds one service point, by the rules of the list.
func (c *pointsAdd) Run(ctx context.Context, s *command.Session) error {
	var line bytes.Buffer
	err := spreadsheet.Write(&line, spreadsheet.CSV, func(row func(...string) error) error {
		return errors.Join(
			row("agency", "name_vi", "name_en", "survey", "channel", "fields", "judged_agency", "place"),
			row(c.Agency, c.Name, c.NameEn, c.Survey, c.Channel, c.Fields, c.Judged, c.Place))
	})
	if err != nil {
		return err
	}
	texts, err := command.Texts("en")
	if err != nil {
		return err
	}
	return c.With(ctx, func(d app.Database) error {
		plan, _, err := settle(ctx, d.Registry, false, func(snap *registry.Snapshot) (planned, error) {
			return planOf(ctx, d.Registry, bulk.ServicePoints(), snap, line.Bytes())
		})
		if err != nil {
			return err
		}
		if plan.Wrong > 0 {
			wrong := make([]string, len(plan.Problems))
			for i, p := range plan.Problems {
				wrong[i] = p.Column + ": " + p.Text(texts)
			}
			return command.UsageError(command.Printable(strings.Join(wrong, "; ")))
		}
		for _, code := range plan.Codes() {
			s.Printf("%s\n", code.Grouped())
		}
		return nil
	})
}

type pointsRecode struct{ pointChange }

// Run gives a service point another code.
func (c *pointsRecode) Run(ctx context.Context, s *command.Session) error {
	var code agency.Code
	return c.change(ctx,
		func(change *registry.Change, p agency.ServicePoint) (err error) {
			code, err = change.RecodeServicePoint(ctx, p.ID)
			return err
		},
		func(p agency.ServicePoint) {
			s.Printf("%s\n", code.Grouped())
			s.Notef("%s says from now on that it was replaced; posters with %s have to be printed", p.Code.Grouped(), code.Grouped())
		})
}
