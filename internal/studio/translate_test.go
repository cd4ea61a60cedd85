package studio_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/exchange/draft"
	"sipas/internal/fault"
	"sipas/internal/studio"
	"sipas/internal/testkit"
)

func translate(language string, texts ...studio.Translated) studio.Operation {
	return studio.Operation{Do: studio.DoTranslate, Language: language, Texts: texts}
}

// A translation is stale once it was made of another text than stands there, and until
// somebody has held it against that: by writing it anew, by saying that it fits, or
// because the text is again what it was.
func TestTranslationsBecomeStale(t *testing.T) {
	t.Parallel()
	by := studio.Author{UserID: 1, Name: "a"}
	d := studio.From(testkit.EveryKind(t), draft.Report{})
	question := d.Outline()[1].Key
	first, spot := d.Element(question).Fields["text@vi"], studio.Spot{Element: question, Field: "text"}
	do := func(op studio.Operation) {
		t.Helper()
		op.Base = d.Revision
		effects, err := d.Apply(op)
		if err != nil {
			t.Fatal(err)
		}
		note(d, by, 0, effects)
	}
	undo := func(revision int) {
		t.Helper()
		effects, err := d.Revert(revision)
		if err != nil {
			t.Fatal(err)
		}
		note(d, by, revision, effects)
	}
	stale := func(language, why string, want map[studio.Spot]string) {
		t.Helper()
		if diff := cmp.Diff(want, d.Stale(language)); diff != "" {
			t.Errorf("%s: %s", why, diff)
		}
	}
	none, ofFirst := map[studio.Spot]string{}, map[studio.Spot]string{spot: first}

	stale("en", "at the beginning", none)
	do(set(question, "text", "vi", "  "+first+" "))
	stale("en", "only blanks", none)
	do(set(question, "text", "vi", "Khác"))
	stale("en", "there from the beginning", ofFirst)
	stale("km", "what is not there", none)
	do(translate("km", studio.Translated{Element: question, Field: "text", Value: "ខ្មែរ"}))
	stale("km", "made of what stands there", none)
	do(translate("en", studio.Translated{Element: question, Field: "text", Value: d.Element(question).Fields["text@en"]}))
	if effects := d.Past[len(d.Past)-1].Effects; len(effects) != 1 || effects[0].Was != effects[0].Now {
		t.Errorf("saying that it fits did %+v", effects)
	}
	stale("en", "it fits, as somebody says", none)
	undo(d.Revision)
	stale("en", "who said so took it back", ofFirst)
	undo(d.Revision)
	stale("en", "and said it again", none)
	do(set(question, "text", "vi", first))
	stale("km", "made of what stood there before", map[studio.Spot]string{spot: "Khác"})
	undo(d.Revision)
	stale("km", "what it was made of is back", none)
	do(set(question, "text", "vi", first))
	do(set(question, "text", "vi", "Khác"))
	stale("km", "typed again as it was", none)
	do(translate("km", studio.Translated{Element: question, Field: "text", Value: "ចាស់", Source: "Một bản cũ"}))
	stale("km", "of a text that stands there no more", map[studio.Spot]string{spot: "Một bản cũ"})
	do(set(question, "text", "km", "ថ្មី"))
	stale("km", "written anew in the editor", none)
	do(studio.Operation{Do: studio.DoRemove, Element: question})
	stale("en", "removed", none)
}

// Many texts are one revision: all or none, and undone together.
func TestManyTextsAreOneRevision(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, p *testkit.Place) {
		ctx, s, by := t.Context(), opened(p), studio.Author{UserID: 7, Name: "Minh"}
		info, err := s.Create(ctx, testkit.Author(), studio.Origin{Definition: testkit.EveryKind(t)})
		if err != nil {
			t.Fatal(err)
		}
		texts := func() (a, b string, d *studio.Draft) {
			t.Helper()
			d, _, err := s.Draft(ctx, info.ID, 0)
			if err != nil {
				t.Fatal(err)
			}
			return d.Element("e1").Fields["title@km"], d.Element("e2").Fields["text@km"], d
		}
		one, two := studio.Translated{Element: "e1", Field: "title", Value: "ក", Source: "khác"}, studio.Translated{Element: "e2", Field: "text", Value: "ខ"}
		op := translate("km", one, two)
		op.Sent = "x"
		for range 2 {
			if made, err := s.Operate(ctx, info.ID, by, op); err != nil || made.Number != 1 {
				t.Fatalf("%+v %v", made, err)
			}
		}
		if a, b, d := texts(); a != "ក" || b != "ខ" || len(d.Stale("km")) != 1 || d.Past[0].Effects[0].Of != "khác" {
			t.Errorf("%q %q %+v", a, b, d.Past)
		}
		// Of two who saw the same, the second is told of one text and keeps none.
		two.Value = "គ"
		op = translate("km", studio.Translated{Element: "e3", Field: "text", Value: "ឃ"}, two)
		var met *studio.Conflict
		if _, err := s.Operate(ctx, info.ID, by, op); !errors.As(err, &met) || met.Theirs.Now != "ខ" || met.Mine.Now != "គ" {
			t.Errorf("%v", err)
		}
		var invalid *fault.Invalid
		for name, op := range map[string]studio.Operation{
			"twice": translate("km", one, one), "no field": translate("km", studio.Translated{Element: "e1", Field: "text"}),
			"no element": translate("km", studio.Translated{Element: "e999", Field: "text"}), "no text": translate("km", studio.Translated{Element: "e2", Field: "code", Value: "a"}),
			"Vietnamese": translate("vi", one), "no language": translate("Khmer!", one), "none": translate("", one), "a report": translate("km", studio.Translated{Element: "survey", Field: "said"}),
			"too many": translate("km", make([]studio.Translated, studio.MostTexts+1)...),
		} {
			op.Base = 1
			if _, err := s.Operate(ctx, info.ID, by, op); !errors.As(err, &invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := s.Undo(ctx, info.ID, by, 0); err != nil {
			t.Fatal(err)
		}
		if a, b, d := texts(); a != "" || b != "" || d.Revision != 2 || d.Element("e3").Fields["text@km"] != "" {
			t.Errorf("undone: %q %q at %d", a, b, d.Revision)
		}
	})
}
