package entry

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/db"
	"sipas/internal/fault"
	"sipas/internal/intake"
	"sipas/internal/registry"
	"sipas/internal/store"
)

// Batch is sheets of one counter, one version of a survey and some days.
type Batch struct {
	ID        int64
	PointID   int64
	VersionID int64
	Channel   agency.Channel // paper, or interviewer where an interviewer filled the sheets in
	Language  string         // of the sheets
	From, To  string         // the civil days on which they were filled in
	Expected  int            // sheets, as they were counted by hand
	Twice     bool           // everything is typed by two people and compared
	OpenedAt  time.Time
	OpenedBy  string
	ClosedAt  time.Time // zero: it is open
	Kept      int       // sheets that became answers when it was closed
	Void      int       // sheets that did not
	Corrected int       // sheets typed anew since then
}

// Closed tells whether its sheets are answers by now.
func (b Batch) Closed() bool { return !b.ClosedAt.IsZero() }

// OneDay tells whether all sheets are of the same day.
func (b Batch) OneDay() bool { return b.From == b.To }

// Typings is how many times each sheet is typed.
func (b Batch) Typings() int {
	if b.Twice {
		return 2
	}
	return 1
}

// CorrectFor is how long after its closing a sheet of a batch can be corrected: after
// that nothing leads from a sheet to its answer.
const CorrectFor = 30 * 24 * time.Hour

// CorrectUntil is when the sheets can be corrected no longer; zero while it is open.
func (b Batch) CorrectUntil() time.Time {
	if !b.Closed() {
		return time.Time{}
	}
	return b.ClosedAt.Add(CorrectFor)
}

// Bounds of a batch. A batch is closed in one transaction, which is as large as a batch
// of citizens' answers may be.
const (
	MostSheets = 500
	mostDays   = 31  // from the first day of a batch to its last
	oldest     = 400 // days before today
)

// Message keys of problems with a batch or a sheet, beside those of package fault.
const (
	ProblemChannel  = "entry-channel"
	ProblemDay      = "entry-day"      // no day, or one that is not over yet
	ProblemDays     = "entry-days"     // too many days, or the last before the first
	ProblemOld      = "entry-old"      // too long ago
	ProblemExpected = "entry-expected" // no number of sheets that a batch may have
	ProblemOutside  = "entry-outside"  // a day that is none of the batch
	ProblemNumber   = "entry-number"   // no number of a sheet
	ProblemTyping   = "entry-typing"   // neither the first nor the second time
	ProblemSame     = "entry-same"     // whoever typed the first time does not type the second
	ProblemTyped    = "entry-typed"    // the sheet was typed before, with other answers
	ProblemChoose   = "entry-choose"   // a difference for which nothing is chosen
	ProblemClosed   = "entry-closed"   // the sheets are answers by now
	ProblemEmpty    = "entry-empty"    // nothing was typed that could be an answer
	ProblemMissing  = "entry-missing"  // some sheets were typed once only
	ProblemDiffers  = "entry-differs"  // some differences are not settled
	ProblemFewer    = "entry-fewer"    // not as many sheets as were counted
	ProblemUnfit    = "entry-unfit"    // a sheet that does not fit the survey any more
	ProblemLate     = "entry-late"     // it cannot be corrected any more
)

// Options of New.
type Options struct {
	Now  func() time.Time
	Zone *time.Location // where civil days are
	Log  *slog.Logger
}

// Book keeps the batches of a database.
type Book struct {
	db     *db.DB
	store  *store.Store
	intake *intake.Intake
	Options
}

// New makes a Book on an open database.
func New(d *db.DB, st *store.Store, in *intake.Intake, o Options) *Book { return &Book{d, st, in, o} }

type batchRow struct {
	ID             int64
	ServicePointID int64
	VersionID      int64
	Channel        string
	Language       string
	FromDay        string
	ToDay          string
	Expected       int
	Twice          int
	OpenedAt       int64
	OpenedBy       string
	ClosedAt       *int64
	Kept           int
	Void           int
	Corrected      int
}

func (batchRow) TableName() string { return "entry_batches" }

