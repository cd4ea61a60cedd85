package spreadsheet_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sipas/internal/spreadsheet"
	"sipas/internal/textfile"
)

// read gives the rows of a file as texts, and why it was refused.
func read(content []byte) (rows [][]string, lines []int, refused string) {
	for row, err := range spreadsheet.Rows(content) {
		var refusal *spreadsheet.Refusal
		if errors.As(err, &refusal) {
			return rows, lines, refusal.Reason
		}
		if err != nil {
			return rows, lines, err.Error()
		}
		texts := make([]string, len(row.Cells))
		for i, cell := range row.Cells {
			texts[i] = cell.Text + [...]string{"", "#", "@", "!"}[cell.Kind]
		}
		rows, lines = append(rows, texts), append(lines, row.Line)
	}
	return rows, lines, ""
}

// TestWhatIsWrittenIsRead: BAD_INPUTS 3, any text comes back out of both formats,
// what begins like a formula too, and the same table makes the same bytes.
func TestWhatIsWrittenIsRead(t *testing.T) {
	t.Parallel()
	text := rapid.OneOf(
		rapid.SampledFrom([]string{
			"=1+1", "+84912345678", "-5", "@phuong", "'=1", "a;=1", "x;'-1;'x", `"`, "\u00a0=cmd|' /C calc'!A0", "＝1", "00123", "1e5", "3-12",
			"_x0041_", "_x005F_", "<a>&amp;</a>", "Sở Xây dựng", "\ufffe", "2.0", "'quoted'", "a,b",
		}),
		rapid.StringOfN(rapid.SampledFrom([]rune("=+-@'\"; ,a5_x0＝đ<&\u0301")), 0, 8, -1), rapid.String())
	rapid.Check(t, func(t *rapid.T) {
		table := rapid.SliceOfN(rapid.SliceOfN(text, 3, 3), 1, 5).Draw(t, "table")
		var want [][]string
		for _, row := range table {
			for i := range row {
				row[i] = strings.ReplaceAll(strings.ToValidUTF8(row[i], ""), "\x00", "")
			}
			row[2] += "!"
			want = append(want, []string{textfile.OneLine(row[0]), textfile.OneLine(row[1]), textfile.OneLine(row[2])})
		}
		for _, format := range []string{spreadsheet.CSV, spreadsheet.XLSX} {
			var files [2]bytes.Buffer
			for i := range files {
				err := spreadsheet.Write(&files[i], format, func(row func(...string) error) error {
					errs := []error{row("a", "b", "c")} // no name holds a separator
					for _, cells := range table {
						errs = append(errs, row(cells...))
					}
					return errors.Join(errs...)
				})
				if err != nil {
					t.Fatal(err)
				}
			}
			if !bytes.Equal(files[0].Bytes(), files[1].Bytes()) {
				t.Errorf("%s: another file of the same table", format)
			}
			got, _, refused := read(files[0].Bytes())
			if diff := cmp.Diff(append([][]string{{"a", "b", "c"}}, want...), got); refused != "" || diff != "" {
				t.Errorf("%s: %s %s", format, refused, diff)
			}
		}
	})
}

// TestNoCellBeginsAFormula: also where a program takes the file apart at semicolons.
func TestNoCellBeginsAFormula(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	err := spreadsheet.Write(&out, spreadsheet.CSV, func(row func(...string) error) error {
		return row(`=HYPERLINK("http://evil","x")`, "a;=cmd|' /C calc'!A0", "-5", "\tx")
	})
	const want = `"'=HYPERLINK(""http://evil"",""x"")",a;'=cmd|' /C calc'!A0,-5,'` + "\tx\n"
	if err != nil || out.String() != want {
		t.Errorf("%q, %v", out.String(), err)
	}
}

// part is a part of a made-up XLSX.
type part struct{ name, content string }

