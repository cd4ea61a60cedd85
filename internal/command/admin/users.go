package admin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"sipas/internal/access"
	"sipas/internal/app"
	"sipas/internal/auth"
	"sipas/internal/bulk"
	"sipas/internal/command"
	"sipas/internal/fault"
)

// Users keeps the accounts of people who sign in.
type Users struct {
	userHelp

	Add      userAdd      `cmd:"" help:"Make an account."`
	Invite   userInvite   `cmd:"" help:"Make an account whose owner chooses the password, and print the link for that. It cannot be shown again."`
	List     userList     `cmd:"" default:"withargs" help:"List the accounts (the default)."`
	Change   userChange   `cmd:"" help:"Give an account another name, role or agency, at once in open sessions too."`
	Import   usersImport  `cmd:"" help:"Invite and change them as a spreadsheet says; the links of new ones are printed, and cannot be shown again."`
	Export   usersExport  `cmd:"" help:"Write those in use as a spreadsheet that import reads."`
	Password userPassword `cmd:"" help:"Give an account another password; its sessions end."`
	Disable  userDisable  `cmd:"" help:"Keep an account from signing in; its sessions end."`
	Enable   userEnable   `cmd:"" help:"Let a disabled account sign in again."`
}

// RoleNames are the roles that flags take, as `${roles}`.
func RoleNames() string {
	var names []string
	for _, role := range access.Roles() {
		names = append(names, string(role))
	}
	return strings.Join(names, ",")
}

// userHelp is the longer help of the command and of each part of it.
type userHelp struct{}

// Help gives it.
func (userHelp) Help() string {
	return `Without --password-stdin and --generate the password is asked for at the terminal. A list is read whole or not at all; a line
with a login changes that account, any other invites one, and whoever does not stand in it stays. Columns:
` + strings.Join(bulk.Users().Columns, ",") + `.

Example:

  sipas user add quantri --name "Quản trị tỉnh" --role administrator
  sipas user add so-xay-dung --name "Sở Xây dựng" --role viewer --agency so-xay-dung --generate
  sipas user invite phong-ks --name "Phòng Kiểm soát" --role viewer --agency so-xay-dung
  sipas user invite phong-ks --again
  sipas user list --json
  sipas user export --format xlsx -o tai-khoan.xlsx
  sipas user import tai-khoan.xlsx --dry-run --json --language vi
  sipas user change so-xay-dung --role manager`
}

type userAdd struct {
	userHelp
	command.Database
	command.PasswordFlags
	Login  string `arg:"" help:"What the person types to sign in."`
	Name   string `placeholder:"NAME" help:"The person or office (default: the login)."`
	Role   string `required:"" enum:"${roles}" placeholder:"ROLE" help:"What the person may do: ${enum}."`
	Agency string `placeholder:"CODE" help:"Only this agency and those below it (default: the whole province)."`
}

// Run makes an account.
func (c *userAdd) Run(ctx context.Context, s *command.Session) error {
	return c.Accounts(ctx, s, func(d app.Database, a *auth.Auth) error {
		snap, err := d.Registry.Current(ctx)
		if err != nil {
			return err
		}
		agency, err := command.AgencyByCode(snap, c.Agency)
		if err != nil {
			return err
		}
		password, generated, err := c.Password(ctx, s)
		if err != nil {
			return err
		}
		if c.Name == "" {
			c.Name = c.Login
		}
		user, err := a.AddUser(ctx, command.Operator(), auth.NewUser{
			Login: c.Login, Name: c.Name, Password: password, Role: access.Role(c.Role), AgencyID: agency.ID,
		})
		if errors.Is(err, fault.ErrConflict) {
			return fmt.Errorf("there is an account %q already: choose another login, or see `sipas user password --help`", c.Login)
		}
		if err == nil {
			s.TellPassword(user.Login, password, generated)
		}
		return err
	})
}

type userList struct {
	userHelp
	command.Database
	command.Calendar
	JSON bool `name:"json" help:"Print JSON."`
}

// userLine is one account for scripts, by the columns of users.csv.
type userLine struct {
	Login  string `json:"login"`
	Name   string `json:"name"`
	Role   string `json:"role"`
	Agency string `json:"agency"` // "": the whole province
	Email  string `json:"email"`
	InUse  bool   `json:"in_use"`
}

