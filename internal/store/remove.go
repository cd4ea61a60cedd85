package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/db"
	"sipas/internal/fault"
	"sipas/internal/freetext"
	"sipas/internal/survey"
)

// RemoveResponse takes the response with a receipt out of a service point, its
// texts too, and takes what it added out of the tallies, in one transaction: figures
// change when k were taken out of the place (see takeOut). Beside that sum nothing
// stays of it but the id, so that sending it again does not bring it back. Without
// such a response it is fault.ErrNotFound; should two have the same receipt,
// fault.ErrConflict, and both stay. *TracesError: it is taken out, but the database's
// files may still hold what it said; calling this again tries to clear them once more.
func (s *Store) RemoveResponse(ctx context.Context, by audit.Author, at time.Time, point agency.ServicePoint, receipt agency.Code, versions Versions) error {
	err := s.db.Change(ctx, func(tx *db.Tx) error {
		var ids []string
		err := db.ScanAll(ctx, tx, "SELECT id FROM responses WHERE service_point_id = $1 AND receipt = $2", []any{point.ID, string(receipt)}, func(rows *sql.Rows) error {
			ids = append(ids, "")
			return rows.Scan(&ids[len(ids)-1])
		})
		switch {
		case err != nil:
			return err
		case len(ids) == 0:
			return fault.ErrNotFound
		case len(ids) > 1:
			return fault.ErrConflict
		}
		if err := s.TakeOut(ctx, tx, at, point.ID, ids[0], versions); err != nil {
			return err
		}
		// Neither what was said nor the receipt, by which it could be found in a backup.
		return audit.Append(ctx, tx, audit.Entry{At: at, Author: by, Action: "response.remove", Subject: "service-point/" + string(point.Code)})
	})
	if err != nil && !errors.Is(err, fault.ErrNotFound) {
		return fmt.Errorf("remove response: %w", err)
	}
	if traces := s.Scrub(ctx); traces != nil {
		return errors.Join(err, traces)
	}
	return db.Failed("remove response", err)
}

// TakeOut is RemoveResponse as part of a change that has an entry of its own, by the
// id of the response. Scrub must follow it.
func (s *Store) TakeOut(ctx context.Context, tx *db.Tx, at time.Time, point int64, id string, versions Versions) error {
	if err := tx.Lock(ctx, "responses"); err != nil {
		return err
	}
	key := []any{point, id}
	r, err := responseOf(ctx, tx, versions, key)
	if err != nil {
		return err
	}
	if err := freetext.Remove(ctx, tx, point, id); err != nil {
		return err
	}
	deleted, err := tx.ExecContext(ctx, "DELETE FROM responses WHERE service_point_id = $1 AND id = $2", key...)
	if err != nil {
		return err
	}
	if n, err := deleted.RowsAffected(); err != nil || n == 0 { // somebody else was faster
		return cmp.Or(err, fault.ErrNotFound)
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO spent_submissions (service_point_id, id) VALUES ($1, $2)", key...); err != nil {
		return err
	}
	return s.takeOut(ctx, tx, s.halfMonth(at), []survey.Response{r}, nil)
}

// Scrub clears the database's files of what was taken out: nil or *TracesError.
func (s *Store) Scrub(ctx context.Context) error {
	if traces := s.db.Scrub(ctx, freetext.Table, "responses"); traces != nil {
		return &TracesError{traces}
	}
	return nil
}

// TracesError says that what was taken out may still be in the database's files.
type TracesError struct{ Cause error }

// Error names the cause.
func (e *TracesError) Error() string { return "files of the database not cleared: " + e.Cause.Error() }

// Unwrap gives the cause.
func (e *TracesError) Unwrap() error { return e.Cause }
