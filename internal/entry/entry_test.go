package entry_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/civil"
	"sipas/internal/entry"
	"sipas/internal/fault"
	"sipas/internal/intake"
	"sipas/internal/registry"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// office is a province with a counter whose sheets are typed.
type office struct {
	*testkit.Place
	*entry.Book
	snap    *registry.Snapshot
	point   agency.ServicePoint
	version *survey.Version
	now     time.Time
}

const one, two = "account 1", "account 2"

func text(s string) agency.Text { return agency.Text{"vi": s} }

// scales is a survey of so many questions on the scale of five, and one of several reasons
// that is asked of whoever gave the first 1 or 2.
func scales(n int) survey.Definition {
	section := survey.Section{Key: "all", Title: text("Tất cả")}
	for i := range n {
		section.Questions = append(section.Questions, survey.Question{Key: fmt.Sprintf("q%d", i+1), Type: survey.TypeScale, Text: text("Câu hỏi"), Required: i == 0})
	}
	section.Questions = append(section.Questions, survey.Question{
		Key: "why", Type: survey.TypeMulti, Text: text("Vì sao?"), Choices: []survey.Choice{{Key: "slow", Text: text("Chậm")}, {Key: "cost", Text: text("Tốn")}},
		Show: &survey.Condition{Question: "q1", In: []string{"1", "2"}},
	})
	return survey.Definition{Key: "scales", Languages: []string{"vi"}, Title: text("Phiếu"), Method: "sipas-2023", Sections: []survey.Section{section}}
}

func newOffice(t *testing.T, st *testkit.Place, d survey.Definition) *office {
	t.Helper()
	ctx, o := t.Context(), &office{Place: st, now: time.Date(2026, 11, 27, 5, 0, 0, 0, time.UTC)}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	so, err := st.AddAgency(ctx, agency.Agency{Code: "so-x", Name: text("Sở X"), Kind: agency.KindDepartment})
	must(err)
	for _, key := range []string{"dat-dai", "ho-tich", agency.FieldUnsaidProcedure} {
		must(st.AddServiceField(ctx, agency.ServiceField{Key: key, Name: text(key), Scope: agency.ScopeProcedures}))
	}
	o.version, err = st.PublishVersion(ctx, d, o.now)
	must(err)
	o.point, err = st.AddServicePoint(ctx, agency.ServicePoint{
		AgencyID: so.ID, JudgedID: so.ID, Name: text("Quầy"), SurveyKey: d.Key, Channel: agency.ChannelQR, FieldKeys: []string{"dat-dai", "ho-tich"}, Active: true,
	})
	must(err)
	o.snap, err = st.Snapshot(ctx)
	must(err)
	log, clock := slog.New(slog.DiscardHandler), func() time.Time { return o.now }
	in := intake.New(st.Registry, st.Store, intake.Options{Now: clock, Zone: time.UTC, Log: log})
	t.Cleanup(func() { _ = in.Close(context.WithoutCancel(ctx)) })
	o.Book = entry.New(st.DB, st.Store, in, entry.Options{Now: clock, Zone: time.UTC, Log: log})
	return o
}

