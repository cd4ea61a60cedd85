package surveys

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"sipas/internal/survey"
)

// fits tells what is wrong with a file by the schema.
func fits(t *testing.T, schema *jsonschema.Schema, content []byte) error {
	t.Helper()
	var value any
	if err := yaml.Unmarshal(content, &value); err != nil {
		t.Fatal(err)
	}
	return schema.Validate(value)
}

// TestSchema: the schema beside the library is the one that the types make; every file that
// is read fits it, and files with a planted error, which are refused, do not.
func TestSchema(t *testing.T) {
	t.Parallel()
	const golden = "survey.schema.json"
	if *update {
		if err := os.WriteFile(golden, Schema(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(kept), string(Schema())); diff != "" {
		t.Errorf("run it with -update: %s", diff)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(kept))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("survey", document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("survey")
	if err != nil {
		t.Fatal(err)
	}

	names, err := fs.Glob(files, "*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatal("no files", err)
	}
	for _, name := range names {
		content, err := files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := fits(t, schema, content); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	examples, err := filepath.Glob("../internal/survey/testdata/kinds/*.json")
	if err != nil || len(examples) != len(survey.Types()) {
		t.Fatalf("%d examples of kinds: %v", len(examples), err)
	}
	for _, name := range examples {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var example struct{ Question survey.Question }
		if err := json.Unmarshal(content, &example); err != nil {
			t.Fatal(err)
		}
		d, err := Decode(strings.NewReader(small))
		if err != nil {
			t.Fatal(err)
		}
		d.Sections[0].Questions[0] = example.Question
		var file bytes.Buffer
		if err := Encode(&file, d); err != nil {
			t.Fatal(err)
		}
		if err := fits(t, schema, file.Bytes()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}

	question := func(lines string) string {
		return strings.Replace(small, "        text: {vi: Câu hỏi}\n", "        text: {vi: Câu hỏi}\n"+lines, 1)
	}
	of := func(kind, lines string) string { return strings.Replace(question(lines), "scale5", kind, 1) }
	second := "      - key: second\n        type: text\n        text: {vi: Hai}\n        show: "
	for name, file := range map[string]string{
		"unknown property":          small + "colour: red\n",
		"unknown property inside":   question("        weight: 2\n"),
		"languages are no list":     strings.Replace(small, "[vi]", "vi", 1),
		"no Vietnamese":             strings.NewReplacer("vi:", "en:", "[vi]", "[en]").Replace(small),
		"no title":                  strings.Replace(small, "title: {vi: Một}\n", "", 1),
		"no method":                 strings.Replace(small, "method: pooled\n", "", 1),
		"empty text":                strings.Replace(small, "Câu hỏi", `""`, 1),
		"key with capitals":         strings.Replace(small, "key: first", "key: First", 1),
		"unknown type":              of("scale7", ""),
		"property of another type":  question("        min: 1\n"),
		"choices of a scale":        question("        choices: [{key: a, text: {vi: A}}, {key: b, text: {vi: B}}]\n"),
		"a single without choices":  of("single", ""),
		"one choice":                of("single", "        choices: [{key: a, text: {vi: A}}]\n"),
		"a grid without rows":       of("grid", ""),
		"four levels":               of("grid", "        levels: 4\n        rows: [{key: a, text: {vi: A}}]\n"),
		"three points":              of("points", "        choices: [{key: a, points: 3, text: {vi: A}}, {key: b, points: 0, text: {vi: B}}]\n"),
		"a long text":               of("text", "        max_length: 10001\n"),
		"a date that is none":       of("date", "        from: soon\n"),
		"required is no truth":      question("        required: perhaps\n"),
		"a condition on nothing":    small + second + "{}\n",
		"a condition of two forms":  small + second + "{channel: [qr], field: [dat-dai]}\n",
		"a condition without value": small + second + "{question: first}\n",
		"in and bounds":             small + second + `{question: first, in: ["1"], at_most: 2}` + "\n",
		"an unknown channel":        small + second + "{channel: [fax]}\n",
		"an empty list":             small + second + "{all: []}\n",
	} {
		if err := fits(t, schema, []byte(file)); err == nil {
			t.Errorf("%s fits the schema", name)
		}
		if _, err := Decode(strings.NewReader(file)); err == nil {
			t.Errorf("%s is read, and the schema refuses it", name)
		}
	}
	for name, file := range map[string]string{
		"a condition": small + second + `{all: [{question: first, at_most: 2}, {any: [{channel: [qr]}, {field: [dat-dai]}]}]}` + "\n", "as it is": small,
	} {
		if err := fits(t, schema, []byte(file)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
