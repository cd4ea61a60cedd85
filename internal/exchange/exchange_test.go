package exchange_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"sipas/internal/exchange"
	"sipas/internal/survey"
	"sipas/internal/testkit"
	"sipas/surveys"
)

const lss = `<?xml version="1.0" encoding="UTF-8"?><document><LimeSurveyDocType>Survey</LimeSurveyDocType>
<groups><rows><row><gid>1</gid><group_name>Nhóm</group_name><language>vi</language></row></rows></groups>
<questions><rows><row><qid>1</qid><parent_qid>0</parent_qid><gid>1</gid><type>Y</type><title>co</title><question>Có không?</question><language>vi</language></row>
<row><qid>2</qid><parent_qid>0</parent_qid><gid>1</gid><type>S</type><title>sao</title><question>Vì sao?</question><relevance>co == "Y"</relevance><language>vi</language></row></rows></questions>
<surveys><rows><row><sid>9</sid><language>vi</language></row></rows></surveys></document>`

const yaml = `key: mot
languages: [vi]
title: {vi: Một}
method: pooled
sections:
  - key: muc
    title: {vi: Mục}
    questions: [{key: a, type: text, text: {vi: Câu}}]
`

func zipped(t testing.TB, files ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for i := 0; i+1 < len(files); i += 2 {
		f, err := w.Create(files[i])
		if err == nil {
			_, err = io.WriteString(f, files[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func written(t testing.TB, format string, d survey.Definition) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := exchange.Write(&out, format, survey.NewVersion(1, 2, time.Time{}, d)); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestFormats: the content tells the format; BAD_INPUTS 15: what is none, or means
// harm, is refused in words.
func TestFormats(t *testing.T) {
	t.Parallel()
	every := testkit.EveryKind(t)
	bomb := zipped(t, "_rels/.rels", "<a>"+strings.Repeat("<b></b>", 4<<20)+"</a>")
	for name, c := range map[string]struct {
		content []byte
		errors  string
		first   string
	}{
		"XLSForm":          {written(t, "xlsform", every), "", "comment"},
		"YAML":             {[]byte("\ufeff" + yaml), "", "a"},
		"LimeSurvey":       {[]byte("\ufeff\n" + lss), "", "co"},
		"archive":          {zipped(t, "survey_1_responses.lsr", "<x/>", "survey_1.lss", lss), "", "co"},
		"bad YAML":         {[]byte("key: [\n"), "survey-file", ""},
		"nothing":          {nil, "survey-file", ""},
		"UTF-16":           {[]byte("\xff\xfek\x00e\x00"), "survey-file", ""},
		"old Excel":        {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "old-excel", ""},
		"OpenDocument":     {zipped(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet"), "open-document", ""},
		"zip of others":    {zipped(t, "a.txt", "a"), "damaged", ""},
		"slip":             {zipped(t, "../../a.lss", "<!DOCTYPE a><document/>"), "xml", ""},
		"cut off":          {written(t, "xlsform", every)[:2000], "damaged", ""},
		"bomb":             {bomb, "too-large", ""},
		"bomb in archive":  {zipped(t, "a.lss", strings.Repeat(" ", exchange.MaxBytes+1)), "too-large", ""},
		"too long":         {make([]byte, exchange.MaxBytes+1), "too-large", ""},
		"HTML called .xls": {[]byte("<html><table/></html>"), "format", ""},
	} {
		d, report := exchange.Read(c.content)
		got := ""
		if len(report.Errors) > 0 {
			got = report.Errors[0].Key
		}
		if got != c.errors {
			t.Errorf("%s: %v, want %q", name, report.Errors, c.errors)
		}
		if c.first != "" && (len(d.Sections) == 0 || d.Sections[0].Questions[0].Key != c.first) {
			t.Errorf("%s: %+v", name, d)
		}
	}
}

// TestCodebooks: every answer that files of responses have is described, in CSV whose
// cells are no formulas and in DDI that is well formed.
func TestCodebooks(t *testing.T) {
	t.Parallel()
	all, err := surveys.Library()
	if err != nil {
		t.Fatal(err)
	}
	every := testkit.EveryKind(t)
	every.Sections[0].Questions[1].Text = map[string]string{"vi": "=1+1", "en": "<a> & \"b\""}
	for _, d := range append(all, every) {
		rows, err := csv.NewReader(bytes.NewReader(written(t, "codebook", d))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		described := map[string]int{}
		for _, row := range rows {
			described[row[0]]++
			for _, cell := range row {
				if strings.HasPrefix(cell, "=") {
					t.Errorf("%s: formula %q", d.Key, cell)
				}
			}
		}
		named := map[string]bool{}
		in := xml.NewDecoder(bytes.NewReader(written(t, "ddi", d)))
		for {
			token, err := in.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if e, ok := token.(xml.StartElement); ok && e.Name.Local == "var" {
				named[e.Attr[0].Value] = true
			}
		}
		v := survey.NewVersion(1, 2, time.Time{}, d)
		for _, p := range v.Parts() {
			name, want := d.Key+"."+p.Key(), !p.Free && !p.Reserved
			if _, another := v.Part(p.Key()); another != want && p.Reserved {
				continue // a question of this name stands among the answers
			}
			if named[name] != want || described[name] > 0 != want {
				t.Errorf("%s: described %d, named %v, want %v", name, described[name], named[name], want)
			}
			if p.Scale && described[name] < 4 {
				t.Errorf("%s: its levels are not told", name)
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(written(f, "xlsform", testkit.EveryKind(f)))
	f.Add([]byte(lss))
	f.Add([]byte(yaml))
	f.Add(zipped(f, "a.lss", lss))
	f.Fuzz(func(t *testing.T, content []byte) {
		d, report := exchange.Read(content)
		testkit.Sound(t, d, report, bytes.HasPrefix(content, []byte("PK")))
	})
}