// batch opens one of some sheets.
func (o *office) batch(t *testing.T, expected int, twice bool) entry.Batch {
	t.Helper()
	b, err := o.Book.Open(t.Context(), testkit.Author(), o.snap, entry.Batch{
		PointID: o.point.ID, VersionID: o.version.ID, Channel: agency.ChannelPaper, Language: "vi", From: "2026-11-10", To: "2026-11-20", Expected: expected, Twice: twice,
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func sheet(number, typing int, by string, cells ...string) entry.Sheet {
	s := entry.Sheet{Number: number, Typing: typing, By: by, Cells: entry.Cells{"day": "2026-11-12", "field": "dat-dai"}}
	for i := 0; i < len(cells); i += 2 {
		if s.Cells[cells[i]] = cells[i+1]; cells[i+1] == "" {
			delete(s.Cells, cells[i])
		}
	}
	return s
}

func (o *office) put(t *testing.T, b entry.Batch, s entry.Sheet) {
	t.Helper()
	if err := o.Put(t.Context(), o.snap, b, s, false); err != nil {
		t.Fatal(err)
	}
}

// refused wants an error to be one problem, as "where key limit".
func refused(t *testing.T, err error, want string) {
	t.Helper()
	var invalid *fault.Invalid
	got := fmt.Sprint(err)
	if errors.As(err, &invalid) {
		var all []string
		for _, p := range invalid.Problems {
			all = append(all, strings.TrimSpace(p.Where+" "+p.Key+" "+p.Limit))
		}
		got = strings.Join(all, ", ")
	}
	if got != want {
		t.Errorf("refused with %q, want %q", got, want)
	}
}

// kept are the answers of all responses, as "day channel field scale choices", sorted.
func (o *office) kept(t *testing.T) (all []string) {
	t.Helper()
	for r, err := range o.Store.Responses(t.Context(), civil.Days{}) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, strings.TrimSpace(fmt.Sprint(r.Day, " ", r.Channel, " ", r.FieldKey, " ", r.Scale, " ", survey.WriteAnswers(r))))
	}
	slices.Sort(all)
	if drift, err := o.Recount(t.Context(), false, nil); err != nil || drift.Drift != 0 {
		t.Errorf("recount finds %+v, %v", drift, err)
	}
	return all
}

func (o *office) rows(t *testing.T, table string) (n int) {
	t.Helper()
	if err := o.QueryRow(t.Context(), "SELECT COUNT(*) FROM "+table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// What is typed becomes answers of its day when the batch is closed, once, and nothing of
// it stays beside them.
func TestABatchBecomesAnswers(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		o := newOffice(t, st, scales(3))
		b := o.batch(t, 4, false)
		o.put(t, b, sheet(1, 1, one, "a.q1", "5", "a.q3", "4"))
		o.put(t, b, sheet(1, 1, one, "a.q1", "5", "a.q3", "4")) // sent again
		refused(t, o.Put(t.Context(), o.snap, b, sheet(1, 1, one, "a.q1", "4"), false), "number entry-typed")
		o.put(t, b, sheet(2, 1, two, "a.q1", "2", "a.why", "cost slow", "field", "ho-tich"))
		o.put(t, b, entry.Sheet{Number: 3, Typing: 1, By: one, Void: true})
		refused(t, o.Put(t.Context(), o.snap, b, sheet(4, 1, one, "a.q1", "9"), false), "answers.q1 out-of-scale 1-5")
		refused(t, o.Put(t.Context(), o.snap, b, sheet(4, 1, one, "a.q2", "3"), false), "answers.q1 required")
		refused(t, o.Put(t.Context(), o.snap, b, sheet(4, 1, one, "a.q1", "3", "day", "2026-11-21"), false), "day entry-outside")
		refused(t, o.Put(t.Context(), o.snap, b, sheet(4, 2, two, "a.q1", "3"), false), "typing entry-typing")
		refused(t, o.Put(t.Context(), o.snap, b, sheet(501, 1, two, "a.q1", "3"), false), "number entry-number")
		if len(o.kept(t)) != 0 {
			t.Error("sheets are answers before the batch is closed")
		}
		_, err := o.Book.Close(t.Context(), testkit.Author(), o.snap, b, false)
		refused(t, err, "fewer entry-fewer")
		o.put(t, b, sheet(4, 1, one, "a.q1", "3", "day", "2026-11-16"))
		if err := o.Put(t.Context(), o.snap, b, sheet(4, 1, one, "a.q1", "1", "day", "2026-11-16"), true); err != nil {
			t.Fatal(err)
		}
		closed, err := o.Book.Close(t.Context(), testkit.Author(), o.snap, b, false)
		if err != nil || closed.Kept != 3 || closed.Void != 1 || !closed.Closed() {
			t.Fatalf("closed: %+v, %v", closed, err)
		}
		want := []string{"2026-11-12 paper dat-dai 5.4", "2026-11-12 paper ho-tich 2.. why=slow,cost", "2026-11-16 paper dat-dai 1.."}
		if diff := cmp.Diff(want, o.kept(t)); diff != "" {
			t.Error(diff)
		}
		if n := o.rows(t, "entry_sheets"); n != 0 {
			t.Errorf("%d typed sheets are still there", n)
		}
		refused(t, o.Put(t.Context(), o.snap, b, sheet(5, 1, one, "a.q1", "3"), false), "sheets entry-closed")
		refused(t, o.Drop(t.Context(), testkit.Author(), o.snap, b), "sheets entry-closed")
		_, err = o.Book.Close(t.Context(), testkit.Author(), o.snap, b, false)
		refused(t, err, "sheets entry-closed")
		if got, err := o.ByID(t.Context(), b.ID); err != nil || got != closed {
			t.Errorf("kept %+v, told %+v, %v", got, closed, err)
		}
	})
}

// Two who close a batch at the same moment make its sheets answers once.
func TestABatchIsClosedOnce(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		o := newOffice(t, st, scales(1))
		b := o.batch(t, 6, false)
		for n := range 6 {
			o.put(t, b, sheet(n+1, 1, one, "a.q1", strconv.Itoa(1+n%5)))
		}
		var group sync.WaitGroup
		errs := make([]error, 4)
		for i := range errs {
			group.Go(func() { _, errs[i] = o.Book.Close(t.Context(), testkit.Author(), o.snap, b, false) })
		}
		group.Wait()
		done := 0
		for _, err := range errs {
			if err == nil {
				done++
			} else {
				refused(t, err, "sheets entry-closed")
			}
		}
		if done != 1 || len(o.kept(t)) != 6 {
			t.Errorf("closed %d times, %d answers", done, len(o.kept(t)))
		}
	})
}

