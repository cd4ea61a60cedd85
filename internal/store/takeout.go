package store

import (
	"context"
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

// takenOut is the mark of what was taken out of the responses that count, as sums
// below zero. It waits until at least k people's answers are taken out together:
// were one subtracted alone, or together with those who come, the figure that falls
// would tell what that one had said.
const takenOut = -1

// Mark moves responses of a service point to a mark: 0 is counted, with another
// one they stay and are in no figure. It moves those it finds under another mark,
// and says how many. Figures change in groups of k, as with new answers.
func (s *Store) Mark(ctx context.Context, by audit.Author, at time.Time, point agency.ServicePoint, ids []string, mark int, versions Versions) (moved int, err error) {
	err = s.db.Change(ctx, func(tx *db.Tx) error {
		moved = 0
		if err := tx.Lock(ctx, "responses"); err != nil {
			return err
		}
		var rs []survey.Response
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
			rs = append(rs, r)
		}
		if moved = len(rs); moved == 0 {
			return nil
		}
		// A few at a time: some half month must hold all that is taken out together.
		slices.SortStableFunc(rs, func(a, b survey.Response) int { return strings.Compare(a.Day, b.Day) })
		for part := range slices.Chunk(rs, int(4*s.options.K())) {
			if err := s.takeOut(ctx, tx, s.halfMonth(at), part, &mark); err != nil {
				return err
			}
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

// takeOut takes responses out of the tallies, or moves them to another mark. When
// they were shown is not known.
func (s tallier) takeOut(ctx context.Context, tx *db.Tx, now civil.HalfMonth, rs []survey.Response, mark *int) error {
	t := newTallies()
	missing, places := map[tallyKey]int64{}, map[tallyKey]bool{}
	for _, r := range rs {
		k := keyOfResponse(r)
		k.half = now
		out := k
		if out.mark == 0 {
			out.mark = takenOut
			places[out] = true
		}
		t.add(out, r, -1)
		if mark == nil {
			continue
		}
		if k.mark = *mark; k.mark == 0 {
			var err error
			if k, err = backTo(ctx, tx, k, missing); err != nil {
				return err
			}
		}
		t.add(k, r, 1)
	}
	w, err := s.upsertTallies(ctx, tx, t, s.options.atOnce())
	if err != nil {
		return err
	}
	for _, place := range slices.SortedFunc(maps.Keys(places), tallyKey.compare) {
		halves, err := s.takeBack(ctx, tx, place)
		if err != nil {
			return err
		}
		for _, place.half = range halves {
			w.row(place, true)
		}
	}
	return s.noteChanges(ctx, tx, w)
}

// backTo is where a response belongs that counts again: to those that were taken
// out as long as some are missing, since it may be one of them, and then to those
// that are new. missing remembers how many are, by place.
func backTo(ctx context.Context, tx *db.Tx, k tallyKey, missing map[tallyKey]int64) (tallyKey, error) {
	out := k
	out.mark = takenOut
	if _, known := missing[out]; !known {
		rows, err := rowsOf(ctx, tx, peopleTable, out)
		if err != nil {
			return k, err
		}
		missing[out] = 0
		for _, row := range rows {
			missing[out] -= row.waits[0]
		}
	}
	if missing[out] == 0 {
		return k, nil
	}
	missing[out]--
	return out, nil
}

// takeBack takes the groups of at least k people that were taken out at a place
// out of what is shown there: as with those who come, when at least k responses
// were taken out since the last time. What cannot be taken out goes on waiting.
func (s tallier) takeBack(ctx context.Context, tx *db.Tx, place tallyKey) (changed []civil.HalfMonth, err error) {
	out := newTallies()
	terms, args := peopleTable.others(place)
	for i, table := range tallyTables {
		here, of := fmt.Sprintf("%s AND half_month = $%d", terms, len(args)+1), append(slices.Clone(args), place.half)
		if err := table.read(ctx, tx, here+" AND "+table.someWait(), of, func(k tallyKey, row counted) { out[i][k] = row }); err != nil {
			return nil, err
		}
	}
	if out[people][place].waits[0] > -s.options.K() {
		return nil, nil
	}
	for i, table := range tallyTables {
		for _, k := range sortedKeys(out[i]) {
			for at, g := range table.groups {
				half, found, err := s.takeGroup(ctx, tx, table, g, k, out[i][k].waits)
				if err != nil {
					return nil, err
				}
				if found {
					changed = append(changed, half)
				} else if i == people && at == 0 {
					return nil, nil
				}
			}
		}
	}
	return changed, nil
}

// takeGroup takes a group out of the newest half month whose row holds it and
// keeps nobody or at least k people, who can have answered so: they need not be
// those who were there.
func (s tallier) takeGroup(ctx context.Context, tx *db.Tx, table tallyTable, g group, k tallyKey, missing [mostSums]int64) (h civil.HalfMonth, found bool, err error) {
	if g.size(missing) > -s.options.K() {
		return 0, false, nil
	}
	counts := k
	counts.mark = 0
	rows, err := rowsOf(ctx, tx, table, counts)
	if err != nil {
		return 0, false, err
	}
	for _, h := range slices.Backward(slices.Sorted(maps.Keys(rows))) {
		left := rows[h].shown
		for _, i := range g.sums {
			left[i] += missing[i]
		}
		some := slices.ContainsFunc(g.sums, func(i int) bool { return left[i] != 0 })
		below := slices.ContainsFunc(g.sums, func(i int) bool { return left[i] < 0 && table.sums[i] != total })
		// What is shown was possible where it is of points; other numbers may be anything.
		impossible := table.possible != nil && table.possible(rows[h].shown) && !table.possible(left)
		if n := g.size(left); below || impossible || n < s.options.K() && some {
			continue
		}
		counts.half = h
		if err := addTo(ctx, tx, table, g, counts, func(n string) string { return n }, missing, 1); err != nil {
			return 0, false, err
		}
		return h, true, addTo(ctx, tx, table, g, k, waiting, missing, -1)
	}
	return 0, false, nil
}

// rowsOf reads the row of a key in every half month, each of which it seeks: the key
// begins with it.
func rowsOf(ctx context.Context, tx *db.Tx, table tallyTable, k tallyKey) (map[civil.HalfMonth]counted, error) {
	rows := map[civil.HalfMonth]counted{}
	terms, args := table.others(k)
	err := table.read(ctx, tx, "half_month IN (SELECT half_month FROM half_month_changes) AND "+terms, args, func(k tallyKey, row counted) { rows[k.half] = row })
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

// addTo adds the sums of a group to columns of a row, some times.
func addTo(ctx context.Context, tx *db.Tx, table tallyTable, g group, k tallyKey, column func(sum string) string, sums [mostSums]int64, times int64) error {
	terms, args := table.others(k)
	set := mapSlice(g.sums, func(i int) string {
		name := column(table.sums[i])
		return fmt.Sprintf("%s = %s + (%d)", name, name, times*sums[i])
	})
	query := fmt.Sprintf("UPDATE %s SET %s WHERE %s AND half_month = $%d", table.name, strings.Join(set, ", "), terms, len(args)+1)
	_, err := tx.ExecContext(ctx, query, append(args, k.half)...)
	return err
}
