package procedure

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"sipas/internal/audit"
	"sipas/internal/civil"
	"sipas/internal/db"
	"sipas/internal/registry"
)

// Key says which files are counted: those of a procedure that an agency handled in a
// half month.
type Key struct {
	AgencyID    int64
	HalfMonth   civil.HalfMonth
	ProcedureID int64
}

// Counts is how many files were handled, and how many of them late.
type Counts struct {
	Handled int64 `json:"handled"`
	Late    int64 `json:"late"`
}

// OnTime is how many were handled on time.
func (c Counts) OnTime() int64 { return c.Handled - c.Late }

// Plus is both together.
func (c Counts) Plus(o Counts) Counts { return Counts{c.Handled + o.Handled, c.Late + o.Late} }

// Files are the counts of a key.
type Files struct {
	Key
	Counts
}

// MaxFiles is how many files a count may have.
const MaxFiles = 9_999_999

// Kept reads the counts of some keys, as far as there are any.
func (r Reader) Kept(ctx context.Context, keys []Key) (map[Key]Counts, error) {
	kept := map[Key]Counts{}
	for some := range slices.Chunk(keys, together) {
		with, args := r.tx.DB().WithSet("asked", keyColumns(some, func(k Key) Key { return k }))
		err := r.files(ctx, with+selectFiles+" JOIN asked k ON k.agency_id = f.agency_id AND k.half_month = f.half_month AND k.procedure_id = f.procedure_id", args, func(f Files) {
			kept[f.Key] = f.Counts
		})
		if err != nil {
			return nil, err
		}
	}
	return kept, nil
}

// HalfMonths lists those of which files are kept.
func (r Reader) HalfMonths(ctx context.Context) (all []civil.HalfMonth, err error) {
	err = db.ScanAll(ctx, r.tx, "SELECT DISTINCT half_month FROM handled_files ORDER BY half_month", nil, func(rows *sql.Rows) error {
		var h civil.HalfMonth
		err := rows.Scan(&h)
		all = append(all, h)
		return err
	})
	return all, db.Failed("list half months of files handled", err)
}

// Of lists all files of a half month.
func (r Reader) Of(ctx context.Context, half civil.HalfMonth) (all []Files, err error) {
	err = r.files(ctx, selectFiles+" WHERE f.half_month = $1", []any{int64(half)}, func(f Files) {
		all = append(all, f)
	})
	return all, err
}

const selectFiles = "SELECT f.agency_id, f.half_month, f.procedure_id, f.handled, f.late FROM handled_files f"

func (r Reader) files(ctx context.Context, query string, args []any, each func(Files)) error {
	err := db.ScanAll(ctx, r.tx, query, args, func(rows *sql.Rows) error {
		var f Files
		err := rows.Scan(&f.AgencyID, &f.HalfMonth, &f.ProcedureID, &f.Handled, &f.Late)
		each(f)
		return err
	})
	return db.Failed("list files handled", err)
}

// Newest is the last half month of which files of some agencies are kept; 0: of none.
func (r Reader) Newest(ctx context.Context, agencies []int64) (newest civil.HalfMonth, err error) {
	with, args := r.tx.DB().WithSet("asked", []db.Column{{Name: "agency_id", Type: "bigint", Values: agencies}})
	err = r.tx.QueryRowContext(ctx, with+`SELECT COALESCE(MAX(latest), 0) FROM (
		SELECT (SELECT MAX(f.half_month) FROM handled_files f WHERE f.agency_id = k.agency_id) AS latest FROM asked k) found`, args...).Scan(&newest)
	return newest, db.Failed("find the newest files handled", err)
}

// ByAgency adds up the files of some agencies over half months, the last one not included.
func (r Reader) ByAgency(ctx context.Context, agencies []int64, from, before civil.HalfMonth) (map[int64]Counts, error) {
	return r.sums(ctx, "agency_id", agencies, from, before)
}

// ByProcedure adds up the files of some agencies over half months, the last one not
// included, by procedure: the mix of what is asked for there.
func (r Reader) ByProcedure(ctx context.Context, agencies []int64, from, before civil.HalfMonth) (map[int64]Counts, error) {
	return r.sums(ctx, "procedure_id", agencies, from, before)
}

