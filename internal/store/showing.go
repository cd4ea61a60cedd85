package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"sipas/internal/civil"
	"sipas/internal/db"
	"sipas/internal/survey"
)

// What is shown when. A row of tally_people and the rows of the other tables with
// the same place are looked at together, when at least k responses have come to the
// place since the last time: then each of their groups is shown of which at least k
// people wait. Were a group shown as soon as it is complete, the moment would tell
// who completed it: the reason that was chosen five times, right after somebody
// sent an answer, is one of theirs.

// lookedAt tells whether a place is looked at when somebody answers. What does not
// count never is; what was taken out is shown otherwise (see takeBack), and what units
// hold at cut-off days only: one late answer must not complete what waits at the
// province.
func (k tallyKey) lookedAt() bool { return k.mark == 0 && k.point > 0 }

// Show shows the groups of a half month that are complete, where they are not
// shown at once.
func (s *Store) Show(ctx context.Context, h civil.HalfMonth) error {
	err := s.db.Change(ctx, func(tx *db.Tx) error {
		if err := tx.Lock(ctx, tableNames()...); err != nil {
			return err
		}
		w := writing{}
		if err := s.show(ctx, tx, h, w); err != nil {
			return err
		}
		return s.noteChanges(ctx, tx, w)
	})
	return db.Failed("show what is complete", err)
}

// show shows what is complete in a half month.
func (s tallier) show(ctx context.Context, tx *db.Tx, h civil.HalfMonth, w writing) error {
	complete, err := s.complete(ctx, tx, h, "TRUE")
	if err != nil {
		return err
	}
	for _, place := range complete {
		w.row(place, true)
	}
	return s.showComplete(ctx, tx, tallyTables, complete)
}

// complete are the places of a half month at which at least k responses wait, of
// those that a condition leaves.
func (s tallier) complete(ctx context.Context, tx *db.Tx, h civil.HalfMonth, condition string) (places []tallyKey, err error) {
	query := fmt.Sprintf("SELECT %s FROM tally_people WHERE half_month = $1 AND mark = 0 AND service_point_id > 0 AND w_responses >= %d AND %s", placeAndWaiting(), s.options.K(), condition)
	err = db.ScanAll(ctx, tx, query, []any{h}, func(rows *sql.Rows) error {
		place, _, err := placeWaiting(rows)
		places = append(places, place)
		return err
	})
	return places, err
}

// placeAndWaiting are the columns that placeWaiting reads.
func placeAndWaiting() string {
	return strings.Join(append(mapSlice(peopleTable.keys(), func(key string) string { return "tally_people." + key }), "tally_people.w_responses"), ", ")
}

// placeWaiting reads a place, and how many responses wait there.
func placeWaiting(rows *sql.Rows) (place tallyKey, waits int64, err error) {
	err = rows.Scan(append(peopleTable.places(&place), &waits)...)
	return place, waits, err
}

// showComplete shows the groups of some places, in some tables, of which at least k
// people wait.
func (s tallier) showComplete(ctx context.Context, tx *db.Tx, tables []tallyTable, places []tallyKey) error {
	slices.SortFunc(places, tallyKey.compare)
	for part := range slices.Chunk(places, s.db.MaxSetRows(peopleTable.texts())) {
		var columns []db.Column
		for _, d := range peopleTable.dimensions() {
			columns = append(columns, d.column(part))
		}
		with, args := s.db.WithSet("u", columns)
		for _, t := range tables {
			if _, err := tx.ExecContext(ctx, with+t.showing(s.options.K()), args...); err != nil {
				return fmt.Errorf("%s: %w", t.name, err)
			}
		}
	}
	return nil
}

// showing is the statement that shows the groups of the places in u of which at
// least k people wait.
func (t tallyTable) showing(k int64) string {
	var set, some, terms []string
	for _, g := range t.groups {
		enough := fmt.Sprintf("%s >= %d", strings.Join(mapSlice(g.people, func(i int) string { return "t." + waiting(t.sums[i]) }), " + "), k)
		some = append(some, enough)
		for _, i := range g.sums {
			n, w := t.sums[i], waiting(t.sums[i])
			set = append(set,
				fmt.Sprintf("%s = t.%s + CASE WHEN %s THEN t.%s ELSE 0 END", n, n, enough, w),
				fmt.Sprintf("%s = CASE WHEN %s THEN 0 ELSE t.%s END", w, enough, w))
		}
	}
	for _, key := range peopleTable.keys() {
		terms = append(terms, fmt.Sprintf("t.%s = u.%s", key, key))
	}
	return "UPDATE " + t.name + " AS t SET " + strings.Join(set, ", ") + " FROM u WHERE " + strings.Join(terms, " AND ") +
		" AND (" + strings.Join(some, " OR ") + ")"
}

// arriving counts responses that come one by one, as they are counted in the
// database.
type arriving struct {
	*tallies
	k    int64
	rows map[tallyKey][]tallyRow // by place
}

type tallyRow struct {
	table int
	key   tallyKey
}

func newArriving(waits *tallies, k int64) arriving {
	a := arriving{newTallies(), k, map[tallyKey][]tallyRow{}}
	for i, rows := range waits {
		for k, row := range rows {
			a.wait(i, k, row.waits)
		}
	}
	return a
}

// wait is that of the tallies, and remembers which rows a place has.
func (a arriving) wait(table int, k tallyKey, sums [mostSums]int64) {
	if _, known := a.tallies[table][k]; !known {
		a.rows[k.place()] = append(a.rows[k.place()], tallyRow{table, k})
	}
	a.tallies.wait(table, k, sums)
}

// arrive counts a response.
func (a arriving) arrive(k tallyKey, r survey.Response) {
	each(k, r, 1, a.wait)
	if k.mark != 0 || a.tallies[people][k].waits[0] < a.k {
		return
	}
	for _, at := range a.rows[k] {
		row := a.tallies[at.table][at.key]
		row.show(tallyTables[at.table], a.k)
		a.tallies[at.table][at.key] = row
	}
}
