// Package translation is a survey in one further language: which texts there are, which of
// them are missing or were made of a text that stands there no more, what of them is
// changed, and files by which translators work elsewhere.
//
//	texts := translation.Texts(draft, "km")
//	op, met, known := translation.Edited(draft, "km", base, written) // of a page
//	err := translation.Write(w, translation.XLIFF, draft, "km")
//	plan := translation.PlanOf(draft, "km", content) // of a file
package translation

import (
	"regexp"
	"slices"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/studio"
)

// Text is one text of a survey in the language of a translation.
type Text struct {
	studio.Spot
	// Unit names it in files: by the codes of what it is part of, so that the file of a
	// published version fits the draft of the next; by the element's key where a code is
	// none or not the only one.
	Unit    string
	Kind    studio.Kind
	Within  string // the question of a choice or row, in Vietnamese
	Source  string // in Vietnamese
	English string
	Target  string // "" is missing
	Stale   bool   // it was made of another text than Source
	Made    string // that other
}

// Missing tells whether there is something to translate, and no translation.
func (t Text) Missing() bool { return t.Target == "" && t.Source != "" }

// Pending tells whether somebody has to look at it.
func (t Text) Pending() bool { return t.Missing() || t.Stale }

// Texts lists those of a draft that is published with all of its texts, in its order.
// What is stale the past says: it must be known from the beginning.
func Texts(d *studio.Draft, language string) []Text {
	l := lister{d: d, language: language, stale: d.Stale(language), names: namesOf(d)}
	l.add(d.Element(studio.Whole))
	for _, e := range d.Outline() {
		l.add(e)
		if e.Kind == studio.KindQuestion {
			for _, part := range d.Parts(e) {
				l.add(part)
			}
		}
	}
	for _, e := range d.Remarks() {
		l.add(e)
	}
	return l.texts
}

type lister struct {
	d        *studio.Draft
	language string
	stale    map[studio.Spot]string
	names    map[studio.Key]string
	texts    []Text
}

func (l *lister) add(e *studio.Element) {
	for _, f := range studio.FieldsOf(e.Kind) {
		in := func(language string) string { return e.Fields[studio.Cell(f.Name, language)] }
		if !f.Spoken() || !e.Has(f.Name) || in(agency.FallbackLanguage) == "" && in("en") == "" && in(l.language) == "" {
			continue
		}
		t := Text{
			Spot: studio.Spot{Element: e.Key, Field: f.Name}, Unit: l.names[e.Key] + "." + f.Name, Kind: e.Kind,
			Source: in(agency.FallbackLanguage), Target: in(l.language),
		}
		if l.language != "en" {
			t.English = in("en")
		}
		t.Made, t.Stale = l.stale[t.Spot]
		if e.In != "" {
			t.Within = l.d.Element(e.In).Fields[studio.Cell("text", agency.FallbackLanguage)]
		}
		l.texts = append(l.texts, t)
	}
}

var codePattern = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)

// namesOf names the elements of a draft for files.
func namesOf(d *studio.Draft) map[studio.Key]string {
	names, seen := map[studio.Key]string{studio.Whole: "survey"}, map[string]bool{}
	name := func(e *studio.Element, before string) {
		code := e.Fields["code"]
		named := before + string(e.Kind) + "." + code
		if !codePattern.MatchString(code) || seen[named] {
			named = "element." + string(e.Key)
		}
		names[e.Key], seen[named] = named, true
	}
	for _, e := range d.Outline() {
		name(e, "")
		for _, part := range d.Parts(e) {
			name(part, names[e.Key]+".")
		}
	}
	for _, e := range d.Remarks() {
		name(e, "")
	}
	return names
}

// Progress is how far a translation is.
type Progress struct{ All, Missing, Stale int }

// Ready is how many texts nobody has to look at.
func (p Progress) Ready() int { return p.All - p.Missing - p.Stale }

// ProgressOf counts texts. What has no Vietnamese text is none of them.
func ProgressOf(texts []Text) (p Progress) {
	for _, t := range texts {
		switch {
		case t.Source == "":
			continue
		case t.Missing():
			p.Missing++
		case t.Stale:
			p.Stale++
		}
		p.All++
	}
	return p
}

// Suggested are the languages that are offered first: those that many in Vietnam read
// beside Vietnamese, and those of visitors.
func Suggested() []string {
	return []string{"en", "km", "cjm", "hmn", "tyz", "rad", "jra", "bdq", "zh", "ko", "ja", "lo", "th", "fr", "ru"}
}

// Begun are the languages besides Vietnamese in which a draft has texts or is to be
// published, in the order of the survey, then by their tags.
func Begun(d *studio.Draft) []string {
	begun := slices.DeleteFunc(d.Languages(), func(l string) bool { return l == agency.FallbackLanguage || !studio.IsLanguage(l) })
	var others []string
	look := func(e *studio.Element) {
		for cell := range e.Fields {
			_, l := studio.SplitCell(cell)
			if l != "" && l != agency.FallbackLanguage && !slices.Contains(begun, l) && !slices.Contains(others, l) {
				others = append(others, l)
			}
		}
	}
	look(d.Element(studio.Whole))
	for _, e := range slices.Concat(d.Outline(), d.Remarks()) {
		look(e)
		for _, part := range slices.Concat(d.Choices(e.Key), d.Rows(e.Key)) {
			look(part)
		}
	}
	slices.Sort(others)
	return append(begun, others...)
}

// Written is a text as a page sent it back.
type Written struct {
	studio.Spot
	Value string
	Fits  bool // somebody says that what is there fits its source
}

// Met is a text that somebody else has changed since the page was shown.
type Met struct {
	studio.Spot
	Mine, Theirs string
	By           string
	Gone         bool // it was removed
}

// Edited is the operation that keeps what was changed on a page that showed a revision of
// the past; with others' changes of the same texts there is none. What a page did not
// change stays as somebody else has left it.
func Edited(d *studio.Draft, language string, base int, written []Written) (op studio.Operation, met []Met, known bool) {
	op = studio.Operation{Do: studio.DoTranslate, Base: d.Revision, Language: language}
	shown, known := d.At(min(base, d.Revision))
	if !known || base < 0 {
		return op, nil, false
	}
	for _, w := range written {
		before := shown.Element(w.Element)
		if before == nil {
			return op, nil, false
		}
		cell := studio.Cell(w.Field, language)
		value, was := Clean(w.Value), Clean(before.Fields[cell])
		now := Clean(d.Element(w.Element).Fields[cell])
		switch {
		case value == was && !w.Fits, value == now && (!w.Fits || value == ""):
			continue
		case !d.Here(w.Element):
			met = append(met, Met{Spot: w.Spot, Mine: value, By: lastBy(d, base, func(e studio.Effect) bool {
				return e.Do == studio.DoRemove && (e.Element == w.Element || e.Element == before.In)
			}), Gone: true})
			continue
		case now != was && now != value:
			met = append(met, Met{Spot: w.Spot, Mine: value, Theirs: now, By: lastBy(d, base, func(e studio.Effect) bool {
				return e.Element == w.Element && e.Cell == cell
			})})
			continue
		}
		op.Texts = append(op.Texts, studio.Translated{Element: w.Element, Field: w.Field, Value: value, Source: before.Fields[studio.Cell(w.Field, agency.FallbackLanguage)]})
	}
	return op, met, true
}

// lastBy is who did something last, after a revision.
func lastBy(d *studio.Draft, base int, what func(studio.Effect) bool) string {
	for _, r := range slices.Backward(d.Past) {
		if r.Number > base && slices.ContainsFunc(r.Effects, what) {
			return r.Author.Name
		}
	}
	return ""
}

// Clean is a translation as it is compared and kept: lines end in one way, and nothing
// blank is around it.
func Clean(text string) string {
	return strings.TrimSpace(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text))
}
