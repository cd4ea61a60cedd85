package duty

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/db"
	"sipas/internal/fault"
)

// MostShifts is how many shifts there may be that are not over: they are all kept in
// memory, some 150 bytes each.
const MostShifts = 100_000

// Names are those of an official and a service point, as the audit has them.
type Names func(Shift) (official string, point agency.Code)

// Keep keeps shifts in a change: those without an id are new, of the others the last
// day, the days of the week and the end are kept anew. One that is not there is
// fault.ErrNotFound.
func Keep(ctx context.Context, tx *db.Tx, note audit.Noting, shifts []Shift, names Names) error {
	var fresh, changed []Shift
	for _, s := range shifts {
		if s.ID == 0 {
			fresh = append(fresh, s)
		} else {
			changed = append(changed, s)
		}
	}
	if err := raise(ctx, tx, "shifts"); err != nil {
		return err
	}
	for some := range slices.Chunk(fresh, tx.DB().MaxSetRows(shiftTexts)) {
		statement, args := tx.DB().InsertSet("shifts", columns(some), "")
		if _, err := tx.ExecContext(ctx, statement, args...); err != nil {
			return db.Failed("add shifts", err)
		}
		entries := make([]audit.Entry, len(some))
		for i, s := range some {
			entries[i] = note("shift.add", subject(s, names), nil, entryOf(s, names))
		}
		if err := audit.Append(ctx, tx, entries...); err != nil {
			return err
		}
	}
	for _, s := range changed {
		before, err := find(ctx, tx, s.ID)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "UPDATE shifts SET last_day = $1, weekdays = $2, to_minute = $3 WHERE id = $4", s.LastDay, int64(s.Weekdays), int64(s.To), s.ID)
		if err != nil {
			return db.Failed("change shift", err)
		}
		if err := audit.Append(ctx, tx, note("shift.update", subject(before, names), entryOf(before, names), entryOf(s, names))); err != nil {
			return err
		}
	}
	return nil
}

// Remove takes a shift of an official out in a change. Without it it is fault.ErrNotFound.
func Remove(ctx context.Context, tx *db.Tx, note audit.Noting, official, id int64, names Names) error {
	s, err := find(ctx, tx, id)
	if err == nil && s.OfficialID != official {
		err = fault.ErrNotFound
	}
	if err != nil {
		return err
	}
	if err := raise(ctx, tx, "shifts"); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM shifts WHERE id = $1", id); err != nil {
		return db.Failed("remove shift", err)
	}
	return audit.Append(ctx, tx, note("shift.remove", subject(s, names), entryOf(s, names), nil))
}

// Serve says that an official serves at a service point from now on, until something
// else is said or the day ends; the zero Official takes back what was said. Whoever
// served elsewhere does so no longer.
func (b *Board) Serve(ctx context.Context, by audit.Author, point agency.ServicePoint, official agency.Official) error {
	now := b.o.Now()
	today := now.In(b.o.Zone).Format(time.DateOnly)
	err := b.db.Change(ctx, func(tx *db.Tx) error {
		var before said
		err := tx.QueryRowContext(ctx, "SELECT official_id, day FROM serving WHERE service_point_id = $1", point.ID).Scan(&before.official, &before.day)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return db.Failed("read who serves", err)
		}
		if before.day != today {
			before.official = 0
		}
		if before.official == official.ID {
			return nil
		}
		if err := raise(ctx, tx, "serving"); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "DELETE FROM serving WHERE service_point_id = $1 OR official_id = $2 OR day < $3", point.ID, official.ID, today)
		if err == nil && official.ID != 0 {
			_, err = tx.ExecContext(ctx, "INSERT INTO serving (service_point_id, official_id, day) VALUES ($1, $2, $3)", point.ID, official.ID, today)
		}
		if err != nil {
			return db.Failed("keep who serves", err)
		}
		var after any
		if official.ID != 0 {
			after = official.Code
		}
		return audit.Append(ctx, tx, audit.Entry{At: now, Author: by, Action: "serving.set", Subject: "serving/" + string(point.Code), After: after})
	})
	b.Forget()
	return err
}

