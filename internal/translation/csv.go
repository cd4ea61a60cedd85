package translation

import (
	"errors"
	"io"
	"slices"
	"strconv"

	"sipas/internal/spreadsheet"
	"sipas/internal/textfile"
)

// columns are those of a CSV, of which id, source and target are needed. English is told,
// and not read.
func columns() []string {
	return []string{"id", "language", "context", "source", "english", "target", "state"}
}

// writeCSV writes the texts of a survey as CSV, with the mark by which spreadsheet programs
// know UTF-8. No cell is a formula. The same texts always make the same bytes.
func writeCSV(w io.Writer, language string, texts []Text) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	return spreadsheet.Write(w, spreadsheet.CSV, func(row func(cells ...string) error) error {
		err := row(columns()...)
		for _, t := range texts {
			if err != nil {
				return err
			}
			state := "initial"
			if t.Target != "" && !t.Stale {
				state = "translated"
			}
			if Clean(t.Source) != "" {
				err = row(t.Unit, language, t.context(), t.Source, t.English, t.Target, state)
			}
		}
		return err
	})
}

// csv reads a table as spreadsheet programs save it. Unlike those of lists, its cells have
// lines.
func (f *found) csv(content []byte) {
	text, err := textfile.Decoded(content)
	if err != nil {
		f.wrong("", ProblemEncoding)
		return
	}
	var header []string
	for row, err := range textfile.Records(text) {
		var wrong *textfile.TableError
		if errors.As(err, &wrong) {
			f.wrong("", ProblemQuotes, strconv.Itoa(wrong.Line))
			return
		}
		if header == nil {
			for _, name := range row.Cells {
				header = append(header, textfile.OneLine(name))
			}
			for _, needed := range []string{"id", "source", "target"} {
				if !slices.Contains(header, needed) {
					f.wrong("", ProblemNoColumn, needed)
				}
			}
			if len(f.problems) > 0 {
				return
			}
			continue
		}
		if !f.row(header, row) {
			return
		}
	}
}

// row reads one row, and tells whether to go on.
func (f *found) row(header []string, row textfile.Row) bool {
	cell := func(name string) string {
		if at := slices.Index(header, name); at >= 0 && at < len(row.Cells) {
			return spreadsheet.Unguarded(row.Cells[at])
		}
		return ""
	}
	u := Unit{ID: textfile.OneLine(cell("id")), Source: cell("source"), Target: cell("target"), Where: strconv.Itoa(row.Line)}
	if u.ID == "" && u.Source == "" && u.Target == "" {
		return true // a blank row
	}
	state := textfile.OneLine(cell("state"))
	u.Checked = state == "reviewed" || state == "final"
	switch language := textfile.OneLine(cell("language")); {
	case language == "":
	case f.language == "":
		f.language = language
	case f.language != language:
		f.wrong(u.ID, ProblemLanguage, language, f.language)
	}
	if len(f.units) >= maxUnits {
		f.wrong("", ProblemTooMany, strconv.Itoa(maxUnits))
		return false
	}
	f.units = append(f.units, u)
	return true
}
