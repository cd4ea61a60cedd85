package demo

import (
	"context"
	"errors"
	"fmt"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/auth"
	"sipas/internal/fault"
)

// Account is one that whoever tries the demo may use.
type Account struct{ Login, Password, Label string }

// triedAgency is the one whose viewer can be tried.
const triedAgency = "so-xay-dung"

// Accounts makes the accounts with fresh passwords; those of an earlier demo in
// the same folder get new ones.
func Accounts(ctx context.Context, a *auth.Auth, tree *agency.Tree, by audit.Author, password func() string) ([]Account, error) {
	tried, ok := tree.ByCode(triedAgency)
	if !ok {
		return nil, fmt.Errorf("agency %s: %w", triedAgency, fault.ErrNotFound)
	}
	var accounts []Account
	for _, n := range []auth.NewUser{
		{Login: "quantri", Name: "Quản trị tỉnh", Role: access.Administrator},
		{Login: triedAgency, Name: tried.Name.In("vi"), Role: access.Viewer, AgencyID: tried.ID},
	} {
		n.Password = password()
		_, err := a.AddUser(ctx, by, n)
		if errors.Is(err, fault.ErrConflict) {
			var user auth.User
			if user, err = a.UserByLogin(ctx, n.Login); err == nil {
				err = a.SetPassword(ctx, by, user.ID, n.Password)
			}
		}
		if err != nil {
			return nil, err
		}
		accounts = append(accounts, Account{Login: n.Login, Password: n.Password, Label: n.Name})
	}
	return accounts, nil
}
