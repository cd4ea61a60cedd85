package bulk_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/access"
	"sipas/internal/audit"
	"sipas/internal/auth"
	"sipas/internal/bulk"
	"sipas/internal/spreadsheet"
	"sipas/internal/testkit"
)

// TestUsersAreInvited: a list invites who is new, by a link that stands nowhere else,
// and changes who is there at once; what is written is read as what is there. Or
// nothing: with a fault, without an administrator left, after a change meanwhile, and
// when an entry cannot be written.
func TestUsersAreInvited(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		province(t, st)
		a := auth.New(st.DB, auth.Options{Now: func() time.Time { return now }})
		for _, login := range []string{"quantri", "cu"} {
			if _, err := a.AddUser(t.Context(), testkit.Author(), auth.NewUser{Login: login, Name: "Quản trị", Password: "mot mat khau dai", Role: access.Administrator}); err != nil {
				t.Fatal(err)
			}
		}
		planned := func(content string) *bulk.UserPlan {
			users, err := a.Users(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return bulk.PlanUsers(loaded(t, st), users, []byte(content))
		}
		seal := sealed(t, st)
		const header = "login,name,role,agency,email\n"
		for list, want := range map[string][]string{
			"Mới,A,viewer,,\n=x,,king,so-x,a@\n": {`2 login login "mới"`, `3 login login "=x"`, `3 name required ""`, `3 role one-of "king"`, `3 agency unknown-agency "so-x"`, `3 email email "a@"`},
			"quantri,Q,viewer,,\ncu,C,manager,,\nmoi,M,administrator,,\nMOI,M,viewer,,\n,M,viewer,,\n": {
				`2 role last-administrator "viewer"`, `3 role last-administrator "manager"`, `5 login twice "MOI"`, `6 login required ""`},
		} {
			plan := planned(header + list)
			if diff := cmp.Diff(want, told(t, plan.Plan)); diff != "" {
				t.Error(diff)
			}
			if _, err := plan.Apply(t.Context(), a, testkit.Author()); !errors.Is(err, bulk.ErrWrong) {
				t.Errorf("with a fault: %v", err)
			}
		}
		list := header + "cu,Văn thư,viewer,so-xay-dung,cu@example.org\nMoi,Người mới,administrator,,moi@example.org\nquantri,Quản trị,administrator,,\n"
		stale, nameless := planned(list), planned(list)
		if _, err := nameless.Apply(t.Context(), a, audit.Author{}); err == nil || sealed(t, st) != seal {
			t.Errorf("without an author: %v", err)
		}
		if old, err := a.UserByLogin(t.Context(), "cu"); err != nil || old.Role != string(access.Administrator) {
			t.Fatalf("%+v %v", old, err)
		} else if err := a.EndSessions(t.Context(), testkit.Author(), old); err != nil {
			t.Fatal(err)
		}
		if _, err := stale.Apply(t.Context(), a, testkit.Author()); !errors.Is(err, bulk.ErrStale) {
			t.Errorf("after a change: %v", err)
		}
		plan := planned(list)
		invitations, err := plan.Apply(t.Context(), a, testkit.Author())
		if got := counts(plan.Plan); err != nil || len(invitations) != 1 || got != "3 rows: 1 created, 1 updated, 1 unchanged, 0 wrong" {
			t.Fatal(got, invitations, err)
		}
		if u, err := a.Invited(t.Context(), invitations[0].Token); err != nil || u.Login != "moi" || invitations[0].Login != "moi" || u.PasswordHash != "" || u.Email != "moi@example.org" {
			t.Errorf("%+v %v", u, err)
		}
		office, _ := loaded(t, st).Tree.ByCode("so-xay-dung")
		if u, err := a.UserByLogin(t.Context(), "cu"); err != nil || u.Role != string(access.Viewer) || u.AgencyID != office.ID || u.Email != "cu@example.org" || u.Name != "Văn thư" {
			t.Errorf("%+v %v", u, err)
		}
		entries, err := audit.New(st.DB).List(t.Context(), audit.Filter{After: seal.Entries})
		if err != nil {
			t.Fatal(err)
		}
		var said []string
		for _, e := range entries {
			said = append(said, fmt.Sprintf("%s %s before=%t", e.Action, e.Subject, e.Before != nil))
			if e.Author != testkit.Author() {
				t.Errorf("%s is by %+v", e.Action, e.Author)
			}
			for _, secret := range []string{invitations[0].Token, "@example.org"} {
				if strings.Contains(fmt.Sprintf("%s%s", e.Before, e.After), secret) {
					t.Errorf("%s says %s", e.Action, secret)
				}
			}
		}
		want := []string{"user.end-sessions user/cu before=false", "user.change user/cu before=true", "user.invite user/moi before=false", "users.import list/users before=false"}
		if diff := cmp.Diff(want, said); diff != "" {
			t.Error(diff)
		}
		old, err := a.UserByLogin(t.Context(), "cu")
		if err == nil {
			err = a.DisableUser(t.Context(), testkit.Author(), old)
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, format := range []string{spreadsheet.CSV, spreadsheet.XLSX} {
			users, err := a.Users(t.Context())
			var out bytes.Buffer
			if err == nil {
				err = bulk.WriteUsers(&out, format, loaded(t, st), users)
			}
			if again := planned(out.String()); err != nil || again.Rows != 2 || again.Unchanged != 2 || again.Changes() {
				t.Errorf("as %s: %s, %v %v", format, counts(again.Plan), again.Problems, err)
			}
		}
		if diff := cmp.Diff([]string{`2 login disabled "cu"`}, told(t, planned(header+"cu,Văn thư,viewer,,\n").Plan)); diff != "" {
			t.Error(diff)
		}
	})
}
