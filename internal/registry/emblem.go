package registry

import (
	"context"
	"database/sql"
	"encoding/base64"
	"errors"

	"sipas/internal/db"
	"sipas/internal/emblem"
)

// emblems is what changes the emblem: the one of now, and the one before, to which
// somebody may go back.
type emblems struct{ noted }

// emblemEntry is what the audit says of an emblem: which it was, not what it looked like.
type emblemEntry struct {
	SHA256 string `json:"sha256"`
	Bytes  int    `json:"bytes"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}

func entryOf(e *emblem.Emblem) any {
	if e == nil {
		return nil
	}
	return emblemEntry{e.Hash, len(e.PNG), e.Width, e.Height}
}

// SetEmblem shows another emblem, or none where it is nil. The one so far can be had back.
func (c emblems) SetEmblem(ctx context.Context, e *emblem.Emblem) error {
	now, err := readEmblem(ctx, c.tx, "now")
	if err != nil {
		return err
	}
	if e == nil && now == nil || e != nil && now != nil && e.Hash == now.Hash {
		return nil
	}
	if err := c.put(ctx, "before", now); err != nil {
		return err
	}
	if err := c.put(ctx, "now", e); err != nil {
		return err
	}
	if e == nil {
		return c.Note(ctx, "emblem.remove", "setting/emblem", entryOf(now), nil)
	}
	return c.Note(ctx, "emblem.set", "setting/emblem", entryOf(now), entryOf(e))
}

// RestoreEmblem goes back to the emblem before; that of now can be had back in turn.
func (c emblems) RestoreEmblem(ctx context.Context) error {
	before, err := readEmblem(ctx, c.tx, "before")
	if err != nil || before == nil {
		return err
	}
	return c.SetEmblem(ctx, before)
}

// put makes a place hold an emblem, or none.
func (c emblems) put(ctx context.Context, place string, e *emblem.Emblem) error {
	_, err := c.tx.ExecContext(ctx, "DELETE FROM emblems WHERE place = $1", place)
	if err == nil && e != nil {
		_, err = c.tx.ExecContext(ctx, "INSERT INTO emblems (place, hash, width, height, content) VALUES ($1, $2, $3, $4, $5)",
			place, e.Hash, e.Width, e.Height, base64.StdEncoding.EncodeToString(e.PNG))
	}
	return db.Failed("save emblem", err)
}

// readEmblem reads what a place holds, nil for none.
func readEmblem(ctx context.Context, tx *db.Tx, place string) (*emblem.Emblem, error) {
	return scanEmblem(tx.QueryRowContext(ctx, selectEmblem, place))
}

const selectEmblem = "SELECT hash, width, height, content FROM emblems WHERE place = $1"

func scanEmblem(row *sql.Row) (*emblem.Emblem, error) {
	var e emblem.Emblem
	var content string
	err := row.Scan(&e.Hash, &e.Width, &e.Height, &content)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err == nil {
		e.PNG, err = base64.StdEncoding.DecodeString(content)
	}
	return &e, db.Failed("read emblem", err)
}

// readEmblems reads the emblem, unless the snapshot before has it, and whether there is
// another to go back to.
func (s *Settings) readEmblems(ctx context.Context, tx *db.Tx, before *Snapshot) error {
	hash := ""
	err := tx.QueryRowContext(ctx, "SELECT COALESCE((SELECT hash FROM emblems WHERE place = 'now'), ''), EXISTS (SELECT 1 FROM emblems WHERE place = 'before')").
		Scan(&hash, &s.FormerEmblem)
	switch {
	case err != nil:
		return db.Failed("read emblem", err)
	case hash == "":
	case before != nil && before.Settings.Emblem != nil && before.Settings.Emblem.Hash == hash:
		s.Emblem = before.Settings.Emblem
	default:
		s.Emblem, err = readEmblem(ctx, tx, "now")
	}
	return err
}

// Emblem finds the emblem of now by its hash, nil if it is another. What this instance
// does not know yet is looked for: another that does may have shown the page.
func (r *Registry) Emblem(ctx context.Context, hash string) (*emblem.Emblem, error) {
	if known := r.latest.Load(); known != nil {
		if e := known.snapshot.Settings.Emblem; e != nil && e.Hash == hash {
			return e, nil
		}
	}
	return scanEmblem(r.db.QueryRow(ctx, selectEmblem+" AND hash = $2", "now", hash))
}
