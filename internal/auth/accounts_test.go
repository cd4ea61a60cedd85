package auth_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/auth"
	"sipas/internal/fault"
	"sipas/internal/testkit"
)

func addRoot(t *testing.T, st *testkit.Place) agency.Agency {
	t.Helper()
	a, err := st.AddAgency(t.Context(), agency.Agency{Code: "tinh", Kind: agency.KindProvince, Name: agency.Text{"vi": "Tỉnh"}})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestUsersKeepWhatTheyWereGiven(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		ctx := t.Context()
		agency, clock := addRoot(t, st), newClock()
		clock.advance(123456 * time.Microsecond)
		a := auth.New(st.DB, auth.Options{Now: clock.now})
		added, err := a.AddUser(ctx, testkit.Author(), auth.NewUser{
			Login: "so-noi-vu", Name: "Sở Nội vụ", Password: goodPassword, Role: access.Viewer, AgencyID: agency.ID,
		})
		if err != nil {
			t.Fatal(err)
		}
		if added.ID == 0 || added.PasswordHash == "" {
			t.Errorf("the new account: %+v", added)
		}
		want := auth.User{
			ID: added.ID, Login: "so-noi-vu", Name: "Sở Nội vụ", PasswordHash: added.PasswordHash, Role: "viewer", AgencyID: agency.ID, CreatedAt: clock.now(),
		}
		everywhere, err := a.AddUser(ctx, testkit.Author(), auth.NewUser{Login: "a-dau", Name: "Đầu", Password: goodPassword, Role: access.Administrator})
		if err != nil {
			t.Fatal(err)
		}
		byLogin, err := a.UserByLogin(ctx, "so-noi-vu")
		if diff := cmp.Diff(want, byLogin); err != nil || diff != "" {
			t.Errorf("UserByLogin: %v\n%s", err, diff)
		}
		byID, err := a.User(ctx, added.ID)
		if diff := cmp.Diff(want, byID); err != nil || diff != "" {
			t.Errorf("by id: %v\n%s", err, diff)
		}
		users, err := a.Users(ctx)
		if diff := cmp.Diff([]auth.User{everywhere, want}, users); err != nil || diff != "" {
			t.Errorf("Users, by login: %v\n%s", err, diff)
		}
		again := auth.NewUser{Login: "so-noi-vu", Name: "Nữa", Password: goodPassword, Role: access.Viewer}
		if _, err := a.AddUser(ctx, testkit.Author(), again); !errors.Is(err, fault.ErrConflict) {
			t.Errorf("a login in use: error %v, want a conflict", err)
		}
		again.Login, again.AgencyID = "khac", 999
		if _, err := a.AddUser(ctx, testkit.Author(), again); err == nil {
			t.Error("an account of an agency that does not exist was kept")
		}
	})
}

func TestUnknownAccountsAreNotFound(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		ctx, by, nobody := t.Context(), testkit.Author(), auth.User{ID: 7, Login: "khong-co"}
		a := auth.New(st.DB, auth.Options{Now: newClock().now})
		_, byLogin := a.UserByLogin(ctx, "")
		_, byID := a.User(ctx, 7)
		_, entryByToken := a.EntryByToken(ctx, "")
		_, entryByID := a.EntryByID(ctx, 7)
		for what, err := range map[string]error{
			"UserByLogin":     byLogin,
			"by id":           byID,
			"EntryByToken":    entryByToken,
			"EntryByID":       entryByID,
			"SetPassword":     a.SetPassword(ctx, by, 7, goodPassword),
			"DisableUser":     a.DisableUser(ctx, by, nobody),
			"EnableUser":      a.EnableUser(ctx, by, nobody),
			"RevokeToken":     a.RevokeToken(ctx, by, 7),
			"RevokeEntryLink": a.RevokeEntryLink(ctx, by, 7),
		} {
			if !errors.Is(err, fault.ErrNotFound) {
				t.Errorf("%s: error %v, want not found", what, err)
			}
		}
	})
}

