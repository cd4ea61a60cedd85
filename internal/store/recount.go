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
// responses make, of each question, choice and number at each level; for every
// service point, but for what larger units hold of it since a closing, which is
// less than k people of each row; and for the province to the last answer. It
// holds one row for each cell, all half months together. progress is called now
// and then with the responses read so far.
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
func (s *Store) recount(ctx context.Context, tx *db.Tx, versions Versions, progress func(int64)) (Recounted, error) {
	left, ends, err := allHalves(ctx, tx)
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
		tallying{tallies: left}.add(k, r, -1)
		if result.Responses++; result.Responses%db.ProgressEvery == 0 && progress != nil {
			progress(result.Responses)
		}
		return nil
	})
	if err != nil {
		return Recounted{}, err
	}
	for i, table := range tallyTables {
		result.Drift += table.drift(left[i], s.options.K*ends)
	}
	return result, nil
}

// allHalves reads what each row has in all half months together, as waiting, and
// in how many half months larger units hold something.
func allHalves(ctx context.Context, tx *db.Tx) (sums *tallies, ends int64, err error) {
	sums = newTallies()
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
			if row.waits != (counted{}).waits {
				sums[i][k] = row
			}
			return err
		})
		if err != nil {
			return nil, 0, fmt.Errorf("%s: %w", table.name, err)
		}
		var n int64
		if err := tx.QueryRowContext(ctx, "SELECT COUNT(DISTINCT half_month) FROM "+table.name+" WHERE service_point_id <= 0").Scan(&n); err != nil {
			return nil, 0, err
		}
		ends = max(ends, n)
	}
	return sums, ends, nil
}

// drift counts the rows that are not right, by what is left of them: of a service
// point less than so many people may be missing, and what is missing must be what
// larger units hold.
func (t tallyTable) drift(left map[tallyKey]counted, most int64) (n int64) {
	province := map[tallyKey]counted{}
	for k, row := range left {
		if k.point > 0 {
			for _, g := range t.groups {
				if size := g.size(row.waits); size != 0 && max(size, -size) >= most {
					n++
					break
				}
			}
		}
		k.agency, k.channel, k.point = 0, "", 0
		province[k] = province[k].plus(row)
	}
	for _, row := range province {
		if row.waits != (counted{}).waits {
			n++
		}
	}
	return n
}

// eachResponse reads the responses that a condition of SQL leaves, with its
// arguments and perhaps an order, as they are counted.
func eachResponse(ctx context.Context, tx *db.Tx, versions Versions, rest string, args []any, f func(survey.Response) error) error {
	query := "SELECT service_point_id, agency_id, field_key, version_id, channel, day, scale, choices, campaign_id, mark FROM responses" + rest
	return db.ScanAll(ctx, tx, query, args, func(rows *sql.Rows) error {
		var r survey.Response
		var choices string
		if err := rows.Scan(&r.ServicePointID, &r.AgencyID, &r.FieldKey, &r.VersionID, &r.Channel, &r.Day, &r.Scale, &choices, &r.CampaignID, &r.Mark); err != nil {
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
		var made bool // by somebody else, while this one waited
		if err := tx.QueryRowContext(ctx, "SELECT made = 1 FROM tallies_made").Scan(&made); err != nil || made {
			return err
		}
		return s.makeAgain(ctx, tx, versions, c, progress)
	})
	return true, db.Failed("make the tallies again", err)
}

// Made tells whether the tallies are those of the responses. They are not after
// an upgrade that changed what they hold, until Remake.
func (s *Store) Made(ctx context.Context) (made bool, err error) {
	err = s.db.QueryRow(ctx, "SELECT made = 1 FROM tallies_made").Scan(&made)
	return made, db.Failed("see whether the tallies were made", err)
}

// makeAgain makes all tallies from the responses, with groups in order of arrival
// and closings as they would have been. It holds the rows of one half month.
func (s *Store) makeAgain(ctx context.Context, tx *db.Tx, versions Versions, c Closing, progress func(int64)) error {
	for _, table := range append(tableNames(), "half_months_over") {
		if _, err := tx.ExecContext(ctx, "DELETE FROM "+table); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, "CREATE INDEX responses_in_order ON responses (day, received_at)"); err != nil {
		return err
	}
	first, last, err := answeredDays(ctx, tx)
	if err != nil {
		return err
	}
	t := tallying{newTallies(), s.options.K}
	var n int64
	for half := civil.HalfMonthOf(first); half != 0 && half < max(c.Now, civil.HalfMonthOf(last).Next()); half = half.Next() {
		err := eachResponse(ctx, tx, versions, " WHERE day >= $1 AND day < $2 ORDER BY day, received_at, service_point_id, id",
			[]any{half.From(), half.Next().From()}, func(r survey.Response) error {
				t.add(keyOfResponse(r), r, 1)
				if n++; n%db.ProgressEvery == 0 && progress != nil {
					progress(n)
				}
				return nil
			})
		if err != nil {
			return err
		}
		if half >= c.Now { // it is not over
			err = s.insertTallies(ctx, tx, t.tallies)
			*t.tallies = *newTallies()
		} else {
			err = s.endHalf(ctx, tx, t.tallies, half, c)
		}
		if err != nil {
			return err
		}
	}
	if err := s.insertTallies(ctx, tx, t.tallies); err != nil { // what waits in a half month without answers
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

// endHalf writes a half month that is over, and leaves what goes on waiting.
func (s *Store) endHalf(ctx context.Context, tx *db.Tx, t *tallies, h civil.HalfMonth, c Closing) error {
	next := newTallies()
	for i, table := range tallyTables {
		waits := map[tallyKey]counted{}
		for k, row := range t[i] {
			if row.waits != (counted{}).waits {
				waits[k] = counted{waits: row.waits}
			}
			if row.waits = (counted{}).waits; row.shown == (counted{}).shown {
				delete(t[i], k)
			} else {
				t[i][k] = row
			}
		}
		var shown map[tallyKey]counted
		shown, next[i] = s.over(table, h, waits, c)
		for k, row := range shown {
			t[i][k] = t[i][k].plus(row)
		}
	}
	if err := s.insertTallies(ctx, tx, t); err != nil {
		return err
	}
	*t = *next
	return nil
}

// insertTallies writes rows of which there are none yet, as they are.
func (s *Store) insertTallies(ctx context.Context, tx *db.Tx, t *tallies) error {
	for i, table := range tallyTables {
		for part := range slices.Chunk(sortedKeys(t[i]), s.db.MaxSetRows(table.texts())) {
			columns, _ := table.rows(part, t[i], never)
			query, args := s.db.InsertSet(table.name, columns, "")
			if _, err := tx.ExecContext(ctx, query, args...); err != nil {
				return fmt.Errorf("%s: %w", table.name, err)
			}
		}
	}
	return s.noteChanges(ctx, tx, t.halves())
}
