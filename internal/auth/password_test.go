package auth_test

import (
	"errors"
	"strings"
	"testing"

	"sipas/internal/auth"
	"sipas/internal/testkit"
)

// Hashes of "password" with the salt "somesalt" from the tests of the
// reference implementation of argon2 (P-H-C/phc-winner-argon2, src/test.c).
var referenceHashes = []string{
	"$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
	"$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
}

func addHash(t *testing.T, a *auth.Auth, login, hash string) auth.User {
	t.Helper()
	u, err := a.AddUserForTest(t.Context(), testkit.Author(), auth.User{Login: login, Name: login, PasswordHash: hash, Role: "viewer", CreatedAt: newClock().now()})
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestHashesOfOtherCostsAreReadAndRaised(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		ctx := t.Context()
		a := auth.New(st.DB, auth.Options{Now: newClock().now})
		for i, hash := range referenceHashes {
			login := "cu-" + string(rune('a'+i))
			u := addHash(t, a, login, hash)
			if _, err := a.Login(ctx, login, "passwore", nil); !errors.Is(err, auth.ErrBadLogin) {
				t.Errorf("%s: a wrong password: %v", hash, err)
			}
			if got, err := a.User(ctx, u.ID); err != nil || got.PasswordHash != hash {
				t.Errorf("a wrong password changed the hash to %s (%v)", got.PasswordHash, err)
			}
			if _, err := a.Login(ctx, login, "password", nil); err != nil {
				t.Errorf("%s: %v", hash, err)
			}
			raised, err := a.User(ctx, u.ID)
			if err != nil || !strings.HasPrefix(raised.PasswordHash, "$argon2id$v=19$m=19456,t=2,p=1$") {
				t.Errorf("after a login the hash is %s (%v)", raised.PasswordHash, err)
			}
			if _, err := a.Login(ctx, login, "password", nil); err != nil {
				t.Errorf("with the raised hash: %v", err)
			}
			if again, err := a.User(ctx, u.ID); err != nil || again.PasswordHash != raised.PasswordHash {
				t.Errorf("a hash of today's costs was made anew (%v)", err)
			}
		}
	})
}

func TestDamagedHashesAreErrorsAndCostNothing(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	a := auth.New(st.DB, auth.Options{Now: newClock().now})
	a.WatchDerive(func(auth.Derive) auth.Derive {
		return func(_, _ []byte, time, memory uint32, threads uint8, _ uint32) []byte {
			t.Errorf("derived at t=%d m=%d p=%d", time, memory, threads)
			return nil
		}
	})
	good := referenceHashes[0]
	for i, hash := range []string{
		"$", "password", good[1:], good + "$", good + "=", good + "\n",
		strings.Replace(good, "argon2id", "argon2i", 1),
		strings.Replace(good, "v=19", "v=16", 1),
		strings.Replace(good, "t=2", "t=0", 1),
		strings.Replace(good, "t=2", "t=4000000000", 1),
		strings.Replace(good, "t=2", "t=-2", 1),
		strings.Replace(good, "t=2", "t=02", 1),
		strings.Replace(good, "p=1", "p=0", 1),
		strings.Replace(good, "p=1", "p=257", 1),
		strings.Replace(good, "m=256", "m=4294967295", 1),
		strings.Replace(good, "m=256", "m=7", 1),
		strings.Replace(good, "m=256", "m=", 1),
		strings.Replace(good, "c29tZXNhbHQ", "", 1),
		strings.Replace(good, "c29tZXNhbHQ", "c29t", 1),
		good[:len(good)-30],
		good + strings.Repeat("AAAA", 100),
	} {
		login := "hong-" + string(rune('a'+i))
		addHash(t, a, login, hash)
		_, err := a.Login(t.Context(), login, "password", nil)
		if err == nil || errors.Is(err, auth.ErrBadLogin) {
			t.Errorf("hash %q: error %v, want that of a damaged hash", hash, err)
		} else if len(hash) > 20 && strings.Contains(err.Error(), hash) {
			t.Errorf("hash %q: the error repeats it: %v", hash, err)
		}
	}
}
