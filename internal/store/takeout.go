package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/civil"
	"sipas/internal/db"
	"sipas/internal/fault"
	"sipas/internal/survey"
)

// Mark moves responses of a service point to a mark: 0 is counted, with another
// one they stay and are in no figure. It moves those it finds under another mark,
// and says how many. Figures change in groups of k, as with new answers.
func (s *Store) Mark(ctx context.Context, by audit.Author, at time.Time, point agency.ServicePoint, ids []string, mark int, versions Versions) (moved int, err error) {
	err = s.db.Change(ctx, func(tx *db.Tx) error {
		moved = 0
		if err := tx.Lock(ctx, "responses"); err != nil {
			return err
		}
		for _, id := range ids {
			key := []any{point.ID, id}
			r, err := responseOf(ctx, tx, versions, key)
			if errors.Is(err, fault.ErrNotFound) || err == nil && r.Mark == mark {
				continue
			}
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, "UPDATE responses SET mark = $3 WHERE service_point_id = $1 AND id = $2", point.ID, id, mark); err != nil {
				return err
			}
			if err := s.takeOut(ctx, tx, s.halfMonth(at), r, &mark); err != nil {
				return err
			}
			moved++
		}
		if moved == 0 {
			return nil
		}
		return audit.Append(ctx, tx, audit.Entry{
			At: at, Author: by, Action: "response.mark", Subject: "service-point/" + string(point.Code),
			After: map[string]int{"mark": mark, "responses": moved},
		})
	})
	return moved, db.Failed("mark responses", err)
}

// halfMonth is the half month of a moment, at the place.
func (s *Store) halfMonth(at time.Time) civil.HalfMonth {
	return civil.HalfMonthOf(at.In(s.options.Zone).Format(time.DateOnly))
}

// responseOf reads one response as it is counted, by service point and id.
func responseOf(ctx context.Context, tx *db.Tx, versions Versions, key []any) (r survey.Response, err error) {
	err = fault.ErrNotFound
	found := eachResponse(ctx, tx, versions, " WHERE service_point_id = $1 AND id = $2", key, func(one survey.Response) error {
		r, err = one, nil
		return nil
	})
	if found != nil {
		return r, found
	}
	return r, err
}

// takeOut takes a response out of the tallies, or moves it to another mark. When
// it was shown is not known. It is subtracted from what waits now, so that what
// comes next stands in for it; where more are missing than k people, they are taken
// out of what is shown.
func (s *Store) takeOut(ctx context.Context, tx *db.Tx, now civil.HalfMonth, r survey.Response, mark *int) error {
	k := keyOfResponse(r)
	k.half = now
	t := newTallies()
	tallying{tallies: t}.add(k, r, -1)
	if mark != nil {
		k.mark = *mark
		tallying{tallies: t}.add(k, r, 1)
	}
	if err := s.upsertTallies(ctx, tx, t, s.options.atOnce()); err != nil {
		return err
	}
	changed := []civil.HalfMonth{now}
	for i, table := range tallyTables {
		for _, k := range sortedKeys(t[i]) {
			halves, err := s.takeBack(ctx, tx, table, k)
			if err != nil {
				return err
			}
			changed = append(changed, halves...)
		}
	}
	slices.Sort(changed)
	return s.noteChanges(ctx, tx, slices.Compact(changed))
}

// takeBack takes groups of at least k people that are missing in a row out of what
// is shown in it, in the newest half month that holds them all and in which nobody
// or at least k people are left. Where there is none, they stay missing until then.
func (s *Store) takeBack(ctx context.Context, tx *db.Tx, table tallyTable, k tallyKey) (changed []civil.HalfMonth, err error) {
	rows, err := rowsOf(ctx, tx, table, k)
	if err != nil {
		return nil, err
	}
	missing := rows[k.half].waits
	for _, g := range table.groups {
		if g.size(missing) > -s.options.K {
			continue
		}
		for _, h := range slices.Backward(slices.Sorted(maps.Keys(rows))) {
			left := rows[h].shown
			for _, i := range g.sums {
				left[i] += missing[i]
			}
			if n := g.size(left); n != 0 && n < s.options.K || slices.ContainsFunc(g.sums, func(i int) bool { return left[i] < 0 }) {
				continue
			}
			if err := addShown(ctx, tx, table, g, k, h, missing); err != nil {
				return nil, err
			}
			changed = append(changed, h)
			break
		}
	}
	return changed, nil
}

// rowsOf reads the row of a key in every half month.
func rowsOf(ctx context.Context, tx *db.Tx, table tallyTable, k tallyKey) (map[civil.HalfMonth]counted, error) {
	rows := map[civil.HalfMonth]counted{}
	terms, args := table.others(k)
	query := "SELECT half_month, " + strings.Join(slices.Concat(table.sums, mapSlice(table.sums, waiting)), ", ") + " FROM " + table.name + " WHERE " + terms
	err := db.ScanAll(ctx, tx, query, args, func(found *sql.Rows) error {
		var h civil.HalfMonth
		var row counted
		places := []any{&h}
		for i := range table.sums {
			places = append(places, &row.shown[i])
		}
		for i := range table.sums {
			places = append(places, &row.waits[i])
		}
		err := found.Scan(places...)
		rows[h] = row
		return err
	})
	return rows, err
}

// others is the condition on all of the key but its half month.
func (t tallyTable) others(k tallyKey) (terms string, args []any) {
	var all []string
	for _, d := range t.dimensions()[1:] {
		column := d.column([]tallyKey{k})
		all = append(all, fmt.Sprintf("%s = $%d", d.name, len(args)+1))
		switch values := column.Values.(type) {
		case []string:
			args = append(args, values[0])
		case []int64:
			args = append(args, values[0])
		}
	}
	return strings.Join(all, " AND "), args
}

// addShown moves a group from what is missing in a row of one half month to what
// is shown in another.
func addShown(ctx context.Context, tx *db.Tx, table tallyTable, g group, k tallyKey, shown civil.HalfMonth, sums [mostSums]int64) error {
	terms, args := table.others(k)
	for _, step := range []struct {
		half   civil.HalfMonth
		column func(string) string
		times  int64
	}{{k.half, waiting, -1}, {shown, func(n string) string { return n }, 1}} {
		set := mapSlice(g.sums, func(i int) string {
			name := step.column(table.sums[i])
			return fmt.Sprintf("%s = %s + (%d)", name, name, step.times*sums[i])
		})
		query := fmt.Sprintf("UPDATE %s SET %s WHERE %s AND half_month = $%d", table.name, strings.Join(set, ", "), terms, len(args)+1)
		if _, err := tx.ExecContext(ctx, query, append(slices.Clone(args), step.half)...); err != nil {
			return err
		}
	}
	return nil
}
