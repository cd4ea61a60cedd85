package jobs

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"sipas/internal/db"
)

// State is what is the matter with a job.
type State string

// The states of a job.
const (
	Waiting State = "waiting" // for its time, or for a runner
	Running State = "running"
	Done    State = "done"
	Failed  State = "failed" // given up
)

// Entry is a job as operators see it: without its payload.
type Entry struct {
	ID        int64
	Kind, Key string
	State     State
	Attempts  int
	Created   time.Time
	Due       time.Time // when it may begin; while it runs, when its lease is over
	Ended     time.Time // of the last attempt; zero: none has
	Error     string    // of the last attempt that failed
}

// state is the state that operators see: one whose lease is over waits.
func state(d *db.DB) string {
	return "CASE WHEN state = 'running' AND due_at <= " + d.Clock() + " THEN 'waiting' ELSE state END"
}

// List lists the jobs in some states, the newest first.
func List(ctx context.Context, d *db.DB, states ...State) ([]Entry, error) {
	args := make([]any, len(states))
	for i, s := range states {
		args[i] = string(s)
	}
	list := []Entry{}
	err := d.Query(ctx, "SELECT id, kind, key, seen, attempts, created_at, due_at, ended_at, error FROM "+
		"(SELECT jobs.*, "+state(d)+" AS seen FROM jobs) AS all_jobs WHERE seen IN "+d.Places(1, len(args))+" ORDER BY id DESC", args,
		func(rows *sql.Rows) error {
			var e Entry
			var created, due int64
			var ended *int64
			err := rows.Scan(&e.ID, &e.Kind, &e.Key, &e.State, &e.Attempts, &created, &due, &ended, &e.Error)
			e.Created, e.Due, e.Ended = db.FromMicros(created), db.FromMicros(due), db.Moment(ended)
			list = append(list, e)
			return err
		})
	return list, db.Failed("list jobs", err)
}

// Retry has a job that was given up, or that waits after a failure, begin at
// once, as if it had never failed. Errors: fault.ErrNotFound, also of one that
// runs or is done; fault.ErrConflict if another of the same kind and key waits.
func Retry(ctx context.Context, d *db.DB, id int64) error {
	return d.Change(ctx, func(tx *db.Tx) error {
		return db.Changed("retry job", tx.Rows(ctx).Exec(
			"UPDATE jobs SET state = 'waiting', attempts = 0, due_at = "+d.Clock()+" WHERE id = ? AND state IN ('waiting', 'failed')", id))
	})
}

// Counts say how the jobs are.
type Counts struct {
	Waiting, Running, Failed int64
	// Overdue have waited for long: nobody runs them.
	Overdue int64
	// Failing wait after several failed attempts.
	Failing int64
}

// From when on a job that waits is overdue, and one that failed is failing.
const (
	OverdueAfter = 10 * time.Minute
	failingAfter = 5
)

// Count counts the jobs that are not done.
func Count(ctx context.Context, d *db.DB) (c Counts, err error) {
	count := func(condition string) string {
		return "COALESCE(SUM(CASE WHEN " + condition + " THEN 1 ELSE 0 END), 0)"
	}
	err = d.QueryRow(ctx, fmt.Sprintf("SELECT %s, %s, %s, %s, %s FROM (SELECT jobs.*, %s AS seen FROM jobs WHERE state <> 'done') AS open_jobs",
		count("seen = 'waiting'"), count("seen = 'running'"), count("seen = 'failed'"),
		count(fmt.Sprintf("seen = 'waiting' AND due_at < %s - %d", d.Clock(), OverdueAfter.Microseconds())),
		count(fmt.Sprintf("seen = 'waiting' AND attempts >= %d", failingAfter)), state(d))).
		Scan(&c.Waiting, &c.Running, &c.Failed, &c.Overdue, &c.Failing)
	return c, db.Failed("count jobs", err)
}

// How long jobs stay in the list after their end.
const (
	keptDone   = 7 * 24 * time.Hour
	keptFailed = 90 * 24 * time.Hour

	forgetKind  = "forget-jobs"
	forgetPause = 12 * time.Hour
)

// forget removes jobs that ended long ago, so that the table is bounded.
func (r *Runner) forget(ctx context.Context, c *Claimed) error {
	return r.db.Change(ctx, func(tx *db.Tx) error {
		for ended, kept := range map[State]time.Duration{Done: keptDone, Failed: keptFailed} {
			if _, err := tx.ExecContext(ctx, fmt.Sprintf("DELETE FROM jobs WHERE state = $1 AND ended_at < %s - %d",
				r.db.Clock(), kept.Microseconds()), string(ended)); err != nil {
				return err
			}
		}
		return c.Done(ctx, tx)
	})
}
