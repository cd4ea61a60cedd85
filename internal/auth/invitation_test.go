package auth_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/access"
	"sipas/internal/audit"
	"sipas/internal/auth"
	"sipas/internal/fault"
	"sipas/internal/testkit"
)

func invite(t *testing.T, a *auth.Auth, login string, role access.Role) (auth.User, string) {
	t.Helper()
	u, token, err := a.Invite(t.Context(), testkit.Author(), auth.NewUser{Login: login, Name: "Cán bộ mới", Email: "moi@tinh.example", Role: role})
	if err != nil {
		t.Fatal(err)
	}
	return u, token
}

// An invitation is good once, for its time, and until another is made; what it was
// good for is told to nobody afterwards.
func TestInvitations(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		ctx, c := t.Context(), newClock()
		a := auth.New(st.DB, auth.Options{Now: c.now})
		addUser(t, a, "quantri", access.Administrator)
		ended := func(what, token string) {
			t.Helper()
			_, shown := a.Invited(ctx, token)
			_, accepted := a.AcceptInvitation(ctx, token, goodPassword)
			_, unknown := a.Invited(ctx, strings.Repeat("A", len(token)))
			for _, err := range []error{shown, accepted, unknown} {
				if !errors.Is(err, fault.ErrNotFound) {
					t.Errorf("%s: %v, want not found", what, err)
				}
			}
			if shown.Error() != unknown.Error() {
				t.Errorf("%s: %q is another answer than %q", what, shown, unknown)
			}
		}
		u, token := invite(t, a, "moi", access.Viewer)
		if _, err := a.Login(ctx, "moi", "", nil); !errors.Is(err, auth.ErrBadLogin) {
			t.Errorf("signed in without a password: %v", err)
		}
		if got, err := a.Invited(ctx, token); err != nil || cmp.Diff(u, got) != "" {
			t.Errorf("invited: %v\n%s", err, cmp.Diff(u, got))
		}
		if _, err := a.AcceptInvitation(ctx, token, "ngắn"); !errors.As(err, new(*fault.Invalid)) {
			t.Errorf("a short password: %v", err)
		}
		who, err := a.AcceptInvitation(ctx, token, goodPassword)
		if want := (access.Identity{UserID: u.ID, Name: "Cán bộ mới", Role: access.Viewer}); err != nil || who != want {
			t.Fatalf("accepted: %+v, %v", who, err)
		}
		if _, err := a.Login(ctx, "moi", goodPassword, nil); err != nil {
			t.Errorf("after that: %v", err)
		}
		ended("used", token)

		first, err := a.InviteAgain(ctx, testkit.Author(), u)
		if err != nil {
			t.Fatal(err)
		}
		second, err := a.InviteAgain(ctx, testkit.Author(), u)
		if err != nil {
			t.Fatal(err)
		}
		ended("replaced", first)
		if err := a.SetPassword(ctx, testkit.Author(), u.ID, "mật khẩu mới hơn"); err != nil {
			t.Fatal(err)
		}
		ended("a password was set otherwise", second)
		third, err := a.InviteAgain(ctx, testkit.Author(), u)
		if err != nil {
			t.Fatal(err)
		}
		if err := a.DisableUser(ctx, testkit.Author(), u); err != nil {
			t.Fatal(err)
		}
		ended("disabled", third)
		if err := a.EnableUser(ctx, testkit.Author(), u); err != nil {
			t.Fatal(err)
		}
		ended("disabled and enabled again", third)
		if err := a.DisableUser(ctx, testkit.Author(), u); err != nil {
			t.Fatal(err)
		}
		if _, err := a.InviteAgain(ctx, testkit.Author(), u); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("a disabled account was invited: %v", err)
		}
		_, late := invite(t, a, "muon", access.Viewer)
		c.advance(auth.InvitationLasts)
		ended("expired", late)

		entries, err := audit.New(st.DB).List(ctx, audit.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			text := fmt.Sprintf("%s %s %s", e.Subject, e.Before, e.After)
			for _, secret := range []string{token, first, "moi@tinh.example", "argon2"} {
				if strings.Contains(text, secret) {
					t.Errorf("the log tells %q: %s", secret, text)
				}
			}
		}
	})
}

// Of two who use an invitation at the same time, one chooses the password.
func TestAnInvitationIsUsedOnce(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		a := auth.New(st.DB, auth.Options{Now: newClock().now})
		_, token := invite(t, a, "moi", access.Viewer)
		passwords := []string{"mật khẩu thứ nhất", "mật khẩu thứ hai", "mật khẩu thứ ba"}
		accepted := make([]bool, len(passwords))
		var all sync.WaitGroup
		for i, password := range passwords {
			all.Go(func() {
				_, err := a.AcceptInvitation(t.Context(), token, password)
				accepted[i] = err == nil
			})
		}
		all.Wait()
		n := 0
		for i, password := range passwords {
			_, err := a.Login(t.Context(), "moi", password, nil)
			if (err == nil) != accepted[i] {
				t.Errorf("%q: accepted %v, signing in: %v", password, accepted[i], err)
			}
			if accepted[i] {
				n++
			}
		}
		if n != 1 {
			t.Errorf("it was used %d times", n)
		}
	})
}

