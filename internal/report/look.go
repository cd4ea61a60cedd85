package report

import (
	"context"

	"sipas/internal/civil"
	"sipas/internal/store"
)

// look is how often half months had changed at some moment.
type look struct {
	changes map[civil.HalfMonth]store.Changes
	asked   int64 // when that was: see Reporter.asks
}

// span is the half months that are looked at, the last one included.
type span struct{ first, last civil.HalfMonth }

// mostLooks bounds the bytes of the looks that are kept.
const mostLooks = 1 << 20

// lookAtChanges asks how often the half months have changed. Of many who come at the
// same moment one asks, and the next one for all who came meanwhile: a look that began
// after somebody came is as good as their own.
func (b *builder) lookAtChanges(ctx context.Context) error {
	b.came = b.asks.Add(1)
	of := span{b.halves[0], b.halves[len(b.halves)-1]}
	done, err := b.looking.Take(ctx, of)
	if err != nil {
		return err
	}
	defer done()
	if kept, ok := b.looks.Find(of); ok && kept.asked > b.came {
		b.look = kept
		return nil
	}
	now := look{asked: b.asks.Add(1)}
	if now.changes, err = b.store.Changes(ctx, of.first, of.last.Next()); err != nil {
		return err
	}
	b.look = now
	b.looks.Keep(of, now, len(now.changes)*(8*store.Slots+16))
	return nil
}
