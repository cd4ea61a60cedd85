package auth_test

import (
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/auth"
	"sipas/internal/db"
	"sipas/internal/fault"
	"sipas/internal/testkit"
)

const goodPassword = "một cửa liên thông"

// clock is a time that tests move.
type clock struct{ at atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.at.Store(time.Date(2025, 11, 20, 1, 0, 0, 0, time.UTC).UnixNano())
	return c
}

func (c *clock) now() time.Time          { return time.Unix(0, c.at.Load()).UTC() }
func (c *clock) advance(d time.Duration) { c.at.Add(int64(d)) }

func addUser(t *testing.T, a *auth.Auth, login string, role access.Role) auth.User {
	t.Helper()
	u, err := a.AddUser(t.Context(), testkit.Author(), auth.NewUser{Login: login, Name: "Cán bộ thử nghiệm", Password: goodPassword, Role: role})
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestLoginFindsTheAccount(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		ctx := t.Context()
		agency, err := st.AddAgency(ctx, agency.Agency{Code: "so", Kind: agency.KindDepartment, Name: agency.Text{"vi": "Sở"}})
		if err != nil {
			t.Fatal(err)
		}
		a := auth.New(st.DB, auth.Options{Now: newClock().now})
		u, err := a.AddUser(ctx, testkit.Author(), auth.NewUser{
			Login: " So-Noi-Vu@tinh.gov.vn", Name: norm.NFD.String("Sở Nội vụ"), Password: goodPassword, Role: access.Viewer, AgencyID: agency.ID,
		})
		if err != nil {
			t.Fatal(err)
		}
		want := access.Identity{UserID: u.ID, Name: "Sở Nội vụ", Role: access.Viewer, Scope: agency.ID}
		for _, try := range []struct{ login, password string }{
			{"so-noi-vu@tinh.gov.vn", goodPassword},
			{"SO-NOI-VU@TINH.GOV.VN ", goodPassword},
			{"so-noi-vu@tinh.gov.vn", norm.NFD.String(goodPassword)}, // another keyboard
		} {
			got, err := a.Login(ctx, try.login, try.password, nil)
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("Login(%q): %v\n%s", try.login, err, diff)
			}
		}
	})
}

func TestWhateverIsWrongTheAnswerAndTheWorkAreTheSame(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		ctx := t.Context()
		a := auth.New(st.DB, auth.Options{Now: newClock().now})
		addUser(t, a, "dang-dung", access.Viewer)
		gone := addUser(t, a, "da-nghi", access.Manager)
		if err := a.DisableUser(ctx, testkit.Author(), gone); err != nil {
			t.Fatal(err)
		}
		invite(t, a, "moi", access.Viewer)
		type work struct{ time, memory, threads, key, salt int }
		var done []work
		a.WatchDerive(func(derive auth.Derive) auth.Derive {
			return func(password, salt []byte, time, memory uint32, threads uint8, keyLen uint32) []byte {
				done = append(done, work{int(time), int(memory), int(threads), int(keyLen), len(salt)})
				return derive(password, salt, time, memory, threads, keyLen)
			}
		})
		tries := []struct{ what, login, password string }{
			{"wrong password", "dang-dung", goodPassword + "!"},
			{"empty password", "dang-dung", ""},
			{"unknown login", "khong-co", goodPassword},
			{"disabled, right password", "da-nghi", goodPassword},
			{"invited only", "moi", ""},
			{"disabled, wrong password", "da-nghi", "sai mật khẩu"},
			{"no login", "", goodPassword},
			{"a login that is SQL", "' OR 1=1--", goodPassword},
			{"a login with a NUL", "dang-dung\x00", goodPassword},
			{"a login that is not UTF-8", "\xff\xfe", goodPassword},
			{"a password that is not UTF-8", "dang-dung", "\xff\xfe\x00"},
			{"an endless login", strings.Repeat("a", 1<<16), goodPassword},
			{"an endless password", "dang-dung", strings.Repeat("a", 1<<16)},
		}
		for _, try := range tries {
			done = nil
			got, err := a.Login(ctx, try.login, try.password, nil)
			if !errors.Is(err, auth.ErrBadLogin) || err.Error() != auth.ErrBadLogin.Error() {
				t.Errorf("%s: error %v, want ErrBadLogin and not a word more", try.what, err)
			}
			if got != (access.Identity{}) {
				t.Errorf("%s: identity %+v", try.what, got)
			}
			if !slices.Equal(done, []work{{2, 19456, 1, 32, 16}}) {
				t.Errorf("%s: the work done is %+v, want one comparison", try.what, done)
			}
		}
	})
}

