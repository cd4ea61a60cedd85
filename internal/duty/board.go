package duty

import (
	"context"
	"database/sql"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"sipas/internal/db"
)

// Options of a Board.
type Options struct {
	Now  func() time.Time // required
	Zone *time.Location   // where civil days and the hours of shifts are; required
	Log  *slog.Logger     // required
}

// Board says who is on duty, from memory. It is safe for concurrent use.
type Board struct {
	db *db.DB
	o  Options

	looking sync.Mutex
	latest  atomic.Pointer[rota]
}

// New makes a Board of an open database.
func New(d *db.DB, o Options) *Board { return &Board{db: d, o: o} }

const (
	// fresh is how long nobody looks whether something was changed.
	fresh = time.Second
	// patience bounds how long one reader waits for the database.
	patience = 2 * time.Second
)

// rota is what is kept, as far as it is not over. Nobody may change it.
type rota struct {
	revision   revision
	at         time.Time         // when it was last known to be the newest
	ofPoint    map[int64][]Shift // by service point
	ofOfficial map[int64][]Shift
	serving    map[int64]said  // by service point
	servingAt  map[int64]int64 // the service point of an official
}

// revision says of which changes the rota knows.
type revision struct{ shifts, serving int64 }

// said is what a queue system has said.
type said struct {
	official int64
	day      string
}

// At is who serves at a service point at a time; ok is false where nobody knows.
func (b *Board) At(ctx context.Context, point int64, at time.Time) (official int64, ok bool) {
	known, when := b.current(ctx), momentOf(at.In(b.o.Zone))
	if s, told := known.serving[point]; told && s.day == when.day {
		return s.official, true
	}
	for _, s := range known.ofPoint[point] {
		if !s.holds(when) {
			continue
		}
		_, elsewhere := known.told(s.OfficialID, when.day)
		return s.OfficialID, !elsewhere
	}
	return 0, false
}

// Where is the service point at which an official serves at a time; ok is false where
// nobody knows.
func (b *Board) Where(ctx context.Context, official int64, at time.Time) (point int64, ok bool) {
	known, when := b.current(ctx), momentOf(at.In(b.o.Zone))
	if point, told := known.told(official, when.day); told {
		return point, true
	}
	for _, s := range known.ofOfficial[official] {
		if s.holds(when) {
			return s.PointID, true
		}
	}
	return 0, false
}

// told is where queue systems say that an official serves on a day.
func (r *rota) told(official int64, day string) (point int64, ok bool) {
	point, ok = r.servingAt[official]
	return point, ok && r.serving[point].day == day
}

// current is what is kept: what this process changed is in it, what another changed after
// a second. While the database is away it is the last known; nobody is on duty before that.
func (b *Board) current(ctx context.Context) *rota {
	known := b.latest.Load()
	if known != nil && b.o.Now().Sub(known.at) < fresh {
		return known
	}
	if known == nil || known.at.IsZero() { // nothing is known, or something was changed here
		b.looking.Lock()
	} else if !b.looking.TryLock() {
		return known // somebody else is looking; the last one will do
	}
	defer b.looking.Unlock()
	if newer := b.latest.Load(); newer != known && !newer.at.IsZero() {
		return newer
	}
	at := b.o.Now() // before looking: what is committed meanwhile may be missed
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	next, err := b.look(ctx, known)
	if err != nil {
		b.o.Log.Warn("who is on duty could not be read again; the last known is used", "error", err)
		next, at = &rota{}, b.o.Now() // it holds for a while, so that not everybody waits
		if known != nil {
			*next = *known
		}
	}
	next.at = at
	b.latest.Store(next)
	return next
}

// look reads of what is kept that which is another than what is known.
func (b *Board) look(ctx context.Context, known *rota) (*rota, error) {
	next := &rota{}
	if known != nil {
		*next = *known
	}
	var now revision
	err := b.db.QueryRow(ctx, "SELECT shifts, serving FROM duty").Scan(&now.shifts, &now.serving)
	if err != nil || now == next.revision {
		return next, db.Failed("read revision of shifts", err)
	}
	err = b.db.Snapshot(ctx, func(tx *db.Tx) (err error) {
		today := b.o.Now().In(b.o.Zone).Format(time.DateOnly)
		if now.shifts != next.revision.shifts {
			err = next.readShifts(ctx, tx, today)
		}
		if err == nil && now.serving != next.revision.serving {
			err = next.readServing(ctx, tx, today)
		}
		return err
	})
	next.revision = now // what was changed while reading is read once more
	return next, err
}

func (r *rota) readShifts(ctx context.Context, tx *db.Tx, today string) error {
	r.ofPoint, r.ofOfficial = map[int64][]Shift{}, map[int64][]Shift{}
	shifts, err := readShifts(ctx, tx, " WHERE last_day = '' OR last_day >= $1", today)
	for _, s := range shifts {
		r.ofPoint[s.PointID] = append(r.ofPoint[s.PointID], s)
		r.ofOfficial[s.OfficialID] = append(r.ofOfficial[s.OfficialID], s)
	}
	return err
}

func (r *rota) readServing(ctx context.Context, tx *db.Tx, today string) error {
	r.serving, r.servingAt = map[int64]said{}, map[int64]int64{}
	err := db.ScanAll(ctx, tx, "SELECT service_point_id, official_id, day FROM serving WHERE day >= $1", []any{today}, func(rows *sql.Rows) error {
		var point int64
		var s said
		err := rows.Scan(&point, &s.official, &s.day)
		r.serving[point], r.servingAt[s.official] = s, point
		return err
	})
	return db.Failed("list who serves", err)
}

// Forget lets the next reader look at once: shifts were changed in this process.
func (b *Board) Forget() {
	b.looking.Lock() // a reader who looks now may have looked too early
	defer b.looking.Unlock()
	if known := b.latest.Load(); known != nil {
		stale := *known
		stale.at = time.Time{}
		b.latest.Store(&stale)
	}
}

// Serving is who serves at a service point today as its queue system has said.
func (b *Board) Serving(ctx context.Context, point int64) (official int64, ok bool) {
	s, told := b.current(ctx).serving[point]
	return s.official, told && s.day == b.o.Now().In(b.o.Zone).Format(time.DateOnly)
}
