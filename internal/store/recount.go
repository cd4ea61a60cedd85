package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"sipas/internal/audit"
	"sipas/internal/civil"
	"sipas/internal/db"
	"sipas/internal/survey"
)

// Recounted is what a recount found.
type Recounted struct {
	Responses int64 `json:"responses"`
	Cells     int64 `json:"cells"` // of the tallies, all half months together
	Drift     int64 `json:"drift"` // rows whose tallies are not those of the responses
}

// Versions finds a published version by its id, nil for an unknown one.
type Versions func(id int64) *survey.Version

// Recount proves the tallies: what is shown and what waits is together what the
// responses make, of each question, choice and number at each level. A service point
// has no more than that, and what it has less is at larger units since a closing;
// the province has exactly that. It holds one row for each cell, all half months
// together. progress is called now and then with the responses read so far.
func (s *Store) Recount(ctx context.Context, versions Versions, progress func(int64)) (result Recounted, err error) {
	err = s.db.Snapshot(ctx, func(tx *db.Tx) (err error) {
		result, err = s.recount(ctx, tx, versions, progress)
		return err
	})
	return result, db.Failed("recount", err)
}

// Mend is a Recount that also makes the tallies again where they differ, in the
// same transaction, keeping writers out for as long. Answers are then in other
// groups than before.
func (s *Store) Mend(ctx context.Context, by audit.Author, at time.Time, versions Versions, c Closing, progress func(int64)) (result Recounted, err error) {
	err = s.db.Change(ctx, func(tx *db.Tx) error {
		if err := tx.Lock(ctx, append([]string{"responses"}, tableNames()...)...); err != nil {
			return err
		}
		if result, err = s.recount(ctx, tx, versions, progress); err != nil || result.Drift == 0 {
			return err
		}
		if err := s.makeAgain(ctx, tx, versions, c, nil); err != nil {
			return err
		}
		return audit.Append(ctx, tx, audit.Entry{At: at, Author: by, Action: "tallies.mend", Subject: "tallies", After: result})
	})
	return result, db.Failed("recount", err)
}

// recount takes each response out of the sums of its rows. What is left belongs
// to the larger units.
func (s tallier) recount(ctx context.Context, tx *db.Tx, versions Versions, progress func(int64)) (Recounted, error) {
	left, err := allHalves(ctx, tx)
	if err != nil {
		return Recounted{}, err
	}
	result := Recounted{}
	for _, rows := range left {
		result.Cells += int64(len(rows))
	}
	err = eachResponse(ctx, tx, versions, "", nil, func(r survey.Response) error {
		k := keyOfResponse(r)
		k.half = 0
		left.add(k, r, -1)
		if result.Responses++; result.Responses%db.ProgressEvery == 0 && progress != nil {
			progress(result.Responses)
		}
		return nil
	})
	if err != nil {
		return Recounted{}, err
	}
	for i, table := range tallyTables {
		result.Drift += table.drift(left[i])
	}
	return result, nil
}

