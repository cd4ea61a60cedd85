package duty_test

import (
	"errors"
	"log/slog"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"sipas/internal/agency"
	"sipas/internal/duty"
	"sipas/internal/fault"
	"sipas/internal/registry"
	"sipas/internal/testkit"
)

func TestWhenShiftsMeet(t *testing.T) {
	t.Parallel()
	days := func(text string) duty.Weekdays {
		w, ok := duty.ParseWeekdays(text)
		if !ok {
			t.Fatal(text)
		}
		return w
	}
	// 2 November 2026 is a Monday.
	morning := duty.Shift{FirstDay: "2026-11-02", Weekdays: duty.Working, From: 450, To: 690}
	for name, c := range map[string]struct {
		other duty.Shift
		want  bool
	}{
		"the same":           {morning, true},
		"the afternoon":      {duty.Shift{FirstDay: "2026-11-02", Weekdays: duty.Working, From: 690, To: 1020}, false},
		"a minute of it":     {duty.Shift{FirstDay: "2026-11-02", Weekdays: duty.Working, From: 689, To: 1020}, true},
		"other days":         {duty.Shift{FirstDay: "2026-11-02", Weekdays: days("T7;CN"), From: 450, To: 690}, false},
		"over before":        {duty.Shift{FirstDay: "2026-10-01", LastDay: "2026-11-01", Weekdays: duty.Working, From: 450, To: 690}, false},
		"its first day":      {duty.Shift{FirstDay: "2026-10-01", LastDay: "2026-11-02", Weekdays: duty.Working, From: 450, To: 690}, true},
		"no such day of it":  {duty.Shift{FirstDay: "2026-10-01", LastDay: "2026-11-02", Weekdays: days("T3"), From: 450, To: 690}, false},
		"in years":           {duty.Shift{FirstDay: "2030-01-01", Weekdays: days("T4"), From: 0, To: 1440}, true},
		"a weekend in years": {duty.Shift{FirstDay: "2030-01-05", LastDay: "2030-01-06", Weekdays: days("T2-CN"), From: 0, To: 1440}, false},
	} {
		if morning.Meets(c.other) != c.want || c.other.Meets(morning) != c.want {
			t.Errorf("%s: want %v", name, c.want)
		}
	}
}

// Of shifts that cannot be beside each other the later is told, with the first that it
// meets: what is judged before what is not, and at its counter before elsewhere.
func TestShiftsThatClash(t *testing.T) {
	t.Parallel()
	shift := func(official, point int64, from, to duty.Minute) duty.Shift {
		return duty.Shift{OfficialID: official, PointID: point, FirstDay: "2026-11-02", Weekdays: duty.Working, From: from, To: to}
	}
	all := []duty.Shift{
		shift(1, 1, 450, 690),
		shift(2, 1, 690, 1020), // behind it
		shift(3, 1, 480, 500),  // at the counter of 0
		shift(1, 2, 600, 700),  // the official of 0
		shift(2, 2, 640, 1020), // at the counter of 3, where the official of 1 is
		shift(4, 3, 450, 690),  // at the counter of 7
		shift(5, 4, 450, 690),  // the official of 7
		shift(5, 3, 480, 500),
		shift(5, 3, 480, 500), // meets the one above, but neither is judged
	}
	want := []duty.Clash{{At: 2, With: 0, Counter: true}, {At: 3, With: 0}, {At: 4, With: 3, Counter: true}, {At: 5, With: 7, Counter: true}, {At: 6, With: 7}}
	if got := duty.Clashes(all, 7); !slices.Equal(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := duty.Clashes(all, 0); got != nil {
		t.Errorf("nothing is judged, and %+v", got)
	}
}

func TestReadingDaysAndHours(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "T2;T3;T4;T5;T6", "T2-T6": "T2;T3;T4;T5;T6", "t7, cn": "T7;CN", "2 4 6": "T2;T4;T6", "T2–T4;CN": "T2;T3;T4;CN",
		"T8": "?", "T6-T2": "?", "x": "?", ";": "?", "1": "?",
	} {
		w, ok := duty.ParseWeekdays(text)
		if got := w.String(); ok && got != want || !ok && want != "?" {
			t.Errorf("days %q: %q %v, want %q", text, got, ok, want)
		}
	}
	for text, want := range map[string]string{
		"7:30": "07:30", "07:30:00": "07:30", "7h30": "07:30", "7h": "07:00", "24:00": "24:00", " 0:00 ": "00:00",
		"24:01": "?", "7": "?", "7:3": "?", "7:60": "?", "-1:00": "?", "": "?", "a:b": "?", "7:30:30": "?",
	} {
		m, ok := duty.ParseMinute(text)
		if got := m.String(); ok && got != want || !ok && want != "?" {
			t.Errorf("hour %q: %q %v, want %q", text, got, ok, want)
		}
	}
}

