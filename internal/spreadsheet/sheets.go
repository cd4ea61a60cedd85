package spreadsheet

import (
	"archive/zip"
	"io"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Sheet is one sheet of a workbook.
type Sheet struct {
	Name string
	Rows []Row // without blank ones; texts keep their lines
}

// maxKept bounds what Sheets keeps of all sheets together, in bytes.
const maxKept = 48 << 20

// Sheets reads every sheet of an XLSX, hidden ones too, in the order of the file.
// Texts are in form NFC. Errors: *Refusal.
func Sheets(content []byte) ([]Sheet, error) {
	if len(content) > MaxBytes {
		return nil, &Refusal{Reason: RefusedTooLarge}
	}
	b, err := open(content)
	if err != nil {
		return nil, err
	}
	var all []Sheet
	kept, rows := 0, 0
	for _, sheet := range b.sheets {
		read := Sheet{Name: sheet.name}
		var failed error
		b.rows(sheet.part, func(row Row, err error) bool {
			if err != nil {
				failed = err
				return false
			}
			if len(row.Cells) == 0 {
				return true
			}
			for i, cell := range row.Cells {
				row.Cells[i].Text = norm.NFC.String(cell.Text)
				kept += len(cell.Text) + 32
			}
			switch rows++; {
			case rows > MaxRows:
				failed = &Refusal{Line: row.Line, Reason: RefusedTooMany}
			case kept > maxKept:
				failed = &Refusal{Line: row.Line, Reason: RefusedTooLarge}
			}
			read.Rows = append(read.Rows, row)
			return failed == nil
		})
		if failed != nil {
			return nil, failed
		}
		all = append(all, read)
	}
	if rows == 0 {
		return nil, &Refusal{Reason: RefusedEmpty}
	}
	return all, nil
}

// WriteSheets writes a workbook. Every cell is a text, and stays one whatever it
// begins with. The same sheets always make the same bytes.
func WriteSheets(w io.Writer, sheets []Sheet) error {
	archive := zip.NewWriter(w)
	names := make([]string, len(sheets))
	for i, sheet := range sheets {
		names[i] = sheet.Name
	}
	if err := frame(archive, names...); err != nil {
		return err
	}
	for i, sheet := range sheets {
		err := packSheet(archive, i+1, func(row func(cells ...string) error) error {
			for _, r := range sheet.Rows {
				cells := make([]string, len(r.Cells))
				for i, cell := range r.Cells {
					cells[i] = strings.ToValidUTF8(cell.Text, "\ufffd")
				}
				if err := row(cells...); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return archive.Close()
}