// allHalves reads what each row has in all half months together, as waiting. What
// was taken out of the responses that count is missing there.
func allHalves(ctx context.Context, tx *db.Tx) (*tallies, error) {
	sums := newTallies()
	for i, table := range tallyTables {
		keys := table.keys()[1:]
		selected := slices.Clone(keys)
		for _, n := range table.sums {
			selected = append(selected, "CAST(SUM("+n+" + "+waiting(n)+") AS BIGINT)")
		}
		query := "SELECT " + strings.Join(selected, ", ") + " FROM " + table.name + " GROUP BY " + strings.Join(keys, ", ")
		err := db.ScanAll(ctx, tx, query, nil, func(rows *sql.Rows) error {
			var k tallyKey
			var row counted
			places := table.places(&k)[1:]
			for n := range table.sums {
				places = append(places, &row.waits[n])
			}
			err := rows.Scan(places...)
			if k.mark == takenOut {
				k.mark = 0
			}
			sums[i][k] = sums[i][k].plus(row)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", table.name, err)
		}
	}
	return sums, nil
}

// drift counts the rows that are not right, by what is left of them: the province
// has nothing left, and no service point of a province that is right has too much.
func (t tallyTable) drift(left map[tallyKey]counted) (n int64) {
	whole := func(k tallyKey) tallyKey {
		k.agency, k.channel, k.point, k.official = 0, "", 0, 0
		return k
	}
	province := map[tallyKey]counted{}
	for k, row := range left {
		province[whole(k)] = province[whole(k)].plus(row)
	}
	for k, row := range left {
		if at := slices.Index(t.sums, total); at >= 0 {
			row.waits[at] = 0 // less of numbers below zero is more
		}
		if k.point > 0 && slices.Max(row.waits[:]) > 0 && province[whole(k)] == (counted{}) {
			n++
		}
	}
	for _, row := range province {
		if row != (counted{}) {
			n++
		}
	}
	return n
}

// eachResponse reads the responses that a condition of SQL leaves, with its
// arguments and perhaps an order, as they are counted.
func eachResponse(ctx context.Context, tx *db.Tx, versions Versions, rest string, args []any, f func(survey.Response) error) error {
	query := "SELECT service_point_id, agency_id, field_key, version_id, channel, day, scale, choices, campaign_id, official_id, mark FROM responses" + rest
	return db.ScanAll(ctx, tx, query, args, func(rows *sql.Rows) error {
		var r survey.Response
		var choices string
		if err := rows.Scan(&r.ServicePointID, &r.AgencyID, &r.FieldKey, &r.VersionID, &r.Channel, &r.Day, &r.Scale, &choices, &r.CampaignID, &r.OfficialID, &r.Mark); err != nil {
			return err
		}
		version := versions(r.VersionID)
		if version == nil {
			return fmt.Errorf("a response names version %d, which does not exist", r.VersionID)
		}
		r.Choices, r.Values = survey.ReadAnswers(choices)
		version.Judge(&r)
		return f(r)
	})
}

// Remake makes the tallies from the responses where an upgrade asks for it: in
// one transaction, so that it is done or not. It tells whether it was needed.
func (s *Store) Remake(ctx context.Context, versions Versions, c Closing, progress func(int64)) (needed bool, err error) {
	if made, err := s.Made(ctx); err != nil || made {
		return false, err
	}
	err = s.db.Change(ctx, func(tx *db.Tx) error {
		if err := tx.Lock(ctx, append([]string{"responses"}, tableNames()...)...); err != nil {
			return err
		}
		var made bool // by another instance, while this one waited
		if err := tx.QueryRowContext(ctx, "SELECT made = 1 FROM tallies_made").Scan(&made); err != nil || made {
			return err
		}
		needed = true
		return s.makeAgain(ctx, tx, versions, c, progress)
	})
	return needed, db.Failed("make the tallies again", err)
}

// Made tells whether the tallies are those of the responses. They are not after
// an upgrade that changed what they hold, until Remake.
func (s *Store) Made(ctx context.Context) (made bool, err error) {
	err = s.db.QueryRow(ctx, "SELECT made = 1 FROM tallies_made").Scan(&made)
	return made, db.Failed("see whether the tallies were made", err)
}

// makeAgain makes all tallies from the responses, with groups in order of arrival
// and closings as they would have been. It holds the rows of one half month.
func (s tallier) makeAgain(ctx context.Context, tx *db.Tx, versions Versions, c Closing, progress func(int64)) error {
	for _, table := range append(tableNames(), "half_months_over") {
		if _, err := tx.ExecContext(ctx, "DELETE FROM "+table); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, "UPDATE half_month_changes SET writes = writes + 1, changes = changes + 1"); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "CREATE INDEX responses_in_order ON responses (day, received_at)"); err != nil {
		return err
	}
	first, last, err := answeredDays(ctx, tx)
	if err != nil {
		return err
	}
	waits := newTallies()
	var n int64
	for half := civil.HalfMonthOf(first); half != 0 && half < max(c.Now, civil.HalfMonthOf(last).Next()); half = half.Next() {
		a := newArriving(waits, s.options.K())
		err := eachResponse(ctx, tx, versions, " WHERE day >= $1 AND day < $2 ORDER BY day, received_at, service_point_id, id",
			[]any{half.From(), half.Next().From()}, func(r survey.Response) error {
				a.arrive(keyOfResponse(r), r)
				if n++; n%db.ProgressEvery == 0 && progress != nil {
					progress(n)
				}
				return nil
			})
		if err != nil {
			return err
		}
		if waits, err = s.endHalf(ctx, tx, a.tallies, half, c); err != nil {
			return err
		}
	}
	if err := s.insertTallies(ctx, tx, waits); err != nil { // at the moment, after half months without answers
		return err
	}
	if _, err := tx.ExecContext(ctx, "DROP INDEX responses_in_order"); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "UPDATE tallies_made SET made = 1")
	return err
}

// answeredDays are the first and the last day with responses, "" if there are none.
func answeredDays(ctx context.Context, tx *db.Tx) (first, last string, err error) {
	err = tx.QueryRowContext(ctx, "SELECT COALESCE(MIN(day), ''), COALESCE(MAX(day), '') FROM responses").Scan(&first, &last)
	return first, last, err
}

// endHalf writes a half month, and gives what goes on waiting where it is over.
func (s tallier) endHalf(ctx context.Context, tx *db.Tx, t *tallies, h civil.HalfMonth, c Closing) (next *tallies, err error) {
	next = newTallies()
	if h >= c.Now {
		return next, s.insertTallies(ctx, tx, t)
	}
	shown, u := newTallies(), newUnits(c.Tree)
	all, over := c.cuts(h)
	for i, rows := range t {
		for k, row := range rows {
			if row.shown != (counted{}).shown {
				shown[i][k] = counted{shown: row.shown}
			}
			switch {
			case row.waits == (counted{}).waits:
			case k.mark == 0 && (all || slices.Contains(over, k.campaign)):
				u.add(i, k, row)
			default:
				k.half = h.Next()
				next[i][k] = counted{waits: row.waits}
			}
		}
	}
	for i, rows := range u.rise(s.options.K()) {
		for k, row := range rows {
			if row.shown != (counted{}).shown {
				shown[i][k] = shown[i][k].plus(counted{shown: row.shown})
			}
			if row.waits != (counted{}).waits {
				k.half = h.Next()
				next[i][k] = counted{waits: row.waits}
			}
		}
	}
	return next, s.insertTallies(ctx, tx, shown)
}

// insertTallies writes rows of which there are none yet, as they are.
func (s tallier) insertTallies(ctx context.Context, tx *db.Tx, t *tallies) error {
	for i, table := range tallyTables {
		for part := range slices.Chunk(sortedKeys(t[i]), s.db.MaxSetRows(table.texts())) {
			columns, _ := table.rows(part, t[i], never)
			query, args := s.db.InsertSet(table.name, columns, "")
			if _, err := tx.ExecContext(ctx, query, args...); err != nil {
				return fmt.Errorf("%s: %w", table.name, err)
			}
		}
	}
	return s.noteChanges(ctx, tx, t.writing())
}
