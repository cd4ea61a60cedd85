package report

// keptBoard is a board as it was made, so that one that many people look at is
// made once for each change of its figures. It is given again only if nothing it
// was made of has changed: what administrators keep has a revision, and the
// tallies of each month are counted as often as they change. Boards are shared:
// nobody may change one.
type keptBoard struct {
	made
	board *Board
}

// made is what a board is made of: what administrators keep, at a revision, and
// the year's months after so many changes of each.
type made struct {
	revision int64
	changes  [12]int64
}

const (
	// mostBoards bounds the bytes of the boards kept, and mostReads those of what
	// was read to make them.
	mostBoards = 24 << 20
	mostReads  = 40 << 20
)
