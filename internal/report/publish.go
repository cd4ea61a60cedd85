package report

import (
	"context"
	"encoding/json"
	"fmt"

	"sipas/internal/civil"
	"sipas/internal/store"
)

// Published is a publication: its id, edition, author and time, with what was
// published as a board, for pages, and as the document of the JSON interface.
type Published struct {
	store.Publication
	Board    *Board
	Document PublicBoard
}

// Publish makes the figures of a period public as they are now, for the whole
// province. A period that was published before gets a new edition.
func (r *Reporter) Publish(ctx context.Context, period civil.Period, by string) (Published, error) {
	board, err := r.Board(ctx, Query{Period: period, Detail: true})
	if err != nil {
		return Published{}, fmt.Errorf("publish: %w", err)
	}
	content, err := json.Marshal(board.Edition())
	if err != nil {
		return Published{}, fmt.Errorf("publish: %w", err)
	}
	kept, err := r.store.Publish(ctx, store.Publication{
		Year: period.Year, Period: period.Part(), Board: content, At: r.now(), By: by,
	})
	if err != nil {
		return Published{}, err
	}
	return read(kept)
}

// Published lists the newest edition of every period that is public, newest
// year first.
func (r *Reporter) Published(ctx context.Context) ([]Published, error) {
	kept, err := r.store.Published(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]Published, len(kept))
	for i, p := range kept {
		if list[i], err = read(p); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func read(p store.Publication) (Published, error) {
	edition, err := ReadEdition(p.Board)
	if err != nil {
		return Published{}, fmt.Errorf("publication %d: %w", p.ID, err)
	}
	board, err := edition.Board()
	if err != nil {
		return Published{}, fmt.Errorf("publication %d: %w", p.ID, err)
	}
	return Published{p, board, edition.document()}, nil
}

// Withdraw takes a period back from the public, with every edition of it. They
// stay on record. A period that is not public is fault.ErrNotFound.
func (r *Reporter) Withdraw(ctx context.Context, period civil.Period) error {
	return r.store.Withdraw(ctx, period.Year, period.Part(), r.now())
}
