package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/agency"
	"sipas/internal/fault"
	"sipas/internal/store"
	"sipas/internal/testkit"
)

var accountDay = time.Date(2025, 11, 20, 8, 30, 0, 123456000, time.UTC)

func addRoot(t *testing.T, st *store.Store) agency.Agency {
	t.Helper()
	a, err := st.AddAgency(t.Context(), agency.Agency{Code: "tinh", Kind: agency.KindProvince, Name: agency.Text{"vi": "Tỉnh"}})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestUsersKeepWhatTheyWereGiven(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *store.Store) {
		ctx := t.Context()
		agency := addRoot(t, st)
		want := store.User{
			Login: "so-noi-vu", Name: "Sở Nội vụ", PasswordHash: "$x$", Role: "viewer", AgencyID: agency.ID, CreatedAt: accountDay,
		}
		added, err := st.AddUser(ctx, want)
		if err != nil {
			t.Fatal(err)
		}
		if added.ID == 0 {
			t.Error("the new account has no id")
		}
		want.ID = added.ID
		everywhere, err := st.AddUser(ctx, store.User{Login: "a-dau", Name: "Đầu", Role: "administrator", CreatedAt: accountDay})
		if err != nil {
			t.Fatal(err)
		}
		byLogin, err := st.UserByLogin(ctx, "so-noi-vu")
		if diff := cmp.Diff(want, byLogin); err != nil || diff != "" {
			t.Errorf("UserByLogin: %v\n%s", err, diff)
		}
		byID, err := st.UserByID(ctx, added.ID)
		if diff := cmp.Diff(want, byID); err != nil || diff != "" {
			t.Errorf("UserByID: %v\n%s", err, diff)
		}
		users, err := st.Users(ctx)
		if diff := cmp.Diff([]store.User{everywhere, want}, users); err != nil || diff != "" {
			t.Errorf("Users, by login: %v\n%s", err, diff)
		}
		if _, err := st.AddUser(ctx, store.User{Login: "so-noi-vu", CreatedAt: accountDay}); !errors.Is(err, fault.ErrConflict) {
			t.Errorf("a login in use: error %v, want a conflict", err)
		}
		if _, err := st.AddUser(ctx, store.User{Login: "khac", AgencyID: 999, CreatedAt: accountDay}); err == nil {
			t.Error("an account of an agency that does not exist was kept")
		}
	})
}

func TestUnknownAccountsAreNotFound(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *store.Store) {
		ctx := t.Context()
		_, byLogin := st.UserByLogin(ctx, "")
		_, byID := st.UserByID(ctx, 7)
		_, byHash := st.TokenByHash(ctx, "")
		for what, err := range map[string]error{
			"UserByLogin":     byLogin,
			"UserByID":        byID,
			"TokenByHash":     byHash,
			"SetUserPassword": st.SetUserPassword(ctx, 7, "x"),
			"DisableUser":     st.DisableUser(ctx, 7, accountDay),
			"EnableUser":      st.EnableUser(ctx, 7),
			"RevokeToken":     st.RevokeToken(ctx, 7, accountDay),
		} {
			if !errors.Is(err, fault.ErrNotFound) {
				t.Errorf("%s: error %v, want not found", what, err)
			}
		}
	})
}

func TestAccountsAreDisabledOnceAndEnabledAgain(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *store.Store) {
		ctx := t.Context()
		u, err := st.AddUser(ctx, store.User{Login: "nguoi-dung", Role: "viewer", CreatedAt: accountDay})
		if err != nil {
			t.Fatal(err)
		}
		at := accountDay.Add(time.Hour)
		if err := st.DisableUser(ctx, u.ID, at); err != nil {
			t.Fatal(err)
		}
		if got, err := st.UserByID(ctx, u.ID); err != nil || !got.Disabled() || !got.DisabledAt.Equal(at) {
			t.Errorf("after disabling: %+v, %v", got, err)
		}
		if err := st.DisableUser(ctx, u.ID, at.Add(time.Hour)); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("disabled twice: error %v; the first time must stay", err)
		}
		if err := st.EnableUser(ctx, u.ID); err != nil {
			t.Fatal(err)
		}
		if got, err := st.UserByID(ctx, u.ID); err != nil || got.Disabled() {
			t.Errorf("after enabling: %+v, %v", got, err)
		}
	})
}

func TestRehashDoesNotBringAFormerPasswordBack(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *store.Store) {
		ctx := t.Context()
		u, err := st.AddUser(ctx, store.User{Login: "nguoi-dung", PasswordHash: "old", Role: "viewer", CreatedAt: accountDay})
		if err != nil {
			t.Fatal(err)
		}
		if err := st.RehashUserPassword(ctx, u.ID, "old", "old, stronger"); err != nil {
			t.Fatal(err)
		}
		if err := st.SetUserPassword(ctx, u.ID, "new"); err != nil {
			t.Fatal(err)
		}
		if err := st.RehashUserPassword(ctx, u.ID, "old, stronger", "old, strongest"); err != nil {
			t.Fatal(err)
		}
		if got, err := st.UserByID(ctx, u.ID); err != nil || got.PasswordHash != "new" {
			t.Errorf("the hash is %q, %v; want the new one", got.PasswordHash, err)
		}
	})
}

func TestTokensAreFoundUntilRevoked(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *store.Store) {
		ctx := t.Context()
		agency := addRoot(t, st)
		first, err := st.AddToken(ctx, store.Token{Hash: "h1", Label: "cổng", Role: "viewer", AgencyID: agency.ID, CreatedAt: accountDay})
		if err != nil {
			t.Fatal(err)
		}
		second, err := st.AddToken(ctx, store.Token{Hash: "h2", Label: "kho", Role: "administrator", CreatedAt: accountDay})
		if err != nil {
			t.Fatal(err)
		}
		got, err := st.TokenByHash(ctx, "h1")
		if diff := cmp.Diff(first, got); err != nil || diff != "" {
			t.Errorf("TokenByHash: %v\n%s", err, diff)
		}
		at := accountDay.Add(time.Minute)
		if err := st.RevokeToken(ctx, first.ID, at); err != nil {
			t.Fatal(err)
		}
		if _, err := st.TokenByHash(ctx, "h1"); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("a revoked token is still found: %v", err)
		}
		if err := st.RevokeToken(ctx, first.ID, at.Add(time.Hour)); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("revoked twice: error %v; the first time must stay", err)
		}
		first.RevokedAt = at
		all, err := st.Tokens(ctx)
		if diff := cmp.Diff([]store.Token{second, first}, all); err != nil || diff != "" {
			t.Errorf("Tokens, newest first: %v\n%s", err, diff)
		}
		if _, err := st.AddToken(ctx, store.Token{Hash: "h2", CreatedAt: accountDay}); !errors.Is(err, fault.ErrConflict) {
			t.Errorf("the same token again: error %v, want a conflict", err)
		}
	})
}
