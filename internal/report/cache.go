package report

import (
	"context"
	"time"
)

// keptBoard is a board as it was made, so that one that many people look at is
// made once for each change of its figures. It is given again only if nothing it
// was made of has changed: what administrators keep has a revision, and every
// answer changes its month's count. Boards are shared: nobody may change one.
type keptBoard struct {
	asOf
	revision int64
	board    *Board
}

const (
	// mostBoards bounds the bytes of the boards kept, and mostReads those of what
	// was read to make them.
	mostBoards = 24 << 20
	mostReads  = 40 << 20
	mostCounts = 64 << 10
	// oldestBoard bounds how long a board is kept beside a change that the
	// count cannot show: counts mended by a recount.
	oldestBoard = time.Minute
	// fresh is how long nobody looks whether another instance took answers.
	fresh = time.Second
)

// count is how many responses each month of a year has, and when that was so.
type count struct {
	asOf
	changes int64 // of this process
}

// responsesIn counts the responses of each month of a year. What this process
// took is among them at once, what another took after a second at the latest: in
// a large province the count is by far the dearest of a board that was made before.
func (r *Reporter) responsesIn(ctx context.Context, year int) ([12]int64, error) {
	changes, now := r.store.Changes(), r.now()
	if kept, ok := r.counts.find(year); ok && kept.changes == changes && now.Sub(kept.now) < fresh {
		return kept.responses, nil
	}
	responses, err := r.store.ResponsesIn(ctx, year)
	if err == nil {
		kept := count{asOf{now, responses}, changes}
		r.counts.keep(year, kept, bytesOf(kept))
	}
	return responses, err
}

// still tells whether a kept board is what would be made now.
func (k keptBoard) still(now asOf, revision int64) bool {
	return k.responses == now.responses && k.revision == revision && now.now.Sub(k.now) <= oldestBoard
}
