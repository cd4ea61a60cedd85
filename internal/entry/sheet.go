package entry

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"sipas/internal/access"
	"sipas/internal/db"
	"sipas/internal/fault"
	"sipas/internal/registry"
	"sipas/internal/survey"
)

// Sheet is one sheet as it was typed.
type Sheet struct {
	Number int
	Typing int    // 1 or 2: the first time, or the second
	By     string // who typed it: Typist
	Void   bool   // it cannot be used
	Cells  Cells
}

// Cells are what a sheet says, by the names that the fields of its form have: "day",
// "field", "procedure", and "a." with the address of an answer. Choices that were taken
// together stand in order, with blanks between them. What was left out is not there.
type Cells map[string]string

// The names of cells that are no answers.
const (
	CellDay       = "day"
	cellField     = "field"
	cellProcedure = "procedure"
	answer        = "a."
)

// CellsOf reads a submission of a version on a day.
func CellsOf(v *survey.Version, day string, s survey.Submission) Cells {
	c := Cells{}
	c.set(CellDay, day)
	c.set(cellField, s.FieldKey)
	c.set(cellProcedure, s.Procedure)
	for address, value := range s.Answers {
		switch value.Kind {
		case survey.ValueLevel:
			c.set(answer+address, strconv.Itoa(value.Level))
		case survey.ValueChoices:
			c.set(answer+address, strings.Join(slices.Sorted(slices.Values(value.Choices)), " "))
		case survey.ValueText:
			c.set(answer+address, value.Text)
		}
	}
	return c
}

func (c Cells) set(name, text string) {
	if text = strings.TrimSpace(strings.ReplaceAll(norm.NFC.String(text), "\r\n", "\n")); text != "" {
		c[name] = text
	}
}

// Fields are the cells as fields of a form, of which each choice is one.
func (c Cells) Fields(v *survey.Version) map[string][]string {
	fields := map[string][]string{}
	for name, text := range c {
		fields[name] = []string{text}
		if part, known := v.Part(strings.TrimPrefix(name, answer)); known && part.Several {
			fields[name] = strings.Split(text, " ")
		}
	}
	return fields
}

// submission is what a citizen would have sent.
func (c Cells) submission(b Batch, v *survey.Version, id string) survey.Submission {
	s := survey.Submission{ID: id, Version: v.Name(), Language: b.Language, FieldKey: c[cellField], Procedure: c[cellProcedure], Answers: map[string]survey.Value{}}
	for name, fields := range c.Fields(v) {
		address, is := strings.CutPrefix(name, answer)
		if !is {
			continue
		}
		if part, known := v.Part(address); known {
			s.Answers[address], _, _ = part.Typed(fields)
		} else {
			s.Answers[address] = survey.Value{Kind: survey.ValueText, Text: fields[0]} // is refused as unknown
		}
	}
	return s
}

// Typist is who types, as sheets say it: an account, or the label of a token.
func Typist(who access.Identity) string {
	if who.UserID != 0 {
		return "account " + strconv.FormatInt(who.UserID, 10)
	}
	return "token " + who.Name
}

// accept judges a sheet as what a citizen sends is judged, on the day that it says. Its
// problems are named as fields of the form are.
func (k *Book) accept(ctx context.Context, snap *registry.Snapshot, b Batch, c Cells, id string) (survey.Response, error) {
	form, err := k.Form(snap, b)
	if err != nil {
		return survey.Response{}, err
	}
	day, err := time.ParseInLocation(time.DateOnly, c[CellDay], k.Zone)
	if err != nil || c[CellDay] < b.From || c[CellDay] > b.To {
		return survey.Response{}, &fault.Invalid{Problems: []fault.Problem{{Where: CellDay, Key: ProblemOutside}}}
	}
	noon := day.Add(12 * time.Hour) // nobody knows when on that day the sheet was filled in
	s := c.submission(b, form.Version, id)
	s.Campaign = campaignOf(form, noon, k.Zone)
	return k.intake.AcceptAt(ctx, form, s, noon)
}

// Put keeps a sheet as it was typed. The same sheet may be sent again; another one under
// a number that was typed before is kept only if it is anew: it was opened to be changed.
// Errors: *fault.Invalid, fault.ErrNotFound.
func (k *Book) Put(ctx context.Context, snap *registry.Snapshot, b Batch, s Sheet, anew bool) error {
	switch {
	case s.Number < 1 || s.Number > MostSheets:
		return invalid("number", ProblemNumber)
	case s.Typing < 1 || s.Typing > b.Typings():
		return invalid("typing", ProblemTyping)
	}
	if s.Void {
		s.Cells = Cells{}
	} else if _, err := k.accept(ctx, snap, b, s.Cells, survey.NewID(k.Now())); err != nil {
		return err
	}
	return k.db.Change(ctx, func(tx *db.Tx) error {
		if _, err := holdOpen(ctx, tx, b.ID); err != nil {
			return err
		}
		return putSheet(ctx, tx, b, s, anew)
	})
}

