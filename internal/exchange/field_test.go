package exchange_test

import (
	"fmt"
	"strings"
	"testing"

	"sipas/internal/exchange"
	"sipas/internal/testkit"
)

// sheetXML is a sheet as spreadsheet programs write them, of cells by their places.
func sheetXML(rows ...string) string {
	return `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` + strings.Join(rows, "") + `</sheetData><mergeCells count="1"><mergeCell ref="C1:D1"/></mergeCells></worksheet>`
}

// rowXML is a row whose cells are texts, but "n:2.0" a number, "b:1" a boolean, "f:x" what
// came of a formula, "" a cell that is only coloured.
func rowXML(n int, cells ...string) string {
	out := fmt.Sprintf(`<row r="%d" spans="1:16384" customFormat="1">`, n)
	for i, cell := range cells {
		place := fmt.Sprintf(`r="%c%d" s="0"`, 'A'+i, n)
		kind, value, typed := strings.Cut(cell, ":")
		switch {
		case cell == "":
			out += "<c " + place + "/>"
		case typed && kind == "n":
			out += "<c " + place + "><v>" + value + "</v></c>"
		case typed && kind == "b":
			out += "<c " + place + ` t="b"><v>` + value + "</v></c>"
		case typed && kind == "f":
			out += "<c " + place + ` t="str"><f>A1</f><v>` + value + "</v></c>"
		default:
			out += "<c " + place + ` t="inlineStr"><is><r><t>` + cell[:1] + `</t></r><r><t xml:space="preserve">` + cell[1:] + `</t></r></is></c>`
		}
	}
	return out + "</row>"
}

// TestWorkbooksOfTheField: merged cells, numbers and booleans where texts belong, results
// of formulas, rows and columns that are only coloured, sheets behind others.
func TestWorkbooksOfTheField(t *testing.T) {
	t.Parallel()
	var rows []string
	rows = append(rows, rowXML(1, "type", "name", "label", "", "required"), rowXML(2, "select_one ck", "f:mot", "Câu một", "", "b:1"))
	for n := 3; n < 5000; n++ { // 60 in a row are where others stop
		rows = append(rows, rowXML(n, "", "", "", ""))
	}
	wide := rowXML(5000, "select_one nm", "hai", "Câu hai", "thừa", "b:0")
	wide = strings.Replace(wide, "</row>", `<c r="XFD5000" s="0"/></row>`, 1)
	content := zipped(t,
		"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
		"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Ghi chú" sheetId="1" r:id="a"/><sheet name="CHOICES" sheetId="2" r:id="b"/><sheet name=" Survey" sheetId="3" state="hidden" r:id="c"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`+
			`<Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>`+
			`<Relationship Id="b" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet2.xml"/>`+
			`<Relationship Id="c" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet3.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml", sheetXML(rowXML(1, "Lịch sử sửa biểu mẫu")),
		"xl/worksheets/sheet2.xml", sheetXML(rowXML(1, "list name", "name", "label"), rowXML(2, "ck", "co", "Có"), rowXML(3, "ck", "khong", "Không"),
			rowXML(4, "nm", "n:1.0", "Kém"), rowXML(5, "nm", "n:2", "Yếu"), rowXML(6, "nm", "n:3", "Vừa")),
		"xl/worksheets/sheet3.xml", sheetXML(append(rows, wide)...),
	)
	d, report := exchange.Read(content)
	testkit.Sound(t, d, report, true)
	if len(report.Errors) > 0 || len(d.Sections) != 1 || len(d.Sections[0].Questions) != 2 {
		t.Fatalf("%v %+v", testkit.Said(report.Errors), d.Sections)
	}
	one, two := d.Sections[0].Questions[0], d.Sections[0].Questions[1]
	if one.Key != "mot" || !one.Required || string(one.Type) != "yes-no" || two.Required || len(two.Choices) != 3 || two.Choices[0].Key != "n1" {
		t.Errorf("%+v\n%+v", one, two)
	}
	told := strings.Join(testkit.Said(report.Warnings), "\n")
	for _, want := range []string{"sheet-ignored Ghi chú", "survey:5000 column  / thừa"} {
		if !strings.Contains(told, want) {
			t.Errorf("it does not say %q in\n%s", want, told)
		}
	}
}

// TestFilesOfOtherPrograms: what is no survey, and is often taken for one, is refused for
// what it is.
func TestFilesOfOtherPrograms(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"a list of LimeSurvey": "id\trelated_id\tclass\ttype/scale\tname\trelevance\ttext\n\t\tS\t\tsid\t\t1\n",
		"a picture":            "\x89PNG\r\n\x1a\n\x00\x00", "a document": "%PDF-1.7\n%\xe2\xe3", "a form of ODK": `<?xml version="1.0"?><h:html xmlns:h="http://www.w3.org/1999/xhtml"/>`,
		"CSV": "type,name,label\ntext,a,Câu a\n", "JSON of KoboToolbox": `{"uid":"a","content":{"survey":[]}}`, "prose": "Phiếu khảo sát năm 2026\nCâu 1. Ông/bà có hài lòng không?\n",
	} {
		d, report := exchange.Read([]byte(content))
		if len(report.Errors) != 1 || report.Errors[0].Key != "format" || len(d.Sections) > 0 || report.Drafted() {
			t.Errorf("%s: %+v", name, report.Errors)
		}
	}
}
