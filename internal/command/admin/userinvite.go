package admin

import (
	"context"
	"errors"
	"fmt"

	"sipas/internal/access"
	"sipas/internal/app"
	"sipas/internal/auth"
	"sipas/internal/command"
	"sipas/internal/fault"
)

// inviting is what commands that invite have in common.
type inviting struct{ command.Address }

// linkOf is where whoever is invited chooses the password.
func (i inviting) linkOf(token string) string { return i.Base() + "/moi/" + token }

// sayHow says what a link is good for.
func (i inviting) sayHow(s *command.Session) {
	s.Notef("whoever opens such a link chooses the password, once, within %d days; it cannot be shown again", int(auth.InvitationLasts.Hours()/24))
	if i.PublicURL == "" {
		s.Notef("nobody else can reach that address: invite with --public-url")
	}
}

type userInvite struct {
	userHelp
	command.Database
	inviting
	Login  string  `arg:"" help:"What the person types to sign in."`
	Name   string  `placeholder:"NAME" help:"The person or office (default: the login)."`
	Email  string  `placeholder:"ADDRESS" help:"Kept with the account; nothing is sent."`
	Role   *string `enum:"${roles}" placeholder:"ROLE" help:"What the person may do: ${enum}."`
	Agency string  `placeholder:"CODE" help:"Only this agency and those below it (default: the whole province)."`
	Again  bool    `help:"Another link for an account there is, for who lost it or forgot the password; the one before ends."`
}

// Run makes an account, or finds one, and prints the link.
func (c *userInvite) Run(ctx context.Context, s *command.Session) error {
	alone := c.Name == "" && c.Email == "" && c.Role == nil && c.Agency == ""
	switch {
	case c.Again && !alone:
		return command.UsageError("--again changes nothing of the account: see `sipas user change --help`")
	case !c.Again && c.Role == nil:
		return command.UsageError("missing flags: --role=ROLE")
	}
	return c.Accounts(ctx, s, func(d app.Database, a *auth.Auth) error {
		invite := c.invite
		if c.Again {
			invite = c.inviteAgain
		}
		token, err := invite(ctx, d, a)
		if err != nil {
			return err
		}
		s.Printf("%s\n", c.linkOf(token))
		c.sayHow(s)
		return nil
	})
}

func (c *userInvite) invite(ctx context.Context, d app.Database, a *auth.Auth) (token string, err error) {
	snap, err := d.Registry.Current(ctx)
	if err != nil {
		return "", err
	}
	office, err := command.AgencyByCode(snap, c.Agency)
	if err != nil {
		return "", err
	}
	if c.Name == "" {
		c.Name = c.Login
	}
	_, token, err = a.Invite(ctx, command.Operator(), auth.NewUser{
		Login: c.Login, Name: c.Name, Email: c.Email, Role: access.Role(*c.Role), AgencyID: office.ID,
	})
	if errors.Is(err, fault.ErrConflict) {
		return "", fmt.Errorf("there is an account %q already: choose another login, or give --again", c.Login)
	}
	return token, err
}

func (c *userInvite) inviteAgain(ctx context.Context, _ app.Database, a *auth.Auth) (token string, err error) {
	user, err := userByLogin(ctx, a, c.Login)
	if err != nil {
		return "", err
	}
	token, err = a.InviteAgain(ctx, command.Operator(), user)
	return token, command.Already(err, user.Login+" is disabled: see `sipas user enable --help`")
}
