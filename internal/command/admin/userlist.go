package admin

import (
	"context"
	"io"

	"sipas/internal/app"
	"sipas/internal/auth"
	"sipas/internal/bulk"
	"sipas/internal/command"
	"sipas/internal/registry"
)

type usersImport struct {
	userHelp
	importing
	inviting
}

// invited is the link of an account that an import has made.
type invited struct {
	Login string `json:"login"`
	Link  string `json:"link"`
}

// Run reads the list of accounts, and prints the links of those that are new.
func (c *usersImport) Run(ctx context.Context, s *command.Session) error {
	return c.Accounts(ctx, s, func(d app.Database, a *auth.Auth) error {
		var links []invited
		err := c.carry(ctx, s, d.Registry, func(snap *registry.Snapshot, content []byte) (planned, error) {
			accounts, err := a.Users(ctx)
			if err != nil {
				return planned{}, err
			}
			plan := bulk.PlanUsers(snap, accounts, content)
			return planned{plan.Plan, func() ([]invited, error) {
				invitations, err := plan.Apply(ctx, a, command.Operator())
				for _, made := range invitations {
					links = append(links, invited{made.Login, c.linkOf(made.Token)})
				}
				return links, err
			}}, nil
		})
		if len(links) > 0 {
			c.sayHow(s)
		}
		return err
	})
}

type usersExport struct {
	userHelp
	exporting
}

// Run writes the list of accounts.
func (c *usersExport) Run(ctx context.Context, s *command.Session) error {
	return c.Accounts(ctx, s, func(d app.Database, a *auth.Auth) error {
		return c.write(ctx, s, d.Registry, func(w io.Writer, snap *registry.Snapshot) error {
			accounts, err := a.Users(ctx)
			if err != nil {
				return err
			}
			return bulk.WriteUsers(w, c.Format, snap, accounts)
		})
	})
}
