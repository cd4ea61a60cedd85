package export

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"sipas/internal/store"
	"sipas/internal/survey"
)

// Options say what is exported.
type Options struct {
	Days store.Days     // the civil days; all by default
	Zone *time.Location // where hours are counted; required
	// WithoutIDs leaves the ids out, for files that leave the house: see
	// Row.ID. They cannot be imported.
	WithoutIDs bool
	Progress   func(written int64) // called now and then; may be nil
}

// JSONL writes a line of JSON for each response (see Row) and returns how many
// there were. It holds a few thousand responses in memory, however many there
// are.
func JSONL(ctx context.Context, w io.Writer, st *store.Store, o Options) (int64, error) {
	names, err := newNaming(ctx, st, o)
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
// with spaces between. Cells are guarded: see Guard. It is as frugal as JSONL.
func CSV(ctx context.Context, w io.Writer, st *store.Store, o Options) (int64, error) {
	names, err := newNaming(ctx, st, o)
	if err != nil {
		return 0, fmt.Errorf("export: %w", err)
	}
	header, column := columns(names.order)
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

// columns gives the header, and the place of each question's column.
func columns(versions []*survey.Version) (header []string, at map[string]int) {
	header, at = append(header, fixed...), map[string]int{}
	for _, v := range versions {
		for _, q := range v.Questions() {
			name := v.Definition.Key + "." + q.Key
			if _, known := at[name]; known || q.Type == survey.TypeText {
				continue
			}
			at[name] = len(header)
			header = append(header, name)
		}
	}
	return header, at
}

const progressEvery = 1000

func each(ctx context.Context, st *store.Store, names *naming, o Options, write func(Row) error) (n int64, err error) {
	for r, err := range st.Responses(ctx, o.Days) {
		if err != nil {
			return n, err
		}
		row, err := names.row(r)
		if err != nil {
			return n, err
		}
		if err := write(row); err != nil {
			return n, err
		}
		if n++; n%progressEvery == 0 && o.Progress != nil {
			o.Progress(n)
		}
	}
	return n, nil
}
