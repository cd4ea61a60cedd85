package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/db"
)

// Closing is how what waits in half months that are over goes on.
type Closing struct {
	Now  civil.HalfMonth              // what is before it is over
	Ends func(h civil.HalfMonth) bool // whether the end of h is a cut-off day
	// Over are the campaigns that end in h, by their ids: for their answers its end is
	// a cut-off day, too. nil: there are none.
	Over func(h civil.HalfMonth) []int64
	Tree *agency.Tree // to which larger unit what waits goes there
}

// Closed is what a closing did.
type Closed struct {
	HalfMonths []civil.HalfMonth // that were looked at, oldest first
	Rows       int64             // that something waits in, in the next half month
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
	w := writing{}
	if err := s.show(ctx, tx, h, w); err != nil {
		return 0, err
	}
	if ending, some := c.ending(h); some {
		if err := s.putTogether(ctx, tx, h, c.Tree, ending, w); err != nil {
			return 0, err
		}
	}
	if rows, err = s.moveOn(ctx, tx, h, w); err != nil {
		return 0, err
	}
	if err := s.noteChanges(ctx, tx, w); err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO half_months_over (half_month, writes) SELECT half_month, SUM(writes) FROM half_month_changes WHERE half_month = $1 GROUP BY half_month
		ON CONFLICT (half_month) DO UPDATE SET writes = excluded.writes`, h)
	return rows, err
}

// ending is the condition on what the end of a half month is a cut-off day for; some is
// false where that is nothing.
func (c Closing) ending(h civil.HalfMonth) (condition string, some bool) {
	all, over := c.cuts(h)
	if all {
		return "TRUE", true
	}
	return "campaign_id IN (" + strings.Join(mapSlice(over, func(id int64) string { return strconv.FormatInt(id, 10) }), ", ") + ")", len(over) > 0
}

// cuts tells for whose answers the end of a half month is a cut-off day: all, or else those
// of some campaigns.
func (c Closing) cuts(h civil.HalfMonth) (all bool, over []int64) {
	if c.Over != nil {
		over = c.Over(h)
	}
	return c.Ends(h), over
}

// putTogether lets what waits at the end of a half month wait at larger units, and
// shows there what is complete. What does not count, or was taken out, waits where it
// is, and so does what a condition leaves out.
func (s tallier) putTogether(ctx context.Context, tx *db.Tx, h civil.HalfMonth, tree *agency.Tree, ending string, w writing) error {
	u := newUnits(tree)
	for i, table := range tallyTables {
		counts := "half_month = $1 AND mark = 0 AND " + ending
		err := table.read(ctx, tx, counts+" AND "+table.someWait(), []any{h}, func(k tallyKey, row counted) { u.add(i, k, row) })
		if err == nil {
			err = table.forgetWaiting(ctx, tx, counts, h)
		}
		if err != nil {
			return err
		}
	}
	together, err := s.upsertTallies(ctx, tx, u.rise(s.options.K()), never)
	for at, shown := range together {
		w[at] = w[at] || shown
	}
	return err
}

// moveOn lets what waits in a half month wait in the next, and looks at the places
// to which responses have come so. It tells how many rows there were.
func (s tallier) moveOn(ctx context.Context, tx *db.Tx, h civil.HalfMonth, w writing) (rows int64, err error) {
	for _, t := range tallyTables {
		waits := mapSlice(t.sums, waiting)
		rest := strings.Join(slices.Concat(t.keys()[1:], waits), ", ")
		set := mapSlice(waits, func(w string) string { return fmt.Sprintf("%s = %s.%s + excluded.%s", w, t.name, w, w) })
		moved, err := tx.ExecContext(ctx, fmt.Sprintf("INSERT INTO %s (half_month, %s) SELECT %d, %s FROM %s WHERE half_month = $1 AND %s ON CONFLICT (%s) DO UPDATE SET %s",
			t.name, rest, h.Next(), rest, t.name, t.someWait(), strings.Join(t.keys(), ", "), strings.Join(set, ", ")), h)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", t.name, err)
		}
		n, err := moved.RowsAffected()
		if err != nil {
			return 0, err
		}
		rows += n
	}
	same := mapSlice(peopleTable.keys()[1:], func(key string) string { return fmt.Sprintf("came.%s = tally_people.%s", key, key) })
	complete, err := s.complete(ctx, tx, h.Next(), fmt.Sprintf("EXISTS (SELECT 1 FROM tally_people came WHERE came.half_month = %d AND came.w_responses <> 0 AND %s)", h, strings.Join(same, " AND ")))
	if err != nil {
		return 0, err
	}
	for _, t := range tallyTables {
		if err := t.forgetWaiting(ctx, tx, "half_month = $1", h); err != nil {
			return 0, err
		}
	}
	if rows > 0 {
		w.row(tallyKey{half: h.Next()}, false)
	}
	for _, place := range complete {
		w.row(place, true)
	}
	return rows, s.showComplete(ctx, tx, tallyTables, complete)
}

// forgetWaiting lets nothing wait in the rows that a condition leaves.
func (t tallyTable) forgetWaiting(ctx context.Context, tx *db.Tx, condition string, args ...any) error {
	none := mapSlice(t.sums, func(n string) string { return waiting(n) + " = 0" })
	_, err := tx.ExecContext(ctx, "UPDATE "+t.name+" SET "+strings.Join(none, ", ")+" WHERE "+condition+" AND "+t.someWait(), args...)
	return db.Failed(t.name, err)
}

// someWait is the condition that something waits in a row.
func (t tallyTable) someWait() string {
	return "(" + strings.Join(mapSlice(t.sums, func(n string) string { return waiting(n) + " <> 0" }), " OR ") + ")"
}

// read reads the rows that a condition leaves.
func (t tallyTable) read(ctx context.Context, tx *db.Tx, condition string, args []any, row func(tallyKey, counted)) error {
	query := "SELECT " + strings.Join(slices.Concat(t.keys(), t.sums, mapSlice(t.sums, waiting)), ", ") + " FROM " + t.name + " WHERE " + condition
	return db.Failed(t.name, db.ScanAll(ctx, tx, query, args, func(rows *sql.Rows) error {
		var k tallyKey
		var found counted
		places := t.places(&k)
		for _, sums := range []*[mostSums]int64{&found.shown, &found.waits} {
			for n := range t.sums {
				places = append(places, &sums[n])
			}
		}
		err := rows.Scan(places...)
		row(k, found)
		return err
	}))
}

// places are where the columns of the key belong.
func (t tallyTable) places(k *tallyKey) []any {
	return mapSlice(t.dimensions(), func(d dimension) any { return d.place(k) })
}

func tableNames() []string { return mapSlice(tallyTables, func(t tallyTable) string { return t.name }) }

// units are what waits at larger units at a cut-off day. As at a service point, one
// is looked at when at least k responses have come since they were looked at
// anywhere: fresh is what waits where some have come, and rest where none have, which
// may be put together at any time.
type units struct {
	tree        *agency.Tree
	came        map[tallyKey]bool // the places of what is fresh
	rest, fresh *tallies
}

func newUnits(tree *agency.Tree) *units {
	return &units{tree, map[tallyKey]bool{}, newTallies(), newTallies()}
}

// add adds what waits in a row, of the people of a place first, to its judged
// agency. A campaign's answers stay apart; channels and officials do not.
func (u *units) add(table int, k tallyKey, row counted) {
	place := k.place()
	if table == people && row.waits[0] > 0 {
		u.came[place] = true
	}
	to := u.rest
	if u.came[place] {
		to = u.fresh
	}
	k.point, k.channel, k.official = holderOf(k, u.tree), "", 0
	to[table][k] = to[table][k].plus(counted{waits: row.waits})
}

// rise moves what is less than k people to the agency above, up to the province,
// and gives what is shown and what waits at each.
func (u *units) rise(k int64) *tallies {
	for level := max(u.rest.deepest(u.tree), u.fresh.deepest(u.tree)); level >= 0; level-- {
		at := func(key tallyKey) bool { return len(u.tree.Path(key.agency)) == level }
		enough := map[tallyKey]bool{}
		for key, row := range u.fresh[people] {
			enough[key] = row.waits[0] >= k
		}
		for i, table := range tallyTables {
			for key, row := range u.fresh[i] {
				if at(key) && enough[key.place()] {
					u.rest[i][key] = u.rest[i][key].plus(row)
					delete(u.fresh[i], key)
				}
			}
			for key, row := range u.rest[i] {
				if at(key) {
					row.show(table, k)
					u.rest[i][key] = row
				}
			}
			u.rest.lift(i, at, u.tree)
			u.fresh.lift(i, at, u.tree)
		}
	}
	for i, rows := range u.fresh {
		for key, row := range rows {
			u.rest[i][key] = u.rest[i][key].plus(row)
		}
	}
	return u.rest
}

// lift moves what waits in a table at some units to those above them.
func (t *tallies) lift(table int, at func(tallyKey) bool, tree *agency.Tree) {
	rows := t[table]
	for _, k := range sortedKeys(rows) {
		up := k
		if up.agency = above(k.agency, tree); !at(k) || up == k {
			continue
		}
		rows[up] = rows[up].plus(counted{waits: rows[k].waits})
		if rows[k] = (counted{shown: rows[k].shown}); rows[k] == (counted{}) {
			delete(rows, k)
		}
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