// Two administrators of the province take each other's rights at the same time,
// whatever the way: one stays.
func TestSomebodyStaysAdministrator(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		a := auth.New(st.DB, auth.Options{Now: newClock().now})
		root := addRoot(t, st)
		users := []auth.User{addUser(t, a, "mot", access.Administrator), addUser(t, a, "hai", access.Administrator)}
		invite(t, a, "ba", access.Administrator) // who has not chosen a password helps nobody
		ways := []func(auth.User) error{
			func(u auth.User) error { return a.DisableUser(t.Context(), testkit.Author(), u) },
			func(u auth.User) error {
				u.Role = string(access.Viewer)
				return a.UpdateUser(t.Context(), testkit.Author(), u)
			},
			func(u auth.User) error {
				u.AgencyID = root.ID
				return a.UpdateUser(t.Context(), testkit.Author(), u)
			},
		}
		for i := range ways {
			var all sync.WaitGroup
			errs := make([]error, len(users))
			for n, u := range users {
				all.Go(func() { errs[n] = ways[(i+n)%len(ways)](u) })
			}
			all.Wait()
			refused := 0
			for n, err := range errs {
				if errors.Is(err, auth.ErrLastAdministrator) {
					refused++
				} else if err != nil {
					t.Errorf("way %d, account %d: %v", i, n, err)
				}
			}
			if refused != 1 {
				t.Errorf("way %d: %d were refused, want one", i, refused)
			}
			for n, u := range users { // as before, the one who stayed last
				if errs[n] == nil {
					_ = a.EnableUser(t.Context(), testkit.Author(), u)
					if err := a.UpdateUser(t.Context(), testkit.Author(), u); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	})
}

// Role, agency and name change at once in a session that is open.
func TestAChangedAccountActsAtOnce(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		ctx, c := t.Context(), newClock()
		a := auth.New(st.DB, auth.Options{Now: c.now})
		root := addRoot(t, st)
		u := addUser(t, a, "can-bo", access.Viewer)
		b := &browser{t: t, site: site(t, a)}
		b.signIn("can-bo")
		u.Name, u.Role, u.AgencyID = "Tên mới", string(access.Manager), root.ID
		if err := a.UpdateUser(ctx, testkit.Author(), u); err != nil {
			t.Fatal(err)
		}
		b.wantWho("after the change", "Tên mới")
		if got, err := a.UserByLogin(ctx, "can-bo"); err != nil || cmp.Diff(u, got) != "" {
			t.Errorf("kept: %v\n%s", err, cmp.Diff(u, got))
		}
		for _, bad := range []func(*auth.User){
			func(u *auth.User) { u.Name = " " }, func(u *auth.User) { u.Role = "root" }, func(u *auth.User) { u.Email = "a b@c" },
			func(u *auth.User) { u.Email = "Tên <a@b.example>" },
		} {
			wrong := u
			bad(&wrong)
			if err := a.UpdateUser(ctx, testkit.Author(), wrong); !errors.As(err, new(*fault.Invalid)) {
				t.Errorf("%+v: %v", wrong, err)
			}
		}
		who := access.Identity{UserID: u.ID}
		if err := a.ChangePassword(ctx, who, "không phải", "mật khẩu mới hơn", nil); !errors.Is(err, auth.ErrBadLogin) {
			t.Errorf("without the password before: %v", err)
		}
		c.advance(time.Second)
		if err := a.ChangePassword(ctx, who, goodPassword, "mật khẩu mới hơn", nil); err != nil {
			t.Error(err)
		}
		b.wantWho("after another password", "")
	})
}

// A new password that may not be chosen is refused before the present one is compared:
// it is no try of it.
func TestARefusedPasswordIsNoTry(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	a := auth.New(st.DB, auth.Options{Now: newClock().now})
	u := addUser(t, a, "can-bo", access.Viewer)
	tries := 0
	begin := func(context.Context) error {
		tries++
		return nil
	}
	who := access.Identity{UserID: u.ID, Role: access.Viewer}
	if err := a.ChangePassword(t.Context(), who, goodPassword, "1234567890", begin); !errors.As(err, new(*fault.Invalid)) || tries != 0 {
		t.Errorf("a common one: %v after %d tries", err, tries)
	}
	if err := a.ChangePassword(t.Context(), who, goodPassword, "mật khẩu mới hơn", begin); err != nil || tries != 1 {
		t.Errorf("a good one: %v after %d tries", err, tries)
	}
}

func TestCommonPasswords(t *testing.T) {
	t.Parallel()
	a := auth.New(testkit.SQLite(t).DB, auth.Options{Now: newClock().now})
	for _, password := range []string{
		"matkhau123", "MẬTKHẨU123", "Matkhau@123", "1234567890", "9876543210", "abcdefghijkl", "aaaaaaaaaaaa", "xyzxyzxyzxyz", "quantri123456",
	} {
		_, err := a.AddUser(t.Context(), testkit.Author(), auth.NewUser{Login: "ai-do", Name: "Ai đó", Password: password, Role: access.Viewer})
		var invalid *fault.Invalid
		if !errors.As(err, &invalid) || invalid.Problems[0].Key != auth.ProblemPasswordCommon {
			t.Errorf("%q: %v", password, err)
		}
	}
	if _, err := a.AddUser(t.Context(), testkit.Author(), auth.NewUser{Login: "ai-do", Name: "Ai đó", Password: "ba con ngựa xanh", Role: access.Viewer}); err != nil {
		t.Error(err)
	}
}
