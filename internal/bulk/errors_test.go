package bulk_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"

	"sipas/internal/agency"
	"sipas/internal/bulk"
	"sipas/internal/registry"
	"sipas/internal/spreadsheet"
	"sipas/internal/testkit"
)

// planted are faults in lines of service points, and what must be said of them.
func planted(known string) [][2]string {
	long := strings.Repeat("ă", 201)
	return [][2]string{
		{"12345,Q,so-xay-dung,,dat-dai,,,,", `code point-code "12345"`},
		{"=1+1,Q,so-xay-dung,,dat-dai,,,,", `code point-code "=1+1"`},
		{known + ",Q,so-xay-dung,,dat-dai,,,,", `code twice "` + known + `"`},
		{strings.NewReplacer("8", "B", "B", "8", "5", "S", "S", "5", "2", "Z", "Z", "2", "6", "G", "G", "6").Replace(known) + ",Q,so-xay-dung,,dat-dai,,,,", `code looks-like`},
		{",,so-xay-dung,,dat-dai,,,,", `name_vi required ""`},
		{"," + long + ",so-xay-dung,,dat-dai,,,,", `name_vi too-long`},
		{",Q\x01,so-xay-dung,,dat-dai,,,,", `name_vi character "Q\x01"`},
		{",Q,,,dat-dai,,,,", `agency required ""`},
		{",Q,sở-xây-dựng,,dat-dai,,,,", `agency unknown-agency "sở-xây-dựng"`},
		{",Q,so-xay-dung,so-x,dat-dai,,,,", `judged_agency unknown-agency "so-x"`},
		{",Q,so-xay-dung,,dat-dai;dat-day,,,,", `fields unknown-field "dat-dai;dat-day"`},
		{",Q,so-xay-dung,,dat-dai;dat-dai,,,,", `fields field-twice "dat-dai;dat-dai"`},
		{",Q,so-xay-dung,,dat-dai,qrr,,,", `channel one-of "qrr"`},
		{",Q,so-xay-dung,,dat-dai,,quay,,", `survey unknown-survey "quay"`},
		{",Q,so-xay-dung,,dat-dai,,," + long + ",", `place too-long`},
		{",Q,so-xay-dung,,dat-dai,,,,mở", `active one-of "mở"`},
		{",Q,so-xay-dung,,dat-dai,,,,yes,1", ` more-cells "1"`},
	}
}

// TestPlantedErrors: BAD_INPUTS 4, 15 and 23, fifty faults among two thousand lines
// are told by line, column and value, no other, in both languages; nothing is kept.
func TestPlantedErrors(t *testing.T) {
	t.Parallel()
	st := province(t, testkit.SQLite(t))
	known := string(loaded(t, st).Points[0].Code)
	for _, p := range loaded(t, st).Points { // a code that looks like another without being it
		if strings.ContainsAny(string(p.Code), "8B5S2Z6G") {
			known = string(p.Code)
		}
	}
	faults := planted(known)
	var file strings.Builder
	file.WriteString("code;name_vi;agency;judged_agency;fields;channel;survey;place;active\n" + known + ";Quầy;so-xay-dung;;dat-dai;qr;quay-nhanh;;yes\n")
	var want []string
	for n := 3; n <= 2000; n++ {
		if fault := n / 40; n%40 == 0 {
			line := faults[fault%len(faults)]
			file.WriteString(strings.ReplaceAll(strings.ReplaceAll(line[0], ";", "|"), ",", ";") + "\n")
			want = append(want, fmt.Sprintf("%d %s", n, line[1]))
			continue
		}
		fmt.Fprintf(&file, ";Quầy %d;so-xay-dung;so-tu-phap;dat-dai,xay-dung;QR;;Tầng %d;có\n", n, n%4)
	}
	content := strings.ReplaceAll(file.String(), "|", ",")
	plan := judge(t, bulk.ServicePoints(), st, []byte(content))
	got := told(t, plan)
	if len(got) != len(want) || plan.Wrong != 50 {
		t.Fatalf("%d problems, %d wrong, want %d", len(got), plan.Wrong, len(want))
	}
	for i := range want {
		if !strings.HasPrefix(strings.ReplaceAll(got[i], ",", ";"), strings.ReplaceAll(want[i], ",", ";")) {
			t.Errorf("%s\nwant %s", got[i], want[i])
		}
	}
}