func TestAccountsAreDisabledOnceAndEnabledAgain(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		ctx, by, clock := t.Context(), testkit.Author(), newClock()
		a := auth.New(st.DB, auth.Options{Now: clock.now})
		u := addUser(t, a, "nguoi-dung", access.Viewer)
		clock.advance(time.Hour)
		at := clock.now()
		if err := a.DisableUser(ctx, by, u); err != nil {
			t.Fatal(err)
		}
		clock.advance(time.Hour)
		if err := a.DisableUser(ctx, by, u); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("disabled twice: error %v", err)
		}
		if got, err := a.UserByLogin(ctx, u.Login); err != nil || !got.Disabled() || !got.DisabledAt.Equal(at) {
			t.Errorf("the first time must stay: %+v, %v", got, err)
		}
		if err := a.EnableUser(ctx, by, u); err != nil {
			t.Fatal(err)
		}
		if got, err := a.UserByLogin(ctx, u.Login); err != nil || got.Disabled() {
			t.Errorf("after enabling: %+v, %v", got, err)
		}
	})
}

func TestRehashDoesNotBringAFormerPasswordBack(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		ctx := t.Context()
		a := auth.New(st.DB, auth.Options{Now: newClock().now})
		before := addUser(t, a, "nguoi-dung", access.Viewer)
		if err := a.RehashForTest(ctx, before, goodPassword); err != nil {
			t.Fatal(err)
		}
		stronger, err := a.UserByLogin(ctx, before.Login)
		if err != nil || stronger.PasswordHash == before.PasswordHash {
			t.Errorf("the hash stayed, %v", err)
		}
		if err := a.SetPassword(ctx, testkit.Author(), before.ID, "mật khẩu mới hơn"); err != nil {
			t.Fatal(err)
		}
		// Somebody signed in with the former one, and is slow.
		if err := a.RehashForTest(ctx, stronger, goodPassword); err != nil {
			t.Fatal(err)
		}
		if _, err := a.Login(ctx, before.Login, goodPassword, nil); !errors.Is(err, auth.ErrBadLogin) {
			t.Errorf("the former password: %v", err)
		}
		if _, err := a.Login(ctx, before.Login, "mật khẩu mới hơn", nil); err != nil {
			t.Errorf("the new password: %v", err)
		}
	})
}

func TestTokensStayOnRecord(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		ctx, by, clock := t.Context(), testkit.Author(), newClock()
		agency := addRoot(t, st)
		a := auth.New(st.DB, auth.Options{Now: clock.now})
		created := clock.now()
		if _, err := a.CreateToken(ctx, by, "cổng", access.Viewer, agency.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := a.CreateToken(ctx, by, "kho", access.Administrator, 0); err != nil {
			t.Fatal(err)
		}
		all, err := a.Tokens(ctx)
		if err != nil || len(all) != 2 {
			t.Fatal(all, err)
		}
		first := all[1]
		clock.advance(time.Minute)
		revoked := clock.now()
		if err := a.RevokeToken(ctx, by, first.ID); err != nil {
			t.Fatal(err)
		}
		clock.advance(time.Hour)
		if err := a.RevokeToken(ctx, by, first.ID); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("revoked twice: error %v; the first time must stay", err)
		}
		want := []auth.Token{
			{ID: all[0].ID, Hash: all[0].Hash, Label: "kho", Role: "administrator", CreatedAt: created},
			{ID: first.ID, Hash: first.Hash, Label: "cổng", Role: "viewer", AgencyID: agency.ID, CreatedAt: created, RevokedAt: revoked},
		}
		all, err = a.Tokens(ctx)
		if diff := cmp.Diff(want, all); err != nil || diff != "" {
			t.Errorf("Tokens, newest first: %v\n%s", err, diff)
		}
		if _, err := st.Exec(ctx, "UPDATE api_tokens SET token_hash = 'same'"); err == nil {
			t.Error("two tokens have one hash")
		}
	})
}