func (r batchRow) domain() (Batch, error) {
	return Batch{
		ID: r.ID, PointID: r.ServicePointID, VersionID: r.VersionID, Channel: agency.Channel(r.Channel), Language: r.Language, From: r.FromDay, To: r.ToDay,
		Expected: r.Expected, Twice: r.Twice != 0, OpenedAt: db.FromMicros(r.OpenedAt), OpenedBy: r.OpenedBy, ClosedAt: db.Moment(r.ClosedAt),
		Kept: r.Kept, Void: r.Void, Corrected: r.Corrected,
	}, nil
}

// told is what the audit says of a batch: nothing of what was answered.
type told struct {
	Point    agency.Code `json:"service_point"`
	Version  string      `json:"version"`
	Channel  string      `json:"channel"`
	From     string      `json:"from"`
	To       string      `json:"to"`
	Expected int         `json:"expected"`
	Twice    bool        `json:"twice"`
	Sheets   int         `json:"sheets,omitempty"` // typed, of a batch that was dropped
	Kept     int         `json:"kept,omitempty"`
	Void     int         `json:"void,omitempty"`
}

func (b Batch) told(snap *registry.Snapshot) told {
	t := told{Channel: string(b.Channel), From: b.From, To: b.To, Expected: b.Expected, Twice: b.Twice, Kept: b.Kept, Void: b.Void}
	point, _ := snap.PointByID(b.PointID)
	t.Point = point.Code
	if v := snap.Version(b.VersionID); v != nil {
		t.Version = v.Name()
	}
	return t
}

func (b Batch) subject() string { return "entry-batch/" + strconv.FormatInt(b.ID, 10) }

// All lists every batch, the open ones and then the newest first.
func (k *Book) All(ctx context.Context) ([]Batch, error) {
	return db.List("list batches", k.db.Rows(ctx).Order("CASE WHEN closed_at IS NULL THEN 0 ELSE 1 END, id DESC"), batchRow.domain)
}

// ByID finds a batch; without it, it is fault.ErrNotFound.
func (k *Book) ByID(ctx context.Context, id int64) (Batch, error) {
	return db.One("find batch", k.db.Rows(ctx).Where("id = ?", id), batchRow.domain)
}

// Today is the civil day.
func (k *Book) Today() string { return k.Now().In(k.Zone).Format(time.DateOnly) }

// Open opens a batch. Error: *fault.Invalid.
func (k *Book) Open(ctx context.Context, by audit.Author, snap *registry.Snapshot, b Batch) (Batch, error) {
	if found := k.problems(snap, b); len(found) > 0 {
		return b, &fault.Invalid{Problems: found}
	}
	row := batchRow{
		ServicePointID: b.PointID, VersionID: b.VersionID, Channel: string(b.Channel), Language: b.Language, FromDay: b.From, ToDay: b.To,
		Expected: b.Expected, Twice: db.Flag(b.Twice), OpenedAt: db.Micros(k.Now()), OpenedBy: by.Name,
	}
	err := k.db.Change(ctx, func(tx *db.Tx) error {
		if err := tx.Rows(ctx).Create(&row).Error; err != nil {
			return db.Failed("open batch", err)
		}
		b.ID = row.ID
		return audit.Append(ctx, tx, audit.Entry{At: k.Now(), Author: by, Action: "entry-batch.open", Subject: b.subject(), After: b.told(snap)})
	})
	if err != nil {
		return b, err
	}
	return row.domain()
}

