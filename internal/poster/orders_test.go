package poster_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"sipas/internal/access"
	"sipas/internal/agency"
	"sipas/internal/fault"
	"sipas/internal/jobs"
	"sipas/internal/poster"
	"sipas/internal/qr"
	"sipas/internal/registry"
	"sipas/internal/testkit"
)

const base = "https://danhgia.example.vn"

var viewer = access.Identity{UserID: 7, Name: "Người xem", Role: access.Viewer}

// counters keeps an agency with so many counters and gives their ids.
func counters(t testing.TB, st *testkit.Place, n int) (ids []int64) {
	t.Helper()
	points := make([]agency.ServicePoint, n)
	err := st.Registry.Change(t.Context(), testkit.Author(), func(c *registry.Change) error {
		office, err := c.AddAgency(t.Context(), agency.Agency{Code: "so-tnmt", Kind: agency.KindDepartment, Name: agency.Text{"vi": "Sở Tài nguyên và Môi trường"}})
		if err != nil {
			return err
		}
		for i := range points {
			points[i] = agency.ServicePoint{
				Code: agency.NewCode(), AgencyID: office.ID, Name: agency.Text{"vi": fmt.Sprintf("Quầy %d – Đăng ký đất đai", i+1)},
				Place: "Tầng 1, Trung tâm Phục vụ hành chính công", Channel: agency.ChannelQR, Active: true,
			}
		}
		return c.AddServicePoints(t.Context(), points)
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range points {
		ids = append(ids, p.ID)
	}
	return ids
}

// instance does the orders of a database as one of several programs does.
func instance(t testing.TB, st *testkit.Place, registry *registry.Registry) *poster.Orders {
	t.Helper()
	orders := poster.NewOrders(st.DB, registry, base, nil, time.Now)
	runner, err := jobs.New(st.DB, jobs.Options{Log: slog.New(slog.DiscardHandler), Now: time.Now, Poll: 5 * time.Millisecond, Pause: time.Millisecond}, orders.Handlers()...)
	if err != nil {
		t.Fatal(err)
	}
	runner.Start(t.Context())
	t.Cleanup(func() {
		if err := runner.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return orders
}

// ended is an order once nobody works at it any more.
func ended(t testing.TB, orders *poster.Orders, id int64) poster.Order {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Minute); ; time.Sleep(5 * time.Millisecond) {
		o, err := orders.Order(t.Context(), id)
		switch {
		case err != nil:
			t.Fatal(err)
		case o.State == jobs.Done || o.State == jobs.Failed:
			return o
		case time.Now().After(deadline):
			t.Fatalf("never: %+v", o)
		}
	}
}

// Whichever of several instances takes an order, it is made once, and those that came
// after it as well; one that cannot be made has failed and holds nobody up.
func TestOrdersAreMadeOnce(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		ids := counters(t, st, 30)
		first := instance(t, st, st.Registry)
		instance(t, st, st.Registry)
		var asked []int64
		for _, points := range [][]int64{ids, ids[:1], {}, ids[5:]} {
			id, err := first.Ask(t.Context(), viewer, qr.A4, points)
			if err != nil {
				t.Fatal(err)
			}
			asked = append(asked, id)
		}
		for i, want := range []poster.Order{{State: jobs.Done, Made: 30}, {State: jobs.Done, Made: 1}, {State: jobs.Failed}, {State: jobs.Done, Made: 25}} {
			o := ended(t, first, asked[i])
			var file bytes.Buffer
			if err := first.Copy(t.Context(), &file, o); err != nil || int64(file.Len()) != o.Bytes {
				t.Errorf("order %d: %d of %d bytes, %v", i, file.Len(), o.Bytes, err)
			}
			if pages := int64(bytes.Count(file.Bytes(), []byte("/Type /Page\n"))); o.State != want.State || o.Made != want.Made || pages != want.Made {
				t.Errorf("order %d: %+v, %d pages, want %+v", i, o, pages, want)
			}
		}
		var attempts, parts int
		err := st.QueryRow(t.Context(), "SELECT SUM(attempts), (SELECT COUNT(DISTINCT attempt) FROM poster_parts) FROM poster_orders WHERE state = 'done'").Scan(&attempts, &parts)
		if err != nil || attempts != 3 || parts != 1 {
			t.Errorf("%d attempts, files of %d attempts: %v", attempts, parts, err)
		}
	})
}

// An account has five orders, the newest, and none of them for longer than a day.
func TestOrdersGo(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		now := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
		orders := poster.NewOrders(st.DB, st.Registry, base, nil, func() time.Time { return now })
		other := access.Identity{UserID: 8, Name: "Người xem", Role: access.Viewer}
		var asked []int64
		for i := range 7 {
			who := viewer
			if i == 0 {
				who = other
			}
			id, err := orders.Ask(t.Context(), who, qr.A4, []int64{1})
			if err != nil {
				t.Fatal(err)
			}
			asked = append(asked, id)
		}
		for i, id := range asked {
			o, err := orders.Order(t.Context(), id)
			if gone := errors.Is(err, fault.ErrNotFound); gone != (i == 1) {
				t.Errorf("order %d: %v", i, err)
			}
			if err == nil && (o.Of(other) != (i == 0) || o.Of(access.Identity{Name: "Người xem"})) {
				t.Errorf("order %d is %v's", i, o)
			}
		}
		now = now.Add(24*time.Hour + time.Second)
		if _, err := orders.Order(t.Context(), asked[6]); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("the day after: %v", err)
		}
		runner, err := jobs.New(st.DB, jobs.Options{Log: slog.New(slog.DiscardHandler), Now: time.Now, Poll: 5 * time.Millisecond}, orders.Handlers()[1])
		if err != nil {
			t.Fatal(err)
		}
		runner.Start(t.Context())
		for left, deadline := 1, time.Now().Add(time.Minute); left > 0; time.Sleep(5 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("%d orders are never forgotten", left)
			}
			if _, err := st.Exec(t.Context(), "UPDATE jobs SET due_at = 1 WHERE kind = 'forget-posters'"); err != nil {
				t.Fatal(err)
			}
			if err := st.QueryRow(t.Context(), "SELECT COUNT(*) FROM poster_orders").Scan(&left); err != nil {
				t.Fatal(err)
			}
		}
		if err := runner.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
