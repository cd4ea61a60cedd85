package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"sipas/internal/agency"
	"sipas/internal/app"
	"sipas/internal/limit"
	"sipas/internal/registry"
)

type pointsCmd struct {
	pointsHelp

	List  pointsListCmd  `cmd:"" default:"withargs" help:"List them (the default)."`
	Open  pointsOpenCmd  `cmd:"" help:"Let a service point take answers."`
	Close pointsCloseCmd `cmd:"" help:"Let a service point take no more answers; its figures stay."`
	Limit pointsLimitCmd `cmd:"" help:"Set how many answers a service point takes."`
}

// pointsHelp is the longer help of the command and of each part of it.
type pointsHelp struct{}

// Help gives it.
func (pointsHelp) Help() string {
	return `Example:

  sipas service-points --json
  sipas service-points close 7K3M-Q9TB
  sipas service-points limit 7K3M-Q9TB 2400/1m`
}

type pointsListCmd struct {
	pointsHelp
	database
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
func (c *pointsListCmd) Run(ctx context.Context, s *session) error {
	return c.with(ctx, func(d app.Database) error {
		snap, err := d.Registry.Current(ctx)
		if err != nil {
			return err
		}
		lines := make([]pointLine, len(snap.Points))
		for i, p := range listedPoints(snap.Points) {
			owner, _ := snap.Tree.Agency(p.AgencyID)
			lines[i] = pointLine{p.Code, p.Name.In("vi"), owner.Code, append([]string{}, p.FieldKeys...), p.Active, p.Limit}
		}
		if c.JSON {
			return json.NewEncoder(s.out).Encode(lines)
		}
		table := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
		_, _ = fmt.Fprintln(table, "CODE\tAGENCY\tNAME\tFIELDS\tSTATE") // shows at the flush
		for _, l := range lines {
			state := "closed"
			if l.Active {
				state = "open"
			}
			if l.Limit != "" {
				state += ", at most " + l.Limit
			}
			_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", l.Code.Grouped(), l.Agency, cell(l.Name), strings.Join(l.Fields, ","), state)
		}
		return table.Flush()
	})
}

// listedPoints are service points in the order of lists: by agency, the oldest
// first, which is not that of the tree.
func listedPoints(points []agency.ServicePoint) []agency.ServicePoint {
	return slices.SortedFunc(slices.Values(points), func(x, y agency.ServicePoint) int {
		return cmp.Or(cmp.Compare(x.AgencyID, y.AgencyID), cmp.Compare(x.ID, y.ID))
	})
}

type pointsOpenCmd struct {
	pointsHelp
	database
	Code string `arg:"" help:"Its code, as on the poster."`
}

// Run opens a service point.
func (c *pointsOpenCmd) Run(ctx context.Context, s *session) error {
	return c.set(ctx, s, c.Code, true)
}

type pointsCloseCmd struct {
	pointsHelp
	database
	Code string `arg:"" help:"Its code, as on the poster."`
}

// Run closes a service point.
func (c *pointsCloseCmd) Run(ctx context.Context, s *session) error {
	return c.set(ctx, s, c.Code, false)
}

type pointsLimitCmd struct {
	pointsHelp
	database
	Code string `arg:"" help:"Its code, as on the poster."`
	Rate string `arg:"" placeholder:"COUNT/PERIOD" help:"Such as 2400/1m, or default, which is that of all (SIPAS_LIMIT_POINT)."`
}

// Run gives a service point a limit of its own or takes it away.
func (c *pointsLimitCmd) Run(ctx context.Context, s *session) error {
	own, said := "", "the limit of all service points"
	if c.Rate != "default" {
		rate, err := limit.ParseRate(c.Rate)
		if err != nil || rate.Off() {
			return usageError(fmt.Sprintf("%q is no limit; give COUNT/PERIOD such as 2400/1m, or default", c.Rate))
		}
		own = rate.String()
		said = own
	}
	return c.with(ctx, func(d app.Database) error {
		snap, err := d.Registry.Current(ctx)
		if err != nil {
			return err
		}
		p, err := pointByCode(snap, c.Code)
		if err != nil {
			return err
		}
		err = d.Registry.Change(ctx, operator(), func(c *registry.Change) error { return c.SetServicePointLimit(ctx, p.ID, own) })
		if err != nil {
			return err
		}
		s.printf("%s takes %s\n", p.Code.Grouped(), said)
		return nil
	})
}

func (d database) set(ctx context.Context, s *session, code string, active bool) error {
	return d.with(ctx, func(opened app.Database) error {
		snap, err := opened.Registry.Current(ctx)
		if err != nil {
			return err
		}
		p, err := pointByCode(snap, code)
		if err != nil {
			return err
		}
		err = opened.Registry.Change(ctx, operator(), func(c *registry.Change) error { return c.SetServicePointActive(ctx, p.ID, active) })
		if err != nil {
			return err
		}
		state := "closed: its form says so from now on"
		if active {
			state = "open"
		}
		s.printf("%s is %s\n", p.Code.Grouped(), state)
		return nil
	})
}

func pointByCode(snap *registry.Snapshot, typed string) (agency.ServicePoint, error) {
	for _, code := range agency.ReadCodes(typed) {
		if p, ok := snap.Point(code); ok {
			return p, nil
		}
	}
	return agency.ServicePoint{}, fmt.Errorf("there is no service point %q: see `sipas service-points`", typed)
}

// mostListed is how many codes an error names.
const mostListed = 20

// agencyByCode finds an agency; "" is the whole province, with id 0.
func agencyByCode(snap *registry.Snapshot, code string) (agency.Agency, error) {
	if code == "" {
		return agency.Agency{}, nil
	}
	if a, ok := snap.Tree.ByCode(code); ok {
		return a, nil
	}
	var known []string
	for _, a := range listedAgencies(snap.Tree) {
		known = append(known, a.Code)
	}
	switch {
	case len(known) == 0:
		return agency.Agency{}, errors.New("there are no agencies yet: run `sipas seed` first")
	case len(known) > mostListed:
		known = append(known[:mostListed], "...")
	}
	return agency.Agency{}, fmt.Errorf("there is no agency %q; there are %s", code, strings.Join(known, ", "))
}
