package admin

import (
	"context"
	"errors"
	"io"

	"sipas/internal/app"
	"sipas/internal/auth"
	"sipas/internal/bulk"
	"sipas/internal/command"
)

type usersImport struct {
	userHelp
	listImport
	inviting
}

// invited is the link of an account that an import has made.
type invited struct {
	Login string `json:"login"`
	Link  string `json:"link"`
}

// Run reads the list of accounts, and prints the links of those that are new.
func (c *usersImport) Run(ctx context.Context, s *command.Session) error {
	content, err := readList(s, c.List)
	if err != nil {
		return err
	}
	texts, err := catalogue(c.Language)
	if err != nil {
		return err
	}
	return c.Accounts(ctx, s, func(d app.Database, a *auth.Auth) error {
		plan, invitations, err := c.carry(ctx, d, a, content)
		if err != nil {
			return err
		}
		links := make([]invited, len(invitations))
		for i, made := range invitations {
			links[i] = invited{made.Login, c.linkOf(made.Token)}
		}
		if err := c.tell(s, plan.Plan, texts, links...); err != nil {
			return err
		}
		if len(links) > 0 {
			c.sayHow(s)
		}
		if plan.Wrong > 0 {
			return command.ErrSaid
		}
		return nil
	})
}

// carry makes the plan, and carries it out where that is wanted and it is sound.
func (c *usersImport) carry(ctx context.Context, d app.Database, a *auth.Auth, content []byte) (*bulk.UserPlan, []bulk.Invitation, error) {
	for n := 1; ; n++ {
		snap, err := d.Registry.Load(ctx)
		if err != nil {
			return nil, nil, err
		}
		accounts, err := a.Users(ctx)
		if err != nil {
			return nil, nil, err
		}
		plan := bulk.PlanUsers(snap, accounts, content)
		if c.DryRun || plan.Wrong > 0 {
			return plan, nil, nil
		}
		invitations, err := plan.Apply(ctx, a, command.Operator())
		if !errors.Is(err, bulk.ErrStale) || n == attempts {
			return plan, invitations, err
		}
	}
}

type usersExport struct {
	userHelp
	listExport
}

// Run writes the list of accounts.
func (c *usersExport) Run(ctx context.Context, s *command.Session) error {
	return c.Accounts(ctx, s, func(d app.Database, a *auth.Auth) error {
		snap, err := d.Registry.Load(ctx)
		if err != nil {
			return err
		}
		accounts, err := a.Users(ctx)
		if err != nil {
			return err
		}
		return s.Write(c.Out, func(w io.Writer) error { return bulk.WriteUsers(w, c.Format, snap, accounts) })
	})
}