// Shifts lists every shift, also those that are over.
func (b *Board) Shifts(ctx context.Context) (shifts []Shift, err error) {
	err = b.db.Snapshot(ctx, func(tx *db.Tx) error {
		shifts, err = Shifts(ctx, tx)
		return err
	})
	return shifts, err
}

// Of lists the shifts of an official, also those that are over.
func (b *Board) Of(ctx context.Context, official int64) (shifts []Shift, err error) {
	err = b.db.Snapshot(ctx, func(tx *db.Tx) error {
		shifts, err = readShifts(ctx, tx, " WHERE official_id = $1", official)
		return err
	})
	return shifts, err
}

// Shifts lists every shift in a transaction.
func Shifts(ctx context.Context, tx *db.Tx) ([]Shift, error) { return readShifts(ctx, tx, "") }

func find(ctx context.Context, tx *db.Tx, id int64) (Shift, error) {
	found, err := readShifts(ctx, tx, " WHERE id = $1", id)
	if err == nil && len(found) == 0 {
		err = db.Failed("find shift", sql.ErrNoRows)
	}
	if err != nil {
		return Shift{}, err
	}
	return found[0], nil
}

// raise tells every instance that the rows of a table, shifts or serving, were changed.
func raise(ctx context.Context, tx *db.Tx, table string) error {
	_, err := tx.ExecContext(ctx, "UPDATE duty SET "+table+" = "+table+" + 1")
	return db.Failed("raise revision of shifts", err)
}

func readShifts(ctx context.Context, tx *db.Tx, where string, args ...any) (shifts []Shift, err error) {
	err = db.ScanAll(ctx, tx, "SELECT id, official_id, service_point_id, first_day, last_day, weekdays, from_minute, to_minute FROM shifts"+where+
		" ORDER BY official_id, first_day, from_minute, id", args, func(rows *sql.Rows) error {
		var s Shift
		err := rows.Scan(&s.ID, &s.OfficialID, &s.PointID, &s.FirstDay, &s.LastDay, &s.Weekdays, &s.From, &s.To)
		shifts = append(shifts, s)
		return err
	})
	return shifts, db.Failed("list shifts", err)
}

// shiftTexts is how many texts a row of shifts has.
const shiftTexts = 2

func columns(some []Shift) []db.Column {
	return []db.Column{
		db.Numbers("official_id", some, func(s Shift) int64 { return s.OfficialID }),
		db.Numbers("service_point_id", some, func(s Shift) int64 { return s.PointID }),
		db.Texts("first_day", some, func(s Shift) string { return s.FirstDay }),
		db.Texts("last_day", some, func(s Shift) string { return s.LastDay }),
		db.Numbers("weekdays", some, func(s Shift) int64 { return int64(s.Weekdays) }),
		db.Numbers("from_minute", some, func(s Shift) int64 { return int64(s.From) }),
		db.Numbers("to_minute", some, func(s Shift) int64 { return int64(s.To) }),
	}
}

// Entry is what the audit says of a shift.
type Entry struct {
	Point    agency.Code `json:"service_point"`
	FirstDay string      `json:"first_day"`
	LastDay  string      `json:"last_day,omitempty"`
	Weekdays string      `json:"weekdays"`
	From     string      `json:"from"`
	To       string      `json:"to"`
}

// subject names a shift as one of its official.
func subject(s Shift, names Names) string {
	official, _ := names(s)
	return "official/" + official // as the registry names them
}

func entryOf(s Shift, names Names) Entry {
	_, point := names(s)
	return Entry{point, s.FirstDay, s.LastDay, s.Weekdays.String(), s.From.String(), s.To.String()}
}

// Tables are those of the package, in the order in which rows may be inserted.
func Tables() []db.Table {
	return []db.Table{{Name: "shifts", Order: "id", Identity: true}, {Name: "serving", Order: "service_point_id"}}
}