// Who is on duty is by the shifts, and before them by what was said; every instance
// knows within a second, and nobody asks the database in between.
func TestWhoIsOnDuty(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		ctx := t.Context()
		a, err := st.AddAgency(ctx, agency.Agency{Code: "so", Kind: agency.KindDepartment, Name: agency.Text{"vi": "Sở"}})
		if err != nil {
			t.Fatal(err)
		}
		var points [2]agency.ServicePoint
		for i := range points {
			if points[i], err = st.AddServicePoint(ctx, agency.ServicePoint{AgencyID: a.ID, Name: agency.Text{"vi": "Quầy"}, SurveyKey: "x", Channel: agency.ChannelQR, Active: true}); err != nil {
				t.Fatal(err)
			}
		}
		people := []agency.Official{{Code: "a", AgencyID: a.ID, Name: "A", Active: true}, {Code: "b", AgencyID: a.ID, Name: "B", Active: true}}
		change := func(f func(c *registry.Change) error) {
			t.Helper()
			if err := st.Registry.Change(ctx, testkit.Author(), f); err != nil {
				t.Fatal(err)
			}
		}
		change(func(c *registry.Change) error { return c.AddOfficials(ctx, people) })
		zone := time.FixedZone("ICT", 7*60*60)
		monday := time.Date(2026, 11, 2, 8, 0, 0, 0, zone)
		var now atomic.Int64
		now.Store(monday.UnixNano())
		clock := func() time.Time { return time.Unix(0, now.Load()) }
		options := duty.Options{Now: clock, Zone: zone, Log: slog.New(slog.NewTextHandler(t.Output(), nil))}
		here, there := duty.New(st.DB, options), duty.New(st.DB, options)
		at := func(b *duty.Board, when time.Time, want int64, of agency.ServicePoint) {
			t.Helper()
			if got, ok := b.At(ctx, of.ID, when); got*int64(flag(ok)) != want {
				t.Errorf("at %s serves %d %v, want %d", when.UTC().Format(time.RFC3339), got, ok, want)
			}
		}
		where := func(b *duty.Board, when time.Time, of agency.Official, want int64) {
			t.Helper()
			if got, ok := b.Where(ctx, of.ID, when); got != want || ok != (want != 0) {
				t.Errorf("%s serves at %d %v, want %d", of.Code, got, ok, want)
			}
		}
		at(here, monday, 0, points[0])
		at(there, monday, 0, points[0])
		names := func(duty.Shift) (string, agency.Code) { return "a", points[0].Code }
		shifts := []duty.Shift{{OfficialID: people[0].ID, PointID: points[0].ID, FirstDay: "2026-11-02", LastDay: "2026-11-06", Weekdays: duty.Working, From: 450, To: 690}}
		change(func(c *registry.Change) error { return duty.Keep(ctx, c.Tx(), c.Entry, shifts, names) })
		here.Forget()
		at(here, monday, people[0].ID, points[0])
		at(there, monday, 0, points[0]) // within the second
		now.Add(int64(time.Second))
		at(there, monday, people[0].ID, points[0])
		where(there, monday, people[0], points[0].ID)
		where(there, monday, people[1], 0)
		at(there, monday.Add(4*time.Hour), 0, points[0])
		at(there, monday.AddDate(0, 0, 5), 0, points[0])
		at(there, monday.AddDate(0, 0, 7), 0, points[0])

		serve := func(p agency.ServicePoint, o agency.Official) {
			t.Helper()
			if err := here.Serve(ctx, testkit.Author(), p, o); err != nil {
				t.Fatal(err)
			}
			now.Add(int64(time.Second))
		}
		serve(points[0], people[1])
		at(here, monday, people[1].ID, points[0])
		at(there, monday, people[1].ID, points[0])
		at(there, monday.AddDate(0, 0, 1), people[0].ID, points[0]) // the day is over
		serve(points[1], people[0])
		at(there, monday, people[0].ID, points[1])
		serve(points[1], people[1]) // who is no longer at the first counter
		at(there, monday, people[1].ID, points[1])
		at(there, monday, people[0].ID, points[0])
		serve(points[1], people[0]) // away from their shift
		at(there, monday, 0, points[0])
		where(there, monday, people[0], points[1].ID)
		serve(points[1], agency.Official{})
		at(there, monday, people[0].ID, points[0])
		if id, ok := there.Serving(ctx, points[1].ID); ok {
			t.Errorf("%d still serves", id)
		}

		all, err := there.Shifts(ctx)
		if err != nil || len(all) != 1 {
			t.Fatalf("%+v %v", all, err)
		}
		shifts[0].ID, shifts[0].To = all[0].ID, 480
		change(func(c *registry.Change) error { return duty.Keep(ctx, c.Tx(), c.Entry, shifts, names) })
		now.Add(int64(time.Second))
		at(there, monday, 0, points[0])
		for _, id := range []int64{all[0].ID, all[0].ID + 1} {
			err := st.Registry.Change(ctx, testkit.Author(), func(c *registry.Change) error {
				return duty.Remove(ctx, c.Tx(), c.Entry, people[1].ID, id, names)
			})
			if !errors.Is(err, fault.ErrNotFound) {
				t.Errorf("a shift of somebody else: %v", err)
			}
		}
	})
}

func flag(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
