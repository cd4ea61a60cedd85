package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"sipas/internal/audit"
	"sipas/internal/civil"
	"sipas/internal/db"
	"sipas/internal/score"
	"sipas/internal/survey"
)

// Recounted is what a recount found.
type Recounted struct {
	Responses int64 `json:"responses"`
	Cells     int64 `json:"cells"` // rows the tallies should have
	Drift     int64 `json:"drift"` // rows that were missing, surplus or different
}

// Versions finds a published version by its id, nil for an unknown one.
type Versions func(id int64) *survey.Version

// Recount counts the tallies again from the responses and compares. progress is
// called now and then with the responses read so far.
func (s *Store) Recount(ctx context.Context, versions Versions, progress func(int64)) (result Recounted, err error) {
	err = s.db.Snapshot(ctx, func(tx *db.Tx) (err error) {
		result, _, _, err = recount(ctx, tx, versions, progress)
		return err
	})
	return result, db.Failed("recount", err)
}

// Mend is a Recount that also replaces the tallies where they differ, in the
// same transaction, keeping writers out for as long.
func (s *Store) Mend(ctx context.Context, by audit.Author, at time.Time, versions Versions, progress func(int64)) (result Recounted, err error) {
	err = s.db.Change(ctx, func(tx *db.Tx) error {
		if err := tx.Lock(ctx, peopleTable.name, scaleTable.name, choiceTable.name); err != nil {
			return err
		}
		compared, want, found, err := recount(ctx, tx, versions, progress)
		if result = compared; err != nil || compared.Drift == 0 {
			return err
		}
		for _, table := range []tallyTable{peopleTable, scaleTable, choiceTable} {
			if _, err := tx.ExecContext(ctx, "DELETE FROM "+table.name); err != nil {
				return err
			}
		}
		if err := s.upsertTallies(ctx, tx, want); err != nil {
			return err
		}
		if err := s.noteChanges(ctx, tx, want, found); err != nil {
			return err
		}
		return audit.Append(ctx, tx, audit.Entry{At: at, Author: by, Action: "tallies.mend", Subject: "tallies", After: compared})
	})
	return result, db.Failed("recount", err)
}

// recount compares the tallies with those that the responses make.
func recount(ctx context.Context, tx *db.Tx, versions Versions, progress func(int64)) (compared Recounted, want, found *tallies, err error) {
	want, responses, err := countAll(ctx, tx, versions, "", nil, progress)
	if err != nil {
		return Recounted{}, nil, nil, err
	}
	if found, err = readAll(ctx, tx); err != nil {
		return Recounted{}, nil, nil, err
	}
	return Recounted{
		Responses: responses,
		Cells:     int64(len(want.people) + len(want.scale) + len(want.choice)),
		Drift:     drift(want.people, found.people) + drift(want.scale, found.scale) + drift(want.choice, found.choice),
	}, want, found, nil
}

// drift counts the keys whose values differ; a missing value is the zero value.
func drift[K comparable, V comparable](want, found map[K]V) int64 {
	var n int64
	var zero V
	for k, v := range want {
		if found[k] != v {
			n++
		}
	}
	for k, v := range found {
		if _, wanted := want[k]; !wanted && v != zero {
			n++
		}
	}
	return n
}

// countAll counts the responses that a condition of SQL leaves, with its
// arguments; "" is all.
func countAll(ctx context.Context, tx *db.Tx, versions Versions, where string, args []any, progress func(int64)) (*tallies, int64, error) {
	t := newTallies()
	var n int64
	query := "SELECT service_point_id, agency_id, field_key, version_id, channel, day, scale, choices FROM responses" + where
	err := db.ScanAll(ctx, tx, query, args, func(rows *sql.Rows) error {
		var c cell
		var day, scale, choices string
		if err := rows.Scan(&c.pointID, &c.agencyID, &c.fieldKey, &c.versionID, &c.channel, &day, &scale, &choices); err != nil {
			return err
		}
		c.month = civil.MonthOf(day)
		version := versions(c.versionID)
		if version == nil {
			return fmt.Errorf("a response names version %d, which does not exist", c.versionID)
		}
		levels := survey.LevelsOf(scale)
		chosen, _ := survey.ReadAnswers(choices)
		t.add(c, levels, version.Judged(levels), chosen, version.Points(chosen))
		if n++; n%db.ProgressEvery == 0 && progress != nil {
			progress(n)
		}
		return nil
	})
	return t, n, err
}

// readAll reads every tally as it stands.
func readAll(ctx context.Context, tx *db.Tx) (*tallies, error) {
	t := newTallies()
	err := readTable(ctx, tx, peopleTable, func(rows *sql.Rows) error {
		var c cell
		var p peopleCount
		err := rows.Scan(append(c.places(), peoplePlaces(&p.responses, &p.people)...)...)
		t.people[c] = p
		return err
	})
	if err != nil {
		return nil, err
	}
	err = readTable(ctx, tx, scaleTable, func(rows *sql.Rows) error {
		var c scaleCell
		var n score.Counts
		err := rows.Scan(append(c.places(), &c.item, &n[0], &n[1], &n[2], &n[3], &n[4], &n[5])...)
		t.scale[c] = n
		return err
	})
	if err != nil {
		return nil, err
	}
	err = readTable(ctx, tx, choiceTable, func(rows *sql.Rows) error {
		var c choiceCell
		var n int64
		err := rows.Scan(append(c.places(), &c.question, &c.choice, &n)...)
		t.choice[c] = n
		return err
	})
	return t, err
}

func readTable(ctx context.Context, tx *db.Tx, table tallyTable, row func(*sql.Rows) error) error {
	return db.ScanAll(ctx, tx, "SELECT "+strings.Join(table.columns(), ", ")+" FROM "+table.name, nil, row)
}
