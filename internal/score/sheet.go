package score

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"

	"sipas/internal/textfile"
)

// Limits of a sheet. They keep every sum inside an int64 and every exact fraction quick.
const (
	MaxSheetBytes     = 4 << 20
	MaxSheetQuestions = 1000
	MaxSheetCount     = 1_000_000_000_000
)

// Sheet is a table of counts, for `sipas score`: sections in the order of their first row, questions in the order of their rows.
type Sheet struct {
	// Decimals of Display in the Result; 0 is 2, as SIPAS figures are published.
	Decimals int
	Sections []Section
}

// SheetError says what is wrong with a sheet and where. Text from the sheet is quoted in it, so it is safe on a terminal, but not
// yet for HTML.
type SheetError struct {
	Line   int // from 1; 0 where no single line is to blame
	Reason string
}

// Error is "sheet, line 3: reason", or "sheet: reason" where no line is to blame.
func (e *SheetError) Error() string {
	if e.Line == 0 {
		return "sheet: " + e.Reason
	}
	return fmt.Sprintf("sheet, line %d: %s", e.Line, e.Reason)
}

func sheetError(line int, format string, args ...any) error {
	return &SheetError{line, fmt.Sprintf(format, args...)}
}

// ReadSheet reads CSV with the columns section, question, n1, n2, n3, n4, n5 and optionally n0, in any order, in UTF-8, in whatever
// form a spreadsheet program writes: see textfile.Table. Every count is written out as a whole number. Texts that are equal in
// Unicode form NFC with one blank between words are equal. A header without rows is a sheet without data. Anything else is a
// *SheetError; a failing reader gives its own error.
func ReadSheet(r io.Reader) (Sheet, error) {
	text, err := textfile.Read(r, MaxSheetBytes)
	switch {
	case errors.Is(err, textfile.ErrUTF16):
		return Sheet{}, sheetError(0, "UTF-16; save it as \"CSV UTF-8\"")
	case errors.Is(err, textfile.ErrNotUTF8):
		return Sheet{}, sheetError(0, "not UTF-8 text; save it as \"CSV UTF-8\"")
	case err != nil:
		return Sheet{}, fmt.Errorf("reading the sheet: %w", err)
	case len(text) > MaxSheetBytes:
		return Sheet{}, sheetError(0, "larger than %d bytes", MaxSheetBytes)
	}
	header, rows, err := textfile.Table(text)
	var wrong *textfile.TableError
	switch {
	case errors.As(err, &wrong):
		return Sheet{}, sheetError(wrong.Line, "%s", wrong.Reason)
	case err != nil:
		return Sheet{}, fmt.Errorf("reading the sheet: %w", err)
	case header.Cells == nil:
		return Sheet{}, sheetError(0, "empty; want a header line %s", strings.Join(required(), ","))
	}
	columns, err := readHeader(header.Line, header.Cells)
	if err != nil {
		return Sheet{}, err
	}
	return readRows(rows, columns)
}

func required() []string { return []string{"section", "question", "n1", "n2", "n3", "n4", "n5"} }

// readHeader maps each column name to its position.
func readHeader(line int, header []string) (map[string]int, error) {
	columns := make(map[string]int, len(header))
	for i, name := range header {
		name = strings.ToLower(name)
		if _, twice := columns[name]; twice {
			return nil, sheetError(line, "column %.40q stands twice", name)
		}
		columns[name] = i
	}
	known := 0
	for _, name := range required() {
		if _, ok := columns[name]; !ok {
			return nil, sheetError(line, "column %q is missing; want %s and optionally n0", name, strings.Join(required(), ","))
		}
		known++
	}
	if _, ok := columns["n0"]; ok {
		known++
	}
	if known != len(columns) {
		return nil, sheetError(line, "unknown column; want %s and optionally n0", strings.Join(required(), ","))
	}
	return columns, nil
}

func readRows(rows []textfile.Row, columns map[string]int) (Sheet, error) {
	var sheet Sheet
	sections := map[string]int{}
	seen := map[string]int{}
	for _, row := range rows {
		line := row.Line
		section, question, err := readRow(line, row.Cells, columns)
		if err != nil {
			return Sheet{}, err
		}
		if before, twice := seen[question.Key]; twice {
			return Sheet{}, sheetError(line, "question %.40q stands already on line %d", question.Key, before)
		}
		if len(seen) == MaxSheetQuestions {
			return Sheet{}, sheetError(line, "more than %d questions", MaxSheetQuestions)
		}
		seen[question.Key] = line
		at, ok := sections[section]
		if !ok {
			at = len(sheet.Sections)
			sections[section] = at
			sheet.Sections = append(sheet.Sections, Section{Key: section})
		}
		sheet.Sections[at].Questions = append(sheet.Sections[at].Questions, question)
	}
	return sheet, nil
}

func readRow(line int, fields []string, columns map[string]int) (section string, question Question, err error) {
	if section, err = readKey(line, "section", fields[columns["section"]]); err != nil {
		return "", Question{}, err
	}
	if question.Key, err = readKey(line, "question", fields[columns["question"]]); err != nil {
		return "", Question{}, err
	}
	for level := range question.Counts {
		column := "n" + strconv.Itoa(level)
		at, ok := columns[column]
		if !ok {
			continue // only n0 may be absent
		}
		if question.Counts[level], err = readCount(line, column, fields[at]); err != nil {
			return "", Question{}, err
		}
	}
	return section, question, nil
}

// readKey refuses what could play tricks on a terminal or look like another key.
func readKey(line int, column, key string) (string, error) {
	if key == "" {
		return "", sheetError(line, "%s is empty", column)
	}
	if len(key) > 200 || strings.ContainsFunc(key, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return "", sheetError(line, "%s %.40q is longer than 200 bytes or has characters that do not print", column, key)
	}
	return key, nil
}

func readCount(line int, column, text string) (int64, error) {
	if !digits(text) {
		return 0, sheetError(line, "%s is %.40q, want a whole number of people, 0 or more", column, text)
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n > MaxSheetCount {
		return 0, sheetError(line, "%s is %.40q, more than %d", column, text, MaxSheetCount)
	}
	return n, nil
}