// Who typed a batch the first time does not type it the second; sheets typed once only and
// differences keep it open, and of each difference one side is chosen.
func TestTypedTwice(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		o := newOffice(t, st, scales(3))
		b := o.batch(t, 4, true)
		o.put(t, b, sheet(1, 1, one, "a.q1", "5", "a.q2", "4"))
		o.put(t, b, sheet(2, 1, one, "a.q1", "2", "a.why", "slow"))
		o.put(t, b, sheet(3, 1, one, "a.q1", "4"))
		o.put(t, b, entry.Sheet{Number: 4, Typing: 1, By: one, Void: true})
		refused(t, o.Put(t.Context(), o.snap, b, sheet(1, 2, one, "a.q1", "5"), false), "typing entry-same")
		for _, c := range []struct {
			typing int
			by     string
			want   bool
		}{{1, one, true}, {2, one, false}, {2, two, true}, {1, two, true}} {
			if may, err := o.MayType(t.Context(), b, c.typing, c.by); err != nil || may != c.want {
				t.Errorf("%s may type %d: %v, %v", c.by, c.typing, may, err)
			}
		}
		o.put(t, b, sheet(1, 2, two, "a.q1", "5", "a.q2", "3"))
		o.put(t, b, sheet(2, 2, two, "a.q1", "4", "field", "ho-tich"))
		_, err := o.Book.Close(t.Context(), testkit.Author(), o.snap, b, false)
		refused(t, err, "sheets entry-missing 1")
		o.put(t, b, entry.Sheet{Number: 3, Typing: 2, By: two, Void: true})
		_, err = o.Book.Close(t.Context(), testkit.Author(), o.snap, b, false)
		refused(t, err, "sheets entry-differs 5")

		sheets, err := o.Sheets(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		want := entry.Comparison{Agreed: 1, Differences: []entry.Difference{
			{1, "a.q2", "4", "3"}, {2, "a.q1", "2", "4"}, {2, "a.why", "slow", ""}, {2, "field", "dat-dai", "ho-tich"}, {3, entry.CellVoid, "", entry.CellVoid},
		}}
		got := entry.Compare(o.version, sheets)
		slices.SortFunc(got.Differences, func(a, b entry.Difference) int {
			return strings.Compare(fmt.Sprint(a.Number, a.Cell), fmt.Sprint(b.Number, b.Cell))
		})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
		settle := func(number int, chosen map[string]int) error { return o.Settle(t.Context(), o.snap, b, number, chosen) }
		refused(t, settle(1, nil), "a.q2 entry-choose")
		refused(t, settle(2, map[string]int{"a.q1": 2, "a.why": 1, "field": 2}), "answers.why hidden-question")
		for number, chosen := range map[int]map[string]int{1: {"a.q2": 2}, 2: {"a.q1": 2, "a.why": 2, "field": 1}, 3: {entry.CellVoid: 1}} {
			if err := settle(number, chosen); err != nil {
				t.Fatal(number, err)
			}
		}
		if _, err := o.Book.Close(t.Context(), testkit.Author(), o.snap, b, false); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"2026-11-12 paper dat-dai 4..", "2026-11-12 paper dat-dai 4..", "2026-11-12 paper dat-dai 53."}, o.kept(t)); diff != "" {
			t.Error(diff)
		}
	})
}

