package entry

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"

	"sipas/internal/audit"
	"sipas/internal/db"
	"sipas/internal/fault"
	"sipas/internal/registry"
	"sipas/internal/survey"
)

// Close makes answers of the sheets of a batch, all of them or none, and forgets what
// was typed. fewer says that it is known that there are not as many as were counted.
// Errors: *fault.Invalid, fault.ErrNotFound.
func (k *Book) Close(ctx context.Context, by audit.Author, snap *registry.Snapshot, b Batch, fewer bool) (Batch, error) {
	err := k.db.Change(ctx, func(tx *db.Tx) error {
		now, err := holdOpen(ctx, tx, b.ID)
		if err != nil {
			return err
		}
		b = now
		sheets, err := sheetsOf(ctx, tx, b)
		if err != nil {
			return err
		}
		if err := b.Ready(snap, sheets, fewer); err != nil {
			return err
		}
		numbers, responses, err := k.answers(ctx, snap, b, sheets)
		if err != nil {
			return err
		}
		b.Kept, b.Void, b.ClosedAt = len(responses), len(byNumber(sheets))-len(responses), k.Now()
		if err := k.store.Add(ctx, tx, responses); err != nil {
			return err
		}
		if err := link(ctx, tx, b, numbers, responses); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM entry_sheets WHERE service_point_id = $1 AND batch_id = $2", b.PointID, b.ID); err != nil {
			return db.Failed("forget sheets", err)
		}
		if _, err := tx.ExecContext(ctx, "UPDATE entry_batches SET closed_at = $2, kept = $3, void = $4 WHERE id = $1", b.ID, db.Micros(b.ClosedAt), b.Kept, b.Void); err != nil {
			return db.Failed("close batch", err)
		}
		return audit.Append(ctx, tx, audit.Entry{At: b.ClosedAt, Author: by, Action: "entry-batch.close", Subject: b.subject(), After: b.told(snap)})
	})
	if err != nil {
		return b, err
	}
	k.scrubbed(k.db.Scrub(ctx, "entry_sheets"))
	return b, nil
}

// Ready says why a batch cannot be closed yet, as *fault.Invalid.
func (b Batch) Ready(snap *registry.Snapshot, sheets []Sheet, fewer bool) error {
	typed := len(byNumber(sheets))
	if b.Twice {
		c := Compare(snap.Version(b.VersionID), sheets)
		if n := len(c.Missing); n > 0 {
			return &fault.Invalid{Problems: []fault.Problem{{Where: "sheets", Key: ProblemMissing, Limit: strconv.Itoa(n)}}}
		}
		if n := len(c.Differences); n > 0 {
			return &fault.Invalid{Problems: []fault.Problem{{Where: "sheets", Key: ProblemDiffers, Limit: strconv.Itoa(n)}}}
		}
	}
	switch {
	case !slices.ContainsFunc(sheets, func(s Sheet) bool { return !s.Void }):
		return invalid("sheets", ProblemEmpty)
	case typed != b.Expected && !fewer:
		return invalid("fewer", ProblemFewer)
	}
	return nil
}

// answers makes responses of what was typed the first time, with which the second agrees.
// Their ids are new and of one moment, so that their order tells nothing.
func (k *Book) answers(ctx context.Context, snap *registry.Snapshot, b Batch, sheets []Sheet) (numbers []int, responses []survey.Response, err error) {
	for _, s := range sheets {
		if s.Typing != 1 || s.Void {
			continue
		}
		r, err := k.accept(ctx, snap, b, s.Cells, survey.NewID(k.Now()))
		var refused *fault.Invalid
		if errors.As(err, &refused) { // the counter serves other fields by now
			return nil, nil, &fault.Invalid{Problems: []fault.Problem{{Where: "sheets", Key: ProblemUnfit, Limit: strconv.Itoa(s.Number)}}}
		}
		if err != nil {
			return nil, nil, err
		}
		numbers, responses = append(numbers, s.Number), append(responses, r)
	}
	return numbers, responses, nil
}

