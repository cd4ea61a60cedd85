// Package shelf keeps what reports have read of the tallies of half months, so that they
// need not read them again.
package shelf

import (
	"context"
	"database/sql"
	"slices"

	"sipas/internal/civil"
	"sipas/internal/db"
)

// Sheet is what a report read of the tallies of one half month, as it writes it,
// and after how many changes of them. A report that finds them unchanged need not
// read the tallies again, also after a restart.
type Sheet struct {
	HalfMonth civil.HalfMonth
	Changes   int64
	Body      []byte
}

// Shelf is where the sheets of a database are.
type Shelf struct{ db *db.DB }

// New makes a Shelf on an open database.
func New(d *db.DB) Shelf { return Shelf{d} }

// Sheets reads the sheets kept for a reading of a span, by half month.
func (s Shelf) Sheets(ctx context.Context, reading string, from, before civil.HalfMonth) (map[civil.HalfMonth]Sheet, error) {
	sheets := map[civil.HalfMonth]Sheet{}
	query := "SELECT half_month, changes, body FROM sheets WHERE reading = $1 AND half_month >= $2 AND half_month < $3"
	err := s.db.Query(ctx, query, []any{reading, from, before}, func(rows *sql.Rows) error {
		var sheet Sheet
		err := rows.Scan(&sheet.HalfMonth, &sheet.Changes, &sheet.Body)
		sheets[sheet.HalfMonth] = sheet
		return err
	})
	return sheets, db.Failed("read sheets", err)
}

// SheetChanges tells after how many changes each half month was kept for a reading.
func (s Shelf) SheetChanges(ctx context.Context, reading string) (map[civil.HalfMonth]int64, error) {
	changes := map[civil.HalfMonth]int64{}
	err := s.db.Query(ctx, "SELECT half_month, changes FROM sheets WHERE reading = $1", []any{reading}, func(rows *sql.Rows) error {
		var h civil.HalfMonth
		var n int64
		err := rows.Scan(&h, &n)
		changes[h] = n
		return err
	})
	return changes, db.Failed("list sheets", err)
}

// KeepSheet keeps a sheet in the place of the one before.
func (s Shelf) KeepSheet(ctx context.Context, reading string, sheet Sheet) error {
	_, err := s.db.Exec(ctx, `INSERT INTO sheets (reading, half_month, changes, body) VALUES ($1, $2, $3, $4)
		ON CONFLICT (reading, half_month) DO UPDATE SET changes = excluded.changes, body = excluded.body`,
		reading, sheet.HalfMonth, sheet.Changes, sheet.Body)
	return db.Failed("keep a sheet", err)
}

// ForgetSheets deletes the sheets of other readings, which nobody asks for any more.
func (s Shelf) ForgetSheets(ctx context.Context, but []string) error {
	var kept []string
	err := s.db.Query(ctx, "SELECT DISTINCT reading FROM sheets", nil, func(rows *sql.Rows) error {
		var reading string
		err := rows.Scan(&reading)
		kept = append(kept, reading)
		return err
	})
	for _, reading := range kept {
		if err != nil || slices.Contains(but, reading) {
			continue
		}
		_, err = s.db.Exec(ctx, "DELETE FROM sheets WHERE reading = $1", reading)
	}
	return db.Failed("forget sheets", err)
}
