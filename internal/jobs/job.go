package jobs

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"sipas/internal/db"
)

// Job is work for later.
type Job struct {
	// Kind says whose work it is: the handler of that kind does it.
	Kind string
	// Key, unless empty, says that all jobs of this kind and key are the same
	// work: of those at most one waits, and at most one runs.
	Key string
	// Payload is what the handler must know, as JSON. It is never logged.
	Payload any
	// After is when it may begin; zero: at once.
	After time.Time
}

// Add writes a job in a transaction: if that is rolled back, there never was a
// job. If one of the same kind and key waits already, there is nothing to add,
// but that one begins as early as this one would, unless it failed before. A
// job that runs already may have read what is changed now, so another waits.
func Add(ctx context.Context, tx *db.Tx, j Job) error {
	payload, err := json.Marshal(j.Payload)
	if err != nil {
		return fmt.Errorf("add job %s: %w", j.Kind, err)
	}
	var after *int64
	if !j.After.IsZero() {
		after = new(db.Micros(j.After))
	}
	clock := tx.DB().Clock()
	_, err = tx.ExecContext(ctx, "INSERT INTO jobs (kind, key, payload, state, due_at, created_at) "+
		"VALUES ($1, $2, $3, 'waiting', COALESCE(CAST($4 AS BIGINT), "+clock+"), "+clock+") "+onlyOne, j.Kind, j.Key, string(payload), after)
	return db.Failed("add job "+j.Kind, err)
}

// onlyOne ends an INSERT of what waits. That it updates even where it changes
// nothing is what keeps Postgres from handing out the job that waits before
// this transaction has ended: its run would not see what is changed here.
const onlyOne = "ON CONFLICT (kind, key, state) WHERE state IN ('waiting', 'running') AND key <> '' " +
	"DO UPDATE SET due_at = excluded.due_at WHERE jobs.attempts = 0 AND excluded.due_at < jobs.due_at"

// Tables are what this package owns, for dump and restore. A job that ran when
// it was dumped waits once its lease is over.
func Tables() []db.Table { return []db.Table{{Name: "jobs", Order: "id", Identity: true}} }
