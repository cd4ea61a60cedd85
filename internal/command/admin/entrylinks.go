package admin

import (
	"context"
	"encoding/json"
	"fmt"
	"text/tabwriter"
	"time"

	"sipas/internal/agency"
	"sipas/internal/app"
	"sipas/internal/auth"
	"sipas/internal/command"
)

// EntryLinks makes, lists and revokes the links of staff.
type EntryLinks struct {
	entryHelp

	Add    entryAdd    `cmd:"" help:"Make a link and print it. It cannot be shown again."`
	List   entryList   `cmd:"" help:"List the links, without what opens them."`
	Revoke entryRevoke `cmd:"" help:"End a link at once."`
}

// entryHelp is the longer help of the command and of each part of it.
type entryHelp struct{}

// Help gives it.
func (entryHelp) Help() string {
	return `The sheets of interviewers and of paper are filled in by staff. Who has no account gets a link for one service point.

Example:

  sipas entry-links add 7K3M-Q9TD --label "Survey team 2" --expires 2026-12-31
  sipas entry-links list
  sipas entry-links revoke 3`
}

type entryAdd struct {
	entryHelp
	command.Database
	command.Calendar
	command.Address
	Point   string `arg:"" help:"The code of the service point."`
	Label   string `required:"" placeholder:"TEXT" help:"Who gets it."`
	Expires string `placeholder:"YYYY-MM-DD" help:"The last day on which it opens (default: until it is revoked)."`
}

// Run prints the link and nothing else.
func (c *entryAdd) Run(ctx context.Context, s *command.Session) error {
	expires, err := c.over()
	if err != nil {
		return err
	}
	if !expires.IsZero() && !s.Now().Before(expires) {
		return command.UsageError("--expires is over already")
	}
	return c.Accounts(ctx, s, func(d app.Database, a *auth.Auth) error {
		snap, err := d.Registry.Current(ctx)
		if err != nil {
			return err
		}
		point, err := command.PointByCode(snap, c.Point)
		if err != nil {
			return err
		}
		if !point.Channel.Staffed() {
			return fmt.Errorf("%s needs no link: citizens open its form themselves (channel %s)", point.Code.Grouped(), point.Channel)
		}
		token, err := a.CreateEntryLink(ctx, command.Operator(), point, c.Label, expires)
		if err == nil {
			s.Printf("%s/vao/%s\n", c.Base(), token)
		}
		return err
	})
}

// over is when the last day is over at the place.
func (c *entryAdd) over() (time.Time, error) {
	if c.Expires == "" {
		return time.Time{}, nil
	}
	zone, err := c.Zone()
	if err != nil {
		return time.Time{}, err
	}
	day, err := time.ParseInLocation(time.DateOnly, c.Expires, zone)
	if err != nil {
		return time.Time{}, command.UsageError("--expires is a day such as 2026-12-31")
	}
	return day.AddDate(0, 0, 1), nil
}

type entryList struct {
	entryHelp
	command.Database
	command.Calendar
	JSON bool `name:"json" help:"Print JSON."`
}

// entryLine is one entry link for scripts.
type entryLine struct {
	ID      int64       `json:"id"`
	Point   agency.Code `json:"service_point"`
	Label   string      `json:"label"`
	State   string      `json:"state"` // open, expired or revoked
	Made    time.Time   `json:"made"`
	Expires *time.Time  `json:"expires,omitempty"` // the moment after its last
	Revoked *time.Time  `json:"revoked,omitempty"`
}

// Run lists the links, the newest first.
func (c *entryList) Run(ctx context.Context, s *command.Session) error {
	return c.Days(ctx, s, c.Database, func(d app.Database, a *auth.Auth, day func(time.Time) string) error {
		links, err := a.EntryLinks(ctx)
		if err != nil {
			return err
		}
		snap, err := d.Registry.Current(ctx)
		if err != nil {
			return err
		}
		lines := make([]entryLine, len(links))
		for i, l := range links {
			point, _ := snap.PointByID(l.ServicePointID)
			lines[i] = describeEntry(l, point.Code, s.Now())
		}
		if c.JSON {
			return json.NewEncoder(s.Out).Encode(lines)
		}
		table := tabwriter.NewWriter(s.Out, 0, 0, 2, ' ', 0)
		_, _ = fmt.Fprintln(table, "ID\tSERVICE POINT\tLABEL\tMADE\tLAST DAY\tSTATE") // shows at the flush
		for _, l := range lines {
			last := "-"
			if l.Expires != nil {
				last = day(l.Expires.Add(-time.Second))
			}
			_, _ = fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\t%s\n", l.ID, l.Point.Grouped(), command.Cell(l.Label),
				day(l.Made), last, l.State)
		}
		return table.Flush()
	})
}

func describeEntry(l auth.EntryLink, point agency.Code, now time.Time) entryLine {
	line := entryLine{ID: l.ID, Point: point, Label: l.Label, State: "open", Made: l.CreatedAt}
	if !l.ExpiresAt.IsZero() {
		line.Expires = &l.ExpiresAt
		if !now.Before(l.ExpiresAt) {
			line.State = "expired"
		}
	}
	if !l.RevokedAt.IsZero() {
		line.Revoked, line.State = &l.RevokedAt, "revoked"
	}
	return line
}

type entryRevoke struct {
	entryHelp
	command.Database
	ID int64 `arg:"" help:"Its number in the list."`
}

// Run revokes a link.
func (c *entryRevoke) Run(ctx context.Context, s *command.Session) error {
	return c.Revoke(ctx, s, "entry link", "entry-links", c.ID, (*auth.Auth).RevokeEntryLink)
}
