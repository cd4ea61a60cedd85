package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"sipas/internal/access"
	"sipas/internal/app"
	"sipas/internal/audit"
	"sipas/internal/auth"
	"sipas/internal/fault"
	"sipas/internal/registry"
)

type userCmd struct {
	userHelp

	Add      userAddCmd      `cmd:"" help:"Make an account."`
	List     userListCmd     `cmd:"" help:"List the accounts."`
	Password userPasswordCmd `cmd:"" help:"Give an account another password; its sessions end."`
	Disable  userDisableCmd  `cmd:"" help:"Keep an account from signing in; its sessions end."`
	Enable   userEnableCmd   `cmd:"" help:"Let a disabled account sign in again."`
}

// userHelp is the longer help of the command and of each part of it.
type userHelp struct{}

// Help gives it.
func (userHelp) Help() string {
	return `Without --password-stdin and --generate the password is asked for at the terminal.

Example:

  sipas user add quantri --name "Quản trị tỉnh" --role administrator
  sipas user add so-xay-dung --name "Sở Xây dựng" --role viewer --agency so-xay-dung --generate
  sipas user list`
}

// accounts opens the database and what judges accounts.
func (d database) accounts(ctx context.Context, s *session, work func(app.Database, *auth.Auth) error) error {
	return d.with(ctx, func(opened app.Database) error { return work(opened, auth.New(opened.DB, auth.Options{Now: s.now})) })
}

// revoke ends the use of a secret that commands of the same name list.
func (d database) revoke(ctx context.Context, s *session, what, command string, id int64, end func(*auth.Auth, context.Context, audit.Author, int64) error) error {
	return d.accounts(ctx, s, func(_ app.Database, a *auth.Auth) error {
		if err := end(a, ctx, operator(), id); err != nil {
			return already(err, fmt.Sprintf("there is no %s %d in use: see `sipas %s list`", what, id, command))
		}
		s.printf("%s %d is revoked\n", what, id)
		return nil
	})
}

type userAddCmd struct {
	userHelp
	database
	passwordFlags
	Login  string `arg:"" help:"What the person types to sign in."`
	Name   string `placeholder:"NAME" help:"The person or office (default: the login)."`
	Role   string `required:"" enum:"administrator,viewer" placeholder:"administrator|viewer" help:"An administrator changes things, a viewer reads."`
	Agency string `placeholder:"CODE" help:"Only this agency and those below it (default: the whole province)."`
}

// Run makes an account.
func (c *userAddCmd) Run(ctx context.Context, s *session) error {
	return c.accounts(ctx, s, func(d app.Database, a *auth.Auth) error {
		snap, err := d.Registry.Current(ctx)
		if err != nil {
			return err
		}
		agency, err := agencyByCode(snap, c.Agency)
		if err != nil {
			return err
		}
		password, generated, err := c.password(ctx, s)
		if err != nil {
			return err
		}
		if c.Name == "" {
			c.Name = c.Login
		}
		user, err := a.AddUser(ctx, operator(), auth.NewUser{
			Login: c.Login, Name: c.Name, Password: password, Role: access.Role(c.Role), AgencyID: agency.ID,
		})
		if errors.Is(err, fault.ErrConflict) {
			return fmt.Errorf("there is an account %q already: choose another login, or see `sipas user password --help`", c.Login)
		}
		if err == nil {
			s.tellPassword(user.Login, password, generated)
		}
		return err
	})
}

func (s *session) tellPassword(login, password string, generated bool) {
	if generated {
		s.notef("password of %s:", login)
		s.printf("%s\n", password)
		return
	}
	s.notef("password of %s set", login)
}

type userListCmd struct {
	userHelp
	database
	calendar
}

// Run lists the accounts by login.
func (c *userListCmd) Run(ctx context.Context, s *session) error {
	return c.days(ctx, s, c.database, func(d app.Database, a *auth.Auth, day func(time.Time) string) error {
		users, err := a.Users(ctx)
		if err != nil {
			return err
		}
		snap, err := d.Registry.Current(ctx)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
		_, _ = fmt.Fprintln(table, "LOGIN\tROLE\tAGENCY\tNAME\tSTATE")
		for _, u := range users {
			_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", u.Login, u.Role, scope(snap, u.AgencyID), cell(u.Name), ended("disabled", u.DisabledAt, day))
		}
		return table.Flush()
	})
}

// scope names the agency at the root of what somebody may see; 0 is the whole
// province.
func scope(snap *registry.Snapshot, id int64) string {
	if id == 0 {
		return "(all)"
	}
	root, _ := snap.Tree.Agency(id)
	return root.Code
}

// ended says "in use", or since when something is not.
func ended(word string, at time.Time, day func(time.Time) string) string {
	if at.IsZero() {
		return "in use"
	}
	return word + " " + day(at)
}

type userPasswordCmd struct {
	userHelp
	database
	passwordFlags
	Login string `arg:"" help:"The account."`
}

// Run sets a password.
func (c *userPasswordCmd) Run(ctx context.Context, s *session) error {
	return c.accounts(ctx, s, func(_ app.Database, a *auth.Auth) error {
		user, err := userByLogin(ctx, a, c.Login)
		if err != nil {
			return err
		}
		password, generated, err := c.password(ctx, s)
		if err != nil {
			return err
		}
		if err := a.SetPassword(ctx, operator(), user.ID, password); err != nil {
			return err
		}
		s.tellPassword(user.Login, password, generated)
		return nil
	})
}

func userByLogin(ctx context.Context, a *auth.Auth, login string) (auth.User, error) {
	user, err := a.UserByLogin(ctx, strings.ToLower(strings.TrimSpace(login)))
	if errors.Is(err, fault.ErrNotFound) {
		return auth.User{}, fmt.Errorf("there is no account %q: see `sipas user list`", login)
	}
	return user, err
}

type userDisableCmd struct {
	userHelp
	database
	Login string `arg:"" help:"The account."`
}

// Run disables an account.
func (c *userDisableCmd) Run(ctx context.Context, s *session) error {
	return c.accounts(ctx, s, func(_ app.Database, a *auth.Auth) error {
		user, err := userByLogin(ctx, a, c.Login)
		if err != nil {
			return err
		}
		if err := a.DisableUser(ctx, operator(), user); err != nil {
			return already(err, user.Login+" is disabled already")
		}
		s.printf("%s is disabled\n", user.Login)
		return nil
	})
}

type userEnableCmd struct {
	userHelp
	database
	Login string `arg:"" help:"The account."`
}

// Run enables an account.
func (c *userEnableCmd) Run(ctx context.Context, s *session) error {
	return c.accounts(ctx, s, func(_ app.Database, a *auth.Auth) error {
		user, err := userByLogin(ctx, a, c.Login)
		if err != nil {
			return err
		}
		if err := a.EnableUser(ctx, operator(), user); err != nil {
			return already(err, user.Login+" is not disabled")
		}
		s.printf("%s may sign in again\n", user.Login)
		return nil
	})
}

// already says why a change met nothing to change.
func already(err error, why string) error {
	if errors.Is(err, fault.ErrNotFound) {
		return errors.New(why)
	}
	return err
}
