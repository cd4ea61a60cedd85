package report

import (
	"sync"
	"time"
)

// boards keeps the boards made last, so that a board that many people look at
// is made once for each change of its figures. A kept board is given again only
// if nothing it was made of has changed: what administrators keep has a
// revision, and every answer changes its month's count.
type boards struct {
	mu   sync.Mutex
	kept map[Query]keptBoard
}

type keptBoard struct {
	made      time.Time
	revision  int64
	responses [12]int64 // of each month, counted before the board was made
	board     *Board
}

const (
	mostBoards = 200
	// oldestBoard bounds how long a board is kept beside a change that the
	// count cannot show: counts mended by a recount.
	oldestBoard = time.Minute
)

// find gives the kept board of a query if it still holds. Boards are shared:
// nobody may change one.
func (b *boards) find(q Query, revision int64, responses [12]int64, now time.Time) (*Board, bool) {
	b.mu.Lock()
	kept, ok := b.kept[q]
	b.mu.Unlock()
	if !ok || kept.responses != responses || now.Sub(kept.made) > oldestBoard || kept.revision != revision {
		return nil, false
	}
	return kept.board, true
}

func (b *boards) keep(q Query, k keptBoard) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.kept == nil {
		b.kept = map[Query]keptBoard{}
	}
	if len(b.kept) >= mostBoards {
		for oldest := range b.kept { // any will do: it is made again when asked for
			delete(b.kept, oldest)
			break
		}
	}
	b.kept[q] = k
}
