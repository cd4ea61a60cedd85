package studio_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/exchange/draft"
	"sipas/internal/fault"
	"sipas/internal/registry"
	"sipas/internal/studio"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

var noon = time.Date(2026, 11, 27, 5, 0, 0, 0, time.UTC)

func opened(p *testkit.Place) *studio.Studio {
	return studio.New(p.DB, p.Registry, func() time.Time { return noon })
}

// What is kept of a draft is what its operations made of it, whenever it is read, and as
// far back as its past is asked for; and reading it never reads all of them.
func TestDraftsAreKept(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, p *testkit.Place) {
		ctx, s, by := t.Context(), opened(p), studio.Author{UserID: 7, Name: "Minh"}
		start := testkit.EveryKind(t)
		info, err := s.Create(ctx, testkit.Author(), studio.Origin{Definition: start})
		if err != nil {
			t.Fatal(err)
		}
		model := studio.From(start, draft.Report{})
		questions := model.Outline()
		for i := range 230 {
			op := set(questions[1+i%5].Key, "text", "vi", fmt.Sprint("Câu ", i))
			switch i % 10 {
			case 7:
				op = studio.Operation{Do: studio.DoMove, Element: questions[1+i%7].Key, After: questions[8].Key}
			case 8:
				op = add(studio.KindQuestion, "", questions[3].Key, map[string]string{"text@vi": "Mới"})
			}
			op.Base = model.Revision
			made, err := s.Operate(ctx, info.ID, by, op)
			if err != nil {
				t.Fatal(i, err)
			}
			effects, err := model.Apply(op)
			if err != nil {
				t.Fatal(i, err)
			}
			note(model, by, 0, effects)
			if diff := cmp.Diff(effects, made.Effects); diff != "" || made.Number != model.Revision {
				t.Fatalf("operation %d: revision %d %s", i, made.Number, diff)
			}
		}
		for _, after := range []int{model.Revision, 150, 0} {
			d, info, err := s.Draft(ctx, info.ID, after)
			if err != nil {
				t.Fatal(err)
			}
			if shape(d) != shape(model) || info.Revision != model.Revision || info.ChangedBy != "Minh" {
				t.Errorf("after %d: %+v %s", after, info, cmp.Diff(shape(model), shape(d)))
			}
			if n := len(d.Past); after > 0 && n > 100 || n < model.Revision-after {
				t.Errorf("after %d: %d operations were read", after, n)
			}
		}
		d, _, err := s.Draft(ctx, info.ID, 0)
		if err != nil {
			t.Fatal(err)
		}
		if first, there := d.At(0); !there || shape(first) != shape(studio.From(start, draft.Report{})) {
			t.Error("everything taken back is not the beginning")
		}
	})
}

