package registry_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sipas/internal/agency"
	"sipas/internal/fault"
	"sipas/internal/registry"
	"sipas/internal/target"
	"sipas/internal/testkit"
)

// clock is a time that tests move.
type clock struct{ at atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.at.Store(morning.UnixNano())
	return c
}

func (c *clock) now() time.Time          { return time.Unix(0, c.at.Load()).UTC() }
func (c *clock) advance(d time.Duration) { c.at.Add(int64(d)) }

// instance is another registry of the database, as another process has one.
func instance(t testing.TB, st *testkit.Place, now func() time.Time) *registry.Registry {
	t.Helper()
	return registry.New(st.DB, registry.Options{Now: now, Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
}

// current is the newest snapshot that a registry gives.
func current(t testing.TB, r *registry.Registry) *registry.Snapshot {
	t.Helper()
	s, err := r.Current(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// addUnit adds an agency, its service point and its target in one change.
func addUnit(ctx context.Context, r *registry.Registry, i int) error {
	return r.Change(ctx, testkit.Author(), func(c *registry.Change) error {
		a, err := c.AddAgency(ctx, agency.Agency{Code: fmt.Sprintf("xa-%d", i), Name: text("Xã"), Kind: agency.KindCommune})
		if err != nil {
			return err
		}
		if _, err := c.AddServicePoint(ctx, agency.ServicePoint{AgencyID: a.ID, Name: text("Quầy"), SurveyKey: "pulse", Channel: agency.ChannelQR}); err != nil {
			return err
		}
		return c.AddTarget(ctx, target.Target{Plan: "KH", Indicator: target.IndicatorSIPAS, AgencyID: a.ID, Year: 2025, Percent: 9000})
	})
}

// part says what a snapshot has of a change only in part.
func part(s *registry.Snapshot) error {
	targets := map[int64]int{}
	for _, t := range s.Targets {
		targets[t.AgencyID]++
	}
	if all := len(s.Tree.All()); len(s.Points) != all || len(s.Targets) != all {
		return fmt.Errorf("%d agencies, %d service points, %d targets", all, len(s.Points), len(s.Targets))
	}
	for _, a := range s.Tree.All() {
		if points := len(s.PointsOf(a.ID)); points != 1 || targets[a.ID] != 1 {
			return fmt.Errorf("agency %s has %d service points and %d targets", a.Code, points, targets[a.ID])
		}
	}
	return nil
}

// TestAChangeIsSeenWholeOrNotAtAll by two instances whose clocks run so fast
// that they look all the time, while both make changes.
func TestAChangeIsSeenWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]func(testing.TB) string{"sqlite": testkit.SQLiteURL, "postgres": testkit.PostgresURL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			fast := func() time.Time { return began.Add(1000 * time.Since(began)) }
			address := url(t)
			instances := []*registry.Registry{
				instance(t, testkit.OpenStore(t, address), fast), instance(t, testkit.OpenStore(t, address), fast),
			}
			var pollers, writers sync.WaitGroup
			defer pollers.Wait()
			polling, stop := context.WithCancel(t.Context())
			defer stop()
			for _, r := range instances {
				pollers.Go(func() {
					for revision := int64(0); polling.Err() == nil; time.Sleep(100 * time.Microsecond) {
						s, err := r.Current(t.Context())
						if err == nil {
							err = part(s)
						}
						if err != nil || s.Revision < revision {
							t.Errorf("after revision %d: %v", revision, err)
							return
						}
						revision = s.Revision
					}
				})
			}
			const each, few = 10, 4
			for w := range few {
				here, there := instances[w%2], instances[(w+1)%2]
				writers.Go(func() {
					for i := w * each; i < (w+1)*each && !t.Failed(); i++ {
						if err := addUnit(t.Context(), here, i); err != nil {
							t.Error(err)
						}
						if !knows(t, here, i) {
							t.Errorf("change %d is not seen by who made it", i)
						}
						for waited := time.Now(); !knows(t, there, i); time.Sleep(time.Millisecond) {
							if t.Failed() || time.Since(waited) > time.Minute {
								t.Errorf("change %d is not seen by the other instance", i)
								return
							}
						}
					}
				})
			}
			writers.Wait()
			if s := current(t, instances[0]); len(s.Points) != few*each {
				t.Errorf("%d of %d changes", len(s.Points), few*each)
			}
		})
	}
}

// knows tells whether a registry gives what addUnit added.
func knows(t *testing.T, r *registry.Registry, i int) bool {
	t.Helper()
	s, err := r.Current(t.Context())
	if err != nil {
		t.Error(err)
		return false
	}
	_, known := s.Tree.ByCode(fmt.Sprintf("xa-%d", i))
	return known
}

func TestAnotherInstanceSeesAChangeAfterASecond(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		clock := newClock()
		here, there := instance(t, st, clock.now), instance(t, st, clock.now)
		before := current(t, there)
		if err := addUnit(t.Context(), here, 1); err != nil {
			t.Fatal(err)
		}
		if got := current(t, here); got.Revision <= before.Revision || len(got.Points) != 1 {
			t.Errorf("who made the change is at revision %d after %d, with %d points", got.Revision, before.Revision, len(got.Points))
		}
		clock.advance(time.Second - 1)
		if current(t, there) != before {
			t.Error("the other looks into the database all the time")
		}
		clock.advance(1)
		after := current(t, there)
		if len(after.Points) != 1 || len(before.Points) != 0 {
			t.Errorf("after a second: %d points, and %d in the snapshot from before", len(after.Points), len(before.Points))
		}
		clock.advance(time.Second)
		if current(t, there) != after {
			t.Error("everything was read again though nothing changed")
		}
	})
}

func TestAChangeThatFailsLeavesNothing(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		ctx, now := t.Context(), newClock().now
		here := instance(t, st, now)
		if err := addUnit(ctx, here, 1); err != nil {
			t.Fatal(err)
		}
		before := current(t, here)
		refused := errors.New("refused")
		err := here.Change(ctx, testkit.Author(), func(c *registry.Change) error {
			if err := c.Set(ctx, registry.SettingSynthetic, "1"); err != nil {
				return err
			}
			if _, err := c.AddAgency(ctx, agency.Agency{Code: "moi", Name: text("Mới"), Kind: agency.KindCommune}); err != nil {
				return err
			}
			if seen, err := c.Now(ctx); err != nil || len(seen.Tree.All()) != 2 || !seen.Settings.Synthetic {
				t.Errorf("the change itself does not see what it has done: %v", err)
			}
			return refused
		})
		if !errors.Is(err, refused) {
			t.Errorf("error %v", err)
		}
		if err := addUnit(ctx, here, 1); !errors.Is(err, fault.ErrConflict) { // a code in use
			t.Errorf("a code in use: %v", err)
		}
		if err := here.Change(ctx, testkit.Author(), func(c *registry.Change) error { return c.SetHotline(ctx, 999, "113") }); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("an unknown agency: %v", err)
		}
		for who, r := range map[string]*registry.Registry{"here": here, "another": instance(t, st, now)} {
			after := current(t, r)
			if err := part(after); err != nil || after.Revision != before.Revision || len(after.Points) != 1 || after.Settings.Synthetic {
				t.Errorf("%s: revision %d after %d: %v", who, after.Revision, before.Revision, err)
			}
		}
	})
}

func TestVersionsAreDecodedOnce(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		ctx := t.Context()
		v, err := st.PublishVersion(ctx, oneQuestion(), morning)
		if err != nil {
			t.Fatal(err)
		}
		before := current(t, st.Registry)
		changed := oneQuestion()
		changed.Title = text("Khảo sát khác")
		if _, err := st.PublishVersion(ctx, changed, morning); err != nil {
			t.Fatal(err)
		}
		after := current(t, st.Registry)
		if before.Revision == after.Revision || len(after.Versions("pulse")) != 2 || after.Newest("pulse").Number != 2 {
			t.Fatalf("revision %d after %d", after.Revision, before.Revision)
		}
		if known := before.Version(v.ID); known == nil || after.Version(v.ID) != known || after.Versions("pulse")[0] != known {
			t.Error("a version that was known is decoded again")
		}
		if after.Version(999) != nil || after.Newest("khong-co") != nil {
			t.Error("a version from nowhere")
		}
	})
}

func TestTheLastKnownOutlastsTheDatabase(t *testing.T) {
	t.Parallel()
	server := testkit.OwnPostgres(t)
	st := testkit.OpenStore(t, server.Database(t))
	if _, err := st.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	clock := newClock()
	knows, late := instance(t, st, clock.now), instance(t, st, clock.now)
	if err := addUnit(t.Context(), knows, 1); err != nil {
		t.Fatal(err)
	}
	known := current(t, knows)
	server.Stop(t)
	for range 3 {
		clock.advance(time.Minute)
		if current(t, knows) != known {
			t.Error("what is known is not what was known")
		}
		var away *registry.Unavailable
		if s, err := late.Current(t.Context()); !errors.As(err, &away) || s != nil {
			t.Errorf("nothing is known: %v, %v", s, err)
		}
	}
	if err := addUnit(t.Context(), knows, 2); err == nil {
		t.Error("a change without a database")
	}
	if current(t, knows) != known { // looks at once, as the change may have gone through
		t.Error("what is known is lost with a change that failed")
	}
	server.Start(t)
	var away *registry.Unavailable
	if _, err := late.Current(t.Context()); !errors.As(err, &away) {
		t.Errorf("nobody waits again within a second: %v", err)
	}
	clock.advance(time.Second)
	for _, r := range []*registry.Registry{knows, late} {
		if s := current(t, r); len(s.Points) != 1 {
			t.Errorf("the database is back with %d points", len(s.Points))
		}
	}
	if err := addUnit(t.Context(), knows, 3); err != nil {
		t.Fatal(err)
	}
	clock.advance(time.Second)
	if s := current(t, late); len(s.Points) != 2 {
		t.Errorf("%d points, want what was added since", len(s.Points))
	}
}

func TestKeepGivesEverybodyTheSame(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		registries := []*registry.Registry{instance(t, st, time.Now), instance(t, st, time.Now)}
		var all sync.WaitGroup
		var got [8]string
		for i := range got {
			all.Go(func() {
				var err error
				if got[i], err = registries[i%2].Keep(t.Context(), testkit.Author(), registry.SettingExportKey, fmt.Sprint("key-", i)); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		kept := snapshot(t, st).Settings.Value(registry.SettingExportKey)
		for i, value := range got {
			if value != kept || kept == "" {
				t.Errorf("%d was given %q, kept is %q", i, value, kept)
			}
		}
	})
}
