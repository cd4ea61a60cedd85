package studio

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"sipas/internal/survey"
)

// Bounds of a draft: what people type may be wrong, and is kept; it may not be endless.
const (
	// MostBytes bounds all texts of a draft.
	MostBytes = 4 << 20
	// MostText bounds one field, in bytes.
	MostText = 40_000
	// MostElements bounds everything there ever was in a draft.
	MostElements = 20_000
	// MostQuestions bounds sections and questions together; publishing allows fewer.
	MostQuestions = 400
	// MostParts bounds the choices, and the rows, of a question.
	MostParts = 200
	// MostLanguages bounds them.
	MostLanguages = 20
	// MostOperations bounds the operations of a draft.
	MostOperations = 50_000
	// MostLog bounds what is kept of all operations of a draft, in bytes.
	MostLog = 64 << 20
)

// clean is a text as it is kept: without what its writer can neither see nor mend.
func clean(value string) (string, error) {
	if len(value) > MostText {
		return "", tooMuch("value", MostText)
	}
	if !utf8.ValidString(value) {
		value = strings.ToValidUTF8(value, "\uFFFD")
	}
	return survey.CleanText(value), nil
}

// roomFor tells whether there is room for what is added.
func (d *Tree) roomFor(plan []Effect) error {
	bytes, more := d.bytes, map[list]int{}
	added := 0
	for _, e := range plan {
		switch e.Do {
		case DoAdd:
			added++
			is := Element{Kind: e.Kind, In: e.In}
			more[is.list()]++
		case DoSet:
			bytes += sizeOf(e.Cell, e.Now)
		}
	}
	if bytes > MostBytes {
		return tooMuch("items", MostBytes)
	}
	if len(d.elements)+added > MostElements {
		return tooMuch("items", MostElements)
	}
	for at, n := range more {
		most := MostParts
		if at.Of == KindQuestion {
			most = MostQuestions
		}
		if len(d.present(at.In, at.Of))+n > most {
			return tooMuch("items", most)
		}
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
