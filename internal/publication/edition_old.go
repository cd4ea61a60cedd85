package publication

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"

	"sipas/internal/agency"
	"sipas/internal/score"
	"sipas/internal/target"
)

// oldEdition is what was kept before editions had formats: the document of the
// JSON interface of its day.
type oldEdition struct {
	Edition
	Exact bool     `json:"exact"`
	Rows  []oldRow `json:"rows"`
}

type oldRow struct {
	EditionRow
	Targets []oldTarget `json:"targets"`
}

// oldTarget has no comparator if it is from before there were two, and its note
// was one text before notes had languages.
type oldTarget struct {
	EditionTarget
	Note json.RawMessage `json:"note"`
}

// readOld reads an edition without a format.
func readOld(content []byte) (Edition, error) {
	var old oldEdition
	if err := json.Unmarshal(content, &old); err != nil {
		return Edition{}, err
	}
	e := old.Edition
	if e.Format = formatRounded; old.Exact {
		e.Format = formatExact
	}
	for _, r := range old.Rows {
		row := r.EditionRow
		row.Targets = []EditionTarget{}
		for _, t := range r.Targets {
			kept := t.EditionTarget
			kept.Comparator = cmp.Or(kept.Comparator, target.AtLeast)
			var err error
			if kept.Note, err = oldNote(t.Note); err != nil {
				return Edition{}, fmt.Errorf("note: %w", err)
			}
			row.Targets = append(row.Targets, kept)
		}
		e.Rows = append(e.Rows, row)
	}
	return e, nil
}

// oldNote reads a note by language, or one text: those were English where they
// have no letter that English lacks.
func oldNote(raw json.RawMessage) (note agency.Text, err error) {
	var one string
	switch {
	case len(raw) == 0:
	case json.Unmarshal(raw, &one) != nil:
		err = json.Unmarshal(raw, &note)
	case strings.ContainsFunc(one, func(r rune) bool { return r > unicode.MaxASCII }):
		note = agency.Text{agency.FallbackLanguage: one}
	case one != "":
		note = agency.Text{"en": one}
	}
	if len(note) == 0 {
		note = nil
	}
	return note, err
}

// method is that of a row. What rounded editions called points-210 was a ratio,
// and is read as what it was.
func (e Edition) method(r EditionRow) score.Method {
	if e.Format < formatExact && r.Method == score.Points210 {
		return score.PointsRatio
	}
	return r.Method
}

// beyondChance tells whether chance explains a standing. Rounded editions did
// not say it, and it follows from the interval.
func (e Edition) beyondChance(t EditionTarget, x score.Index) bool {
	if e.Format >= formatExact {
		return t.BeyondChance
	}
	return t.Standing != score.NotEnoughData && (!x.HasInterval || t.Percent < x.Low || t.Percent > x.High)
}