// problems says what is wrong with a batch that is to be opened, by the names of its
// fields.
func (k *Book) problems(snap *registry.Snapshot, b Batch) (found []fault.Problem) {
	add := func(where, key, limit string) {
		found = append(found, fault.Problem{Where: where, Key: key, Limit: limit})
	}
	point, _ := snap.PointByID(b.PointID)
	version := snap.Version(b.VersionID)
	switch {
	case version == nil || !slices.Contains(k.Versions(snap, point), version):
		add("version", fault.ProblemUnknownVersion, "")
	case !slices.Contains(version.Definition.Languages, b.Language):
		add("language", fault.ProblemUnknownLanguage, "")
	}
	if !slices.Contains(Channels(point), b.Channel) {
		add("channel", ProblemChannel, "")
	}
	from, badFrom := time.Parse(time.DateOnly, b.From)
	to, badTo := time.Parse(time.DateOnly, b.To)
	today, _ := time.Parse(time.DateOnly, k.Today())
	switch {
	case badFrom != nil || from.After(today):
		add("from", ProblemDay, "")
	case from.Before(today.AddDate(0, 0, -oldest)):
		add("from", ProblemOld, strconv.Itoa(oldest))
	}
	switch {
	case badTo != nil || to.After(today):
		add("to", ProblemDay, "")
	case badFrom == nil && (to.Before(from) || to.After(from.AddDate(0, 0, mostDays-1))):
		add("to", ProblemDays, strconv.Itoa(mostDays))
	}
	if b.Expected < 1 || b.Expected > MostSheets {
		add("expected", ProblemExpected, strconv.Itoa(MostSheets))
	}
	return found
}

// Drop forgets an open batch and everything that was typed of it. Errors:
// *fault.Invalid of one that is closed, fault.ErrNotFound.
func (k *Book) Drop(ctx context.Context, by audit.Author, snap *registry.Snapshot, b Batch) error {
	err := k.db.Change(ctx, func(tx *db.Tx) error {
		now, err := holdOpen(ctx, tx, b.ID)
		if err != nil {
			return err
		}
		sheets, err := sheetsOf(ctx, tx, b)
		if err != nil {
			return err
		}
		for _, table := range []string{"entry_sheets WHERE batch_id", "entry_batches WHERE id"} {
			if _, err := tx.ExecContext(ctx, "DELETE FROM "+table+" = $1", b.ID); err != nil {
				return db.Failed("drop batch", err)
			}
		}
		said := now.told(snap)
		said.Sheets = len(sheets)
		return audit.Append(ctx, tx, audit.Entry{At: k.Now(), Author: by, Action: "entry-batch.drop", Subject: b.subject(), Before: said})
	})
	if err != nil {
		return err
	}
	k.scrubbed(k.db.Scrub(ctx, "entry_sheets"))
	return nil
}

// hold keeps everybody else from changing a batch until the transaction ends, and reads
// it.
func hold(ctx context.Context, tx *db.Tx, id int64) (Batch, error) {
	if _, err := tx.ExecContext(ctx, "UPDATE entry_batches SET changes = changes + 1 WHERE id = $1", id); err != nil {
		return Batch{}, db.Failed("hold batch", err)
	}
	return db.One("find batch", tx.Rows(ctx).Where("id = ?", id), batchRow.domain)
}

// holdOpen is hold of a batch that is open; one that is closed is *fault.Invalid.
func holdOpen(ctx context.Context, tx *db.Tx, id int64) (Batch, error) {
	b, err := hold(ctx, tx, id)
	if err == nil && b.Closed() {
		err = invalid("sheets", ProblemClosed)
	}
	return b, err
}

// scrubbed takes note of whether the database's files were cleared of what is gone. That
// they were not is no reason to tell somebody that it is still there.
func (k *Book) scrubbed(err error) {
	if err != nil {
		k.Log.Warn("the files of the database may still hold what was typed", "error", err)
	}
}

// Tables are those of the package, in the order in which rows may be inserted.
func Tables() []db.Table {
	return []db.Table{
		{Name: "entry_batches", Order: "id", Identity: true},
		{Name: "entry_sheets", Order: "service_point_id, batch_id, number, typing"},
		{Name: "entry_kept", Order: "service_point_id, batch_id, number"},
	}
}

// ForgetSheets forgets which answer each sheet became, of batches that can be corrected
// no longer, and tells of how many sheets.
func (k *Book) ForgetSheets(ctx context.Context) (n int64, err error) {
	res, err := k.db.Exec(ctx, "DELETE FROM entry_kept WHERE batch_id IN (SELECT id FROM entry_batches WHERE closed_at < $1)", db.Micros(k.Now().Add(-CorrectFor)))
	if err == nil {
		n, err = res.RowsAffected()
	}
	if err != nil {
		return 0, fmt.Errorf("forget sheets: %w", err)
	}
	return n, nil
}
