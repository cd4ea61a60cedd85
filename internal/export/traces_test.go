package export

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/intake"
	"sipas/internal/survey"
	"sipas/internal/testkit"
)

// crowd answers one after another at one service point, a minute apart, from
// October 31 on: the language says who came when ("vi" until the middle).
func crowd(t *testing.T, st *testkit.Place, people int) (ids []string) {
	t.Helper()
	ctx, text := t.Context(), func(s string) agency.Text { return agency.Text{"vi": s, "en": s} }
	office, err := st.AddAgency(ctx, agency.Agency{Code: "so-x", Name: text("Sở X"), Kind: agency.KindDepartment})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.AddServiceField(ctx, agency.ServiceField{Key: "dat-dai", Name: text("Đất đai"), Scope: agency.ScopeProcedures}); err != nil {
		t.Fatal(err)
	}
	_, err = st.PublishVersion(ctx, survey.Definition{
		Key: "pulse", Languages: []string{"vi", "en"}, Title: text("Khảo sát"), Method: "sipas-2023", Headline: "overall",
		Sections: []survey.Section{{Key: "all", Title: text("Chung"), Questions: []survey.Question{{Key: "overall", Type: survey.TypeScale, Required: true, Text: text("Chung?")}}}},
	}, time.Unix(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := st.AddServicePoint(ctx, agency.ServicePoint{
		Code: "BCFGHJKM", AgencyID: office.ID, Name: text("Quầy"), SurveyKey: "pulse", Channel: agency.ChannelQR, FieldKeys: []string{"dat-dai"}, Active: true,
	}); err != nil {
		t.Fatal(err)
	}
	in := intake.New(st.Registry, st.Store, intake.Options{Now: time.Now, Zone: ict, Log: slog.New(slog.DiscardHandler)})
	start := time.Date(2025, 10, 31, 23, 30, 0, 0, ict)
	for i := range people {
		at := start.Add(time.Duration(i) * time.Minute)
		s := survey.Submission{
			ID: survey.NewID(at), Version: "pulse.1", Language: []string{"vi", "en"}[2*i/people],
			Answers: map[string]survey.Value{"overall": {Kind: survey.ValueLevel, Level: 1 + i%5}},
		}
		if _, err := in.SubmitAt(ctx, "BCFGHJKM", s, at); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, s.ID)
	}
	if err := in.Close(ctx); err != nil {
		t.Fatal(err)
	}
	return ids
}

var ict = time.FixedZone("ICT", 7*3600)

// TestOrderTellsNothing: of people who came one after another, neighbours in the
// file are as often before as after each other, whether the rows fit into memory
// or lie on disk; and the next file has another order.
func TestOrderTellsNothing(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		const people = 400
		ids := crowd(t, st, people)
		known, err := newAliases(t.Context(), st.Registry)
		if err != nil {
			t.Fatal(err)
		}
		came := map[string]int{}
		for i, id := range ids {
			came[known.of(id)] = i
		}
		var orders [][]int
		for _, held := range []int{people + 1, people + 1, 30} {
			var file bytes.Buffer
			if n, err := JSONL(t.Context(), &file, st.Registry, st.Store, Options{Zone: ict, held: held}); n != people || err != nil {
				t.Fatalf("%d rows, %v", n, err)
			}
			var order []int
			for line := range strings.Lines(file.String()) {
				var row Row
				if err := json.Unmarshal([]byte(line), &row); err != nil {
					t.Fatal(err)
				}
				order = append(order, came[row.ID])
			}
			rises, early := 0, 0
			for i := range order[1:] {
				if order[i] < order[i+1] {
					rises++
				}
				if i < people/2 && order[i] < people/2 {
					early++
				}
			}
			// Twelve standard deviations of what chance gives, and more.
			if rises < people/4 || rises > 3*people/4 || early < people/8 || early > 3*people/8 {
				t.Errorf("held %d: %d of %d neighbours came one after the other, %d early ones in the first half", held, rises, people-1, early)
			}
			if missing := slices.Sorted(slices.Values(order)); missing[0] != 0 || missing[people-1] != people-1 {
				t.Errorf("held %d: not everybody is there", held)
			}
			orders = append(orders, order)
		}
		if slices.Equal(orders[0], orders[1]) {
			t.Error("two files have the same order")
		}
	})
}