func putSheet(ctx context.Context, tx *db.Tx, b Batch, s Sheet, anew bool) error {
	if other, err := typedOther(ctx, tx, b.ID, s.Typing, s.By); err != nil || other {
		return orElse(err, invalid("typing", ProblemSame))
	}
	before, err := sheetOf(ctx, tx, b, s.Typing, s.Number)
	switch {
	case err == nil && before.Void == s.Void && maps.Equal(before.Cells, s.Cells):
		return nil
	case err == nil && !anew:
		return invalid("number", ProblemTyped)
	case err != nil && !errors.Is(err, fault.ErrNotFound):
		return err
	}
	cells, err := json.Marshal(s.Cells)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO entry_sheets (service_point_id, batch_id, number, typing, typed_by, void, cells) VALUES ($1, $2, $3, $4, $5, $6, $7) "+
		"ON CONFLICT (service_point_id, batch_id, number, typing) DO UPDATE SET typed_by = excluded.typed_by, void = excluded.void, cells = excluded.cells",
		b.PointID, b.ID, s.Number, s.Typing, s.By, db.Flag(s.Void), string(cells))
	return db.Failed("keep sheet", err)
}

// MayType tells whether somebody may type a batch for the first or the second time:
// who typed any of it the other time may not, since they would see what they expect.
func (k *Book) MayType(ctx context.Context, b Batch, typing int, by string) (may bool, err error) {
	err = k.db.Snapshot(ctx, func(tx *db.Tx) error {
		other, err := typedOther(ctx, tx, b.ID, typing, by)
		may = !other
		return err
	})
	return may, err
}

func typedOther(ctx context.Context, tx *db.Tx, id int64, typing int, by string) (bool, error) {
	var n int
	err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM entry_sheets WHERE batch_id = $1 AND typing <> $2 AND typed_by = $3", id, typing, by).Scan(&n)
	return n > 0, db.Failed("find who typed", err)
}

// Sheets lists what was typed of an open batch, sheet by sheet.
func (k *Book) Sheets(ctx context.Context, b Batch) (sheets []Sheet, err error) {
	err = k.db.Snapshot(ctx, func(tx *db.Tx) error {
		sheets, err = sheetsOf(ctx, tx, b)
		return err
	})
	return sheets, err
}

// SheetOf finds a sheet as it was typed; without it, it is fault.ErrNotFound.
func (k *Book) SheetOf(ctx context.Context, b Batch, typing, number int) (s Sheet, err error) {
	err = k.db.Snapshot(ctx, func(tx *db.Tx) error {
		s, err = sheetOf(ctx, tx, b, typing, number)
		return err
	})
	return s, err
}

func sheetOf(ctx context.Context, tx *db.Tx, b Batch, typing, number int) (Sheet, error) {
	found, err := readSheets(ctx, tx, b, " AND typing = $3 AND number = $4", typing, number)
	if err == nil && len(found) == 0 {
		err = db.Failed("find sheet", sql.ErrNoRows)
	}
	if err != nil {
		return Sheet{}, err
	}
	return found[0], nil
}

func sheetsOf(ctx context.Context, tx *db.Tx, b Batch) ([]Sheet, error) {
	return readSheets(ctx, tx, b, "")
}

func readSheets(ctx context.Context, tx *db.Tx, b Batch, where string, args ...any) (sheets []Sheet, err error) {
	err = db.ScanAll(ctx, tx, "SELECT number, typing, typed_by, void, cells FROM entry_sheets WHERE service_point_id = $1 AND batch_id = $2"+where+" ORDER BY number, typing",
		append([]any{b.PointID, b.ID}, args...), func(rows *sql.Rows) error {
			var s Sheet
			var void int
			var cells string
			if err := rows.Scan(&s.Number, &s.Typing, &s.By, &void, &cells); err != nil {
				return err
			}
			s.Void = void != 0
			sheets = append(sheets, s)
			return json.Unmarshal([]byte(cells), &sheets[len(sheets)-1].Cells)
		})
	return sheets, db.Failed("list sheets", err)
}

// Progress is how far the typing of a batch is.
type Progress struct {
	Typed [3]int // sheets, void ones among them, of the first and the second time; 0 is not used
	Last  [3]int // the highest number of each
}

// ProgressOf tells how far the typing of an open batch is.
func (k *Book) ProgressOf(ctx context.Context, b Batch) (p Progress, err error) {
	err = k.db.Query(ctx, "SELECT typing, COUNT(*), MAX(number) FROM entry_sheets WHERE service_point_id = $1 AND batch_id = $2 GROUP BY typing", []any{b.PointID, b.ID}, func(rows *sql.Rows) error {
		var typing, n, last int
		err := rows.Scan(&typing, &n, &last)
		if err == nil {
			p.Typed[typing], p.Last[typing] = n, last
		}
		return err
	})
	return p, db.Failed("count sheets", err)
}

func invalid(where, key string) error {
	return &fault.Invalid{Problems: []fault.Problem{{Where: where, Key: key}}}
}

func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}
