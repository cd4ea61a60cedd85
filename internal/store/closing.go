package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/db"
)

// Closing is how what waits in half months that are over goes on.
type Closing struct {
	Now  civil.HalfMonth              // what is before it is over
	Ends func(h civil.HalfMonth) bool // whether the end of h is a cut-off day
	Tree *agency.Tree                 // to which larger unit what waits goes there
}

// Closed is what a closing did.
type Closed struct {
	HalfMonths []civil.HalfMonth // that were looked at, oldest first
	Rows       int64             // that something waited in
}

// Close goes through the half months that are over, oldest first, and that have
// changed since they were looked at last. What waits in one goes on waiting in the
// next, in the same row. Where its end is a cut-off day it first goes to the next
// larger unit, field kept, until at least k people are together there, who are
// shown as that unit's answers of the half month; what never reaches k waits on at
// the province. Each half month is one transaction, which keeps writers out; calling
// it again, or on several instances at once, changes nothing.
func (s *Store) Close(ctx context.Context, c Closing) (closed Closed, err error) {
	for done := false; !done; {
		err := s.db.Change(ctx, func(tx *db.Tx) error {
			if err := tx.Lock(ctx, tableNames()...); err != nil {
				return err
			}
			h, found, err := nextOver(ctx, tx, c.Now)
			if err != nil || !found {
				done = true
				return err
			}
			rows, err := s.closeHalf(ctx, tx, h, c)
			closed.HalfMonths, closed.Rows = append(closed.HalfMonths, h), closed.Rows+rows
			return err
		})
		if err != nil {
			return closed, db.Failed("close half months", err)
		}
	}
	return closed, nil
}

// Show shows the groups of a half month that are complete, where they are not
// shown at once.
func (s *Store) Show(ctx context.Context, h civil.HalfMonth) error {
	err := s.db.Change(ctx, func(tx *db.Tx) error {
		if err := tx.Lock(ctx, tableNames()...); err != nil {
			return err
		}
		if err := s.show(ctx, tx, h); err != nil {
			return err
		}
		return s.noteChanges(ctx, tx, []civil.HalfMonth{h})
	})
	return db.Failed("show what is complete", err)
}

func (s *Store) show(ctx context.Context, tx *db.Tx, h civil.HalfMonth) error {
	for _, t := range tallyTables {
		for _, g := range t.groups {
			name := func(i int) string { return waiting(t.sums[i]) }
			set := mapSlice(g.sums, func(i int) string {
				return fmt.Sprintf("%s = %s + %s, %s = 0", t.sums[i], t.sums[i], name(i), name(i))
			})
			_, err := tx.ExecContext(ctx, fmt.Sprintf("UPDATE %s SET %s WHERE half_month = $1 AND %s >= %d", t.name,
				strings.Join(set, ", "), strings.Join(mapSlice(g.people, name), " + "), s.options.K), h)
			if err != nil {
				return fmt.Errorf("%s: %w", t.name, err)
			}
		}
	}
	return nil
}

// nextOver finds the oldest half month that is over and is to be looked at.
func nextOver(ctx context.Context, tx *db.Tx, now civil.HalfMonth) (h civil.HalfMonth, found bool, err error) {
	err = db.ScanAll(ctx, tx, `
		SELECT c.half_month FROM half_month_changes c LEFT JOIN half_months_over o ON o.half_month = c.half_month
		WHERE c.half_month < $1 GROUP BY c.half_month, o.changes
		HAVING o.changes IS NULL OR o.changes <> SUM(c.changes) ORDER BY c.half_month LIMIT 1`, []any{now},
		func(rows *sql.Rows) error {
			found = true
			return rows.Scan(&h)
		})
	return h, found, err
}

