package auth_test

import (
	"testing"
	"time"

	"sipas/internal/auth"
	"sipas/internal/testkit"
)

func TestKeptSessionsExpireAndAreSwept(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		ctx := t.Context()
		now := newClock()
		sessions := auth.New(st.DB, auth.Options{Now: now.now}).KeptForTest()
		for hash, minutes := range map[string]int{"short": 10, "long": 60} {
			if err := sessions.CommitCtx(ctx, hash, []byte(hash+"\x00\xff"), now.now().Add(time.Duration(minutes)*time.Minute)); err != nil {
				t.Fatal(err)
			}
		}
		wantSession(t, sessions, "short", "short\x00\xff")
		now.advance(10 * time.Minute)
		wantSession(t, sessions, "short", "")
		wantSession(t, sessions, "long", "long\x00\xff")
		if n, err := sessions.Sweep(ctx); err != nil || n != 1 {
			t.Errorf("Sweep = %d, %v; want 1", n, err)
		}
		// A sweep takes nothing that is still good, and a session can be prolonged.
		if err := sessions.CommitCtx(ctx, "long", []byte("more"), now.now().Add(24*time.Hour)); err != nil {
			t.Fatal(err)
		}
		now.advance(23 * time.Hour)
		wantSession(t, sessions, "long", "more")
	})
}

func TestAnEndedSessionDoesNotComeBack(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		ctx := t.Context()
		now := newClock()
		sessions := auth.New(st.DB, auth.Options{Now: now.now}).KeptForTest()
		expires := now.now().Add(8 * time.Hour)
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
		now.advance(2 * time.Hour)
		if n, err := sessions.Sweep(ctx); err != nil || n != 1 {
			t.Errorf("Sweep = %d, %v; want the mark gone", n, err)
		}
		if err := sessions.DeleteCtx(ctx, "never there"); err != nil {
			t.Errorf("ending an unknown session: %v", err)
		}
	})
}

// wantSession checks what a session holds; "" is that it is not found.
func wantSession(t *testing.T, sessions *auth.KeptSessions, hash, want string) {
	t.Helper()
	data, found, err := sessions.FindCtx(t.Context(), hash)
	if err != nil || found != (want != "") || string(data) != want {
		t.Errorf("session %s: %q, found %v, %v; want %q", hash, data, found, err, want)
	}
}
