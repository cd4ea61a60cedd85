package admin

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"sipas/internal/access"
	"sipas/internal/app"
	"sipas/internal/auth"
	"sipas/internal/command"
)

// Tokens makes, lists and revokes the keys of the API.
type Tokens struct {
	tokenHelp

	Create tokenCreate `cmd:"" help:"Make a key and print it. It cannot be shown again."`
	List   tokenList   `cmd:"" help:"List the keys, without their text."`
	Revoke tokenRevoke `cmd:"" help:"End a key at once."`
}

// tokenHelp is the longer help of the command and of each part of it.
type tokenHelp struct{}

// Help gives it.
func (tokenHelp) Help() string {
	return `Example:

  TOKEN=$(sipas token create --role viewer --agency so-xay-dung --label "portal")
  curl -H "Authorization: Bearer $TOKEN" "http://127.0.0.1:8080/api/v1/board?year=2025"`
}

type tokenCreate struct {
	tokenHelp
	command.Database
	Role   string `required:"" enum:"administrator,viewer" placeholder:"administrator|viewer" help:"An administrator changes things, a viewer reads."`
	Agency string `placeholder:"CODE" help:"Only this agency and those below it (default: the whole province)."`
	Label  string `default:"command line" placeholder:"TEXT" help:"What it is for."`
}

// Run prints the token and nothing else.
func (c *tokenCreate) Run(ctx context.Context, s *command.Session) error {
	return c.Accounts(ctx, s, func(d app.Database, a *auth.Auth) error {
		snap, err := d.Registry.Current(ctx)
		if err != nil {
			return err
		}
		agency, err := command.AgencyByCode(snap, c.Agency)
		if err != nil {
			return err
		}
		token, err := a.CreateToken(ctx, command.Operator(), c.Label, access.Role(c.Role), agency.ID)
		if err == nil {
			s.Printf("%s\n", token)
		}
		return err
	})
}

type tokenList struct {
	tokenHelp
	command.Database
	command.Calendar
}

// Run lists the tokens, the newest first.
func (c *tokenList) Run(ctx context.Context, s *command.Session) error {
	return c.Days(ctx, s, c.Database, func(d app.Database, a *auth.Auth, day func(time.Time) string) error {
		tokens, err := a.Tokens(ctx)
		if err != nil {
			return err
		}
		snap, err := d.Registry.Current(ctx)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(s.Out, 0, 0, 2, ' ', 0)
		_, _ = fmt.Fprintln(table, "ID\tROLE\tAGENCY\tLABEL\tMADE\tSTATE")
		for _, t := range tokens {
			_, _ = fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\t%s\n", t.ID, t.Role, command.Scope(snap, t.AgencyID), command.Cell(t.Label),
				day(t.CreatedAt), command.Ended("revoked", t.RevokedAt, day))
		}
		return table.Flush()
	})
}

type tokenRevoke struct {
	tokenHelp
	command.Database
	ID int64 `arg:"" help:"Its number in the list."`
}

// Run revokes a token.
func (c *tokenRevoke) Run(ctx context.Context, s *command.Session) error {
	return c.Revoke(ctx, s, "token", "token", c.ID, (*auth.Auth).RevokeToken)
}
