package admin

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"sipas/internal/agency"
	"sipas/internal/app"
	"sipas/internal/bulk"
	"sipas/internal/command"
	"sipas/internal/limit"
	"sipas/internal/registry"
)

// ServicePoints lists, adds, opens and closes service points.
type ServicePoints struct {
	pointsHelp

	List  pointsList  `cmd:"" default:"withargs" help:"List them (the default)."`
	Open  pointsOpen  `cmd:"" help:"Let a service point take answers."`
	Close pointsClose `cmd:"" help:"Let a service point take no more answers; its figures stay."`
	Limit pointsLimit `cmd:"" help:"Set how many answers a service point takes."`

	Add    pointsAdd              `cmd:"" help:"Add one."`
	Recode pointsRecode           `cmd:"" help:"Give a service point another code; the one before says that it was replaced."`
	Import listImport[pointsHelp] `cmd:"" help:"Add and change them as a spreadsheet says."`
	Export listExport[pointsHelp] `cmd:"" help:"Write them as a spreadsheet that import reads."`
}

// pointsHelp is the longer help of the command and of each part of it.
type pointsHelp struct{}

// list is what import reads and export writes.
func (pointsHelp) list(app.Database, time.Time) bulk.List { return bulk.ServicePoints() }

// Help gives it.
func (pointsHelp) Help() string {
	return `A list is read whole or not at all; a line with the code of a service point changes that one, a line without a code adds one,
and whoever does not stand in it stays. Columns: ` + strings.Join(bulk.ServicePoints().Columns, ",") + `.

Example:

  sipas service-points --json
  sipas service-points close 7K3M-Q9TB
  sipas service-points limit 7K3M-Q9TB 2400/1m
  sipas service-points add --agency so-xay-dung --name "Quầy 2" --fields xay-dung,dat-dai
  sipas service-points recode 7K3M-Q9TB
  sipas service-points export --format xlsx -o quay.xlsx
  sipas service-points import quay.xlsx --dry-run --language vi`
}

type pointsList struct {
	pointsHelp
	command.Database
	JSON bool `name:"json" help:"Print JSON."`
}

// pointLine is one service point for scripts.
type pointLine struct {
	Code   agency.Code `json:"code"`
	Name   string      `json:"name"`
	Agency string      `json:"agency"`
	Fields []string    `json:"fields"`
	Active bool        `json:"active"`
	Limit  string      `json:"limit"` // of its own, "" for that of the deployment
}

// Run lists the service points, agency by agency.
func (c *pointsList) Run(ctx context.Context, s *command.Session) error {
	return c.With(ctx, func(d app.Database) error {
		snap, err := d.Registry.Current(ctx)
		if err != nil {
			return err
		}
		lines := make([]pointLine, len(snap.Points))
		for i, p := range command.ListedPoints(snap.Points) {
			owner, _ := snap.Tree.Agency(p.AgencyID)
			lines[i] = pointLine{p.Code, p.Name.In("vi"), owner.Code, append([]string{}, p.FieldKeys...), p.Active, p.Limit}
		}
		if c.JSON {
			return json.NewEncoder(s.Out).Encode(lines)
		}
		table := tabwriter.NewWriter(s.Out, 0, 0, 2, ' ', 0)
		_, _ = fmt.Fprintln(table, "CODE\tAGENCY\tNAME\tFIELDS\tSTATE") // shows at the flush
		for _, l := range lines {
			state := "closed"
			if l.Active {
				state = "open"
			}
			if l.Limit != "" {
				state += ", at most " + l.Limit
			}
			_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", l.Code.Grouped(), l.Agency, command.Cell(l.Name), strings.Join(l.Fields, ","), state)
		}
		return table.Flush()
	})
}

// pointChange is what commands that change one service point have in common.
type pointChange struct {
	pointsHelp
	command.Database
	Code string `arg:"" help:"Its code, as on the poster."`
}

// change makes a change of the service point, which it gives as it was, and says so.
func (c *pointChange) change(ctx context.Context, do func(*registry.Change, agency.ServicePoint) error, said func(agency.ServicePoint)) error {
	return c.With(ctx, func(d app.Database) error {
		snap, err := d.Registry.Current(ctx)
		if err != nil {
			return err
		}
		p, err := command.PointByCode(snap, c.Code)
		if err != nil {
			return err
		}
		err = d.Registry.Change(ctx, command.Operator(), func(c *registry.Change) error { return do(c, p) })
		if err == nil {
			said(p)
		}
		return err
	})
}

type pointsOpen struct{ pointChange }

// Run opens a service point.
func (c *pointsOpen) Run(ctx context.Context, s *command.Session) error { return c.set(ctx, s, true) }

type pointsClose struct{ pointChange }

// Run closes a service point.
func (c *pointsClose) Run(ctx context.Context, s *command.Session) error { return c.set(ctx, s, false) }

type pointsLimit struct {
	pointChange
	Rate string `arg:"" placeholder:"COUNT/PERIOD" help:"Such as 2400/1m, or default, which is that of all (SIPAS_LIMIT_POINT)."`
}

// Run gives a service point a limit of its own or takes it away.
func (c *pointsLimit) Run(ctx context.Context, s *command.Session) error {
	own, said := "", "the limit of all service points"
	if c.Rate != "default" {
		rate, err := limit.ParseRate(c.Rate)
		if err != nil || rate.Off() {
			return command.UsageError(fmt.Sprintf("%q is no limit; give COUNT/PERIOD such as 2400/1m, or default", c.Rate))
		}
		own = rate.String()
		said = own
	}
	return c.change(ctx,
		func(change *registry.Change, p agency.ServicePoint) error {
			return change.SetServicePointLimit(ctx, p.ID, own)
		},
		func(p agency.ServicePoint) { s.Printf("%s takes %s\n", p.Code.Grouped(), said) })
}

func (c *pointChange) set(ctx context.Context, s *command.Session, active bool) error {
	state := "closed: its form says so from now on"
	if active {
		state = "open"
	}
	return c.change(ctx,
		func(change *registry.Change, p agency.ServicePoint) error {
			return change.SetServicePointActive(ctx, p.ID, active)
		},
		func(p agency.ServicePoint) { s.Printf("%s is %s\n", p.Code.Grouped(), state) })
}
