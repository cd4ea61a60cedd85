package admin

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"

	"sipas/internal/app"
	"sipas/internal/campaign"
	"sipas/internal/campaign/asked"
	"sipas/internal/command"
	"sipas/internal/fault"
	"sipas/internal/registry"
)

// Campaigns lists campaigns, adds and ends them.
type Campaigns struct {
	campaignsHelp

	List   campaignsList   `cmd:"" default:"withargs" help:"List them (the default)."`
	Add    campaignsAdd    `cmd:"" help:"Ask one version of a survey for some time."`
	End    campaignsEnd    `cmd:"" help:"End one that runs, or move its last day."`
	Remove campaignsRemove `cmd:"" help:"Remove one that has not begun."`
}

// campaignsHelp is the longer help of the command and of each part of it.
type campaignsHelp struct{}

// Help gives it.
func (campaignsHelp) Help() string {
	return `In a campaign counters ask one version of a survey in the place of their own, from its first day to its last one. Where several
run at a counter, the one that names it more narrowly is asked (a counter before an agency before all, and of agencies the nearer), then
one for some channels, then the one that begins later, then the newer. The figures of a campaign stand alone on the board with
?campaign=ID. What has begun keeps its survey, its first day and where it is.

Example:

  sipas campaigns add --name "Khảo sát quý IV" --from 2026-12-01 --to 2026-12-31 --survey sipas
  sipas campaigns add --name "Đất đai" --from 1/12/2026 --to 14/12/2026 --survey quay-nhanh.1 --agency so-tnmt --channel qr,kiosk
  sipas campaigns list --json
  sipas campaigns end 3                      at once
  sipas campaigns end 3 --on 2026-12-20      on another day`
}

// campaignsDatabase is what every part of the command works with.
type campaignsDatabase struct {
	campaignsHelp
	command.Database
	command.Calendar
}

// with opens the database for work on campaigns at a moment.
func (c campaignsDatabase) with(ctx context.Context, s *command.Session, work func(app.Database, campaign.Moment) error) error {
	zone, err := c.Zone()
	if err != nil {
		return err
	}
	return c.With(ctx, func(d app.Database) error { return work(d, campaign.MomentOf(s.Now(), zone)) })
}

type campaignsList struct {
	campaignsDatabase
	JSON bool `name:"json" help:"Print JSON."`
}

// Run lists the campaigns by their first day.
func (c *campaignsList) Run(ctx context.Context, s *command.Session) error {
	return c.with(ctx, s, func(d app.Database, now campaign.Moment) error {
		snap, err := d.Registry.Current(ctx)
		if err != nil {
			return err
		}
		lines := make([]asked.Document, len(snap.Campaigns))
		for i, one := range snap.Campaigns {
			lines[i] = asked.Describe(snap, one, now)
		}
		if c.JSON {
			return json.NewEncoder(s.Out).Encode(lines)
		}
		table := tabwriter.NewWriter(s.Out, 0, 0, 2, ' ', 0)
		_, _ = fmt.Fprintln(table, "ID\tFROM\tTO\tSTATE\tVERSION\tCHANNELS\tWHERE\tNAME") // shows at the flush
		for _, l := range lines {
			where := cmp.Or(strings.Join(append(l.Agencies, l.Points...), ","), "everywhere")
			_, _ = fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", l.ID, l.FirstDay, l.LastDay, l.State, l.Version,
				cmp.Or(strings.Join(l.Channels, ","), "all"), where, command.Cell(l.Name.In("vi")))
		}
		return table.Flush()
	})
}

type campaignsAdd struct {
	campaignsDatabase
	Name    string   `required:"" placeholder:"TEXT" help:"What it is called in Vietnamese."`
	NameEn  string   `name:"name-en" placeholder:"TEXT" help:"What it is called in English."`
	From    string   `required:"" placeholder:"DAY" help:"Its first day."`
	To      string   `required:"" placeholder:"DAY" help:"Its last day."`
	Survey  string   `required:"" placeholder:"KEY" help:"The survey in its newest version, or KEY.N for another one."`
	Channel []string `placeholder:"CHANNEL,..." help:"Only counters of these channels: qr, kiosk, online, interviewer, paper."`
	Agency  []string `placeholder:"CODE,..." help:"Only counters whose answers are about these agencies, or those below them."`
	Point   []string `name:"service-point" placeholder:"CODE,..." help:"Only these counters."`
}

// Run adds a campaign.
func (c *campaignsAdd) Run(ctx context.Context, s *command.Session) error {
	return c.with(ctx, s, func(d app.Database, now campaign.Moment) error {
		named := asked.Campaign{
			NameVi: c.Name, NameEn: c.NameEn, FirstDay: c.From, LastDay: c.To, Version: c.Survey, Channels: c.Channel, Agencies: c.Agency, Points: c.Point,
		}
		var added campaign.Campaign
		err := d.Registry.Change(ctx, command.Operator(), func(change *registry.Change) (err error) {
			added, err = named.Keep(ctx, change, 0, now)
			return err
		})
		if err == nil {
			s.Printf("campaign %d: %s to %s\n", added.ID, added.FirstDay, added.LastDay)
		}
		return err
	})
}

type campaignsEnd struct {
	campaignsDatabase
	ID int64  `arg:"" help:"Its number in the list."`
	On string `placeholder:"DAY" help:"Its last day from now on; without it, it ends at once."`
}

// Run ends a campaign, at once or on a day.
func (c *campaignsEnd) Run(ctx context.Context, s *command.Session) error {
	return c.with(ctx, s, func(d app.Database, now campaign.Moment) error {
		var ended campaign.Campaign
		err := d.Registry.Change(ctx, command.Operator(), func(change *registry.Change) (err error) {
			if c.On == "" {
				ended, err = asked.End(ctx, change, c.ID, now)
				return err
			}
			ended, err = asked.Move(ctx, change, c.ID, c.On, now)
			return err
		})
		switch {
		case errors.Is(err, fault.ErrConflict):
			return command.UsageError(fmt.Sprintf("campaign %d does not run; one that has not begun can be removed", c.ID))
		case err == nil:
			s.Printf("campaign %d: %s to %s\n", ended.ID, ended.FirstDay, ended.LastDay)
		}
		return err
	})
}

type campaignsRemove struct {
	campaignsDatabase
	ID int64 `arg:"" help:"Its number in the list."`
}

// Run removes a campaign that has not begun.
func (c *campaignsRemove) Run(ctx context.Context, s *command.Session) error {
	return c.with(ctx, s, func(d app.Database, now campaign.Moment) error {
		err := d.Registry.Change(ctx, command.Operator(), func(change *registry.Change) error { return asked.Remove(ctx, change, c.ID, now) })
		switch {
		case errors.Is(err, fault.ErrConflict):
			return command.UsageError(fmt.Sprintf("campaign %d has begun: end it", c.ID))
		case err == nil:
			s.Printf("campaign %d removed\n", c.ID)
		}
		return err
	})
}
