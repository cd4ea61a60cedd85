package jobs

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"sipas/internal/db"
)

// ErrLost says that somebody else may have the job: its lease was over before
// this attempt was.
var ErrLost = errors.New("the lease of the job was over")

// lease is the right to run a job and to end it.
type lease struct {
	token string        // nobody else's
	every time.Duration // of a chore, else 0
	ended atomic.Bool   // by Done, if that transaction is committed
}

// Done ends the job in the transaction of what it changes, so that both happen
// or neither does. With ErrLost the transaction must be rolled back. It is best
// the last thing in it.
func (c *Claimed) Done(ctx context.Context, tx *db.Tx) error {
	err := c.complete(ctx, tx)
	if err == nil {
		c.lease.ended.Store(true)
	}
	return err
}

func (c *Claimed) complete(ctx context.Context, tx *db.Tx) error {
	if c.lease.every > 0 {
		return c.wait(ctx, tx, c.lease.every, 0, "")
	}
	return c.set(ctx, tx, "state = 'done', lease = '', error = '', ended_at = "+tx.DB().Clock())
}

// wait lets the job wait for its next attempt. One of the same key that waits
// already is the same work: it goes.
func (c *Claimed) wait(ctx context.Context, tx *db.Tx, pause time.Duration, attempts int, problem string) error {
	if c.Key != "" {
		_, err := tx.ExecContext(ctx, "DELETE FROM jobs WHERE kind = $1 AND key = $2 AND state = 'waiting'", c.Kind, c.Key)
		if err != nil {
			return db.Failed("job", err)
		}
	}
	clock := tx.DB().Clock()
	return c.set(ctx, tx, fmt.Sprintf("state = 'waiting', lease = '', attempts = $3, error = $4, ended_at = %s, due_at = %s + %d",
		clock, clock, pause.Microseconds()), attempts, problem)
}

// giveUp makes no further attempt.
func (c *Claimed) giveUp(ctx context.Context, tx *db.Tx, problem string) error {
	return c.set(ctx, tx, "state = 'failed', lease = '', error = $3, ended_at = "+tx.DB().Clock(), problem)
}

// extend makes the lease last for so long from now.
func (c *Claimed) extend(ctx context.Context, d *db.DB, lasts time.Duration) error {
	return d.Change(ctx, func(tx *db.Tx) error {
		return c.set(ctx, tx, fmt.Sprintf("due_at = %s + %d", d.Clock(), lasts.Microseconds()))
	})
}

// set changes the job if the lease is still held, else it is ErrLost. The
// values follow id and lease.
func (c *Claimed) set(ctx context.Context, tx *db.Tx, assignments string, values ...any) error {
	res, err := tx.ExecContext(ctx, "UPDATE jobs SET "+assignments+" WHERE id = $1 AND lease = $2 AND state = 'running'",
		append([]any{c.ID, c.lease.token}, values...)...)
	if err != nil {
		return db.Failed("job", err)
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		err = ErrLost
	}
	return err
}