// One operation sent twice is made once; one on an old revision is rebased, or told with
// both texts; undoing and redoing is each author's own.
func TestOperating(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, p *testkit.Place) {
		ctx, s := t.Context(), opened(p)
		a, b := studio.Author{UserID: 1, Name: "a"}, studio.Author{UserID: 2, Name: "b"}
		info, err := s.Create(ctx, testkit.Author(), studio.Origin{Definition: testkit.EveryKind(t)})
		if err != nil {
			t.Fatal(err)
		}
		text := func() string {
			t.Helper()
			d, _, err := s.Draft(ctx, info.ID, 1<<30)
			if err != nil {
				t.Fatal(err)
			}
			return d.Element("e2").Fields["text@vi"]
		}
		was := text()
		mine := set("e2", "text", "vi", "Của a")
		mine.Sent = "0190-a"
		for range 2 {
			if r, err := s.Operate(ctx, info.ID, a, mine); err != nil || r.Number != 1 {
				t.Fatalf("%+v %v", r, err)
			}
		}
		_, err = s.Operate(ctx, info.ID, b, set("e2", "text", "vi", "Của b"))
		var conflict *studio.Conflict
		if !errors.As(err, &conflict) || conflict.Theirs.Now != "Của a" || conflict.Mine.Now != "Của b" || conflict.By.Author != a || !conflict.By.At.Equal(noon) {
			t.Fatalf("%+v %v", conflict, err)
		}
		if r, err := s.Operate(ctx, info.ID, b, set("e2", "text", "en", "Of b")); err != nil || r.Number != 2 {
			t.Fatalf("another language: %+v %v", r, err)
		}
		if r, err := s.Operate(ctx, info.ID, b, set("e2", "text", "en", "Of b")); err != nil || r.Number != 2 || len(r.Effects) > 0 {
			t.Fatalf("the same once more: %+v %v", r, err)
		}
		if undo, redo, err := s.Undoable(ctx, info.ID, a); undo != 1 || redo != 0 || err != nil {
			t.Errorf("a undoes %d, redoes %d: %v", undo, redo, err)
		}
		if r, err := s.Undo(ctx, info.ID, a, 0); err != nil || r.Undoes != 1 || text() != was {
			t.Fatalf("undone: %+v %v %s", r, err, text())
		}
		if r, err := s.Redo(ctx, info.ID, a); err != nil || r.Undoes != 3 || text() != "Của a" {
			t.Fatalf("redone: %+v %v %s", r, err, text())
		}
		var invalid *fault.Invalid
		if _, err := s.Undo(ctx, info.ID, a, 2); !errors.As(err, &invalid) {
			t.Errorf("what b did: %v", err)
		}
		if _, err := s.Redo(ctx, info.ID, a); !errors.As(err, &invalid) {
			t.Errorf("nothing to redo: %v", err)
		}
		if err := s.Archive(ctx, testkit.Author(), info.ID, true); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Operate(ctx, info.ID, a, set("e2", "text", "vi", "x")); !errors.Is(err, studio.ErrArchived) {
			t.Errorf("archived: %v", err)
		}
		for archived, want := range map[bool]int{true: 1, false: 0} {
			if list, err := s.List(ctx, archived); err != nil || len(list) != want {
				t.Errorf("archived %v: %d %v", archived, len(list), err)
			}
		}
		if err := s.Archive(ctx, testkit.Author(), info.ID, false); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Undo(ctx, info.ID, a, 0); err != nil {
			t.Errorf("taken out again: %v", err)
		}
		for _, err := range []error{
			second(s.Operate(ctx, info.ID+1, a, set("e2", "text", "vi", "x"))), second(s.Undo(ctx, info.ID+1, a, 0)), second(s.Info(ctx, info.ID+1)),
			s.Archive(ctx, testkit.Author(), info.ID+1, true), second(s.Publish(ctx, testkit.Author(), info.ID+1, 0, 0)),
		} {
			if !errors.Is(err, fault.ErrNotFound) && !errors.As(err, &invalid) {
				t.Errorf("another draft: %v", err)
			}
		}
	})
}

func second[T any](_ T, err error) error { return err }

// A draft is published as it was at the revision that was looked at, as the next version;
// what came later stays. Whoever did not see the newest version publishes nothing, nor
// what has problems.
func TestPublishing(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, p *testkit.Place) {
		ctx, s, by, me := t.Context(), opened(p), testkit.Author(), studio.Author{Name: "a"}
		first, err := p.PublishVersion(ctx, testkit.EveryKind(t), noon)
		if err != nil {
			t.Fatal(err)
		}
		begin := func(from studio.Origin) studio.Info {
			t.Helper()
			info, err := s.Create(ctx, by, from)
			if err != nil {
				t.Fatal(err)
			}
			return info
		}
		do := func(id int64, base int, op studio.Operation) {
			t.Helper()
			op.Base = base
			if _, err := s.Operate(ctx, id, me, op); err != nil {
				t.Fatal(err)
			}
		}
		edit, other := begin(studio.Origin{Version: first}), begin(studio.Origin{Version: first})
		if edit.Continues != "every-kind" || edit.FromVersion != 1 {
			t.Errorf("%+v", edit)
		}
		do(edit.ID, 0, set("e2", "text", "vi", "Câu mới"))
		do(edit.ID, 1, set("e2", "text", "vi", "Câu mới hơn"))
		second, err := s.Publish(ctx, by, edit.ID, 1, 1)
		if err != nil {
			t.Fatal(err)
		}
		if q := second.Definition.Sections[0].Questions[0]; second.Number != 2 || q.Text["vi"] != "Câu mới" {
			t.Errorf("published version %d with %+v", second.Number, q)
		}
		d, info, err := s.Draft(ctx, edit.ID, 0)
		if err != nil || d.Element("e2").Fields["text@vi"] != "Câu mới hơn" || info.Published != 1 || info.FromVersion != 2 {
			t.Errorf("what came later: %+v %v", info, err)
		}

		// The other editor began before that.
		do(other.ID, 0, set("e2", "text", "en", "Another"))
		if _, err := s.Publish(ctx, by, other.ID, 1, 1); !errors.Is(err, studio.ErrOvertaken) {
			t.Errorf("over version 1: %v", err)
		}
		snap, err := p.Snapshot(ctx)
		if err != nil {
			t.Fatal(err)
		}
		d, info, err = s.Draft(ctx, other.ID, 0)
		if err != nil {
			t.Fatal(err)
		}
		if told := d.Problems(info, snap.Versions("every-kind")); len(told) != 1 || told[0].Code != studio.ProblemNewer || told[0].Blocks {
			t.Errorf("%+v", told)
		}
		if v, err := s.Publish(ctx, by, other.ID, 1, 2); err != nil || v.Number != 3 {
			t.Errorf("knowing of version 2: %v", err)
		}

		// A copy needs a code of its own.
		copied := begin(studio.Origin{Definition: first.Definition})
		var unready *studio.Unready
		if _, err := s.Publish(ctx, by, copied.ID, 0, 3); !errors.As(err, &unready) || unready.Problems[0].Code != studio.ProblemCodeTaken {
			t.Errorf("a copy with the code of another: %v", err)
		}
		do(copied.ID, 0, set(studio.Whole, "code", "", "ban-sao"))
		do(copied.ID, 1, set("e2", "text", "vi", ""))
		if _, err := s.Publish(ctx, by, copied.ID, 2, 0); !errors.As(err, &unready) || unready.Problems[0].Code != survey.FaultNoText {
			t.Errorf("without a text: %v", err)
		}
		if v, err := s.Publish(ctx, by, copied.ID, 1, 0); err != nil || v.Name() != "ban-sao.1" {
			t.Errorf("as it was before: %v", err)
		}
		if _, err := s.Publish(ctx, by, copied.ID, 9, 1); err == nil {
			t.Error("a revision that is not there is published")
		}
	})
}