func (r Reader) sums(ctx context.Context, by string, agencies []int64, from, before civil.HalfMonth) (map[int64]Counts, error) {
	sums := map[int64]Counts{}
	with, args := r.tx.DB().WithSet("asked", []db.Column{{Name: "agency_id", Type: "bigint", Values: agencies}})
	query := fmt.Sprintf("%sSELECT f.%s, CAST(SUM(f.handled) AS BIGINT), CAST(SUM(f.late) AS BIGINT) FROM asked k JOIN handled_files f ON f.agency_id = k.agency_id "+
		"WHERE f.half_month >= %d AND f.half_month < %d GROUP BY f.%[2]s", with, by, from, before)
	err := db.ScanAll(ctx, r.tx, query, args, func(rows *sql.Rows) error {
		var id int64
		var c Counts
		err := rows.Scan(&id, &c.Handled, &c.Late)
		sums[id] = c
		return err
	})
	return sums, db.Failed("add up files handled", err)
}

var errCounts = errors.New("files handled are between 0 and 9,999,999, and no more are late")

// Keep keeps counts in a change, new ones or in the place of those that are kept, each
// key once. Of each count that changes the audit says what it was and is; of those that
// are new how many files came together for an agency and half month. names are the
// codes of an agency and a procedure, as they stand there.
func Keep(ctx context.Context, c *registry.Change, files []Files, names func(Key) (agency, procedure string)) error {
	for some := range slices.Chunk(files, together) {
		before, err := Within(c).Kept(ctx, keysOf(some))
		if err != nil {
			return err
		}
		if slices.ContainsFunc(some, func(f Files) bool { return f.Late < 0 || f.Late > f.Handled || f.Handled > MaxFiles }) {
			return errCounts
		}
		columns := append(keyColumns(some, func(f Files) Key { return f.Key }),
			db.Numbers("handled", some, func(f Files) int64 { return f.Handled }), db.Numbers("late", some, func(f Files) int64 { return f.Late }))
		statement, args := c.Tx().DB().InsertSet("handled_files", columns,
			"ON CONFLICT (agency_id, half_month, procedure_id) DO UPDATE SET handled = excluded.handled, late = excluded.late")
		if _, err := c.Tx().ExecContext(ctx, statement, args...); err != nil {
			return db.Failed("keep files handled", err)
		}
		if err := audit.Append(ctx, c.Tx(), entries(c, some, before, names)...); err != nil {
			return err
		}
	}
	return nil
}

// added is what the audit says of counts that are new.
type added struct {
	Procedures int `json:"procedures"`
	Counts
}

// entries are those of counts that are kept together, of which some were kept before.
func entries(c *registry.Change, files []Files, before map[Key]Counts, names func(Key) (agency, procedure string)) []audit.Entry {
	var all []audit.Entry
	fresh, at := []Key{}, map[Key]added{} // of an agency and half month
	for _, f := range files {
		if was, known := before[f.Key]; known {
			office, code := names(f.Key)
			all = append(all, c.Entry("files.change", strings.Join([]string{"files", office, f.HalfMonth.From(), code}, "/"), was, f.Counts))
			continue
		}
		of := Key{AgencyID: f.AgencyID, HalfMonth: f.HalfMonth}
		sum, seen := at[of]
		if !seen {
			fresh = append(fresh, of)
		}
		at[of] = added{sum.Procedures + 1, sum.Plus(f.Counts)}
	}
	for _, of := range fresh {
		office, _ := names(of)
		all = append(all, c.Entry("files.add", "files/"+office+"/"+of.HalfMonth.From(), nil, at[of]))
	}
	return all
}

func keysOf(files []Files) []Key {
	keys := make([]Key, len(files))
	for i, f := range files {
		keys[i] = f.Key
	}
	return keys
}

// keyColumns are the columns of keys.
func keyColumns[T any](rows []T, key func(T) Key) []db.Column {
	return []db.Column{
		db.Numbers("agency_id", rows, func(r T) int64 { return key(r).AgencyID }),
		db.Numbers("half_month", rows, func(r T) int64 { return int64(key(r).HalfMonth) }),
		db.Numbers("procedure_id", rows, func(r T) int64 { return key(r).ProcedureID }),
	}
}
