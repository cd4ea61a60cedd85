package studio_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sipas/internal/exchange/draft"
	"sipas/internal/fault"
	"sipas/internal/registry"
	"sipas/internal/studio"
	"sipas/internal/testkit"
)

// who is an editor who sees what is new now and then.
type who struct {
	studio.Author
	seen int
}

// Two editors make 200 operations each, of every sort, undo and redo among them, on a
// survey of which they do not always see the newest. Whatever was accepted is there until
// somebody who saw it changes it, every conflict names a later change of the same, and
// taking everything back, the newest first, gives the draft they began with.
func TestTwoEditors(t *testing.T) {
	t.Parallel()
	start := testkit.EveryKind(t)
	rapid.Check(t, func(t *rapid.T) {
		d := studio.From(start, draft.Report{})
		first := shape(d)
		editors := []*who{{Author: studio.Author{UserID: 1, Name: "a"}}, {Author: studio.Author{UserID: 2, Name: "b"}}}
		texts := history{}
		for i := range 400 {
			e := editors[rapid.IntRange(0, 1).Draw(t, "who")]
			before := ""
			if i%8 == 0 { // as all of it costs
				before = shape(d)
			}
			switch what := rapid.IntRange(0, 11).Draw(t, "what"); what {
			case 0:
				e.seen = d.Revision
				continue
			case 1, 2:
				undo, redo := d.Undoable(e.Author)
				if what == 2 {
					undo = redo
				}
				effects, err := d.Revert(undo)
				if !told(t, d, undo, err, before) {
					continue
				}
				note(d, e.Author, undo, effects)
				texts.accept(t, d, undo, effects)
				e.seen = d.Revision
			default:
				op := anOperation(t, d)
				op.Base = e.seen
				effects, err := d.Apply(op)
				if !told(t, d, op.Base, err, before) {
					continue
				}
				note(d, e.Author, 0, effects)
				texts.accept(t, d, e.seen, effects)
			}
		}
		for at, all := range texts {
			if got, now := d.Element(at.element).Fields[at.cell], all[len(all)-1].text; got != now {
				t.Fatalf("%+v is %q, and %q was accepted last", at, got, now)
			}
		}
		inOrder(t, d)
		foretold(t, d)
		again, there := d.At(0)
		if got := shape(again); !there || got != first {
			t.Fatalf("everything taken back: %s", cmp.Diff(first, got))
		}
		for n := d.Revision; n > 0; n-- { // and one by one, as Undo does, what was undone or redone among it
			effects, err := d.Revert(n)
			if err != nil {
				t.Fatalf("undo %d: %v", n, err)
			}
			note(d, studio.Author{Name: "c"}, n, effects)
		}
		if got := shape(d); got != first {
			t.Fatalf("everything undone: %s", cmp.Diff(first, got))
		}
	})
}

// history is what each cell was from which revision on, as it was accepted: it knows
// nothing of conflicts.
type history map[place][]since

type place struct {
	element studio.Key
	cell    string
}

type since struct {
	revision int
	text     string
}

// at is what a cell was at a revision; known is false where it was not changed since the
// beginning.
func (h history) at(p place, revision int) (text string, known bool) {
	for _, one := range h[p] {
		if one.revision <= revision {
			text, known = one.text, true
		}
	}
	return text, known
}

// accept holds that whoever was accepted had seen what they replaced, and whoever removed
// something had seen all that is in it.
func (h history) accept(t *rapid.T, d *studio.Draft, base int, effects []studio.Effect) {
	fresh := map[studio.Key]bool{}
	for _, e := range effects {
		switch p := (place{e.Element, e.Cell}); e.Do {
		case studio.DoAdd:
			fresh[e.Element] = true
		case studio.DoSet:
			if len(h[p]) == 0 {
				h[p] = []since{{0, e.Was}}
			}
			if seen, _ := h.at(p, base); seen != e.Was && e.Was != e.Now && !fresh[e.Element] {
				t.Fatalf("revision %d on %d replaced %q of %+v, and its author had seen %q", d.Revision, base, e.Was, p, seen)
			}
			h[p] = append(h[p], since{d.Revision, e.Now})
		case studio.DoRemove:
			for p, all := range h {
				within := p.element == e.Element || d.Element(p.element).In == e.Element
				seen, known := h.at(p, base)
				if now := all[len(all)-1]; within && known && now.revision < d.Revision && now.text != seen {
					t.Fatalf("revision %d on %d removed %s, in which %q of %+v was not seen", d.Revision, base, e.Element, now.text, p)
				}
			}
		}
	}
}

