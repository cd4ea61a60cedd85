package poster

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"sipas/internal/access"
	"sipas/internal/db"
	"sipas/internal/fault"
	"sipas/internal/jobs"
	"sipas/internal/qr"
	"sipas/internal/registry"
	"sipas/internal/typeset"
)

// AtOnce is how many posters are made while somebody waits for the answer; of more,
// an order is kept.
const AtOnce = 50

const (
	// kept is for how long an order and its file are there.
	kept = 24 * time.Hour
	// keptOfEach is how many orders an account has: the oldest goes for another.
	keptOfEach = 5
)

// Orders are posters of many service points, which are made beside the requests:
// one order at a time, whichever instance takes it.
type Orders struct {
	db       *db.DB
	registry *registry.Registry
	base     string
	fonts    *typeset.Fonts
	now      func() time.Time
}

// NewOrders keeps orders in a database. Codes point to the server at base, an
// address without a slash at its end.
func NewOrders(d *db.DB, r *registry.Registry, base string, fonts *typeset.Fonts, now func() time.Time) *Orders {
	return &Orders{d, r, base, fonts, now}
}

// Order is what somebody asked for.
type Order struct {
	ID     int64
	Format qr.Format
	Points []int64 // ids of service points
	State  jobs.State
	Total  int64     // service points
	Made   int64     // posters so far
	Bytes  int64     // of the file, once it is there
	Asked  time.Time // when

	userID   int64
	userName string
	attempt  int64 // how many there were
}

// Of tells whether the order is that of somebody. A token has no account, only its
// label.
func (o Order) Of(who access.Identity) bool {
	return o.userID == who.UserID && (who.UserID != 0 || o.userName == who.Name)
}

// By is the name of who asked, as it was then.
func (o Order) By() string { return o.userName }

// Until is when the order and its file go.
func (o Order) Until() time.Time { return o.Asked.Add(kept) }

// Ask keeps an order, which is begun within seconds.
func (s *Orders) Ask(ctx context.Context, who access.Identity, format qr.Format, points []int64) (id int64, err error) {
	chosen, err := json.Marshal(points)
	if err != nil {
		return 0, err
	}
	err = s.db.Change(ctx, func(tx *db.Tx) error {
		err := tx.QueryRowContext(ctx, "INSERT INTO poster_orders (user_id, user_name, format, points, state, total, asked_at) "+
			"VALUES ($1, $2, $3, $4, 'waiting', $5, $6) RETURNING id",
			who.UserID, who.Name, string(format), string(chosen), len(points), db.Micros(s.now())).Scan(&id)
		if err != nil {
			return err
		}
		err = remove(ctx, tx, "user_id = $1 AND (user_id <> 0 OR user_name = $2) AND id NOT IN "+
			"(SELECT id FROM poster_orders WHERE user_id = $1 AND (user_id <> 0 OR user_name = $2) ORDER BY id DESC LIMIT $3)", who.UserID, who.Name, keptOfEach)
		if err != nil {
			return err
		}
		return jobs.Add(ctx, tx, job())
	})
	return id, db.Failed("ask for posters", err)
}

// Order reads an order, whosever it is. Without it, and after its day, it is
// fault.ErrNotFound.
func (s *Orders) Order(ctx context.Context, id int64) (Order, error) {
	o, err := read(s.db.QueryRow(ctx, selectOrder+" WHERE id = $1", id))
	if err == nil && s.now().After(o.Until()) {
		err = fault.ErrNotFound
	}
	return o, db.Failed("read order of posters", err)
}

// Find finds an order of somebody's, of whose service points they may see every one
// now; else it is fault.ErrNotFound.
func (s *Orders) Find(ctx context.Context, who access.Identity, view registry.View, id int64) (Order, error) {
	o, err := s.Order(ctx, id)
	if err != nil {
		return Order{}, err
	}
	if !o.seenBy(who, view) {
		return Order{}, fmt.Errorf("order %d: %w", id, fault.ErrNotFound)
	}
	return o, nil
}

// seenBy tells whether an order is somebody's, who may see every one of its service
// points now.
func (o Order) seenBy(who access.Identity, view registry.View) bool {
	hidden := func(point int64) bool {
		_, err := view.PointByID(point)
		return err != nil
	}
	return o.Of(who) && !slices.ContainsFunc(o.Points, hidden)
}

// List lists the orders that Find finds, the newest first.
func (s *Orders) List(ctx context.Context, who access.Identity, view registry.View) (list []Order, err error) {
	err = s.db.Query(ctx, selectOrder+" WHERE user_id = $1 AND asked_at >= $2 ORDER BY id DESC", []any{who.UserID, db.Micros(s.now().Add(-kept))}, func(rows *sql.Rows) error {
		o, err := read(rows)
		if err == nil && o.seenBy(who, view) {
			list = append(list, o)
		}
		return err
	})
	return list, db.Failed("list orders of posters", err)
}

const selectOrder = "SELECT id, user_id, user_name, format, points, state, attempts, total, made, bytes, asked_at FROM poster_orders"

// read reads what selectOrder selects.
func read(row interface{ Scan(into ...any) error }) (o Order, err error) {
	var points string
	var asked int64
	err = row.Scan(&o.ID, &o.userID, &o.userName, &o.Format, &points, &o.State, &o.attempt, &o.Total, &o.Made, &o.Bytes, &asked)
	if err != nil {
		return o, err
	}
	o.Asked = db.FromMicros(asked)
	return o, json.Unmarshal([]byte(points), &o.Points)
}

// remove removes the orders of which a condition holds, with their files.
func remove(ctx context.Context, tx *db.Tx, condition string, args ...any) error {
	_, err := tx.ExecContext(ctx, "DELETE FROM poster_parts WHERE order_id IN (SELECT id FROM poster_orders WHERE "+condition+")", args...)
	if err == nil {
		_, err = tx.ExecContext(ctx, "DELETE FROM poster_orders WHERE "+condition, args...)
	}
	return err
}
