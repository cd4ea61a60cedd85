package spreadsheet

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// The parts of an XLSX around its one sheet. Style 1 says that a cell is a text
// (built-in format 49), so that what somebody types into a column of codes keeps its
// zeros; the columns have it too.
var parts = []struct{ name, content string }{
	{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
		`<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>` +
		`{types}</Types>`},
	{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>` +
		`</Relationships>`},
	{"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" ` +
		`xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">` +
		`<bookViews><workbookView/></bookViews><sheets>{sheets}</sheets></workbook>`},
	{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`{relations}</Relationships>`},
	{"xl/styles.xml", `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` +
		`<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
		`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
		`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
		`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
		`<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
		`<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
		`<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs>` +
		`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`},
}

const sheetBegin = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` +
	`<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>` +
	`<cols><col min="1" max="256" width="22" style="1" customWidth="1"/></cols><sheetData>`

// pack writes an XLSX of one sheet whose cells are texts.
func pack(w io.Writer, rows func(row func(cells ...string) error) error) error {
	archive := zip.NewWriter(w)
	if err := frame(archive, "1"); err != nil {
		return err
	}
	if err := packSheet(archive, 1, rows); err != nil {
		return err
	}
	return archive.Close()
}

// frame writes what stands around sheets of these names.
func frame(archive *zip.Writer, names ...string) error {
	var types, sheets, relations strings.Builder
	for i, name := range names {
		n := i + 1
		_, _ = fmt.Fprintf(&types, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`, n)
		_, _ = fmt.Fprintf(&sheets, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, attributeText(name), n, n)
		_, _ = fmt.Fprintf(&relations, `<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet%d.xml"/>`, n, n)
	}
	_, _ = fmt.Fprintf(&relations, `<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>`, len(names)+1)
	filled := strings.NewReplacer("{types}", types.String(), "{sheets}", sheets.String(), "{relations}", relations.String())
	for _, p := range parts {
		part, err := archive.Create(p.name) // without a time: the same table makes the same bytes
		if err == nil {
			_, err = io.WriteString(part, xml.Header+filled.Replace(p.content))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func attributeText(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a builder takes everything
	return b.String()
}

// packSheet writes one sheet, by its number.
func packSheet(archive *zip.Writer, number int, rows func(row func(cells ...string) error) error) error {
	part, err := archive.Create(fmt.Sprintf("xl/worksheets/sheet%d.xml", number))
	if err != nil {
		return err
	}
	out := bufio.NewWriter(part)
	_, _ = out.WriteString(xml.Header + sheetBegin) // shows at the flush
	line, style := 0, 2
	err = rows(func(cells ...string) error {
		line++
		_, _ = fmt.Fprintf(out, `<row r="%d">`, line)
		for i, cell := range cells {
			if cell != "" {
				_, _ = fmt.Fprintf(out, `<c r="%s%d" s="%d" t="inlineStr"><is><t xml:space="preserve">`, columnName(i), line, style)
				_ = xml.EscapeText(out, []byte(escaped(cell)))
				_, _ = out.WriteString(`</t></is></c>`)
			}
		}
		style = 1
		_, err := out.WriteString("</row>")
		return err
	})
	if err != nil {
		return err
	}
	_, _ = out.WriteString("</sheetData></worksheet>")
	return out.Flush()
}

// columnName is A, B, ... Z, AA, ...
func columnName(i int) string {
	if i < 26 {
		return string(rune('A' + i))
	}
	return columnName(i/26-1) + columnName(i%26)
}

// escape is how XLSX writes a character that XML has none for, and how a text is
// marked that only looks like one.
var escape = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// escaped is a text as it stands in a cell of XLSX.
func escaped(text string) string {
	if strings.Contains(text, "_x") {
		text = escape.ReplaceAllStringFunc(text, func(s string) string { return "_x005F" + s })
	}
	if !strings.ContainsFunc(text, notXML) {
		return text
	}
	var b bytes.Buffer
	for _, r := range text {
		if notXML(r) {
			_, _ = fmt.Fprintf(&b, "_x%04X_", r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// notXML tells the characters that XML does not have, or changes.
func notXML(r rune) bool { return r < ' ' && r != '\t' && r != '\n' || r == '\ufffe' || r == '\uffff' }

// unescaped is the text of a cell.
func unescaped(text string) string {
	if !strings.Contains(text, "_x") {
		return text
	}
	return escape.ReplaceAllStringFunc(text, func(s string) string {
		code, err := strconv.ParseUint(s[2:6], 16, 32)
		if err != nil || code == 0 {
			return s
		}
		return string(rune(code))
	})
}
