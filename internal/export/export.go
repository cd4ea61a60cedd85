package export

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"sipas/internal/civil"
	"sipas/internal/registry"
	"sipas/internal/store"
	"sipas/internal/survey"
)

// Options say what is exported.
type Options struct {
	Days civil.Days     // the civil days; all by default
	Zone *time.Location // where hours are counted; required
	// Hours gives the day and the full hour of each response instead of the half
	// month, for the province's own statisticians. Only with it may Days begin or
	// end within a half month: a file of one day tells the day.
	Hours bool
	// WithoutIDs leaves the aliases out, for files that leave the house: see
	// Row.ID. They cannot be imported.
	WithoutIDs bool
	// Progress is told now and then how many are done, each half when it was read
	// and half when it was written; may be nil.
	Progress func(done int64)

	held int // in memory; for tests
}

// ErrDays says that the days would tell more than the half month.
var ErrDays = errors.New("days within a half month (1-14, 15-end): a file that begins or ends there would tell more of the time than the half month")

// check refuses days that cut a half month.
func (o Options) check() error {
	if o.Hours {
		return nil
	}
	if from := o.Days.From; from != "" && civil.HalfMonthOf(from).From() != from {
		return fmt.Errorf("%s: %w", from, ErrDays)
	}
	if to := o.Days.To; to != "" && civil.HalfMonthOf(to).Last() != to {
		return fmt.Errorf("%s: %w", to, ErrDays)
	}
	return nil
}

// JSONL writes a line of JSON for each response (see Row) and returns how many
// there were. It holds a few thousand responses in memory, however many there
// are.
func JSONL(ctx context.Context, w io.Writer, reg *registry.Registry, st *store.Store, o Options) (int64, error) {
	names, err := newNaming(ctx, reg, o)
	if err != nil {
		return 0, fmt.Errorf("export: %w", err)
	}
	out := bufio.NewWriter(w)
	lines := json.NewEncoder(out)
	n, err := each(ctx, st, names, o, func(r Row) error { return lines.Encode(r) })
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		return n, fmt.Errorf("export: %w", err)
	}
	return n, nil
}

// fixed are the columns of CSV that every response has.
var fixed = []string{"id", "service_point", "agency", "field", "version", "channel", "language", "day", "time"}

// CSV writes a header and a row for each response, and returns how many
// responses there were. After the parts of Row comes a column for each question
// of each survey, named `survey.question`; several choices stand in one cell,
// with spaces between. Cells are guarded: see textfile.Guard. It is as frugal as JSONL,
// and has its errors.
func CSV(ctx context.Context, w io.Writer, reg *registry.Registry, st *store.Store, o Options) (int64, error) {
	names, err := newNaming(ctx, reg, o)
	if err != nil {
		return 0, fmt.Errorf("export: %w", err)
	}
	header, column := columns(versionsOf(names.snap))
	out := newSheet(w)
	if err := out.write(header); err != nil {
		return 0, fmt.Errorf("export: %w", err)
	}
	n, err := each(ctx, st, names, o, func(r Row) error {
		cells := make([]string, len(header))
		copy(cells, []string{
			r.ID, string(r.ServicePoint), r.Agency, r.Field, r.Version, string(r.Channel), r.Language, r.Day, r.Time,
		})
		surveyKey, _, _ := strings.Cut(r.Version, ".")
		for question, v := range r.Answers {
			cells[column[surveyKey+"."+question]] = cell(v)
		}
		return out.write(cells)
	})
	if err == nil {
		err = out.flush()
	}
	if err != nil {
		return n, fmt.Errorf("export: %w", err)
	}
	return n, nil
}

// Columns are those of a CSV, in their order.
func Columns(snap *registry.Snapshot) []string {
	header, _ := columns(versionsOf(snap))
	return header
}

// columns gives the header, and the place of each question's column.
func columns(versions []*survey.Version) (header []string, at map[string]int) {
	header, at = append(header, fixed...), map[string]int{}
	for _, v := range versions {
		for _, p := range v.Parts() {
			name := v.Definition.Key + "." + p.Key()
			if _, known := at[name]; known || p.Free || p.Reserved {
				continue
			}
			at[name] = len(header)
			header = append(header, name)
		}
	}
	return header, at
}

const progressEvery = 1000

// each gives every row, in an order that is drawn anew each time.
func each(ctx context.Context, st *store.Store, names *naming, o Options, write func(Row) error) (n int64, err error) {
	total, err := st.CountResponses(ctx, o.Days)
	if err != nil {
		return 0, err
	}
	if o.held == 0 {
		o.held = held
	}
	order, err := newShuffle(total, o.held)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, order.close()) }()
	read := int64(0)
	progress := func() {
		if (read+n)%progressEvery == 0 && o.Progress != nil {
			o.Progress((read + n) / 2)
		}
	}
	for r, err := range st.Responses(ctx, o.Days) {
		if err != nil {
			return 0, err
		}
		row, err := names.row(r)
		if err != nil {
			return 0, err
		}
		line, err := json.Marshal(row)
		if err == nil {
			err = order.add(append(line, '\n'))
		}
		if err != nil {
			return 0, err
		}
		read++
		progress()
	}
	if read == 0 {
		return 0, nil
	}
	err = order.each(func(line []byte) error {
		var row Row
		if err := errors.Join(ctx.Err(), json.Unmarshal(line, &row)); err != nil {
			return err
		}
		n++
		progress()
		return write(row)
	})
	return n, err
}