// Run lists the accounts by login.
func (c *userList) Run(ctx context.Context, s *command.Session) error {
	return c.Days(ctx, s, c.Database, func(d app.Database, a *auth.Auth, day func(time.Time) string) error {
		users, err := a.Users(ctx)
		if err != nil {
			return err
		}
		snap, err := d.Registry.Current(ctx)
		if err != nil {
			return err
		}
		if c.JSON {
			lines := make([]userLine, len(users))
			for i, u := range users {
				office, _ := snap.Tree.Agency(u.AgencyID)
				lines[i] = userLine{u.Login, u.Name, u.Role, office.Code, u.Email, !u.Disabled()}
			}
			return json.NewEncoder(s.Out).Encode(lines)
		}
		table := tabwriter.NewWriter(s.Out, 0, 0, 2, ' ', 0)
		_, _ = fmt.Fprintln(table, "LOGIN\tROLE\tAGENCY\tNAME\tSTATE")
		for _, u := range users {
			_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", u.Login, u.Role, command.Scope(snap, u.AgencyID), command.Cell(u.Name), command.Ended("disabled", u.DisabledAt, day))
		}
		return table.Flush()
	})
}

type userPassword struct {
	userHelp
	command.Database
	command.PasswordFlags
	Login string `arg:"" help:"The account."`
}

// Run sets a password.
func (c *userPassword) Run(ctx context.Context, s *command.Session) error {
	return c.Accounts(ctx, s, func(_ app.Database, a *auth.Auth) error {
		user, err := userByLogin(ctx, a, c.Login)
		if err != nil {
			return err
		}
		password, generated, err := c.Password(ctx, s)
		if err != nil {
			return err
		}
		if err := a.SetPassword(ctx, command.Operator(), user.ID, password); err != nil {
			return err
		}
		s.TellPassword(user.Login, password, generated)
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

type userChange struct {
	userHelp
	command.Database
	Login  string  `arg:"" help:"The account."`
	Name   *string `placeholder:"NAME" help:"The person or office."`
	Role   *string `enum:"${roles}" placeholder:"ROLE" help:"What the person may do: ${enum}."`
	Agency *string `placeholder:"CODE" help:"Only this agency and those below it; \"\" is the whole province."`
}

// Run changes what is given.
func (c *userChange) Run(ctx context.Context, s *command.Session) error {
	return c.Accounts(ctx, s, func(d app.Database, a *auth.Auth) error {
		user, err := userByLogin(ctx, a, c.Login)
		if err != nil {
			return err
		}
		if c.Agency != nil {
			snap, err := d.Registry.Current(ctx)
			if err != nil {
				return err
			}
			office, err := command.AgencyByCode(snap, *c.Agency)
			if err != nil {
				return err
			}
			user.AgencyID = office.ID
		}
		if c.Name != nil {
			user.Name = *c.Name
		}
		if c.Role != nil {
			user.Role = *c.Role
		}
		if err := a.UpdateUser(ctx, command.Operator(), user); err != nil {
			return lastOne(err, user)
		}
		s.Printf("%s is changed\n", user.Login)
		return nil
	})
}

// lastOne says what to do where nobody would be left who may administer.
func lastOne(err error, user auth.User) error {
	if errors.Is(err, auth.ErrLastAdministrator) {
		return fmt.Errorf("%s is the last administrator of the whole province: make another one first, see `sipas user add --help`", user.Login)
	}
	return err
}

type userDisable struct {
	userHelp
	command.Database
	Login string `arg:"" help:"The account."`
}

// Run disables an account.
func (c *userDisable) Run(ctx context.Context, s *command.Session) error {
	return c.Accounts(ctx, s, func(_ app.Database, a *auth.Auth) error {
		user, err := userByLogin(ctx, a, c.Login)
		if err != nil {
			return err
		}
		if err := a.DisableUser(ctx, command.Operator(), user); err != nil {
			return command.Already(lastOne(err, user), user.Login+" is disabled already")
		}
		s.Printf("%s is disabled\n", user.Login)
		return nil
	})
}

type userEnable struct {
	userHelp
	command.Database
	Login string `arg:"" help:"The account."`
}

// Run enables an account.
func (c *userEnable) Run(ctx context.Context, s *command.Session) error {
	return c.Accounts(ctx, s, func(_ app.Database, a *auth.Auth) error {
		user, err := userByLogin(ctx, a, c.Login)
		if err != nil {
			return err
		}
		if err := a.EnableUser(ctx, command.Operator(), user); err != nil {
			return command.Already(err, user.Login+" is not disabled")
		}
		s.Printf("%s may sign in again\n", user.Login)
		return nil
	})
}
