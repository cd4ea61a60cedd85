package board

import (
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"sipas/internal/keep"
	"sipas/internal/report"
)

// TestOneWritingForAllWhoLook: what is shown of a board is written once for twenty who
// look at it, again for another board and another sight, and not kept where it failed.
func TestOneWritingForAllWhoLook(t *testing.T) {
	t.Parallel()
	s := &side{kept: keep.NewShelf[sight, shown](mostShown), writing: keep.NewTurns[sight]()}
	at, board := sight{scope: 7, language: "vi"}, &report.Board{SmallCell: 5}
	var written atomic.Int64
	write := func() (shown, error) {
		for first := written.Add(1) == 1; first && s.writing.Askers(at) < 20; runtime.Gosched() { // until all of them wait
		}
		return shown{html: "x"}, t.Context().Err()
	}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if got, err := s.show(t.Context(), at, board, write); err != nil || got.html != "x" {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
	all.Wait()
	if n := written.Load(); n != 1 {
		t.Errorf("written %d times for 20 who look at once", n)
	}
	other := at
	other.scope = 8
	for _, look := range []struct {
		at    sight
		board *report.Board
		want  int64
	}{{at, board, 1}, {at, &report.Board{SmallCell: 5}, 2}, {other, board, 3}, {other, board, 3}} {
		if _, err := s.show(t.Context(), look.at, look.board, write); err != nil || written.Load() != look.want {
			t.Errorf("written %d times, want %d: %v", written.Load(), look.want, err)
		}
	}
	at.language = "en"
	for range 2 {
		_, err := s.show(t.Context(), at, board, func() (shown, error) { return shown{}, errors.New("no") })
		if err == nil {
			t.Error("what failed was kept")
		}
	}
}
