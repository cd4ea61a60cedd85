package textfile_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"sipas/internal/textfile"
)

func TestUTF8(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]error{
		"":                     nil,
		"Xin chào":             nil,
		"\ufeffXin chào":       nil,
		"\xff\xfeX\x00":        textfile.ErrUTF16,
		"\xfe\xff\x00X":        textfile.ErrUTF16,
		"X\x00i\x00n\x00":      textfile.ErrUTF16,
		"\x00X\x00i\x00n":      textfile.ErrUTF16,
		"Xin\x00chao":          nil,
		"Ch\xe0o":              textfile.ErrNotUTF8,
		"\x1f\x8b\x08\x00\x00": textfile.ErrNotUTF8,
	} {
		got, err := textfile.UTF8([]byte(content))
		if !errors.Is(err, want) || err == nil && string(got) != strings.TrimPrefix(content, "\ufeff") {
			t.Errorf("%q: %q, %v, want %v", content, got, err, want)
		}
	}
}

// TestDecoded: BAD_INPUTS 15, the encodings that files come in.
func TestDecoded(t *testing.T) {
	t.Parallel()
	const said = "code;tên\n01;Sở Xây dựng Đắk Lắk, quầy số 1"
	var little, big []byte
	for _, unit := range utf16.Encode([]rune(said)) {
		little, big = append(little, byte(unit), byte(unit>>8)), append(big, byte(unit>>8), byte(unit))
	}
	for name, content := range map[string]string{
		"UTF-8": said, "with a mark": "\ufeff" + said, "decomposed": norm.NFD.String(said),
		"UTF-16 little": "\xff\xfe" + string(little), "UTF-16 big": "\xfe\xff" + string(big), "little without a mark": string(little), "big without a mark": string(big),
		"Windows-1258": "code;t\xean\n01;S\xf5\xd2 X\xe2y d\xfd\xf2ng \xd0\xe3\xeck L\xe3\xeck, qu\xe2\xccy s\xf4\xec 1",
	} {
		if got, err := textfile.Decoded([]byte(content)); err != nil || norm.NFC.String(string(got)) != said {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	for name, content := range map[string]string{
		"broken UTF-8": said + "\xe0", "broken behind a mark": "\ufeffa\xe0", "NUL": "a\x00b", "picture": "\x89PNG\r\n\x1a\n\x00\x00", "no letter there": "S\x9d",
	} {
		if got, err := textfile.Decoded([]byte(content)); !errors.Is(err, textfile.ErrNotText) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]int{"\ufeff12345": 5, "12345678": 8, "123456789": 9, "1234567890": 9} {
		if got, err := textfile.Read(strings.NewReader(content), 8); err != nil || len(got) != want {
			t.Errorf("%q: %q, %v", content, got, err)
		}
	}
}

func TestOneLine(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"Tha\u0301i  đo\u0323\u0302\n": "Thái độ", "\ufeffThái\u00a0\u202fđộ\u200b": "Thái độ", "\u202aThái độ\u202c": "Thái độ", "\u3000": "", "a\tb": "a b",
	} {
		if got := textfile.OneLine(typed); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		line := textfile.OneLine(text)
		if textfile.OneLine(line) != line || textfile.OneLine(norm.NFD.String(text)) != line || textfile.OneLine(" "+strings.ReplaceAll(text, " ", "\u00a0 ")+"\n") != line {
			t.Errorf("%q becomes %q, and not always", text, line)
		}
	})
}

// FuzzTable: every row is as wide as the header, whose names are not all empty,
// and has its line; what is wrong has one too.
func FuzzTable(f *testing.F) {
	for _, seed := range []string{"a,b,,\r\n1,2,,\r\n", "sep=;\na;b\n1;2", "a\tb\r1\t2\r", "a,b\n\"1", "sep=\n", "\"sep=,\"\na,b\n,2", "\n\n,,\na\n\"b\rc\"", "a|b"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		content, err := textfile.UTF8(content)
		if err != nil {
			return
		}
		header, rows, err := textfile.Table(content)
		var wrong *textfile.TableError
		if err != nil && (!errors.As(err, &wrong) || wrong.Line < 1) {
			t.Fatalf("%q: %v", content, err)
		}
		if len(rows) > 0 && len(header.Cells) == 0 {
			t.Fatalf("%q: rows without a header", content)
		}
		last := header.Line
		for _, row := range rows {
			if len(row.Cells) != len(header.Cells) || row.Line <= last {
				t.Fatalf("%q: row %+v under %+v", content, row, header)
			}
			last = row.Line
			for _, cell := range row.Cells {
				if !utf8.ValidString(cell) || cell != textfile.OneLine(cell) {
					t.Fatalf("%q: cell %q", content, cell)
				}
			}
		}
	})
}
