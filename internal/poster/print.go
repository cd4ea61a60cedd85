package poster

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"sipas/internal/agency"
	"sipas/internal/db"
	"sipas/internal/jobs"
	"sipas/internal/qr"
)

// Handlers are what makes and forgets orders.
func (s *Orders) Handlers() []jobs.Handler {
	return []jobs.Handler{
		jobs.On(job().Kind, s.print),
		jobs.Every("forget-posters", time.Hour, func(ctx context.Context, c *jobs.Claimed) error {
			return s.db.Change(ctx, func(tx *db.Tx) error {
				if err := remove(ctx, tx, "asked_at < $1", db.Micros(s.now().Add(-kept))); err != nil {
					return db.Failed("forget posters", err)
				}
				return c.Done(ctx, tx)
			})
		}),
	}
}

// job makes the order that waits for longest. Its key says that all orders are the
// same work: of a deployment's instances one makes one order.
func job() jobs.Job { return jobs.Job{Kind: "print-posters", Key: "orders"} }

// mostAttempts is after how many of them an order has failed: a server that was
// stopped began some of these.
const mostAttempts = 4

// print makes the order that waits for longest, and is followed by another job if
// others wait.
func (s *Orders) print(ctx context.Context, c *jobs.Claimed) error {
	order, found, err := s.begin(ctx)
	if err != nil {
		return db.Failed("begin posters", err)
	}
	var bytes int64
	if found {
		if bytes, err = s.make(ctx, order); err != nil {
			return fmt.Errorf("order %d of posters: %w", order.ID, err)
		}
	}
	return s.db.Change(ctx, func(tx *db.Tx) error {
		if _, err := tx.ExecContext(ctx, "UPDATE poster_orders SET state = 'done', bytes = $1 WHERE id = $2 AND attempts = $3", bytes, order.ID, order.attempt); err != nil {
			return db.Failed("end posters", err)
		}
		if err := c.Done(ctx, tx); err != nil {
			return err
		}
		var waiting int
		if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM poster_orders WHERE state = 'waiting'").Scan(&waiting); err != nil || waiting == 0 {
			return db.Failed("end posters", err)
		}
		return jobs.Add(ctx, tx, job())
	})
}

// begin begins an attempt at the order that waits for longest, or at one that was cut
// off. Those with too many have failed.
func (s *Orders) begin(ctx context.Context) (o Order, found bool, err error) {
	err = s.db.Change(ctx, func(tx *db.Tx) error {
		if _, err := tx.ExecContext(ctx, "UPDATE poster_orders SET state = 'failed' WHERE state = 'running' AND attempts >= $1", mostAttempts); err != nil {
			return err
		}
		o, err = read(tx.QueryRowContext(ctx, selectOrder+" WHERE state IN ('waiting', 'running') ORDER BY id LIMIT 1"))
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		found = true
		if _, err := tx.ExecContext(ctx, "DELETE FROM poster_parts WHERE order_id = $1", o.ID); err != nil {
			return err
		}
		o.attempt++
		_, err = tx.ExecContext(ctx, "UPDATE poster_orders SET state = 'running', attempts = $1, made = 0 WHERE id = $2", o.attempt, o.ID)
		return err
	})
	return o, found, err
}

// make writes the file of an order.
func (s *Orders) make(ctx context.Context, o Order) (bytes int64, err error) {
	snap, err := s.registry.Current(ctx)
	if err != nil {
		return 0, err
	}
	var points []agency.ServicePoint
	for _, id := range o.Points {
		if p, ok := snap.PointByID(id); ok {
			points = append(points, p)
		}
	}
	file := &parts{ctx: ctx, db: s.db, order: o.ID, attempt: o.attempt}
	err = qr.WritePosters(file, qr.Sheet{Format: o.Format, Made: s.now(), Fonts: s.fonts, Progress: s.progress(ctx, o)}, Of(snap, points, s.base))
	if err == nil {
		err = file.flush()
	}
	return file.bytes, err
}

const (
	// together is after how many posters their number is written.
	together = 20
	// longestBreak is one after work during which the clock was set.
	longestBreak = time.Second
)

// progress writes how many posters there are. It takes breaks as long as the work
// between them: of two processors at least one and a half are those of citizens.
func (s *Orders) progress(ctx context.Context, o Order) func(made int) error {
	began := s.now()
	return func(made int) error {
		if made%together != 0 && int64(made) != o.Total {
			return nil
		}
		_, err := s.db.Exec(ctx, "UPDATE poster_orders SET made = $1 WHERE id = $2 AND attempts = $3", made, o.ID, o.attempt)
		if err != nil {
			return db.Failed("count posters", err)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(min(s.now().Sub(began), longestBreak)):
		}
		began = s.now()
		return nil
	}
}
