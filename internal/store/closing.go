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

// Close goes through the half months that are over, oldest first, and in which
// something was written since they were looked at last. What waits in one goes on waiting in the
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

// nextOver finds the oldest half month that is over and is to be looked at.
func nextOver(ctx context.Context, tx *db.Tx, now civil.HalfMonth) (h civil.HalfMonth, found bool, err error) {
	err = db.ScanAll(ctx, tx, `
		SELECT c.half_month FROM half_month_changes c LEFT JOIN half_months_over o ON o.half_month = c.half_month
		WHERE c.half_month < $1 GROUP BY c.half_month, o.writes
		HAVING o.writes IS NULL OR o.writes <> SUM(c.writes) ORDER BY c.half_month LIMIT 1`, []any{now},
		func(rows *sql.Rows) error {
			found = true
			return rows.Scan(&h)
		})
	return h, found, err
}

func (s tallier) closeHalf(ctx context.Context, tx *db.Tx, h civil.HalfMonth, c Closing) (rows int64, err error) {
	shown, err := s.show(ctx, tx, h)
	if err != nil {
		return 0, err
	}
	waiting, err := takeWaiting(ctx, tx, h)
	if err != nil {
		return 0, err
	}
	for _, table := range waiting {
		rows += int64(len(table))
	}
	moved := s.over(h, waiting, c)
	w, err := s.upsertTallies(ctx, tx, moved, s.options.K)
	if err != nil {
		return 0, err
	}
	for _, place := range shown {
		w.row(place, true)
	}
	if err := s.noteChanges(ctx, tx, w); err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO half_months_over (half_month, writes) SELECT half_month, SUM(writes) FROM half_month_changes WHERE half_month = $1 GROUP BY half_month
		ON CONFLICT (half_month) DO UPDATE SET writes = excluded.writes`, h)
	return rows, err
}

// over is what becomes of what waits in a half month that is over: who is shown of
// it at larger units, and who waits in the next.
func (s tallier) over(h civil.HalfMonth, waiting *tallies, c Closing) *tallies {
	if c.Ends(h) {
		waiting = s.toLargerUnits(waiting, c.Tree)
	}
	moved := newTallies()
	for i, rows := range waiting {
		for k, row := range rows {
			if row.shown != (counted{}).shown {
				moved[i][k] = counted{shown: row.shown}
			}
			if row.waits != (counted{}).waits {
				k.half = h.Next()
				moved[i][k] = counted{waits: row.waits}
			}
		}
	}
	return moved
}

// takeWaiting takes what waits out of the rows of a half month.
func takeWaiting(ctx context.Context, tx *db.Tx, h civil.HalfMonth) (*tallies, error) {
	taken := newTallies()
	for i, table := range tallyTables {
		if err := table.readWaiting(ctx, tx, taken[i], "half_month = $1", h); err != nil {
			return nil, fmt.Errorf("%s: %w", table.name, err)
		}
		none := mapSlice(table.sums, func(n string) string { return waiting(n) + " = 0" })
		if _, err := tx.ExecContext(ctx, "UPDATE "+table.name+" SET "+strings.Join(none, ", ")+" WHERE half_month = $1 AND "+table.someWait(), h); err != nil {
			return nil, fmt.Errorf("%s: %w", table.name, err)
		}
	}
	return taken, nil
}

// someWait is the condition that something waits in a row.
func (t tallyTable) someWait() string {
	return "(" + strings.Join(mapSlice(t.sums, func(n string) string { return waiting(n) + " <> 0" }), " OR ") + ")"
}

// readWaiting reads what waits in the rows that a condition leaves.
func (t tallyTable) readWaiting(ctx context.Context, tx *db.Tx, into map[tallyKey]counted, condition string, args ...any) error {
	query := "SELECT " + strings.Join(slices.Concat(t.keys(), mapSlice(t.sums, waiting)), ", ") + " FROM " + t.name + " WHERE " + condition + " AND " + t.someWait()
	return db.ScanAll(ctx, tx, query, args, func(rows *sql.Rows) error {
		var k tallyKey
		var row counted
		places := t.places(&k)
		for n := range t.sums {
			places = append(places, &row.waits[n])
		}
		err := rows.Scan(places...)
		into[k] = row
		return err
	})
}

// places are where the columns of the key belong.
func (t tallyTable) places(k *tallyKey) []any {
	return mapSlice(t.dimensions(), func(d dimension) any { return d.place(k) })
}

func tableNames() []string { return mapSlice(tallyTables, func(t tallyTable) string { return t.name }) }

// toLargerUnits moves what waits to the judged agencies, and of these what is less
// than k people to the agency above, up to the province. A campaign's answers stay
// apart; channels do not. What does not count, or was taken out, waits where it is.
//
// As at a service point, a unit is looked at when at least k responses have come
// since they were looked at anywhere: fresh is what waits where some have, and rest
// where none have, which may be put together at any time.
func (s tallier) toLargerUnits(waiting *tallies, tree *agency.Tree) *tallies {
	rest, fresh := newTallies(), newTallies()
	for i, rows := range waiting {
		for k, row := range rows {
			to := rest
			if waiting[people][k.place()].waits[0] > 0 && k.mark == 0 {
				to = fresh
			}
			if k.mark == 0 {
				k.point, k.channel = holderOf(k, tree), ""
			}
			to[i][k] = to[i][k].plus(row)
		}
	}
	for level := max(rest.deepest(tree), fresh.deepest(tree)); level >= 0; level-- {
		at := func(k tallyKey) bool { return k.mark == 0 && len(tree.Path(k.agency)) == level }
		enough := map[tallyKey]bool{}
		for k, row := range fresh[people] {
			enough[k] = row.waits[0] >= s.options.K
		}
		for i, table := range tallyTables {
			for k, row := range fresh[i] {
				if at(k) && enough[k.place()] {
					rest[i][k] = rest[i][k].plus(row)
					delete(fresh[i], k)
				}
			}
			for k, row := range rest[i] {
				if at(k) {
					row.show(table, s.options.K)
					rest[i][k] = row
				}
			}
			rest.rise(i, at, tree)
			fresh.rise(i, at, tree)
		}
	}
	for i, rows := range fresh {
		for k, row := range rows {
			rest[i][k] = rest[i][k].plus(row)
		}
	}
	return rest
}

// rise moves what waits in a table at some units to those above them.
func (t *tallies) rise(table int, at func(tallyKey) bool, tree *agency.Tree) {
	rows := t[table]
	for _, k := range sortedKeys(rows) {
		up := k
		if up.agency = above(k.agency, tree); !at(k) || up == k {
			continue
		}
		rows[up] = rows[up].plus(counted{waits: rows[k].waits})
		rows[k] = counted{shown: rows[k].shown}
	}
}

func (t *tallies) deepest(tree *agency.Tree) (most int) {
	for _, rows := range t {
		for k := range rows {
			most = max(most, len(tree.Path(k.agency)))
		}
	}
	return most
}

// above is the agency above another; of the outermost of several it is 0, the
// whole province, and of the only outermost one itself.
func above(id int64, tree *agency.Tree) int64 {
	switch path := tree.Path(id); {
	case len(path) > 1:
		return path[len(path)-2].ID
	case len(path) == 0 || id == tree.Root():
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
