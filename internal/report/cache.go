package report

import "time"

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
	// oldestBoard bounds how long a board is kept beside a change that the
	// count cannot show: counts mended by a recount.
	oldestBoard = time.Minute
)

// still tells whether a kept board is what would be made now.
func (k keptBoard) still(now asOf, revision int64) bool {
	return k.responses == now.responses && k.revision == revision && now.now.Sub(k.now) <= oldestBoard
}
