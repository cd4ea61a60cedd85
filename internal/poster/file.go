package poster

import (
	"context"
	"io"

	"sipas/internal/db"
)

// partBytes is how much of a file is written and read at once: citizens' answers
// wait for no more than that.
const partBytes = 256 << 10

// parts writes a file into the database, part by part. Nobody sees it before its
// order is done.
type parts struct {
	ctx     context.Context //nolint:containedctx // io.Writer has none
	db      *db.DB
	order   int64
	attempt int64

	rest  []byte
	part  int64
	bytes int64
}

// Write keeps what makes a whole part.
func (p *parts) Write(content []byte) (int, error) {
	n := len(content)
	for len(content) > 0 {
		fits := min(partBytes-len(p.rest), len(content))
		p.rest, content = append(p.rest, content[:fits]...), content[fits:]
		if len(p.rest) == partBytes {
			if err := p.flush(); err != nil {
				return 0, err
			}
		}
	}
	return n, nil
}

// flush writes what is left.
func (p *parts) flush() error {
	if len(p.rest) == 0 {
		return nil
	}
	_, err := p.db.Exec(p.ctx, "INSERT INTO poster_parts (order_id, attempt, part, content) VALUES ($1, $2, $3, $4)",
		p.order, p.attempt, p.part, p.rest)
	p.part, p.bytes, p.rest = p.part+1, p.bytes+int64(len(p.rest)), p.rest[:0]
	return db.Failed("write posters", err)
}

// Copy writes the file of an order that is done.
func (s *Orders) Copy(ctx context.Context, w io.Writer, o Order) error {
	for at, part := int64(0), 0; at < o.Bytes; part++ {
		var content []byte
		err := s.db.QueryRow(ctx, "SELECT content FROM poster_parts WHERE order_id = $1 AND attempt = $2 AND part = $3", o.ID, o.attempt, part).Scan(&content)
		if err != nil {
			return db.Failed("read posters", err)
		}
		if _, err := w.Write(content); err != nil {
			return err
		}
		at += int64(len(content))
	}
	return nil
}
