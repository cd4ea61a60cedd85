package studio

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Key names an element of a draft, and never changes.
type Key string

// Whole is the element that is the survey itself.
const Whole Key = "survey"

// Kind is what sort of thing an element is.
type Kind string

// The kinds.
const (
	KindSurvey   Kind = "survey"
	KindSection  Kind = "section"
	KindQuestion Kind = "question"
	KindChoice   Kind = "choice" // of a question
	KindRow      Kind = "row"    // of a question
	KindRemark   Kind = "remark" // what of the survey nobody could check
	KindReport   Kind = "report" // what a file said that the draft was made of, until somebody has seen to it
)

// within tells whether elements of the kind are parts of a question.
func (k Kind) within() bool { return k == KindChoice || k == KindRow }

// Element is one thing in a draft.
type Element struct {
	Key    Key               `json:"key"`
	Kind   Kind              `json:"kind"`
	In     Key               `json:"in,omitempty"` // the question of a choice or row
	Gone   bool              `json:"gone,omitempty"`
	Fields map[string]string `json:"fields,omitempty"` // by cell
}

// Text is a field in a language, or in Vietnamese.
func (e *Element) Text(field, language string) string {
	if text := e.Fields[Cell(field, language)]; text != "" {
		return text
	}
	return e.Fields[Cell(field, "vi")]
}

// Cell is what a field, and of a text its language, is called in Element.Fields:
// "code", "text@vi".
func Cell(field, language string) string {
	if language == "" {
		return field
	}
	return field + "@" + language
}

// SplitCell is the other way round.
func SplitCell(cell string) (field, language string) {
	field, language, _ = strings.Cut(cell, "@")
	return field, language
}

// list is one of the lists that elements stand in.
type list struct {
	In Key
	Of Kind // of sections and questions, which stand in one: KindQuestion
}

func (e *Element) list() list {
	if e.Kind == KindSection {
		return list{e.In, KindQuestion}
	}
	return list{e.In, e.Kind}
}

// Draft is a survey while it is made. It is not safe for concurrent use.
type Draft struct {
	*Tree
	Revision int
	// Past are the revisions that led here, the newest last, as far back as they were
	// read; those before it are not known.
	Past []Revision
}

// Tree is what is in a draft.
type Tree struct {
	elements map[Key]*Element
	lists    map[list][]Key // in order, with those that are gone: so that an anchor always exists
	bytes    int            // of all fields
}

func newTree() *Tree {
	d := &Tree{elements: map[Key]*Element{}, lists: map[list][]Key{}}
	d.elements[Whole] = &Element{Key: Whole, Kind: KindSurvey, Fields: map[string]string{}}
	return d
}

// Element finds an element, also one that is gone; nil if there never was one.
func (d *Tree) Element(key Key) *Element { return d.elements[key] }

// Here tells whether an element is in the survey: not gone, and not part of what is.
func (d *Tree) Here(key Key) bool {
	e := d.elements[key]
	return e != nil && !e.Gone && (e.In == "" || d.Here(e.In))
}

// Outline lists sections and questions in their order.
func (d *Tree) Outline() []*Element { return d.present("", KindQuestion) }

// Choices lists those of a question.
func (d *Tree) Choices(question Key) []*Element { return d.present(question, KindChoice) }

// Rows lists those of a question.
func (d *Tree) Rows(question Key) []*Element { return d.present(question, KindRow) }

// Remarks lists what of the survey nobody could check.
func (d *Tree) Remarks() []*Element { return d.present("", KindRemark) }

// Reports lists what a file said and nobody has seen to.
func (d *Tree) Reports() []*Element { return d.present("", KindReport) }

// Gone lists what was removed and can be restored.
func (d *Tree) Gone() []*Element {
	var gone []*Element
	for _, key := range d.keys() {
		if e := d.elements[key]; e.Gone && (e.In == "" || d.Here(e.In)) {
			gone = append(gone, e)
		}
	}
	return gone
}

func (d *Tree) present(in Key, of Kind) []*Element {
	var here []*Element
	for _, key := range d.lists[list{in, of}] {
		if e := d.elements[key]; !e.Gone {
			here = append(here, e)
		}
	}
	return here
}

// keys are those of all elements but Whole: lists of the survey first, then those of
// its questions.
func (d *Tree) keys() []Key {
	var keys []Key
	for _, of := range []Kind{KindQuestion, KindRemark, KindReport} {
		keys = append(keys, d.lists[list{"", of}]...)
	}
	for _, question := range slices.Clone(keys) {
		keys = append(keys, d.lists[list{question, KindChoice}]...)
		keys = append(keys, d.lists[list{question, KindRow}]...)
	}
	return keys
}

// section are the questions under a heading, also those that are gone.
func (d *Tree) section(heading Key) []Key {
	outline := d.lists[list{"", KindQuestion}]
	var under []Key
	for _, key := range outline[slices.Index(outline, heading)+1:] {
		e := d.elements[key]
		if e.Kind == KindSection && !e.Gone {
			break
		}
		if e.Kind == KindQuestion {
			under = append(under, key)
		}
	}
	return under
}

// Languages are those of the survey, each once.
func (d *Tree) Languages() []string {
	var languages []string
	for _, l := range strings.FieldsFunc(d.elements[Whole].Fields["languages"], func(c rune) bool { return c == ' ' || c == ',' || c == ';' }) {
		if !slices.Contains(languages, l) {
			languages = append(languages, l)
		}
	}
	return languages
}

// MarshalJSON is how a draft is kept; its revisions are kept apart.
func (d *Tree) MarshalJSON() ([]byte, error) {
	all := []*Element{d.elements[Whole]}
	for _, key := range d.keys() {
		all = append(all, d.elements[key])
	}
	return json.Marshal(all)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (d *Tree) UnmarshalJSON(content []byte) error {
	var all []*Element
	if err := json.Unmarshal(content, &all); err != nil {
		return err
	}
	*d = *newTree()
	for _, e := range all {
		if e.Fields == nil {
			e.Fields = map[string]string{}
		}
		if e.Key != Whole {
			if d.elements[e.Key] != nil || e.Key == "" {
				return fmt.Errorf("element %q is there twice", e.Key)
			}
			d.lists[e.list()] = append(d.lists[e.list()], e.Key)
		}
		d.elements[e.Key] = e
		for cell, text := range e.Fields {
			d.bytes += len(cell) + len(text)
		}
	}
	return nil
}
