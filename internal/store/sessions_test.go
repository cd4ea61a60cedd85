package store_test

import (
	"testing"
	"time"

	"sipas/internal/store"
	"sipas/internal/testkit"
)

func TestSessionsExpireAndAreSwept(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *store.Store) {
		ctx := t.Context()
		now := accountDay
		sessions := st.Sessions(func() time.Time { return now })
		for hash, minutes := range map[string]int{"short": 10, "long": 60} {
			if err := sessions.CommitCtx(ctx, hash, []byte(hash+"\x00\xff"), now.Add(time.Duration(minutes)*time.Minute)); err != nil {
				t.Fatal(err)
			}
		}
		wantSession(t, sessions, "short", "short\x00\xff")
		now = now.Add(10 * time.Minute)
		wantSession(t, sessions, "short", "")
		wantSession(t, sessions, "long", "long\x00\xff")
		if n, err := sessions.Sweep(ctx); err != nil || n != 1 {
			t.Errorf("Sweep = %d, %v; want 1", n, err)
		}
		// A sweep takes nothing that is still good, and a session can be prolonged.
		if err := sessions.CommitCtx(ctx, "long", []byte("more"), now.Add(24*time.Hour)); err != nil {
			t.Fatal(err)
		}
		now = now.Add(23 * time.Hour)
		wantSession(t, sessions, "long", "more")
	})
}

func TestAnEndedSessionDoesNotComeBack(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *store.Store) {
		ctx := t.Context()
		now := accountDay
		sessions := st.Sessions(func() time.Time { return now })
		expires := now.Add(8 * time.Hour)
		if err := sessions.CommitCtx(ctx, "h", []byte("signed in"), expires); err != nil {
			t.Fatal(err)
		}
		if err := sessions.DeleteCtx(ctx, "h"); err != nil {
			t.Fatal(err)
		}
		wantSession(t, sessions, "h", "")
		// A request that read the session before it ended writes it now.
		if err := sessions.CommitCtx(ctx, "h", []byte("signed in"), expires); err != nil {
			t.Fatal(err)
		}
		wantSession(t, sessions, "h", "")
		if n, err := sessions.Sweep(ctx); err != nil || n != 0 {
			t.Errorf("Sweep = %d, %v; the mark must outlive running requests", n, err)
		}
		now = now.Add(2 * time.Hour)
		if n, err := sessions.Sweep(ctx); err != nil || n != 1 {
			t.Errorf("Sweep = %d, %v; want the mark gone", n, err)
		}
		if err := sessions.DeleteCtx(ctx, "never there"); err != nil {
			t.Errorf("ending an unknown session: %v", err)
		}
	})
}

// wantSession checks what a session holds; "" is that it is not found.
func wantSession(t *testing.T, sessions *store.Sessions, hash, want string) {
	t.Helper()
	data, found, err := sessions.FindCtx(t.Context(), hash)
	if err != nil || found != (want != "") || string(data) != want {
		t.Errorf("session %s: %q, found %v, %v; want %q", hash, data, found, err, want)
	}
}
