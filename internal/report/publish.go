package report

import (
	"context"
	"encoding/json"
	"fmt"

	"sipas/internal/audit"
	"sipas/internal/civil"
	"sipas/internal/registry"
)

// Published is a publication: its id, edition, author and time, with what was
// published as a board, for pages, and as the document of the JSON interface.
type Published struct {
	Publication
	Board    *Board
	Document PublicBoard
}

// Publish makes the figures of a period public as they are now, for the whole
// province. A period that was published before gets a new edition.
func (r *Reporter) Publish(ctx context.Context, snap *registry.Snapshot, period civil.Period, by audit.Author) (Published, error) {
	board, err := r.Board(ctx, snap, Query{Period: period, Detail: true})
	if err != nil {
		return Published{}, fmt.Errorf("publish: %w", err)
	}
	content, err := json.Marshal(board.Edition())
	if err != nil {
		return Published{}, fmt.Errorf("publish: %w", err)
	}
	kept, err := r.publish(ctx, by, Publication{
		Year: period.Year, Period: period.Part(), Board: content, At: r.now(), By: by.Name,
	})
	if err != nil {
		return Published{}, err
	}
	return read(kept)
}

// Published lists the newest edition of every period that is public, newest
// year first.
func (r *Reporter) Published(ctx context.Context) ([]Published, error) {
	kept, err := r.Publications(ctx)
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

func read(p Publication) (Published, error) {
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
