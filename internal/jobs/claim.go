package jobs

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"sipas/internal/db"
)

// open are the jobs that are not at their end, in the words of the indexes.
const open = "state IN ('waiting', 'running')"

// errLapsed is what is known of an attempt that nobody ended.
var errLapsed = errors.New("the program that ran it ended, or lost the database, before the job did")

// schedule sees to it that each chore has its job. A shorter pause than when it
// was made takes effect at once.
func (r *Runner) schedule(ctx context.Context) error {
	for kind, h := range r.handlers {
		if h.every == 0 {
			continue
		}
		err := r.db.Change(ctx, func(tx *db.Tx) error { return r.scheduleOne(ctx, tx, kind, h.every) })
		if err != nil {
			return db.Failed("schedule "+kind, err)
		}
	}
	return nil
}

// scheduleOne adds the job of a chore if there is none. One that another runner
// is just claiming counts as one.
func (r *Runner) scheduleOne(ctx context.Context, tx *db.Tx, kind string, every time.Duration) error {
	var running bool
	err := tx.QueryRowContext(ctx, "SELECT state = 'running' FROM jobs WHERE kind = $1 AND key = $2 AND "+open+
		" ORDER BY state LIMIT 1"+r.db.WaitLocked(), kind, choreKey).Scan(&running)
	if running || err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	_, err = tx.ExecContext(ctx, fmt.Sprintf("INSERT INTO jobs (kind, key, payload, state, due_at, created_at) "+
		"VALUES ($1, $2, $3, 'waiting', %[1]s + %[2]d, %[1]s) %[3]s", r.db.Clock(), every.Microseconds(), onlyOne), kind, choreKey, payloadOfChores)
	return err
}

// due says in how long the next job is due that this runner knows how to do. It
// only reads, so that looking costs other writers nothing.
func (r *Runner) due(ctx context.Context) (in time.Duration, found bool, err error) {
	var us sql.NullInt64
	err = r.db.QueryRow(ctx, "SELECT MIN(due_at) - "+r.db.Clock()+" FROM jobs WHERE "+open+" AND kind IN "+
		r.db.Places(1, len(r.kinds)), r.kinds...).Scan(&us)
	return time.Duration(us.Int64) * time.Microsecond, us.Valid, db.Failed("look for jobs", err)
}

// claim takes the job that has been due for longest; nil: there is none. One
// whose lease is over has failed an attempt; then again tells that there may be
// more to claim.
//
// It locks a row and changes it by its id in two statements: in one, with a
// subquery that skips what is locked, Postgres may run the subquery twice and
// change two rows.
func (r *Runner) claim(ctx context.Context) (c *Claimed, again bool, err error) {
	err = r.db.Change(ctx, func(tx *db.Tx) error {
		c, again = nil, false
		found, running, err := r.first(ctx, tx)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return nil
		case err != nil:
			return err
		case running:
			again = true
			return r.judge(found, errLapsed)(ctx, tx)
		}
		found.Attempt++
		found.lease.token = rand.Text()
		c = found
		_, err = tx.ExecContext(ctx, fmt.Sprintf("UPDATE jobs SET state = 'running', lease = $1, attempts = $2, due_at = %s + %d WHERE id = $3",
			r.db.Clock(), r.o.Lease.Microseconds()), found.lease.token, found.Attempt, found.ID)
		return err
	})
	if err != nil {
		return nil, false, db.Failed("claim a job", err)
	}
	return c, again, nil
}

// first finds the job that has been due for longest and keeps it for this
// transaction. running: it has a lease, which is over.
func (r *Runner) first(ctx context.Context, tx *db.Tx) (c *Claimed, running bool, err error) {
	var payload string
	c = &Claimed{}
	err = tx.QueryRowContext(ctx, "SELECT id, kind, key, payload, attempts, lease, state = 'running' FROM jobs WHERE "+open+
		" AND kind IN "+r.db.Places(1, len(r.kinds))+" AND due_at <= "+r.db.Clock()+
		" AND (key = '' OR state = 'running' OR NOT EXISTS (SELECT 1 FROM jobs AS other WHERE other.kind = jobs.kind"+
		" AND other.key = jobs.key AND other.key <> '' AND other.state = 'running'))"+
		" ORDER BY due_at, id LIMIT 1"+r.db.SkipLocked(), r.kinds...).
		Scan(&c.ID, &c.Kind, &c.Key, &payload, &c.Attempt, &c.lease.token, &running)
	c.Payload = []byte(payload)
	c.lease.every = r.handlers[c.Kind].every
	return c, running, err
}
