package registry

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"sipas/internal/db"
)

// Options of a Registry.
type Options struct {
	Now func() time.Time // required
	Log *slog.Logger     // required
	// Given are settings that the operator has given, by their names: they go before
	// those that are kept.
	Given map[string]string
}

// Registry holds the newest snapshot of a database. It is safe for concurrent
// use.
type Registry struct {
	db    *db.DB
	now   func() time.Time
	log   *slog.Logger
	given map[string]string

	looking sync.Mutex
	failed  time.Time // when looking failed last without any snapshot; guarded by looking
	latest  atomic.Pointer[looked]
}

// looked is a snapshot and when it was last known to be the newest.
type looked struct {
	snapshot *Snapshot
	at       time.Time
}

// New makes a Registry on an open database.
func New(d *db.DB, o Options) *Registry {
	return &Registry{db: d, now: o.Now, log: o.Log, given: o.Given}
}

const (
	// fresh is how long nobody looks whether another instance changed something.
	fresh = time.Second
	// patience bounds how long one reader waits for the database.
	patience = 2 * time.Second
	// retry is how long nobody tries again: who came while one was waiting in
	// vain must not wait in turn.
	retry = time.Second
)

// Unavailable says that nothing is known yet and the database is away.
type Unavailable struct{ Cause error }

// Error names the cause, for logs.
func (e *Unavailable) Error() string { return "the registry cannot be read: " + e.Cause.Error() }

// Unwrap gives the cause.
func (e *Unavailable) Unwrap() error { return e.Cause }

var errMomentAgo = errors.New("it could not be read a moment ago")

// Current gives the newest snapshot. What this process changed is in it, what
// another changed after a second at the latest. While the database is away it
// is the last one known, so that citizens still see their form; *Unavailable if
// there is none yet.
func (r *Registry) Current(ctx context.Context) (*Snapshot, error) {
	known := r.latest.Load()
	if known != nil && r.now().Sub(known.at) < fresh {
		return known.snapshot, nil
	}
	if known == nil || known.at.IsZero() { // nothing is known, or something was changed here
		r.looking.Lock()
	} else if !r.looking.TryLock() {
		return known.snapshot, nil // somebody else is looking; the last one will do
	}
	defer r.looking.Unlock()
	if newer := r.latest.Load(); newer != known && !newer.at.IsZero() {
		return newer.snapshot, nil
	}
	if known == nil && r.now().Sub(r.failed) < retry {
		return nil, &Unavailable{errMomentAgo}
	}
	at := r.now() // before looking: what is committed meanwhile may be missed
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	snapshot, err := r.look(ctx, known)
	switch {
	case err == nil:
	case known == nil:
		r.failed = r.now()
		return nil, &Unavailable{err}
	default:
		at = r.now() // the last known holds for a while, so that not everybody waits
		r.log.Warn("what administrators keep could not be read again; the last known is used", "error", err)
		snapshot = known.snapshot
	}
	r.latest.Store(&looked{snapshot, at})
	return snapshot, nil
}

// Load gives the newest snapshot however long reading it takes: for commands that
// work on long lists, where nobody waits.
func (r *Registry) Load(ctx context.Context) (*Snapshot, error) { return r.look(ctx, nil) }

// SmallCell is k as it was last known, without looking. While nothing is known it is more
// people than there are: nothing is shown then.
func (r *Registry) SmallCell() int64 {
	if known := r.latest.Load(); known != nil {
		return known.snapshot.Settings.SmallCell
	}
	return 1 << 40
}

// look gives the newest snapshot; it is the known one if nothing changed.
func (r *Registry) look(ctx context.Context, known *looked) (*Snapshot, error) {
	var before *Snapshot
	if known != nil {
		before = known.snapshot
		var revision int64
		if err := r.db.QueryRow(ctx, "SELECT revision FROM registry").Scan(&revision); err != nil {
			return nil, fmt.Errorf("read revision: %w", err)
		}
		if revision == before.Revision {
			return before, nil
		}
	}
	var fresh *Snapshot
	err := r.db.Snapshot(ctx, func(tx *db.Tx) (err error) {
		fresh, err = load(ctx, tx, r.given, before)
		return err
	})
	return fresh, err
}

// forget lets the next reader look at once.
func (r *Registry) forget() {
	r.looking.Lock() // a reader who looks now may have looked too early
	defer r.looking.Unlock()
	if known := r.latest.Load(); known != nil {
		r.latest.Store(&looked{known.snapshot, time.Time{}})
	}
}