func xlsx(t *testing.T, parts ...part) []byte {
	t.Helper()
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for _, p := range parts {
		w, err := archive.Create(p.name)
		if err == nil {
			_, err = w.Write([]byte(p.content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// office is what Excel and LibreOffice make of a workbook whose sheet has these rows.
func office(t *testing.T, rows string, also ...part) []byte {
	t.Helper()
	const rels = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	const kind = `http://schemas.openxmlformats.org/officeDocument/2006/relationships/`
	parts := []part{
		{"_rels/.rels", rels + `<Relationship Id="r1" Type="` + kind + `officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook xmlns:r="` + kind[:len(kind)-1] + `"><workbookPr/><sheets><sheet name="Cũ" state="hidden" r:id="r9"/><sheet name="Bảng" r:id="r1"/><sheet name="Ghi chú" r:id="r2"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", rels + `<Relationship Id="r2" Type="` + kind + `worksheet" Target="worksheets/notes.xml"/>` +
			`<Relationship Id="r1" Type="` + kind + `worksheet" Target="/xl/worksheets/sheet1.xml"/>` +
			`<Relationship Id="r3" Type="` + kind + `sharedStrings" Target="sharedStrings.xml"/><Relationship Id="r4" Type="` + kind + `styles" Target="styles.xml"/></Relationships>`},
		{"xl/styles.xml", `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="00000"/><numFmt numFmtId="165" formatCode="[$-42A]dd\/mm\/yyyy;@"/><numFmt numFmtId="166" formatCode="#,##0&quot; đồng mỗi dam&quot;"/><numFmt numFmtId="167" formatCode="0.0%"/></numFmts>` +
			`<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="10"/><xf numFmtId="167"/></cellXfs></styleSheet>`},
		{"xl/sharedStrings.xml", `<sst><si><t>mã</t></si><si><r><t>Sở </t></r><r><t>Xa&#770;y</t></r><rPh><t>doc</t></rPh></si><si><t>a_x000D_b</t></si></sst>`},
		{"xl/worksheets/sheet1.xml", `<?xml version="1.0"?><worksheet><sheetData>` + rows + `</sheetData></worksheet>`},
	}
	for i := range parts {
		for _, p := range also {
			if p.name == parts[i].name {
				parts[i] = p
			}
		}
	}
	return xlsx(t, parts...)
}

// TestOfficeFiles: BAD_INPUTS 15, cells as programs keep them: shared texts, runs,
// days, numbers that a format gives zeros or shows as percentages, formulas, gaps, coloured cells far out.
func TestOfficeFiles(t *testing.T) {
	t.Parallel()
	got, lines, refused := read(office(t, `<row r="2"><c r="A2" t="s"><v>0</v></c><c r="C2" t="inlineStr"><is><t>b</t></is></c></row><row r="3"/>
		<row r="5"><c r="A5" t="s"><v>1</v></c><c r="B5" s="1"><v>45839</v></c><c r="C5" s="2"><v>123</v></c><c r="D5"><v>2.0</v></c><c r="E5" s="3"><v>1</v></c>
		<c r="F5"><v>1.1000000000000001</v></c><c r="G5" t="b"><v>1</v></c><c r="H5" t="e"><f>A1</f><v>#REF!</v></c><c r="I5" t="str"><f>A1&amp;1</f><v>x1</v></c>
		<c r="J5" s="1"><v>45839.5</v></c><c r="K5"><v>2.3450000000000001E+13</v></c><c r="L5" s="4"><v>5</v></c><c r="M5" t="s"><v>2</v></c><c r="N5" s="5"><v>0.57</v></c><c r="O5" s="6"><v>0.875</v></c><c r="XFD5" s="1"/></row>`))
	want := [][]string{
		{"mã", "", "b"},
		{"Sở Xây", "2025-07-01@", "00123#", "2#", "1900-01-01@", "1.1#", "TRUE", "#REF!!", "x1", "2025-07-01 12:00:00@", "23450000000000#", "5#", "a b", "57%#", "87.5%#"},
	}
	if diff := cmp.Diff(want, got); refused != "" || diff != "" {
		t.Error(refused, diff)
	}
	if diff := cmp.Diff([]int{2, 5}, lines); diff != "" {
		t.Error(diff)
	}
	got, _, refused = read(office(t, `<row><c s="1"><v>0</v></c></row>`, part{"xl/workbook.xml", `<workbook xmlns:r="http://purl.oclc.org/ooxml/officeDocument/relationships"><workbookPr date1904="1"/><sheets><sheet r:id="r1"/></sheets></workbook>`}))
	if diff := cmp.Diff([][]string{{"1904-01-01@"}}, got); refused != "" || diff != "" {
		t.Error(refused, diff)
	}
}

// TestHostileFiles: BAD_INPUTS 14 and 15, what is no table, or made to do harm, is
// refused with a reason that can be told.
func TestHostileFiles(t *testing.T) {
	t.Parallel()
	cell := func(s string) string { return `<row><c t="inlineStr"><is><t>` + s + `</t></is></c></row>` }
	encrypted := office(t, cell("a"))
	for at := 0; ; at++ { // the flag of every entry, in both of its headers
		next := bytes.Index(encrypted[at:], []byte("PK"))
		if next < 0 {
			break
		}
		at += next
		switch encrypted[at+2] {
		case 3:
			encrypted[at+6] |= 1
		case 1:
			encrypted[at+8] |= 1
		}
	}
	many := func(n int) []byte {
		parts := make([]part, n)
		for i := range parts {
			parts[i].name = "x"
		}
		return xlsx(t, parts...)
	}
	for name, file := range map[string]struct {
		content []byte
		want    string
	}{
		"nothing":                  {nil, spreadsheet.RefusedEmpty},
		"blank rows":               {[]byte("\n,,\n,\n"), spreadsheet.RefusedEmpty},
		"an old .xls":              {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), spreadsheet.RefusedOldExcel},
		"encrypted entries":        {encrypted, spreadsheet.RefusedOldExcel},
		"OpenDocument":             {xlsx(t, part{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}), spreadsheet.RefusedOpenSheet},
		"another archive":          {xlsx(t, part{"../../etc/passwd", "x"}), spreadsheet.RefusedDamaged},
		"cut off":                  {office(t, cell("a"))[:900], spreadsheet.RefusedDamaged},
		"picture":                  {[]byte("\x89PNG\r\n\x1a\n\x00\x00"), spreadsheet.RefusedNotText},
		"open quotes":              {[]byte("a,b\n1,\"2\n"), spreadsheet.RefusedQuotes},
		"too many bytes":           {make([]byte, spreadsheet.MaxBytes+1), spreadsheet.RefusedTooLarge},
		"too many rows":            {[]byte(strings.Repeat("1\n", spreadsheet.MaxRows+1)), spreadsheet.RefusedTooMany},
		"too many columns":         {[]byte(strings.Repeat(",", spreadsheet.MaxColumns) + "1\n"), spreadsheet.RefusedTooWide},
		"too far out":              {office(t, `<row><c r="XFD1"><v>1</v></c></row>`), spreadsheet.RefusedTooWide},
		"entities":                 {office(t, cell("&e;"), part{"xl/sharedStrings.xml", `<!DOCTYPE sst [<!ENTITY e SYSTEM "file:///etc/passwd">]><sst/>`}), spreadsheet.RefusedDoctype},
		"unknown entity":           {office(t, cell("&e;")), spreadsheet.RefusedDamaged},
		"bomb":                     {office(t, strings.Repeat(`<row/>`+strings.Repeat(" ", 1<<16), 200)), spreadsheet.RefusedTooLarge},
		"one long text":            {office(t, cell(strings.Repeat("a", 2<<20))), spreadsheet.RefusedTooLarge},
		"a text in many parts":     {office(t, `<row><c><v>`+strings.Repeat(strings.Repeat("1", 1000)+"<!-- -->", 100)+`</v></c></row>`), spreadsheet.RefusedTooLarge},
		"deep":                     {office(t, strings.Repeat("<row>", 100)), spreadsheet.RefusedDamaged},
		"rows backwards":           {office(t, `<row r="2"/><row r="1"/>`), spreadsheet.RefusedDamaged},
		"a text that is not there": {office(t, `<row><c t="s"><v>3</v></c></row>`), spreadsheet.RefusedDamaged},
		"thousands of parts":       {many(2001), spreadsheet.RefusedTooLarge},
	} {
		if _, _, refused := read(file.content); refused != file.want {
			t.Errorf("%s: %q, want %q", name, refused, file.want)
		}
	}
}

// FuzzRows: whatever the bytes, rows have growing lines and cells on one line, and
// what is refused has a reason.
func FuzzRows(f *testing.F) {
	f.Add([]byte("a;b\n1;\"2\n3\"\n"))
	f.Add([]byte("PK\x03\x04"))
	var out bytes.Buffer
	if err := spreadsheet.Write(&out, spreadsheet.XLSX, func(row func(...string) error) error { return row("a", "_x0041_") }); err != nil {
		f.Fatal(err)
	}
	f.Add(out.Bytes())
	f.Fuzz(func(t *testing.T, content []byte) {
		last := 0
		for row, err := range spreadsheet.Rows(content) {
			var refusal *spreadsheet.Refusal
			if err != nil {
				if !errors.As(err, &refusal) || refusal.Reason == "" {
					t.Fatalf("%q: %v", content, err)
				}
				return
			}
			if row.Line <= last {
				t.Fatalf("%q: line %d behind %d", content, row.Line, last)
			}
			last = row.Line
			for _, cell := range row.Cells {
				if cell.Text != textfile.OneLine(cell.Text) {
					t.Fatalf("%q: cell %q", content, cell.Text)
				}
			}
		}
	})
}