// TestNothingTellsMoreThanTheHalfMonth looks at whole files, as JSON and as CSV,
// for every time and every id that was there.
func TestNothingTellsMoreThanTheHalfMonth(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	ids := crowd(t, st, 60)
	date := regexp.MustCompile(`\d{4}-\d{2}-\d{2}(T[^",]*)?`)
	for _, write := range []func(io.Writer, Options) (int64, error){
		func(w io.Writer, o Options) (int64, error) { return JSONL(t.Context(), w, st.Registry, st.Store, o) },
		func(w io.Writer, o Options) (int64, error) { return CSV(t.Context(), w, st.Registry, st.Store, o) },
	} {
		var file bytes.Buffer
		if n, err := write(&file, Options{Zone: ict}); n != 60 || err != nil {
			t.Fatalf("%d, %v", n, err)
		}
		seen := map[string]bool{}
		for _, found := range date.FindAllString(file.String(), -1) {
			seen[found] = true
		}
		for _, want := range []string{"2025-10-15", "2025-10-15T00:00:00+07:00", "2025-11-01", "2025-11-01T00:00:00+07:00"} {
			if !seen[want] {
				t.Errorf("%s is missing in %v", want, seen)
			}
		}
		if len(seen) != 4 {
			t.Errorf("times %v", seen)
		}
		for _, id := range ids {
			if strings.Contains(file.String(), id) || strings.Contains(file.String(), strings.ReplaceAll(id, "-", "")) {
				t.Errorf("the id %s is in the file", id)
			}
		}
		aliases := regexp.MustCompile(`[0-9a-f]{32}`).FindAllString(file.String(), -1)
		slices.Sort(aliases)
		if len(slices.Compact(aliases)) != 60 {
			t.Errorf("%d aliases", len(aliases))
		}
	}
}

func TestDaysThatCutAHalfMonthAreRefused(t *testing.T) {
	t.Parallel()
	st := testkit.SQLite(t)
	crowd(t, st, 60)
	for _, c := range []struct {
		days  civil.Days
		hours bool
		want  int64 // -1: refused
	}{
		{civil.Days{}, false, 60},
		{civil.Days{From: "2025-10-15", To: "2025-10-31"}, false, 30},
		{civil.Days{From: "2025-11-01", To: "2025-11-14"}, false, 30},
		{civil.Days{From: "2024-02-15", To: "2024-02-29"}, false, 0},
		{civil.Days{From: "2025-10-31"}, false, -1},
		{civil.Days{To: "2025-11-01"}, false, -1},
		{civil.Days{To: "2025-11-15"}, false, -1},
		{civil.Days{From: "2025-02-01", To: "2024-02-28"}, false, -1},
		{civil.Days{From: "2025-10-31", To: "2025-10-31"}, true, 30},
	} {
		n, err := JSONL(t.Context(), io.Discard, st.Registry, st.Store, Options{Zone: ict, Days: c.days, Hours: c.hours})
		if refused := errors.Is(err, ErrDays); refused != (c.want < 0) || !refused && n != c.want {
			t.Errorf("%+v, hours %v: %d, %v", c.days, c.hours, n, err)
		}
	}
}

// TestPilesAreGone: rows that did not fit into memory leave no file, also where
// the writing fails.
func TestPilesAreGone(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	s, err := newShuffle(10, 1)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 10 {
		if err := s.add(fmt.Appendf(nil, "%d\n", i)); err != nil {
			t.Fatal(err)
		}
	}
	if names, err := os.ReadDir(folder); len(names) != 0 || err != nil {
		t.Errorf("there are %v, %v", names, err)
	}
	lines := 0
	if err := s.each(func([]byte) error { lines++; return nil }); err != nil || lines != 10 {
		t.Errorf("%d lines, %v", lines, err)
	}
	if err := s.close(); err != nil {
		t.Error(err)
	}
}