// TestTreesThatCannotBe: BAD_INPUTS 15, codes that are taken, parents in circles or
// not there, days against those of the agency above.
func TestTreesThatCannotBe(t *testing.T) {
	t.Parallel()
	st := province(t, testkit.SQLite(t))
	apply(t, st, bulk.Agencies(), "code,name_vi,kind,parent,valid_from,valid_to\n00101,Xã A,commune,ubnd-tinh,2025-07-01,\n00102,Thôn B,commune,00101,2025-07-01,\n")
	for name, test := range map[string]struct {
		lines string
		want  []string
	}{
		"sound": {"x1,X,commune,ubnd-tinh,1/7/2025,,\nx2,Y,School,x3,,,5\nx3,Z,commune,,,,", nil},
		"codes": {"s0-xay-dung,X,commune,,,,\nSO-XAY-DUNG,X,commune,,,,\nsở,X,commune,,,,\n,X,commune,,,,\na b,X,commune,,,,\nx1,X,commune,,,,\nxl,X,commune,,,,\nx1,X,commune,,,,\nsо-x,X,commune,,,,\n=x,X,commune,,,,", []string{
			`2 code looks-like "s0-xay-dung"`, `3 code looks-like "SO-XAY-DUNG"`, `4 code code-form "sở"`, `5 code required ""`, `6 code code-form "a b"`,
			`8 code looks-like "xl"`, `9 code twice "x1"`, `10 code code-form "sо-x"`, `11 code code-form "=x"`,
		}},
		"cells":               {"x1,,ward,,2025-02-30,45839,-1\nx2,X,commune,,2025-07-01,2025-07-01,1.5", []string{`2 name_vi required ""`, `2 kind one-of "ward"`, `2 valid_from day "2025-02-30"`, `2 valid_to day "45839"`, `2 order number "-1"`, `3 valid_to day-order "2025-07-01"`, `3 order number "1.5"`}},
		"parents":             {"x1,X,commune,x9,,,\nx2,X,commune,x2,,,\nx3,X,commune,x4,,,\nx4,X,commune,x5,,,\nx5,X,commune,x3,,,\nx6,X,commune,x5,,,", []string{`2 parent unknown-agency "x9"`, `3 parent circle "x2"`, `4 parent circle "x4"`, `5 parent circle "x5"`, `6 parent circle "x3"`}},
		"moved below its own": {"00101,Xã A,commune,00102,2025-07-01,,0", []string{`2 parent circle "00102"`}},
		"days":                {"00101,Xã A,commune,ubnd-tinh,2025-07-01,2027-01-01,0\nx1,X,commune,00101,2025-06-30,2026-01-01,", []string{`2 valid_to below-outside "00102"`, `3 valid_from older-than-parent "2025-06-30"`}},
		"deep": {"x0,X,commune,,,,\nx2,X,commune,x0,,,\nx3,X,commune,x2,,,\nx4,X,commune,x3,,,\nx5,X,commune,x4,,,\nx6,X,commune,x5,,,\nx7,X,commune,x6,,,\nx8,X,commune,x7,,,\nx9,X,commune,x8,,,\ny0,X,commune,x9,,,\ny2,X,commune,y0,,,",
			[]string{`12 parent too-deep "y0"`}},
	} {
		plan := judge(t, bulk.Agencies(), st, []byte("code,name_vi,kind,parent,valid_from,valid_to,order\n"+test.lines))
		if diff := cmp.Diff(test.want, told(t, plan)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// A merger moves agencies that are older below one that is made then. Lists and forms
// change what else there is of them, and are told what to do where they themselves put
// the older below the newer.
func TestWhatIsOlderThanTheOneAboveCanBeChanged(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		province(t, st)
		err := st.Registry.Change(t.Context(), testkit.Author(), func(c *registry.Change) error {
			snap, err := c.Now(t.Context())
			if err != nil {
				return err
			}
			made, err := c.AddAgency(t.Context(), agency.Agency{Code: "00201", ParentID: snap.Tree.Root(), Kind: agency.KindCommune, Name: agency.Text{"vi": "Xã mới"}, ValidFrom: "2025-07-01", ValidTo: "2030-01-01"})
			if err != nil {
				return err
			}
			_, err = c.AddAgency(t.Context(), agency.Agency{Code: "00202", ParentID: made.ID, Kind: agency.KindCommune, Name: agency.Text{"vi": "Trạm cũ"}, ValidFrom: "2010-01-01", ValidTo: "2030-01-01"})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		const head = "code,name_vi,kind,parent,valid_from,valid_to\n"
		apply(t, st, bulk.Agencies(), head+"00202,Trạm cũ,commune,00201,2010-01-01,2029-01-01\n00201,Xã mới hơn,commune,ubnd-tinh,2025-07-01,2029-06-01\n")
		for what, test := range map[string]struct{ lines, want string }{
			"another day of its beginning":       {"00202,Trạm cũ,commune,00201,2011-01-01,2029-01-01", `2 valid_from older-than-parent "2011-01-01"`},
			"an end beyond that of who is above": {"00202,Trạm cũ,commune,00201,2010-01-01,", `2 valid_to outside-parent ""`},
			"who is above ends before":           {"00201,Xã mới hơn,commune,ubnd-tinh,2025-07-01,2028-01-01", `2 valid_to below-outside "00202"`},
			"who is above begins later still":    {"00201,Xã mới hơn,commune,ubnd-tinh,2026-01-01,2029-06-01", `2 valid_from below-outside "00202"`},
			"another older one":                  {"x1,X,commune,00201,,2026-01-01", `2 valid_from older-than-parent ""`},
		} {
			if got := told(t, judge(t, bulk.Agencies(), st, []byte(head+test.lines+"\n"))); !slices.Equal(got, []string{test.want}) {
				t.Errorf("%s: %q", what, got)
			}
		}
	})
}

// TestFilesOfAllKinds: BAD_INPUTS 3 and 15, one list however a program saved it; and
// what is no list has a line and a sentence.
func TestFilesOfAllKinds(t *testing.T) {
	t.Parallel()
	st := province(t, testkit.SQLite(t))
	const list = "code;name_vi;kind;parent\n00123;Xã Hồng Thái;commune;ubnd-tinh\n"
	var wide []byte
	for _, unit := range utf16.Encode([]rune("\ufeff" + strings.ReplaceAll(list, ";", "\t"))) {
		wide = append(wide, byte(unit), byte(unit>>8))
	}
	var packed strings.Builder
	err := spreadsheet.Write(&packed, spreadsheet.XLSX, func(row func(...string) error) error {
		for line := range strings.Lines(list) {
			if err := row(append(strings.Split(strings.TrimSpace(line), ";"), "", "")...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"UTF-8": list, "mark and CRLF": "\ufeff" + strings.ReplaceAll(list, "\n", "\r\n"), "decomposed": norm.NFD.String(list), "UTF-16 and tabs": string(wide),
		"Windows-1258": "code;name_vi;kind;parent\n00123;X\xe3 H\xf4\xccng Th\xe1i;commune;ubnd-tinh\n", "XLSX": packed.String(),
		"commas and blank rows": "\n,,,\nParent,Name VI,,\n"[:5] + strings.ReplaceAll(list, ";", ",") + ",,,\n\n",
		"other order":           "Parent,name-vi,KIND,Code,,\nubnd-tinh,\"Xã  Hồng\nThái\",Commune,00123,,\n",
	} {
		plan := judge(t, bulk.Agencies(), st, []byte(strings.ReplaceAll(content, "X\xe3 H", "Xa\xde H")))
		if got := counts(plan); got != "1 rows: 1 created, 0 updated, 0 unchanged, 0 wrong" {
			t.Errorf("%s: %s %v", name, got, plan.Problems)
		}
	}
	apply(t, st, bulk.Agencies(), list)
	if a, _ := loaded(t, st).Tree.ByCode("00123"); a.Name["vi"] != "Xã Hồng Thái" {
		t.Errorf("%+v", a)
	}
	for content, want := range map[string][]string{
		"":                          {`0  empty ""`},
		"\xd0\xcf\x11\xe0":          {`0  old-excel ""`},
		"code,name_vi\nx1,\"X\n":    {`2  quotes ""`},
		"code,tên,Code,,name_vi\nx": {`1  unknown-column "tên"`, `1  unknown-column ""`, `1 code column-twice "Code"`},
		"name_vi\nx":                {`1 code no-column ""`},
		"<b>code</b>\n":             {`1  unknown-column "<b>code</b>"`, `1 code no-column ""`},
	} {
		plan := judge(t, bulk.Agencies(), st, []byte(content))
		if diff := cmp.Diff(want, told(t, plan)); diff != "" {
			t.Errorf("%q: %s", content, diff)
		}
	}
}

// TestCellsOfPrograms: BAD_INPUTS 15, what a spreadsheet program makes of what was
// typed: days and numbers are good in columns for them and read there; where a code
// belongs, a day is told, and zeros that a format shows count.
func TestCellsOfPrograms(t *testing.T) {
	t.Parallel()
	st := province(t, testkit.SQLite(t))
	plan := judge(t, bulk.Agencies(), st, office(t,
		`<row r="1"><c t="str"><v>code</v></c><c t="str"><v>name_vi</v></c><c t="str"><v>kind</v></c><c t="str"><v>valid_from</v></c><c t="str"><v>order</v></c></row>
		<row r="2"><c s="2"><v>123</v></c><c t="str"><v>Xã A</v></c><c t="str"><v>commune</v></c><c s="1"><v>45839</v></c><c><v>3.0</v></c></row>
		<row r="4"><c s="1"><v>45839</v></c><c t="str"><v>Xã B</v></c><c t="str"><v>commune</v></c></row>
		<row r="5"><c><v>124</v></c><c t="e"><v>#N/A</v></c><c t="str"><v>commune</v></c><c><v>45839</v></c></row>`))
	want := []string{`4 code made-a-day "2025-07-01"`, `5 name_vi formula "#N/A"`, `5 valid_from day "45839"`}
	if diff := cmp.Diff(want, told(t, plan)); diff != "" {
		t.Error(diff)
	}
	apply(t, st, bulk.Agencies(), string(office(t,
		`<row r="1"><c t="str"><v>code</v></c><c t="str"><v>name_vi</v></c><c t="str"><v>kind</v></c><c t="str"><v>valid_from</v></c><c t="str"><v>order</v></c></row>
		<row r="2"><c s="2"><v>123</v></c><c t="str"><v>Xã A</v></c><c t="str"><v>commune</v></c><c s="1"><v>45839</v></c><c><v>3.0</v></c></row>`)))
	if a, known := loaded(t, st).Tree.ByCode("00123"); !known || a.ValidFrom != "2025-07-01" || a.Order != 3 {
		t.Errorf("%+v", a)
	}
}

// office is an XLSX with these rows, in whose styles 1 is a day, 2 has five digits and
// 3 is a percentage.
func office(t *testing.T, rows string) []byte {
	t.Helper()
	var plain, out bytes.Buffer
	err := spreadsheet.Write(&plain, spreadsheet.XLSX, func(func(...string) error) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	from, err := zip.NewReader(bytes.NewReader(plain.Bytes()), int64(plain.Len()))
	if err != nil {
		t.Fatal(err)
	}
	to := zip.NewWriter(&out)
	for _, f := range from.File {
		content, err := fs.ReadFile(from, f.Name)
		if err != nil {
			t.Fatal(err)
		}
		switch f.Name {
		case "xl/worksheets/sheet1.xml":
			content = []byte("<worksheet><sheetData>" + rows + "</sheetData></worksheet>")
		case "xl/styles.xml":
			content = []byte(`<styleSheet><numFmts><numFmt numFmtId="164" formatCode="00000"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="9"/></cellXfs></styleSheet>`)
		}
		part, err := to.Create(f.Name)
		if err == nil {
			_, err = part.Write(content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
