package studio_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/exchange/draft"
	"sipas/internal/fault"
	"sipas/internal/studio"
	"sipas/internal/survey"
	"sipas/internal/testkit"
	"sipas/surveys"
)

// normal passes a definition through JSON, as publishing does.
func normal(t *testing.T, d survey.Definition) survey.Definition {
	t.Helper()
	content, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var out survey.Definition
	if err := json.Unmarshal(content, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func library(t *testing.T) []survey.Definition {
	t.Helper()
	all, err := surveys.Library()
	if err != nil {
		t.Fatal(err)
	}
	return append(all, testkit.EveryKind(t))
}

// A draft of a survey is that survey, also when it was kept in between, and nothing is
// wrong with it.
func TestADraftOfASurveyIsTheSurvey(t *testing.T) {
	t.Parallel()
	for _, def := range library(t) {
		d := studio.From(def, draft.Report{})
		if diff := cmp.Diff(normal(t, def), d.Definition()); diff != "" {
			t.Errorf("%s: %s", def.Key, diff)
		}
		if wrong := studio.Blocking(d.Problems(studio.Info{}, nil)); len(wrong) > 0 {
			t.Errorf("%s: %+v", def.Key, wrong)
		}
		content, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		kept := studio.Draft{Tree: &studio.Tree{}}
		if err := json.Unmarshal(content, &kept); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(d.Definition(), kept.Definition()); diff != "" {
			t.Errorf("%s when it was kept: %s", def.Key, diff)
		}
		if diff := cmp.Diff(d.Outline(), kept.Outline()); diff != "" {
			t.Errorf("%s when it was kept: %s", def.Key, diff)
		}
	}
}

// applied makes operations of one author who sees all, and gives what each added.
func applied(t *testing.T, d *studio.Draft, ops ...studio.Operation) []studio.Key {
	t.Helper()
	var added []studio.Key
	for _, op := range ops {
		op.Base = d.Revision
		effects, err := d.Apply(op)
		if err != nil {
			t.Fatalf("%+v: %v", op, err)
		}
		for _, e := range effects {
			if e.Do == studio.DoAdd {
				added = append(added, e.Element)
			}
		}
		note(d, studio.Author{Name: "a"}, 0, effects)
	}
	return added
}

// note does what a Studio does once an operation was made.
func note(d *studio.Draft, by studio.Author, undoes int, effects []studio.Effect) {
	if len(effects) == 0 && undoes == 0 {
		return
	}
	d.Revision++
	d.Past = append(d.Past, studio.Revision{Number: d.Revision, Author: by, Undoes: undoes, Effects: effects})
}

func set(e studio.Key, field, language, value string) studio.Operation {
	return studio.Operation{Do: studio.DoSet, Element: e, Field: field, Language: language, Value: value}
}

func add(kind studio.Kind, in, after studio.Key, items ...map[string]string) studio.Operation {
	return studio.Operation{Do: studio.DoAdd, Kind: kind, In: in, After: after, Items: items}
}

// shape is a draft as people see it: what is there, in its order, with its texts.
func shape(d *studio.Draft) string {
	var b strings.Builder
	line := func(e *studio.Element) {
		content, _ := json.Marshal(e.Fields)
		fmt.Fprintf(&b, "%s %s %s\n", e.Key, e.Kind, content)
	}
	line(d.Element(studio.Whole))
	for _, e := range slices.Concat(d.Outline(), d.Remarks(), d.Reports()) {
		line(e)
		for _, part := range slices.Concat(d.Choices(e.Key), d.Rows(e.Key)) {
			line(part)
		}
	}
	return b.String()
}

// From nothing to a survey that can be published, by operations only.
func TestASurveyFromNothing(t *testing.T) {
	t.Parallel()
	d := studio.Blank("sipas-2023", "vi", "en")
	text := func(s string) map[string]string {
		return map[string]string{"text@vi": s, "text@en": s + " (en)", "title@vi": s, "title@en": s + " (en)"}
	}
	only := func(prefix string, m map[string]string, more ...string) map[string]string {
		out := map[string]string{}
		for k, v := range m {
			if strings.HasPrefix(k, prefix) {
				out[k] = v
			}
		}
		for i := 0; i < len(more); i += 2 {
			out[more[i]] = more[i+1]
		}
		return out
	}
	applied(t, d, set(studio.Whole, "code", "", "phieu-moi"), set(studio.Whole, "title", "vi", "Phiếu mới"), set(studio.Whole, "title", "en", "New"))
	heading := applied(t, d, add(studio.KindSection, "", "", only("title", text("Phần"))))[0]
	asked := applied(t, d, add(studio.KindQuestion, "", heading,
		only("text", text("Chung"), "type", "scale5"), only("text", text("Vì sao"), "type", "single"), only("text", text("Ý kiến"), "type", "comment")))
	applied(t, d, add(studio.KindChoice, asked[1], "", only("text", text("Nhanh")), only("text", text("Chậm"))))
	slow := d.Choices(asked[1])[1]
	applied(t, d,
		set(asked[1], "show", "", fmt.Sprintf(`{"question":"%s","at_most":2}`, asked[0])),
		set(asked[2], "show", "", fmt.Sprintf(`{"question":"%s","in":["%s"]}`, asked[1], slow.Key)))
	if wrong := d.Problems(studio.Info{}, nil); len(wrong) > 0 {
		t.Fatalf("%+v", wrong)
	}
	def := d.Definition()
	if got := def.Sections[0].Questions; got[0].Key != "q1" || got[2].Key != "comment" || got[2].Show.Question != "q2" || got[2].Show.In[0] != "c2" {
		t.Errorf("%+v", got)
	}

	// Whatever is renamed, the conditions stay what they were.
	applied(t, d, set(asked[0], "code", "", "hai-long"), set(asked[1], "code", "", "vi-sao"), set(slow.Key, "code", "", "cham"))
	got := d.Definition().Sections[0].Questions
	if got[1].Show.Question != "hai-long" || got[2].Show.Question != "vi-sao" || got[2].Show.In[0] != "cham" {
		t.Errorf("after renaming: %+v %+v", got[1].Show, got[2].Show)
	}
	if len(d.Problems(studio.Info{}, nil)) > 0 {
		t.Error("renaming made a problem")
	}
	if on := d.Depends(slow.Key); len(on) != 1 || on[0].Key != asked[2] {
		t.Errorf("on a choice depends %v", on)
	}

	// A copy of the section asks about its own questions.
	copies := applied(t, d, studio.Operation{Do: studio.DoDuplicate, Element: heading, Whole: true})
	def = d.Definition()
	if len(def.Sections) != 2 || len(copies) != 6 {
		t.Fatalf("%d sections, %d copies", len(def.Sections), len(copies))
	}
	if q := def.Sections[1].Questions[1]; q.Key != "vi-sao-2" || q.Show.Question != "hai-long-2" {
		t.Errorf("the copy: %+v %+v", q, q.Show)
	}

	// A question moved behind the second heading is in its section; the whole section
	// moved to the front takes it along.
	second := copies[0]
	applied(t, d, studio.Operation{Do: studio.DoMove, Element: asked[0], After: second}, studio.Operation{Do: studio.DoMove, Element: second, Whole: true})
	def = d.Definition()
	if def.Sections[0].Questions[0].Key != "hai-long" || len(def.Sections[0].Questions) != 4 || len(def.Sections[1].Questions) != 2 {
		t.Errorf("moved: %+v", def.Sections)
	}
}

// What two editors do at once, and what becomes of it.
func TestWhatMeets(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		theirs, mine func(q, choice studio.Key) studio.Operation
		meets        bool
	}{
		"one field": {
			func(q, _ studio.Key) studio.Operation { return set(q, "text", "vi", "Của họ") },
			func(q, _ studio.Key) studio.Operation { return set(q, "text", "vi", "Của tôi") }, true},
		"one field, and the same": {
			func(q, _ studio.Key) studio.Operation { return set(q, "text", "vi", "Giống") },
			func(q, _ studio.Key) studio.Operation { return set(q, "text", "vi", "Giống") }, false},
		"two languages": {
			func(q, _ studio.Key) studio.Operation { return set(q, "text", "vi", "Của họ") },
			func(q, _ studio.Key) studio.Operation { return set(q, "text", "en", "Mine") }, false},
		"a text and the place": {
			func(q, _ studio.Key) studio.Operation { return set(q, "text", "vi", "Của họ") },
			func(q, _ studio.Key) studio.Operation { return studio.Operation{Do: studio.DoMove, Element: q} }, false},
		"the place": {
			func(q, _ studio.Key) studio.Operation { return studio.Operation{Do: studio.DoMove, Element: q} },
			func(q, _ studio.Key) studio.Operation {
				return studio.Operation{Do: studio.DoMove, Element: q, After: "e1"}
			}, true},
		"a text of what was removed": {
			func(q, _ studio.Key) studio.Operation { return studio.Operation{Do: studio.DoRemove, Element: q} },
			func(q, _ studio.Key) studio.Operation { return set(q, "text", "vi", "Của tôi") }, true},
		"a choice of what was removed": {
			func(q, _ studio.Key) studio.Operation { return studio.Operation{Do: studio.DoRemove, Element: q} },
			func(_, c studio.Key) studio.Operation { return set(c, "text", "vi", "Của tôi") }, true},
		"removing what a choice was changed of": {
			func(_, c studio.Key) studio.Operation { return set(c, "text", "vi", "Của họ") },
			func(q, _ studio.Key) studio.Operation { return studio.Operation{Do: studio.DoRemove, Element: q} }, true},
		"removing what a choice was added to": {
			func(q, _ studio.Key) studio.Operation { return add(studio.KindChoice, q, "") },
			func(q, _ studio.Key) studio.Operation { return studio.Operation{Do: studio.DoRemove, Element: q} }, true},
		"adding to what was removed": {
			func(q, _ studio.Key) studio.Operation { return studio.Operation{Do: studio.DoRemove, Element: q} },
			func(q, _ studio.Key) studio.Operation { return add(studio.KindChoice, q, "") }, true},
		"two new ones": {
			func(q, _ studio.Key) studio.Operation { return add(studio.KindQuestion, "", q) },
			func(q, _ studio.Key) studio.Operation { return add(studio.KindQuestion, "", q) }, false},
	} {
		d := studio.From(testkit.EveryKind(t), draft.Report{})
		q := d.Outline()[slices.IndexFunc(d.Outline(), func(e *studio.Element) bool { return e.Fields["code"] == "came" })].Key
		choice := d.Choices(q)[0].Key
		applied(t, d, c.theirs(q, choice))
		before := shape(d)
		_, err := d.Apply(c.mine(q, choice))
		var conflict *studio.Conflict
		if errors.As(err, &conflict) != c.meets || !c.meets && err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if c.meets && (shape(d) != before || conflict.By.Author.Name != "a" || !errors.Is(err, fault.ErrConflict)) {
			t.Errorf("%s: something was done, or not whose", name)
		}
		if name == "one field" && (conflict.Mine.Now != "Của tôi" || conflict.Theirs.Now != "Của họ") {
			t.Errorf("both texts: %+v", conflict)
		}
	}
}

// Each author undoes and redoes their own, the last first; a change of somebody else on
// top of it is told and not lost.
func TestUndoAndRedo(t *testing.T) {
	t.Parallel()
	d := studio.From(testkit.EveryKind(t), draft.Report{})
	q, other := d.Outline()[1].Key, d.Outline()[2].Key
	a, b := studio.Author{UserID: 1, Name: "a"}, studio.Author{UserID: 2, Name: "b"}
	do := func(by studio.Author, op studio.Operation) {
		t.Helper()
		op.Base = d.Revision
		effects, err := d.Apply(op)
		if err != nil {
			t.Fatal(err)
		}
		note(d, by, 0, effects)
	}
	undo := func(by studio.Author, redo, conflict bool) {
		t.Helper()
		n, r := d.Undoable(by)
		if redo {
			n = r
		}
		effects, err := d.Revert(n)
		if (err != nil) != conflict {
			t.Fatalf("undo %d: %v", n, err)
		}
		if err == nil {
			note(d, by, n, effects)
		}
	}
	is := func(e studio.Key, want string) {
		t.Helper()
		if got := d.Element(e).Fields["text@vi"]; got != want {
			t.Errorf("%s is %q, want %q", e, got, want)
		}
	}
	was := d.Element(q).Fields["text@vi"]
	do(a, set(q, "text", "vi", "1"))
	do(a, set(q, "text", "vi", "2"))
	do(b, set(other, "text", "vi", "b"))
	undo(a, false, false)
	is(q, "1")
	undo(a, false, false)
	is(q, was)
	undo(a, true, false)
	is(q, "1")
	undo(a, true, false)
	is(q, "2")
	undo(a, false, false)
	is(q, "1")
	is(other, "b")
	do(b, set(q, "text", "vi", "3"))
	undo(a, false, true)
	is(q, "3")
	undo(b, false, false)
	undo(a, false, false)
	is(q, was)
	do(a, set(q, "text", "vi", "4"))
	if _, redo := d.Undoable(a); redo != 0 {
		t.Errorf("something new, and %d can be redone", redo)
	}
}
