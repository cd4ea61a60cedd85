package publication

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"sipas/internal/audit"
	"sipas/internal/civil"
	"sipas/internal/db"
	"sipas/internal/registry"
	"sipas/internal/report"
)

// Published is a publication: its id, edition, author and time, with what was
// published as a board, for pages, and as the document of the JSON interface.
type Published struct {
	Publication
	Board    *report.Board
	Document PublicBoard
}

// Publisher makes figures public, and takes them back. It is safe for concurrent
// use.
type Publisher struct {
	db      *db.DB
	reports *report.Reporter
	now     func() time.Time
}

// New makes a Publisher of what a Reporter finds.
func New(d *db.DB, reports *report.Reporter, now func() time.Time) *Publisher {
	return &Publisher{d, reports, now}
}

// Publish makes the figures of a period public as they are now, for the whole
// province. A period that was published before gets a new edition.
func (p *Publisher) Publish(ctx context.Context, snap *registry.Snapshot, period civil.Period, by audit.Author) (Published, error) {
	board, err := p.reports.Board(ctx, snap, report.Query{Period: period, Detail: true})
	if err != nil {
		return Published{}, fmt.Errorf("publish: %w", err)
	}
	content, err := json.Marshal(EditionOf(board))
	if err != nil {
		return Published{}, fmt.Errorf("publish: %w", err)
	}
	kept, err := p.publish(ctx, by, Publication{
		Year: period.Year, Period: period.Part(), Board: content, At: p.now(), By: by.Name,
	})
	if err != nil {
		return Published{}, err
	}
	return read(kept)
}

// Published lists the newest edition of every period that is public, newest
// year first.
func (p *Publisher) Published(ctx context.Context) ([]Published, error) {
	kept, err := p.Publications(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]Published, len(kept))
	for i, one := range kept {
		if list[i], err = read(one); err != nil {
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
	return Published{p, board, edition.document(board.Period)}, nil
}