// told tells whether an operation was accepted. If not, nothing was done, and a conflict
// is with a revision that its author had not seen.
func told(t *rapid.T, d *studio.Draft, base int, err error, before string) bool {
	if err == nil {
		return true
	}
	if before != "" && shape(d) != before {
		t.Fatalf("refused, and %s", cmp.Diff(before, shape(d)))
	}
	var conflict *studio.Conflict
	var invalid *fault.Invalid
	switch {
	case errors.As(err, &conflict):
		if conflict.By.Number <= base || !slices.Contains(d.Past[conflict.By.Number-1].Effects, conflict.Theirs) {
			t.Fatalf("a conflict of base %d with revision %d, which is none", base, conflict.By.Number)
		}
	case !errors.As(err, &invalid):
		t.Fatal(err)
	}
	return false
}

// anOperation is any, mostly one that can be.
func anOperation(t *rapid.T, d *studio.Draft) studio.Operation {
	outline := d.Outline()
	some := func(what string, list []*studio.Element) studio.Key {
		if len(list) == 0 || rapid.IntRange(0, 30).Draw(t, what+" none") == 0 {
			return ""
		}
		return list[rapid.IntRange(0, len(list)-1).Draw(t, what)].Key
	}
	element := some("element", outline)
	switch parts := d.Choices(element); {
	case len(parts) > 0 && rapid.Bool().Draw(t, "part"):
		element = some("choice", parts)
		outline = parts
	}
	op := studio.Operation{Element: element, Whole: rapid.Bool().Draw(t, "whole")}
	switch rapid.IntRange(0, 9).Draw(t, "do") {
	case 9:
		op = studio.Operation{Do: studio.DoTranslate, Language: "en"}
		for range rapid.IntRange(1, 3).Draw(t, "texts") {
			op.Texts = append(op.Texts, studio.Translated{Element: some("one", outline), Field: "text", Value: rapid.SampledFrom([]string{"", "One", "Two"}).Draw(t, "word"), Source: rapid.SampledFrom([]string{"", "Một"}).Draw(t, "of")})
		}
	case 0:
		op.Do = studio.DoMove
		op.After = some("after", outline)
	case 1:
		op.Do = studio.DoRemove
	case 2:
		op.Do, op.Element = studio.DoRestore, some("gone", d.Gone())
	case 3:
		op.Do = studio.DoDuplicate
	case 4:
		op = add(rapid.SampledFrom([]studio.Kind{studio.KindSection, studio.KindQuestion}).Draw(t, "kind"), "", some("after", d.Outline()), map[string]string{})
	case 5:
		op = add(studio.KindChoice, element, "", map[string]string{"text@vi": "Thêm"}, nil)
	default:
		op = set(element, rapid.SampledFrom([]string{"code", "type", "min", "show"}).Draw(t, "field"), "",
			rapid.SampledFrom([]string{"", "a", "overall", "scale5", "single", "7", `{"question":"e2","in":["1"]}`, `{"all":[{"question":"e3","in":["e4"]}]}`}).Draw(t, "value"))
		if rapid.Bool().Draw(t, "text") {
			op = set(element, "text", rapid.SampledFrom([]string{"vi", "en"}).Draw(t, "language"), rapid.SampledFrom([]string{"", "Một", "Hai", "Ba"}).Draw(t, "text"))
		}
	}
	return op
}

// inOrder holds that everything stands in one list once.
func inOrder(t *rapid.T, d *studio.Draft) {
	var content []*studio.Element
	kept, err := json.Marshal(d)
	if err == nil {
		err = json.Unmarshal(kept, &content)
	}
	if err != nil {
		t.Fatal(err)
	}
	if !d.Here(studio.Whole) || d.Element(studio.Key(fmt.Sprint("e", len(content)))) != nil || d.Element(studio.Key(fmt.Sprint("e", len(content)-1))) == nil {
		t.Fatalf("%d elements are kept, and not all or more are there", len(content))
	}
}

// foretold holds that publishing refuses exactly what the problems say.
func foretold(t *rapid.T, d *studio.Draft) {
	blocking := studio.Blocking(d.Problems(studio.Info{}, nil))
	if faults := registry.Faults(d.Definition()); len(faults) > 0 && len(blocking) < len(faults) {
		t.Fatalf("%d faults, and %d problems", len(faults), len(blocking))
	}
	for _, p := range blocking {
		if d.Element(p.Element) == nil || !d.Here(p.Element) {
			t.Fatalf("problem %+v is where nothing is", p)
		}
	}
}