// Whatever is typed twice: exactly the fields that are not the same are found, and what
// one side says is what stays when it is chosen.
func TestExactlyWhatDiffersIsFound(t *testing.T) {
	t.Parallel()
	version := survey.NewVersion(1, 1, time.Time{}, scales(6))
	rapid.Check(t, func(t *rapid.T) {
		var sheets []entry.Sheet
		want := map[string]bool{}
		for number := range rapid.IntRange(1, 8).Draw(t, "sheets") {
			first, second := sheet(number+1, 1, one), sheet(number+1, 2, two)
			for q := range 6 {
				cell := fmt.Sprintf("a.q%d", q+1)
				a, b := rapid.IntRange(0, 3).Draw(t, "first"), rapid.IntRange(0, 3).Draw(t, "second")
				if a > 0 {
					first.Cells[cell] = strconv.Itoa(a)
				}
				if b > 0 {
					second.Cells[cell] = strconv.Itoa(b)
				}
				if a != b {
					want[fmt.Sprint(number+1, " ", cell, " ", first.Cells[cell], "|", second.Cells[cell])] = true
				}
			}
			sheets = append(sheets, first, second)
		}
		found := entry.Compare(version, rapid.Permutation(sheets).Draw(t, "order"))
		got := map[string]bool{}
		for _, d := range found.Differences {
			got[fmt.Sprint(d.Number, " ", d.Cell, " ", d.First, "|", d.Second)] = true
		}
		if diff := cmp.Diff(want, got); diff != "" || len(found.Missing) > 0 {
			t.Fatal(diff, found.Missing)
		}
	})
}

// Whatever kind of question: a sheet becomes the answer that a citizen's form would have.
func TestEveryKindIsTyped(t *testing.T) {
	t.Parallel()
	o := newOffice(t, testkit.SQLite(t), testkit.EveryKind(t))
	accepting := survey.Accepting{Version: o.version, Scopes: o.snap.Scopes(), At: o.now, Zone: time.UTC, Point: o.point}
	tried := 0
	for _, c := range testkit.KindCases(t) {
		for i, kept := range c.Kept {
			submission := kept.Send.Submission(t, o.version, survey.NewID(o.now))
			want, err := accepting.Accept(submission)
			if err != nil {
				continue // other questions are required with it; it has a survey of its own in package survey
			}
			cells := entry.CellsOf(o.version, "2026-11-12", submission)
			b := o.batch(t, 1, false)
			o.put(t, b, entry.Sheet{Number: 1, Typing: 1, By: one, Cells: cells})
			before := o.kept(t)
			if _, err := o.Book.Close(t.Context(), testkit.Author(), o.snap, b, false); err != nil {
				t.Fatal(err)
			}
			all := o.kept(t)
			row := strings.TrimSpace(fmt.Sprint("2026-11-12 paper ", want.FieldKey, " ", want.Scale, " ", survey.WriteAnswers(want)))
			count := func(all []string) (n int) {
				for _, one := range all {
					if one == row {
						n++
					}
				}
				return n
			}
			if count(all) != count(before)+1 {
				t.Errorf("%s %d: %q is not among %q", c.Question.Type, i, row, all)
			}
			tried++
		}
	}
	if tried < 20 {
		t.Errorf("only %d answers were typed", tried)
	}
}