// link remembers which answer a sheet became.
func link(ctx context.Context, tx *db.Tx, b Batch, numbers []int, responses []survey.Response) error {
	for i, r := range responses {
		if _, err := tx.ExecContext(ctx, "INSERT INTO entry_kept (service_point_id, batch_id, number, response_id) VALUES ($1, $2, $3, $4) "+
			"ON CONFLICT (service_point_id, batch_id, number) DO UPDATE SET response_id = excluded.response_id", b.PointID, b.ID, numbers[i], r.ID); err != nil {
			return db.Failed("remember sheet", err)
		}
	}
	return nil
}

// Correctable are the numbers of the sheets of a closed batch that can be corrected.
func (k *Book) Correctable(ctx context.Context, b Batch) (numbers []int, err error) {
	if !k.Now().Before(b.CorrectUntil()) {
		return nil, nil
	}
	err = k.db.Query(ctx, "SELECT number FROM entry_kept WHERE service_point_id = $1 AND batch_id = $2 ORDER BY number", []any{b.PointID, b.ID}, func(rows *sql.Rows) error {
		numbers = append(numbers, 0)
		return rows.Scan(&numbers[len(numbers)-1])
	})
	return numbers, db.Failed("list sheets", err)
}

// corrected is what the audit says of a correction: nothing of what was answered.
type corrected struct {
	Sheet int  `json:"sheet"`
	Void  bool `json:"void,omitempty"`
}

// Correct takes the answer of a sheet of a closed batch out, as RemoveResponse does, and
// keeps what was typed anew in its place, in one transaction; of a void sheet nothing is
// kept. id is made by whoever sends it: sending it again changes nothing. Errors:
// *fault.Invalid, fault.ErrNotFound, fault.ErrConflict where the id was used before.
func (k *Book) Correct(ctx context.Context, by audit.Author, snap *registry.Snapshot, b Batch, s Sheet, id string) error {
	id, ok := survey.ParseID(id)
	switch {
	case !ok:
		return invalid("submission", fault.ProblemSubmissionID)
	case !b.Closed():
		return fault.ErrNotFound
	case !k.Now().Before(b.CorrectUntil()):
		return invalid("number", ProblemLate)
	}
	var fresh []survey.Response
	if !s.Void {
		r, err := k.accept(ctx, snap, b, s.Cells, id)
		if err != nil {
			return err
		}
		fresh = append(fresh, r)
	}
	err := k.db.Change(ctx, func(tx *db.Tx) error {
		if _, err := hold(ctx, tx, b.ID); err != nil {
			return err
		}
		var before string
		err := tx.QueryRowContext(ctx, "SELECT response_id FROM entry_kept WHERE service_point_id = $1 AND batch_id = $2 AND number = $3", b.PointID, b.ID, s.Number).Scan(&before)
		if err != nil || before == id {
			return db.Failed("find sheet", err)
		}
		// The answer may have been taken out at its sender's wish meanwhile.
		if err := k.store.TakeOut(ctx, tx, k.Now(), b.PointID, before, snap.Version); err != nil {
			return err
		}
		if len(fresh) == 0 {
			if _, err := tx.ExecContext(ctx, "DELETE FROM entry_kept WHERE service_point_id = $1 AND batch_id = $2 AND number = $3", b.PointID, b.ID, s.Number); err != nil {
				return db.Failed("forget sheet", err)
			}
		} else if err := k.replace(ctx, tx, b, s.Number, fresh); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "UPDATE entry_batches SET corrected = corrected + 1 WHERE id = $1", b.ID); err != nil {
			return db.Failed("count corrections", err)
		}
		return audit.Append(ctx, tx, audit.Entry{At: k.Now(), Author: by, Action: "entry-batch.correct", Subject: b.subject(), After: corrected{s.Number, s.Void}})
	})
	if err != nil {
		return err
	}
	k.scrubbed(k.store.Scrub(ctx))
	return nil
}

func (k *Book) replace(ctx context.Context, tx *db.Tx, b Batch, number int, fresh []survey.Response) error {
	if err := k.store.Add(ctx, tx, fresh); err != nil {
		return err
	}
	return link(ctx, tx, b, []int{number}, fresh)
}
