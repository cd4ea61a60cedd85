package studio

import (
	"slices"

	"sipas/internal/agency"
	"sipas/internal/textfile"
)

// Translated is a text in the language of an operation that translates.
type Translated struct {
	Element Key    `json:"element"`
	Field   string `json:"field"`
	Value   string `json:"value,omitempty"`
	// Source is the text in Vietnamese that it was made of; "": the one that stands there.
	Source string `json:"source,omitempty"`
}

// Spot is where a text stands, in whichever language.
type Spot struct {
	Element Key
	Field   string
}

// MostTexts bounds those of one operation.
const MostTexts = 5_000

// translate sets many texts of one language. That it is as it was changes nothing, and is
// kept all the same: somebody has held it against the text that it was made of.
func (d *Draft) translate(op Operation) ([]Effect, error) {
	if len(op.Texts) > MostTexts {
		return nil, tooMuch("texts", MostTexts)
	}
	if op.Language == agency.FallbackLanguage {
		return nil, refuse("language", RefusedUnknown)
	}
	var plan []Effect
	bytes, there := d.bytes, map[Spot]bool{}
	for _, t := range op.Texts {
		is := d.elements[t.Element]
		if is == nil || !settable(is.Kind, t.Field, op.Language) {
			return nil, refuse("texts", RefusedUnknown)
		}
		if spot := (Spot{t.Element, t.Field}); there[spot] {
			return nil, refuse("texts", RefusedThere)
		} else {
			there[spot] = true
		}
		value, err := clean(t.Value)
		if err != nil {
			return nil, err
		}
		e := Effect{Do: DoSet, Element: is.Key, Cell: Cell(t.Field, op.Language), Now: value}
		if value != "" && t.Source != "" && !Alike(t.Source, is.Fields[Cell(t.Field, agency.FallbackLanguage)]) {
			e.Of = t.Source
		}
		bytes += sizeOf(e.Cell, value) - sizeOf(e.Cell, is.Fields[e.Cell])
		plan = append(plan, e)
	}
	if bytes > MostBytes {
		return nil, tooMuch("texts", MostBytes)
	}
	if err := d.conflict(plan, op.Base); err != nil {
		return nil, err
	}
	for _, e := range plan {
		if !d.Here(e.Element) {
			return nil, refuse("texts", RefusedGone)
		}
	}
	var done []Effect
	for _, e := range plan {
		if e = d.do(e); e.Was != e.Now || e.Now != "" {
			done = append(done, e)
		}
	}
	return done, nil
}

// Alike tells whether two texts say the same: blanks and how letters are put together are
// no difference.
func Alike(a, b string) bool { return a == b || textfile.OneLine(a) == textfile.OneLine(b) }

// Stale are the texts of a language that were made of another text in Vietnamese than
// stands there now, with that other. The past must be known from the beginning; what was
// there then fits.
func (d *Draft) Stale(language string) map[Spot]string {
	made := map[Spot]string{}   // of what each was made, as far as the past says
	source := map[Spot]string{} // in Vietnamese, after the revision that is looked at
	takenBack := map[int]bool{} // also what took back
	now := func(s Spot) string {
		if text, changed := source[s]; changed {
			return text
		}
		return d.elements[s.Element].Fields[Cell(s.Field, agency.FallbackLanguage)]
	}
	for _, r := range slices.Backward(d.Past) {
		if !takenBack[r.Number] && r.Undoes > 0 {
			takenBack[r.Number], takenBack[r.Undoes] = true, true
		}
		for _, e := range r.Effects {
			field, of := e.Place()
			spot := Spot{e.Element, field}
			if _, known := made[spot]; e.Do != DoSet || of != language || known || takenBack[r.Number] {
				continue
			}
			if made[spot] = e.Of; e.Of == "" {
				made[spot] = now(spot)
			}
		}
		for _, e := range slices.Backward(r.Effects) {
			if field, of := e.Place(); e.Do == DoSet && of == agency.FallbackLanguage {
				source[Spot{e.Element, field}] = e.Was
			}
		}
	}
	stale := map[Spot]string{}
	for key, e := range d.elements {
		for cell := range e.Fields {
			field, of := SplitCell(cell)
			spot := Spot{key, field}
			if of != language || !d.Here(key) {
				continue
			}
			was, known := made[spot]
			if !known {
				was = now(spot) // at the beginning
			}
			if !Alike(was, e.Fields[Cell(field, agency.FallbackLanguage)]) {
				stale[spot] = was
			}
		}
	}
	return stale
}