// A sheet of a closed batch is corrected by taking its answer out and keeping another one,
// for some time; the log says that, and nothing of what was answered.
func TestCorrections(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		ctx, o := t.Context(), newOffice(t, st, scales(2))
		b := o.batch(t, 3, false)
		for n, level := range []string{"5", "4", "3"} {
			o.put(t, b, sheet(n+1, 1, one, "a.q1", level))
		}
		correct := func(s entry.Sheet, id string) error { return o.Correct(ctx, testkit.Author(), o.snap, b, s, id) }
		first, second := survey.NewID(o.now), survey.NewID(o.now)
		if err := correct(sheet(2, 1, one, "a.q1", "1"), first); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("an open batch: %v", err)
		}
		var err error
		if b, err = o.Book.Close(ctx, testkit.Author(), o.snap, b, false); err != nil {
			t.Fatal(err)
		}
		for range 2 { // sent again, it changes nothing
			if err := correct(sheet(2, 1, one, "a.q1", "1", "a.why", "slow"), first); err != nil {
				t.Fatal(err)
			}
		}
		if err := correct(sheet(2, 1, one, "a.q1", "2"), second); err != nil {
			t.Fatal(err)
		}
		if err := correct(sheet(2, 1, one, "a.q1", "1", "a.why", "slow"), first); !errors.Is(err, fault.ErrConflict) {
			t.Errorf("an id that was used: %v", err)
		}
		refused(t, correct(sheet(2, 1, one, "a.q1", "7"), survey.NewID(o.now)), "answers.q1 out-of-scale 1-5")
		refused(t, correct(sheet(2, 1, one, "a.q1", "5"), "x"), "submission submission-id")
		if err := correct(sheet(9, 1, one, "a.q1", "5"), survey.NewID(o.now)); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("an unknown sheet: %v", err)
		}
		if err := correct(entry.Sheet{Number: 3, Void: true}, survey.NewID(o.now)); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"2026-11-12 paper dat-dai 2.", "2026-11-12 paper dat-dai 5."}, o.kept(t)); diff != "" {
			t.Error(diff)
		}
		if numbers, err := o.Correctable(ctx, b); err != nil || !slices.Equal(numbers, []int{1, 2}) {
			t.Errorf("correctable: %v, %v", numbers, err)
		}
		if again, err := o.ByID(ctx, b.ID); err != nil || again.Corrected != 3 || again.Kept != 3 {
			t.Errorf("%+v, %v", again, err)
		}
		var said []string
		log, err := audit.New(st.DB).List(ctx, audit.Filter{Action: "entry-batch."})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range log {
			said = append(said, fmt.Sprintf("%s %s", e.Action, e.After))
		}
		opened := `{"service_point":"` + string(o.point.Code) + `","version":"scales.1","channel":"paper","from":"2026-11-10","to":"2026-11-20","expected":3,"twice":false`
		if diff := cmp.Diff([]string{
			"entry-batch.open " + opened + "}", "entry-batch.close " + opened + `,"kept":3}`,
			`entry-batch.correct {"sheet":2}`, `entry-batch.correct {"sheet":2}`, `entry-batch.correct {"sheet":3,"void":true}`,
		}, said); diff != "" {
			t.Error(diff)
		}

		o.now = o.now.Add(entry.CorrectFor)
		refused(t, correct(sheet(1, 1, one, "a.q1", "1"), survey.NewID(o.now)), "number entry-late")
		if numbers, err := o.Correctable(ctx, b); err != nil || len(numbers) > 0 {
			t.Errorf("correctable: %v, %v", numbers, err)
		}
		o.now = o.now.Add(time.Microsecond)
		if n, err := o.ForgetSheets(ctx); err != nil || n != 2 || o.rows(t, "entry_kept") != 0 {
			t.Errorf("forgot %d, %v", n, err)
		}
	})
}