func (s *Store) closeHalf(ctx context.Context, tx *db.Tx, h civil.HalfMonth, c Closing) (rows int64, err error) {
	if err := s.show(ctx, tx, h); err != nil {
		return 0, err
	}
	waiting, err := takeWaiting(ctx, tx, h)
	if err != nil {
		return 0, err
	}
	changed := []civil.HalfMonth{h}
	moved := newTallies()
	for i, table := range tallyTables {
		rows += int64(len(waiting[i]))
		shown, waits := s.over(table, h, waiting[i], c)
		for k, row := range shown {
			moved[i][k] = row
		}
		for k, row := range waits {
			moved[i][k] = row
			changed = []civil.HalfMonth{h, h.Next()}
		}
	}
	if err := s.upsertTallies(ctx, tx, moved, s.options.K); err != nil {
		return 0, err
	}
	if err := s.noteChanges(ctx, tx, changed); err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO half_months_over (half_month, changes) SELECT half_month, SUM(changes) FROM half_month_changes WHERE half_month = $1 GROUP BY half_month
		ON CONFLICT (half_month) DO UPDATE SET changes = excluded.changes`, h)
	return rows, err
}

// over is what becomes of what waits in a half month that is over: who is shown of
// it at larger units, and who waits in the next.
func (s *Store) over(table tallyTable, h civil.HalfMonth, rows map[tallyKey]counted, c Closing) (shown, waits map[tallyKey]counted) {
	if c.Ends(h) {
		rows = s.toLargerUnits(table, rows, c.Tree)
	}
	shown, waits = map[tallyKey]counted{}, map[tallyKey]counted{}
	for k, row := range rows {
		if row.shown != (counted{}).shown {
			shown[k] = counted{shown: row.shown}
		}
		if row.waits != (counted{}).waits {
			k.half = h.Next()
			waits[k] = counted{waits: row.waits}
		}
	}
	return shown, waits
}

// takeWaiting takes what waits out of the rows of a half month.
func takeWaiting(ctx context.Context, tx *db.Tx, h civil.HalfMonth) (*tallies, error) {
	taken := newTallies()
	for i, table := range tallyTables {
		waits := mapSlice(table.sums, waiting)
		some := " WHERE half_month = $1 AND (" + strings.Join(mapSlice(waits, func(w string) string { return w + " <> 0" }), " OR ") + ")"
		err := db.ScanAll(ctx, tx, "SELECT "+strings.Join(slices.Concat(table.keys(), waits), ", ")+" FROM "+table.name+some, []any{h},
			func(rows *sql.Rows) error {
				var k tallyKey
				var row counted
				places := table.places(&k)
				for n := range table.sums {
					places = append(places, &row.waits[n])
				}
				err := rows.Scan(places...)
				taken[i][k] = row
				return err
			})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", table.name, err)
		}
		none := mapSlice(waits, func(w string) string { return w + " = 0" })
		if _, err := tx.ExecContext(ctx, "UPDATE "+table.name+" SET "+strings.Join(none, ", ")+some, h); err != nil {
			return nil, fmt.Errorf("%s: %w", table.name, err)
		}
	}
	return taken, nil
}

// places are where the columns of the key belong.
func (t tallyTable) places(k *tallyKey) []any {
	return mapSlice(t.dimensions(), func(d dimension) any { return d.place(k) })
}

func tableNames() []string { return mapSlice(tallyTables, func(t tallyTable) string { return t.name }) }

// toLargerUnits moves what waits of a table to the judged agencies, and of these
// what is less than k people to the agency above, up to the province. A campaign's
// answers stay apart, and those of a mark; channels do not.
func (s *Store) toLargerUnits(table tallyTable, rows map[tallyKey]counted, tree *agency.Tree) map[tallyKey]counted {
	units := map[tallyKey]counted{}
	for k, row := range rows {
		k.point = holderOf(k, tree)
		k.channel = ""
		units[k] = units[k].plus(counted{waits: row.waits})
	}
	keys := sortedKeys(units)
	depth := func(k tallyKey) int { return len(tree.Path(k.agency)) }
	for level := deepest(keys, depth); level > 0; level-- {
		for _, k := range sortedKeys(units) {
			if depth(k) != level {
				continue
			}
			row := units[k]
			row.show(table, s.options.K)
			up := counted{waits: row.waits}
			row.waits = counted{}.waits
			units[k] = row
			k.agency = above(k.agency, tree)
			units[k] = units[k].plus(up)
		}
	}
	// At the province what is less than k waits on.
	for k, row := range units {
		row.show(table, s.options.K)
		units[k] = row
	}
	return units
}

// above is the agency above another; of the outermost of several it is 0, the
// whole province, and of the only outermost one itself.
func above(id int64, tree *agency.Tree) int64 {
	a, known := tree.Agency(id)
	switch {
	case known && a.ParentID != 0:
		return a.ParentID
	case id == tree.Root():
		return id
	default:
		return 0
	}
}

// holderOf tells what unit rows an answer belongs to: see HeldOfPublicServices.
func holderOf(k tallyKey, tree *agency.Tree) int64 {
	if k.point <= 0 {
		return k.point
	}
	if a, known := tree.Agency(k.agency); known && !a.Kind.Administrative() {
		return HeldOfPublicServices
	}
	return HeldByUnit
}

func deepest(keys []tallyKey, depth func(tallyKey) int) (most int) {
	for _, k := range keys {
		most = max(most, depth(k))
	}
	return most
}
