// Package surveys holds the library of survey definitions and decodes survey
// files: YAML, read strictly. README.md describes the format.
package surveys

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/unicode/norm"

	"sipas/internal/survey"
	"sipas/internal/textfile"
)

// MaxSize bounds a survey file, in bytes. The built-in ones are under 20 kB.
const MaxSize = 1 << 20

// Quick is the key of the built-in form of one question with faces, which a counter
// asks when nobody says otherwise.
const Quick = "quay-nhanh"

//go:embed *.yaml
var files embed.FS

// everywhere are the surveys that every database gets when it is seeded. The
// others of the library are published where a province wants them.
var everywhere = []string{Quick, "sipas"}

// Library decodes every embedded survey file, by key.
func Library() ([]survey.Definition, error) {
	names, err := fs.Glob(files, "*.yaml")
	if err != nil {
		return nil, err
	}
	definitions := make([]survey.Definition, 0, len(names))
	for _, name := range names {
		d, err := decodeFile(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		definitions = append(definitions, d)
	}
	return definitions, nil
}

// BuiltIn decodes those of the library that every database gets.
func BuiltIn() ([]survey.Definition, error) {
	definitions := make([]survey.Definition, len(everywhere))
	for i, key := range everywhere {
		var err error
		if definitions[i], _, err = InLibrary(key); err != nil {
			return nil, err
		}
	}
	return definitions, nil
}

// InLibrary finds a survey of the library by its key, which its file is named for.
func InLibrary(key string) (d survey.Definition, is bool, err error) {
	names, err := fs.Glob(files, "*.yaml")
	if err != nil || !slices.Contains(names, key+".yaml") {
		return d, false, err
	}
	if d, err = decodeFile(key + ".yaml"); err != nil {
		return d, false, fmt.Errorf("%s.yaml: %w", key, err)
	}
	return d, true, nil
}

func decodeFile(name string) (d survey.Definition, err error) {
	f, err := files.Open(name)
	if err != nil {
		return d, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return Decode(f)
}

// Decode reads one survey file of at most MaxSize bytes in UTF-8, with a byte order mark or
// without, and checks it
// as survey.Definition.Validate does. Texts come out in Unicode form NFC.
// Unknown keys, keys given twice, anchors, aliases, tags and further documents
// are errors. What is wrong in the file itself is told with its line, what is
// wrong with the survey with the key of the section or question.
func Decode(r io.Reader) (survey.Definition, error) {
	content, err := textfile.Read(r, MaxSize)
	switch {
	case err != nil:
		return survey.Definition{}, fmt.Errorf("read survey file: %w", err)
	case len(content) > MaxSize:
		return survey.Definition{}, fmt.Errorf("survey file is larger than %d bytes", MaxSize)
	}
	content = norm.NFC.Bytes(content)
	if err := checkForm(content); err != nil {
		return survey.Definition{}, fmt.Errorf("survey file: %w", err)
	}
	var d survey.Definition
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	decoder.KnownFields(true)
	if err := decoder.Decode(&d); err != nil {
		return survey.Definition{}, fmt.Errorf("survey file: %w", plain(err))
	}
	if wrong := d.Validate(); len(wrong) > 0 {
		return survey.Definition{}, fmt.Errorf("survey %s: %s", d.Key, listed(wrong))
	}
	return d, nil
}

// checkForm refuses what YAML offers and a survey file does not need. Aliases
// could blow a small file up, and a tag or a merge key hides from a reader what
// is said.
func checkForm(content []byte) error {
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	var document yaml.Node
	if err := decoder.Decode(&document); errors.Is(err, io.EOF) {
		return errors.New("is empty")
	} else if err != nil {
		return plain(err)
	}
	if err := checkNode(&document, 0); err != nil {
		return err
	}
	var next yaml.Node
	switch err := decoder.Decode(&next); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return plain(err)
	}
	return fmt.Errorf("line %d: a survey file holds one document only", next.Line)
}

const (
	// maxDepth is far beyond the depth of the format, which is ten.
	maxDepth = 50
	// maxEntries bounds one map: the largest of the format is a text, with an
	// entry for each language. The decoder compares every two keys of a map,
	// which takes hours and all memory for a megabyte of them.
	maxEntries = 100
)

func checkNode(n *yaml.Node, depth int) error {
	switch {
	case depth > maxDepth:
		return fmt.Errorf("line %d: nested too deep", n.Line)
	case n.Kind == yaml.MappingNode && len(n.Content) > 2*maxEntries:
		return fmt.Errorf("line %d: too many keys in one map", n.Line)
	case n.Kind == yaml.AliasNode, n.Anchor != "":
		return fmt.Errorf("line %d: anchors and aliases are not allowed; write the text again", n.Line)
	case n.Style&yaml.TaggedStyle != 0:
		return fmt.Errorf("line %d: tags are not allowed", n.Line)
	case n.Tag == "!!merge":
		return fmt.Errorf("line %d: merge keys are not allowed", n.Line)
	}
	for _, child := range n.Content {
		if err := checkNode(child, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// kinds names YAML's kinds of values in words.
var kinds = strings.NewReplacer("!!seq", "a list", "!!map", "a map", "!!str", "the text", "!!int", "the number",
	"!!float", "the number", "!!bool", "the truth value", "!!null", "an empty value", "!!timestamp", "the date")

// plain says a decoder's error without the names of Go types.
func plain(err error) error {
	var typed *yaml.TypeError
	if !errors.As(err, &typed) {
		return errors.New(strings.TrimPrefix(err.Error(), "yaml: "))
	}
	problems := make([]string, len(typed.Errors))
	for i, problem := range typed.Errors {
		line, rest, _ := strings.Cut(problem, ": ")
		if field, unknown := strings.CutPrefix(rest, "field "); unknown {
			field, _, _ = strings.Cut(field, " not found in type ")
			rest = fmt.Sprintf("unknown key %q", field)
		}
		if found, misplaced := strings.CutPrefix(rest, "cannot unmarshal "); misplaced {
			found, _, _ = strings.Cut(found, " into ")
			rest = kinds.Replace(found) + " cannot stand here"
		}
		problems[i] = line + ": " + rest
	}
	return errors.New(listed(problems))
}

// listed joins the first problems: nobody mends more at once, and a bad file
// may have a hundred thousand.
func listed(problems []string) string {
	const most = 20
	if more := len(problems) - most; more > 0 {
		problems = append(problems[:most:most], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(problems, "; ")
}
