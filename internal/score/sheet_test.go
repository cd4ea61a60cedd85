package score

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

const plainSheet = `section,question,n1,n2,n3,n4,n5
access,a1,1,2,3,10,4
procedures,p1,0,0,0,5,5
access,a2,0,0,10,10,0
`

func plain() Sheet {
	return Sheet{Sections: []Section{
		{"access", []Question{{"a1", Counts{0, 1, 2, 3, 10, 4}}, {"a2", Counts{0, 0, 0, 10, 10, 0}}}},
		{"procedures", []Question{{"p1", Counts{0, 0, 0, 0, 5, 5}}}},
	}}
}

func TestReadSheet(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"plain":             plainSheet,
		"byte order":        "\ufeff" + plainSheet,
		"CRLF":              strings.ReplaceAll(plainSheet, "\n", "\r\n"),
		"semicolons":        strings.ReplaceAll(plainSheet, ",", ";"),
		"tabs":              strings.ReplaceAll(plainSheet, ",", "\t"),
		"spaces":            strings.ReplaceAll(plainSheet, ",", " , "),
		"no last line":      strings.TrimSpace(plainSheet),
		"blank rows":        strings.ReplaceAll(plainSheet, "procedures", "\n,,,,,,\nprocedures"),
		"quoted":            strings.ReplaceAll(strings.ReplaceAll(plainSheet, "access", `"access"`), ",10,", `,"10",`),
		"upper case":        strings.Replace(plainSheet, "section,question,n1", "Section,QUESTION,N1", 1),
		"CR":                strings.ReplaceAll(plainSheet, "\n", "\r"),
		"trailing columns":  strings.ReplaceAll(plainSheet, "\n", ",,\r\n"),
		"names ;":           "\ufeffsep=;\r\n" + strings.ReplaceAll(plainSheet, ",", ";"),
		"names a tab":       "SEP=\t\n" + strings.ReplaceAll(plainSheet, ",", "\t"),
		"names , in quotes": "\"sep=,\"\n" + plainSheet,
		"direction marks":   strings.Replace(plainSheet, "a1", "\u202aa1\u202c", 1),
		"line in a cell":    strings.Replace(plainSheet, "a1", "\"\na1\r\n\"", 1),
		"other order": `n5,n4,question,n3,n2,n1,section
4,10,a1,3,2,1,access
5,5,p1,0,0,0,procedures
0,10,a2,10,0,0,access`,
	} {
		got, err := ReadSheet(strings.NewReader(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if diff := cmp.Diff(plain(), got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	got, err := ReadSheet(strings.NewReader("question,section,n0,n1,n2,n3,n4,n5\n\"Rõ ràng, dễ \"\"hiểu\"\"\",Thủ tục,7,0,0,0,1,0\n"))
	want := Sheet{Sections: []Section{{"Thủ tục", []Question{{`Rõ ràng, dễ "hiểu"`, Counts{7, 0, 0, 0, 1, 0}}}}}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("Vietnamese with n0: %v %s", err, diff)
	}
}

func TestBadSheets(t *testing.T) {
	t.Parallel()
	const header = "section,question,n1,n2,n3,n4,n5\n"
	for name, row := range map[string]struct {
		text, reason string
		line         int
	}{
		"nothing":             {"", "empty", 0},
		"blank":               {" \r\n\n", "empty", 0},
		"only byte order":     {"\ufeff", "empty", 0},
		"missing column":      {"section,question,n1,n2,n3,n4\na,b,1,2,3,4", `"n5" is missing`, 1},
		"no header":           {"a,b,1,2,3,4,5\n", "missing", 1},
		"column twice":        {"section,question,n1,n2,n3,n4,n5,n5\n", "twice", 1},
		"unknown column":      {"section,question,n1,n2,n3,n4,n5,n6\n", "unknown", 1},
		"negative":            {header + "a,b,1,2,3,4,-5", "n5 is \"-5\"", 2},
		"plus":                {header + "a,b,1,2,3,4,+5", "whole number", 2},
		"fraction":            {header + "a,b,1,2,3,4.0,5", "n4", 2},
		"empty count":         {header + "a,b,1,,3,4,5", "n2 is \"\"", 2},
		"words":               {header + "a,b,1,2,three,4,5", "n3", 2},
		"formula":             {header + "a,b,=1+1,2,3,4,5", "n1", 2},
		"overflow":            {header + "a,b,99999999999999999999,2,3,4,5", "more than", 2},
		"too many people":     {header + "a,b,1000000000001,2,3,4,5", "more than", 2},
		"same question":       {header + "a,b,1,2,3,4,5\nother,b,1,2,3,4,5", "already on line 2", 3},
		"too short":           {header + "a,b,1,2,3,4", "as many fields", 2},
		"too long":            {header + "\na,b,1,2,3,4,5,6", "as many fields", 3},
		"unclosed quote":      {header + "a,b,1,2,3,4,5\n\"a,c,1,2,3,4,5\n", "quotation", 3},
		"stray quote":         {header + "a,b\"x,1,2,3,4,5\n", "quotation", 2},
		"no question":         {header + "a, ,1,2,3,4,5", "question is empty", 2},
		"no section":          {header + ",b,1,2,3,4,5", "section is empty", 2},
		"terminal escape":     {header + "a,b\x1b[2J,1,2,3,4,5", "do not print", 2},
		"long key":            {header + "a," + strings.Repeat("b", 201) + ",1,2,3,4,5", "200 bytes", 2},
		"UTF-16":              {"s\x00e\x00c\x00", "UTF-8", 0},
		"windows-1258":        {header + "L\xfd,b,1,2,3,4,5", "UTF-8", 0},
		"too many bytes":      {strings.Repeat(" ", MaxSheetBytes+1), "larger", 0},
		"too many questions":  {header + manyRows(MaxSheetQuestions+1), "more than 1000", MaxSheetQuestions + 2},
		"NFC and NFD":         {header + "A,Thái Độ,0,0,0,10,0\nA,Tha\u0301i  Đo\u0323\u0302,10,0,0,0,0", "already on line 2", 3},
		"no-break space":      {header + "A,Thái Độ,0,0,0,10,0\nA,Thái\u00a0Độ\u200b,10,0,0,0,0", "already on line 2", 3},
		"column without name": {"section,question,,n1,n2,n3,n4,n5\n", "unknown", 1},
		"beyond the header":   {"section,question,n1,n2,n3,n4,n5,,\na,b,1,2,3,4,5,6,", "as many fields", 2},
	} {
		_, err := ReadSheet(strings.NewReader(row.text))
		var bad *SheetError
		if !errors.As(err, &bad) || bad.Line != row.line {
			t.Errorf("%s: %v, want a SheetError on line %d", name, err, row.line)
		} else if !strings.Contains(err.Error(), row.reason) {
			t.Errorf("%s: %v, want %s", name, err, row.reason)
		} else if strings.ContainsAny(err.Error(), "\x1b\u202e") {
			t.Errorf("%s: the message is not safe to print: %q", name, err)
		}
	}
	broken := errors.New("disk on fire")
	if _, err := ReadSheet(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("a failing reader: %v", err)
	}
}

func manyRows(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "a,q%d,1,2,3,4,5\n", i)
	}
	return b.String()
}

func FuzzReadSheet(f *testing.F) {
	f.Add([]byte(plainSheet))
	f.Add([]byte("\ufeffsection;question;n0;n1;n2;n3;n4;n5\r\na;b;1;2;3;4;5;6\r\n"))
	f.Add([]byte("section,question,n1,n2,n3,n4,n5\n\"a"))
	f.Add([]byte("section,question,n1,n2,n3,n4,n5\na,b,0,0,0,0,0\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		sheet, err := ReadSheet(bytes.NewReader(text))
		var bad *SheetError
		if err != nil {
			if !errors.As(err, &bad) || bad.Reason == "" {
				t.Fatalf("not a SheetError: %v", err)
			}
			return
		}
		for _, m := range []Method{Sipas2023, Pooled, MeanScore} {
			r, err := sheet.Score(m)
			if err != nil {
				t.Fatal(err)
			}
			for _, q := range r.Questions {
				if (q.N == 0) != (q.Percent == nil) {
					t.Fatalf("%+v", q)
				}
				if q.Percent != nil && (*q.Low > *q.Percent || *q.High < *q.Percent || *q.Percent < 0 || *q.Percent > 100) {
					t.Fatalf("%v not in %v to %v", *q.Percent, *q.Low, *q.High)
				}
			}
		}
	})
}