func TestAccountsMustMakeSense(t *testing.T) {
	t.Parallel()
	a := auth.New(testkit.SQLite(t).DB, auth.Options{Now: newClock().now})
	good := auth.NewUser{Login: "can-bo", Name: "Cán bộ", Password: goodPassword, Role: access.Viewer}
	for _, c := range []struct {
		what   string
		change func(*auth.NewUser)
		want   fault.Problem
	}{
		{"short password", func(n *auth.NewUser) { n.Password = "chín ký t" }, fault.Problem{Where: "password", Key: auth.ProblemPasswordShort, Limit: "10"}},
		{"nine letters of many marks", func(n *auth.NewUser) { n.Password = norm.NFD.String("ếếếếếếếếế") }, fault.Problem{Where: "password", Key: auth.ProblemPasswordShort, Limit: "10"}},
		{"long password", func(n *auth.NewUser) { n.Password = strings.Repeat("a", 201) }, fault.Problem{Where: "password", Key: auth.ProblemPasswordLong, Limit: "200"}},
		{"password not UTF-8", func(n *auth.NewUser) { n.Password = "\xff0123456789" }, fault.Problem{Where: "password", Key: fault.ProblemBadUTF8}},
		{"password is the login", func(n *auth.NewUser) { n.Login, n.Password = "can-bo-mot-cua", "Can-Bo-Mot-Cua" }, fault.Problem{Where: "password", Key: auth.ProblemPasswordIsLogin}},
		{"login with spaces", func(n *auth.NewUser) { n.Login = "can bo" }, fault.Problem{Where: "login", Key: auth.ProblemLoginFormat}},
		{"login with a script", func(n *auth.NewUser) { n.Login = "<script>" }, fault.Problem{Where: "login", Key: auth.ProblemLoginFormat}},
		{"login with look-alikes", func(n *auth.NewUser) { n.Login = "аdmin" }, fault.Problem{Where: "login", Key: auth.ProblemLoginFormat}}, // a Cyrillic first letter
		{"no name", func(n *auth.NewUser) { n.Name = " " }, fault.Problem{Where: "name", Key: auth.ProblemLineFormat}},
		{"name of two lines", func(n *auth.NewUser) { n.Name = "a\nb" }, fault.Problem{Where: "name", Key: auth.ProblemLineFormat}},
		{"name with a NUL", func(n *auth.NewUser) { n.Name = "a\x00b" }, fault.Problem{Where: "name", Key: auth.ProblemLineFormat}},
		{"name read backwards", func(n *auth.NewUser) { n.Name = "a\u202eb" }, fault.Problem{Where: "name", Key: auth.ProblemLineFormat}},
		{"long name", func(n *auth.NewUser) { n.Name = strings.Repeat("ế", 201) }, fault.Problem{Where: "name", Key: fault.ProblemTooLong, Limit: "200"}},
		{"name not UTF-8", func(n *auth.NewUser) { n.Name = "\xff" }, fault.Problem{Where: "name", Key: fault.ProblemBadUTF8}},
		{"no role", func(n *auth.NewUser) { n.Role = "" }, fault.Problem{Where: "role", Key: auth.ProblemUnknownRole}},
		{"unknown role", func(n *auth.NewUser) { n.Role = "root" }, fault.Problem{Where: "role", Key: auth.ProblemUnknownRole}},
	} {
		n := good
		c.change(&n)
		_, err := a.AddUser(t.Context(), testkit.Author(), n)
		var invalid *fault.Invalid
		if !errors.As(err, &invalid) {
			t.Errorf("%s: error %v, want *fault.Invalid", c.what, err)
			continue
		}
		if diff := cmp.Diff([]fault.Problem{c.want}, invalid.Problems); diff != "" {
			t.Errorf("%s:\n%s", c.what, diff)
		}
	}
	if _, err := a.AddUser(t.Context(), testkit.Author(), good); err != nil {
		t.Errorf("the good account: %v", err)
	}
	if _, err := a.AddUser(t.Context(), testkit.Author(), good); !errors.Is(err, fault.ErrConflict) {
		t.Errorf("the same login again: %v, want a conflict", err)
	}
}

func TestSetPassword(t *testing.T) {
	t.Parallel()
	a := auth.New(testkit.SQLite(t).DB, auth.Options{Now: newClock().now})
	ctx := t.Context()
	u := addUser(t, a, "can-bo", access.Viewer)
	var invalid *fault.Invalid
	if err := a.SetPassword(ctx, testkit.Author(), u.ID, "ngắn"); !errors.As(err, &invalid) {
		t.Errorf("a short password: %v, want *fault.Invalid", err)
	}
	if err := a.SetPassword(ctx, testkit.Author(), u.ID+1, goodPassword); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("an unknown account: %v, want not found", err)
	}
	if err := a.SetPassword(ctx, testkit.Author(), u.ID, "mật khẩu mới hơn"); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Login(ctx, "can-bo", goodPassword, nil); !errors.Is(err, auth.ErrBadLogin) {
		t.Errorf("the former password: %v", err)
	}
	if _, err := a.Login(ctx, "can-bo", "mật khẩu mới hơn", nil); err != nil {
		t.Errorf("the new password: %v", err)
	}
}

func TestADatabaseThatIsAwayIsNotABadLogin(t *testing.T) {
	t.Parallel()
	d, err := db.Open(t.Context(), testkit.SQLiteURL(t))
	if err != nil {
		t.Fatal(err)
	}
	a := auth.New(d, auth.Options{Now: newClock().now})
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Login(t.Context(), "can-bo", goodPassword, nil); err == nil || errors.Is(err, auth.ErrBadLogin) {
		t.Errorf("error %v: people must not be told that their password is wrong", err)
	}
}