// Every fault for which the registry refuses a definition is among the problems of a
// draft of it, and what is not refused has none.
func TestRefusalsAreForetold(t *testing.T) {
	t.Parallel()
	p := testkit.SQLite(t)
	for i, op := range []studio.Operation{
		set(studio.Whole, "method", "", "magic"), set(studio.Whole, "method", "", "expectation"), set(studio.Whole, "method", "", "single-question"),
		set(studio.Whole, "method", "", "pooled"), set(studio.Whole, "headline", "", "e2"), set(studio.Whole, "headline", "", "e999"), set(studio.Whole, "languages", "", "en"),
		set(studio.Whole, "languages", "", "vi, en, km"), set(studio.Whole, "title", "vi", ""), set("e1", "code", "", "Không"), set("e1", "title", "en", ""),
		set("e2", "type", "", "scale7"), set("e2", "text", "vi", ""), set("e3", "from", "", "mai"), set("e5", "levels", "", "99"), set("e5", "levels", "", "-1"), set("e5", "satisfied", "", "9, -4 12"), set("e20", "satisfied", "", "5"), set("e3", "from", "", "2099-01-01"), set("e3", "code", "", "comment"),
		set("e9", "max_choices", "", "99"), set("e9", "max_choices", "", "hai"), set("e10", "note", "vi", "{x}"), set("e10", "code", "", "trips"),
		set("e3", "show", "", `{"question":"e9","in":["e10"]}`), set("e3", "show", "", `{`), set("e22", "show", "", `{"question":"e9","in":["e10"]}`),
		{Do: studio.DoRemove, Element: "e9"}, {Do: studio.DoRemove, Element: "e1"}, {Do: studio.DoRemove, Element: "e1", Whole: true}, {Do: studio.DoRemove, Element: "e23"},
	} {
		d := studio.From(testkit.EveryKind(t), draft.Report{})
		applied(t, d, op)
		def := d.Definition()
		def.Key = fmt.Sprint("khao-sat-", i)
		blocking := studio.Blocking(d.Problems(studio.Info{}, nil))
		_, err := p.PublishVersion(t.Context(), def, noon)
		if (err != nil) != (len(registry.Faults(def)) > 0) {
			t.Errorf("%+v: faults %v, publishing %v", op, registry.Faults(def), err)
		}
		if err != nil && len(blocking) == 0 {
			t.Errorf("%+v: %v, and no problem", op, err)
		}
		if err == nil && len(blocking) > 0 && def.Sections != nil && blocking[0].Code != studio.ProblemConditionUnread && blocking[0].Code != studio.ProblemUnread {
			t.Errorf("%+v: published, and %+v", op, blocking)
		}
	}
}
