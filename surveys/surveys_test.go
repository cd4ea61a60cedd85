package surveys

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/score"
	"sipas/internal/survey"
)

var update = flag.Bool("update", false, "write the golden files")

func library(t *testing.T) []survey.Definition {
	t.Helper()
	ds, err := Library()
	if err != nil {
		t.Fatal(err)
	}
	return ds
}

func TestBuiltInMatchesGolden(t *testing.T) {
	t.Parallel()
	ds, err := BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range ds {
		got, err := json.MarshalIndent(d, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		golden := filepath.Join("testdata", d.Key+".golden.json")
		if *update {
			if err := os.WriteFile(golden, append(got, '\n'), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)+"\n"); diff != "" {
			t.Errorf("%s: golden differs (-want +got); go test ./surveys -update\n%s", d.Key, diff)
		}
	}
}

// TestLibraryShape states what the rest of the program relies on.
func TestLibraryShape(t *testing.T) {
	t.Parallel()
	byKey := map[string]survey.Definition{}
	for _, d := range library(t) {
		byKey[d.Key] = d
		if _, err := score.ParseMethod(d.Method); err != nil {
			t.Errorf("%s: %v", d.Key, err)
		}
		for _, s := range d.Sections {
			for _, q := range s.Questions {
				if len(q.Short) == 0 {
					t.Errorf("%s: question %s has no label for charts", d.Key, q.Key)
				}
				for _, language := range d.Languages {
					if q.Type == survey.TypeScale && len(s.Stem) == 0 && !strings.HasSuffix(q.Text[language], "?") {
						t.Errorf("%s: %q is no question, and section %s has no stem", d.Key, q.Text[language], s.Key)
					}
				}
				for _, c := range q.Choices {
					if bribe := c.Key == "extra-cost"; bribe != (c.NoteIn("vi", "113") != "") || c.NoteIn("vi", "") != "" {
						t.Errorf("%s: choice %s: note %q", d.Key, c.Key, c.NoteIn("vi", "113"))
					}
				}
			}
		}
	}
	quick := survey.NewVersion(1, 1, t0, byKey["quay-nhanh"])
	var required, scale []string
	for _, q := range quick.Questions() {
		if q.Required {
			required = append(required, q.Key)
		}
		if q.Type == survey.TypeScale {
			scale = append(scale, q.Key)
		}
	}
	if diff := cmp.Diff([]string{"overall"}, required); diff != "" {
		t.Errorf("the quick form asks for one answer only: %s", diff)
	}
	if diff := cmp.Diff([]string{"overall", "access", "procedure", "staff", "result", "feedback"}, scale); diff != "" {
		t.Error(diff)
	}
	sipas := byKey["sipas"]
	if sipas.Headline != "" || sipas.Method != string(score.Sipas2023) {
		t.Errorf("sipas: headline %q, method %q", sipas.Headline, sipas.Method)
	}
	factors := map[string]int{}
	for _, s := range sipas.Sections {
		for _, q := range s.Questions {
			if q.Type != survey.TypeScale {
				continue
			}
			factors[s.Key]++
			if !q.NoOpinion {
				t.Errorf("sipas: %s offers no way out", q.Key)
			}
			if conditional := q.Show != nil; conditional != (s.Key == "feedback") {
				t.Errorf("sipas: %s conditional: %v", q.Key, conditional)
			}
		}
	}
	want := map[string]int{"policy": 9, "access": 3, "procedure": 4, "staff": 4, "result": 4, "feedback": 3}
	if diff := cmp.Diff(want, factors); diff != "" {
		t.Error(diff)
	}
}

func TestReadmeExampleDecodes(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, example, _ := strings.Cut(string(readme), "```yaml\n")
	example, _, found := strings.Cut(example, "```")
	if !found {
		t.Fatal("README.md holds no example")
	}
	if _, err := Decode(strings.NewReader(example)); err != nil {
		t.Error(err)
	}
	// Every key of the format occurs in the example and has its row.
	keys := regexp.MustCompile(`(?m)^[ -]*([a-z_]+):`)
	for _, key := range keys.FindAllStringSubmatch(everyFile(t), -1) {
		if !slices.Contains([]string{"vi", "en"}, key[1]) && !strings.Contains(string(readme), "| `"+key[1]+"` |") {
			t.Errorf("README.md does not describe the key %q", key[1])
		}
	}
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	b, err := files.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func everyFile(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, d := range library(t) {
		all.WriteString(readFile(t, d.Key+".yaml"))
	}
	return all.String()
}

func TestDecodeNormalises(t *testing.T) {
	t.Parallel()
	d, err := Decode(strings.NewReader("\ufeff" + strings.Replace(small, "Một", "Mo\u0302\u0323t", 1)))
	if err != nil {
		t.Fatal(err)
	}
	if got := d.Title["vi"]; got != "Một" {
		t.Errorf("title %+q", got)
	}
}

// TestYAMLOfTheKinds: what YAML would take for a day, a number or a truth value
// is what the format says.
func TestYAMLOfTheKinds(t *testing.T) {
	t.Parallel()
	d, err := Decode(strings.NewReader(small + `      - {key: filed, type: date, text: {vi: Ngày}, from: 2024-01-01, to: "2026-12-31"}
      - {key: visits, type: number, text: {vi: Số lần}, min: 0, max: 0x10, unit: {vi: lần}}
      - {key: fee, type: yes-no, text: {vi: "Có phí không?"}, required: true, show: {question: first, at_most: 2}}
      - key: last
        type: grid
        levels: 3
        satisfied: [2, 3]
        scored: false
        rows: [{key: "on", text: {vi: Một}}]
        text: {vi: Bảng}
        show:
          any:
            - {question: fee, in: [yes]}
            - all: [{channel: [qr]}, {question: visits, at_least: 3}, {field: [dat-dai]}]
`))
	if err != nil {
		t.Fatal(err)
	}
	qs := d.Sections[0].Questions
	got, err := json.Marshal(qs[1:])
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"key":"filed","type":"date","text":{"vi":"Ngày"},"from":"2024-01-01","to":"2026-12-31"},` +
		`{"key":"visits","type":"number","text":{"vi":"Số lần"},"min":0,"max":16,"unit":{"vi":"lần"}},` +
		`{"key":"fee","type":"yes-no","required":true,"text":{"vi":"Có phí không?"},"show":{"question":"first","at_most":2}},` +
		`{"key":"last","type":"grid","text":{"vi":"Bảng"},"satisfied":[2,3],"scored":false,"rows":[{"key":"on","text":{"vi":"Một"}}],"levels":3,` +
		`"show":{"any":[{"question":"fee","in":["yes"]},{"all":[{"channel":["qr"]},{"question":"visits","at_least":3},{"field":["dat-dai"]}]}]}}]`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
	for bad, why := range map[string]string{
		`{key: a, type: date, text: {vi: a}, from: 2024-02-30}`:                                                           "days like",
		`{key: a, type: date, text: {vi: a}, from: 2024-02-03, to: 2024-01-01}`:                                           "in order",
		`{key: a, type: number, text: {vi: a}, min: 1e99}`:                                                                "cannot stand here",
		`{key: a, type: number, text: {vi: a}, min: 2000000000}`:                                                          "within",
		`{key: a, type: grid, text: {vi: a}}`:                                                                             "1 to 50 rows",
		`{key: a, type: grid, text: {vi: a}, levels: 4, rows: [{key: b, text: {vi: b}}]}`:                                 "5 or 3",
		`{key: a, type: points, text: {vi: a}, choices: [{key: b, text: {vi: b}}, {key: c, text: {vi: c}}]}`:              "needs points",
		`{key: a, type: field, text: {vi: a}}`:                                                                            "has the key",
		`{key: a, type: information, text: {vi: a}, required: true}`:                                                      "nothing is asked",
		`{key: a, type: single, text: {vi: a}, choices: [{key: b, text: {vi: b}, other: true}, {key: c, text: {vi: c}}]}`: "other belongs to a multi",
		`{key: a, type: text, text: {vi: a}, unit: {vi: lần}}`:                                                            "unit does not belong",
	} {
		if _, err := Decode(strings.NewReader(small + "      - " + bad + "\n")); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v, want %q", bad, err, why)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(small))
	for _, name := range []string{"quay-nhanh.yaml", "sipas.yaml"} {
		b, err := files.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	for _, bad := range badFiles() {
		f.Add([]byte(bad.text))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		d, err := Decode(bytes.NewReader(content))
		if err != nil {
			return
		}
		if wrong := d.Validate(); len(wrong) > 0 {
			t.Errorf("decoded an invalid survey: %v", wrong)
		}
	})
}

// endless yields the same byte for ever.
type endless byte

func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(e)
	}
	return len(p), nil
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrClosedPipe }
