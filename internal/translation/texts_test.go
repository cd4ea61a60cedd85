package translation_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/exchange/draft"
	"sipas/internal/studio"
	"sipas/internal/survey"
	"sipas/internal/testkit"
	"sipas/internal/translation"
	"sipas/surveys"
)

func library(t *testing.T) []survey.Definition {
	t.Helper()
	all, err := surveys.Library()
	if err != nil {
		t.Fatal(err)
	}
	return append(all, testkit.EveryKind(t))
}

type failing interface {
	Helper()
	Fatalf(format string, args ...any)
}

// apply makes what a plan says the next revision.
func apply(t failing, d *studio.Draft, op studio.Operation) {
	t.Helper()
	effects, err := d.Apply(op)
	if err != nil {
		t.Fatalf("apply: %v", err)
	}
	if len(effects) > 0 {
		d.Revision++
		d.Past = append(d.Past, studio.Revision{Number: d.Revision, Effects: effects})
	}
}

func set(t failing, d *studio.Draft, element studio.Key, cell, value string) {
	t.Helper()
	field, language := studio.SplitCell(cell)
	apply(t, d, studio.Operation{Base: d.Revision, Do: studio.DoSet, Element: element, Field: field, Language: language, Value: value})
}

// Every text of a definition is in the list of texts, and what is not missing there is not
// missing when the survey is published.
func TestTextsAreThoseThatPublishingWants(t *testing.T) {
	t.Parallel()
	for _, def := range library(t) {
		d := studio.From(def, draft.Report{})
		set(t, d, studio.Whole, "languages", "vi en km")
		missing := map[studio.Spot]bool{}
		for _, p := range d.Problems(studio.Info{}, nil) {
			if p.Code == studio.ProblemNoTranslation && p.Language == "km" {
				if p.Field == "" { // a remark is one text
					p.Field = "text"
				}
				missing[studio.Spot{Element: p.Element, Field: p.Field}] = true
			}
		}
		var op studio.Operation
		for _, text := range translation.Texts(d, "km") {
			spot := text.Spot
			// Of a text that may be missing altogether, nothing says so while it is
			// missing in this language only.
			if !text.Missing() {
				t.Errorf("%s: %+v is there", def.Key, text)
			}
			delete(missing, spot)
			op.Texts = append(op.Texts, studio.Translated{Element: spot.Element, Field: spot.Field, Value: "ក"})
		}
		if len(missing) > 0 {
			t.Errorf("%s: not in the list are %v", def.Key, missing)
		}
		op.Do, op.Language, op.Base = studio.DoTranslate, "km", d.Revision
		apply(t, d, op)
		if wrong := studio.Blocking(d.Problems(studio.Info{}, nil)); len(wrong) > 0 {
			t.Errorf("%s: %+v", def.Key, wrong)
		}
		progress := translation.ProgressOf(translation.Texts(d, "km"))
		if progress.Missing != 0 || progress.Ready() != progress.All {
			t.Errorf("%s: %+v", def.Key, progress)
		}
		if begun := translation.Begun(d); !cmp.Equal(begun, []string{"en", "km"}) {
			t.Errorf("%s: begun are %v", def.Key, begun)
		}
	}
}

// Units are named by the codes of what they are part of, each once; by the element's key
// where there is no code that only one has.
func TestUnits(t *testing.T) {
	t.Parallel()
	for _, def := range library(t) {
		d := studio.From(def, draft.Report{})
		first, second := d.Outline()[1], d.Outline()[2]
		set(t, d, second.Key, "code", first.Fields["code"])
		set(t, d, d.Outline()[0].Key, "code", "Không phải mã")
		seen := map[string]studio.Spot{}
		for _, text := range translation.Texts(d, "km") {
			if other, twice := seen[text.Unit]; twice {
				t.Errorf("%s: %s is %v and %v", def.Key, text.Unit, other, text.Spot)
			}
			seen[text.Unit] = text.Spot
		}
		for unit, of := range map[string]*studio.Element{"question." + first.Fields["code"]: first, "element." + string(second.Key): second} {
			if _, told := seen[unit+".text"]; !told && of.Kind == studio.KindQuestion {
				t.Errorf("%s: nothing is %s", def.Key, unit)
			}
		}
		if seen["element."+string(d.Outline()[0].Key)+".title"].Field != "title" {
			t.Errorf("%s: a section without a code has no unit", def.Key)
		}
	}
}
