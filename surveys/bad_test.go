package surveys

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var t0 = time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC)

// small is a survey file that the bad ones are made from.
const small = `key: small
languages: [vi]
title: {vi: Một}
method: pooled
sections:
  - key: only
    title: {vi: Mục}
    questions:
      - key: first
        type: scale5
        text: {vi: Câu hỏi}
`

type badFile struct{ name, text, want string }

func badFiles() []badFile {
	replace := func(old, with string) string { return strings.Replace(small, old, with, 1) }
	return []badFile{
		{"empty", "", "is empty"},
		{"comment only", "# nothing\n", "is empty"},
		{"a list", "- a\n- b\n", "line 1: a list cannot stand here"},
		{"a word", "survey\n", "line 1: the text `survey` cannot stand here"},
		{"null", "~\n", `key: key "" must match`},
		{"not YAML", "key: [", "line 1:"},
		{"not UTF-8", "key: \xff\xfe", "not UTF-8"},
		{"UTF-16", "\xff\xfek\x00e\x00y\x00", "is UTF-16; save it as UTF-8"},
		{"NUL", "key: a\x00b", "control characters"},
		{"tab", "key:\n\t- a", "line 2:"},
		{"unknown key", small + "colour: red\n", `line 12: unknown key "colour"`},
		{"unknown key inside", replace("type: scale5", "type: scale5\n        wieght: 2"), `line 11: unknown key "wieght"`},
		{"key in another case", replace("method:", "Method:"), `line 4: unknown key "Method"`},
		{"duplicate key", replace("method: pooled", "method: pooled\nmethod: pooled"), `line 5: mapping key "method" already defined at line 4`},
		{"duplicate language", replace("title: {vi: Một}", "title: {vi: Một, vi: Hai}"), `line 3: mapping key "vi" already defined`},
		{"wrong type", replace("languages: [vi]", "languages: vi"), "line 2: the text `vi` cannot stand here"},
		{"two documents", small + "---\n" + small, "one document"},
		{"broken second document", small + "---\nkey: [", "line 13:"},
		{"two questions with one key", small + "      - key: first\n        type: text\n        text: {vi: Hai}\n", "question first: occurs twice"},
		{"two sections with one key", small + "  - key: only\n    title: {vi: Hai}\n    questions: []\n", "section only: occurs twice"},
		{"missing language", replace("languages: [vi]", "languages: [vi, en]"), `title: has no text in "en"`},
		{"null text", replace("{vi: Câu hỏi}", "{vi: }"), `question first: has no text in "vi"`},
		{"without Vietnamese", strings.NewReplacer("vi:", "en:", "[vi]", "[en]").Replace(small), `languages: must contain "vi"`},
		{"unknown question type", replace("scale5", "scale7"), `unknown type "scale7"`},
		{"condition on a later question", replace("type: scale5", "type: scale5\n        show: {question: last, in: [\"1\"]}"), "does not come before it"},
		{"control character", replace("Câu hỏi", `"a\u202eb"`), "control-character"},
		{"anchor", replace("title: {vi: Một}", "title: &t {vi: Một}"), "line 3: anchors and aliases"},
		{"alias", replace("title: {vi: Một}", "title: &t {vi: Một}\nintro: *t"), "anchors and aliases"},
		{"merge key", replace("title: {vi: Một}", "title: {<<: {vi: Một}}"), "line 3: merge keys"},
		{"tag", replace("key: small", "key: !!binary c21hbGw="), "line 1: tags"},
		{"alias bomb", bomb(), "anchors and aliases"},
		{"nested lists", "title: " + strings.Repeat("[", 1000) + strings.Repeat("]", 1000), "nested too deep"},
		{"nested maps", "title: " + strings.Repeat("{a: ", 1000) + strings.Repeat("}", 1000), "nested too deep"},
		{"nested blocks", strings.Repeat("- ", 1000) + "a", "nested too deep"},
		{"nested without end", strings.Repeat("[", MaxSize), "exceeded max depth"},
		{"nested blocks without end", strings.Repeat("- ", MaxSize/2), "exceeded max depth"},
		{"one key for ever", strings.Repeat("a:\n", MaxSize/3), "too many keys"},
		{"wrong everywhere", "sections:\n" + strings.Repeat("- a: b\n", 30), `line 21: unknown key "a"; and 10 more`},
		{"too large", small + "#" + strings.Repeat("x", MaxSize), "larger than"},
	}
}

// bomb is a few lines that would grow to a thousand million words.
func bomb() string {
	var b strings.Builder
	b.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
	for i := byte('1'); i <= '8'; i++ {
		alias := "*a" + string(i-1)
		b.WriteString("a" + string(i) + ": &a" + string(i) + " [" + strings.Repeat(alias+", ", 9) + alias + "]\n")
	}
	return b.String()
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	if _, err := Decode(strings.NewReader(small)); err != nil {
		t.Fatalf("the file that the bad ones are made from: %v", err)
	}
	for _, bad := range badFiles() {
		t.Run(bad.name, func(t *testing.T) {
			t.Parallel()
			d, err := Decode(strings.NewReader(bad.text))
			if err == nil {
				t.Fatalf("was decoded as %+v", d)
			}
			if !strings.Contains(err.Error(), bad.want) {
				t.Errorf("error %q, want it to say %q", err, bad.want)
			}
			if strings.Contains(err.Error(), "surveys.") || strings.Contains(err.Error(), "survey.") {
				t.Errorf("error %q speaks of Go types", err)
			}
		})
	}
}

func TestDecodeReadsNoMoreThanAllowed(t *testing.T) {
	t.Parallel()
	if _, err := Decode(endless(' ')); err == nil || !strings.Contains(err.Error(), "larger than") {
		t.Errorf("an endless file: %v", err)
	}
	if _, err := Decode(failing{}); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("a broken reader: %v", err)
	}
}

// TestByteOrderMark: editors write one before a file.
func TestByteOrderMark(t *testing.T) {
	t.Parallel()
	content, err := files.ReadFile("quay-nhanh.yaml")
	if err != nil {
		t.Fatal(err)
	}
	plain, err := Decode(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	marked, err := Decode(io.MultiReader(strings.NewReader("\ufeff"), bytes.NewReader(bytes.ReplaceAll(content, []byte("\n"), []byte("\r\n")))))
	if diff := cmp.Diff(plain, marked); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
}
