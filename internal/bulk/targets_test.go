package bulk_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/audit"
	"sipas/internal/bulk"
	"sipas/internal/spreadsheet"
	"sipas/internal/testkit"
)

const targetHeader = "plan,year,indicator,service_field,comparator,target_percent,lead_agency,agency,co_agencies\n"

// ofYear are the lines of a year as they are written, without their scope and notes.
func ofYear(t *testing.T, st *testkit.Place, year string) []string {
	t.Helper()
	var lines []string
	for line := range strings.Lines(written(t, st, bulk.Targets(), spreadsheet.CSV)) {
		if cells := strings.Split(strings.TrimSpace(line), ","); cells[1] == year {
			lines = append(lines, strings.Join(append(cells[:3:3], append(cells[4:8:8], cells[10:]...)...), ","))
		}
	}
	return lines
}

// TestTargetsAreRead: what is written is read as what is there, and makes the same in
// an empty database; a line is the target of its plan, year, indicator, field and
// agency; entries have the author; or nothing, when the plan is stale.
func TestTargetsAreRead(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		province(t, st)
		seal := sealed(t, st)
		list := targetHeader + "9/KH,2026,TTHC,,,90,Sở Nội vụ,,Sở A;Sở B\n9/KH,2026,tthc,,above,\"95,5\",,,\n9/KH,2026,FIELD,dat-dai,,85%,,,\n9/KH,2026,FIELD,dat-dai,,88,,so-xay-dung,\n"
		stale := judge(t, bulk.Targets(), st, []byte(list))
		apply(t, st, bulk.Agencies(), "code,name_en\nso-xay-dung,Construction\n")
		if err := stale.Apply(t.Context(), st.Registry, testkit.Author()); !errors.Is(err, bulk.ErrStale) {
			t.Errorf("after a change: %v", err)
		}
		if got := counts(apply(t, st, bulk.Targets(), list)); got != "4 rows: 4 created, 0 updated, 0 unchanged, 0 wrong" {
			t.Fatal(got)
		}
		// One value of two is another, the only one of its demand is another and has to be
		// passed, a third is new; what the file leaves out stays.
		change := targetHeader + "9/KH,2026,TTHC,,above,96,,,\n 9/KH ,2026,TTHC,,,90.0,Sở Nội vụ,,Sở A;Sở B\n9/KH,2026,FIELD,dat-dai,above,86,,,\n9/KH,2026,FIELD,dat-dai,,92,,,\n9/KH,2026,SIPAS,,,87,,,\n"
		if got := counts(apply(t, st, bulk.Targets(), change)); got != "5 rows: 2 created, 2 updated, 1 unchanged, 0 wrong" {
			t.Error(got)
		}
		want := []string{
			"9/KH,2026,TTHC,,at-least,90,Sở Nội vụ,,Sở A;Sở B", "9/KH,2026,TTHC,,above,96,,,", "9/KH,2026,FIELD,dat-dai,above,86,,,",
			"9/KH,2026,FIELD,dat-dai,at-least,88,,so-xay-dung,", "9/KH,2026,FIELD,dat-dai,at-least,92,,,", "9/KH,2026,SIPAS,,at-least,87,,,",
		}
		if diff := cmp.Diff(want, ofYear(t, st, "2026")); diff != "" {
			t.Error(diff)
		}
		was := written(t, st, bulk.Targets(), spreadsheet.CSV)
		for _, format := range []string{spreadsheet.CSV, spreadsheet.XLSX} {
			if plan := judge(t, bulk.Targets(), st, []byte(written(t, st, bulk.Targets(), format))); plan.Rows < 40 || plan.Unchanged != plan.Rows || plan.Changes() {
				t.Errorf("as %s: %s, %v", format, counts(plan), plan.Problems)
			}
		}
		empty := province(t, testkit.SQLite(t))
		if _, err := empty.Exec(t.Context(), "DELETE FROM targets"); err != nil {
			t.Fatal(err)
		}
		apply(t, empty, bulk.Targets(), was)
		if diff := cmp.Diff(was, written(t, empty, bulk.Targets(), spreadsheet.CSV)); diff != "" {
			t.Errorf("in an empty database: %s", diff)
		}
		entries, err := audit.New(st.DB).List(t.Context(), audit.Filter{After: seal.Entries})
		if err != nil {
			t.Fatal(err)
		}
		said := map[string]int{}
		for _, e := range entries {
			if e.Author != testkit.Author() {
				t.Errorf("%s is by %+v", e.Action, e.Author)
			}
			said[fmt.Sprintf("%s before=%t", e.Action, e.Before != nil)]++
		}
		if diff := cmp.Diff(map[string]int{"agency.update before=true": 1, "agencies.import before=false": 1, "target.add before=false": 6, "target.change before=true": 2, "targets.import before=false": 2}, said); diff != "" {
			t.Error(diff)
		}
	})
}

// TestPlantedErrorsOfTargets: what the desk refuses a list does, by line and column,
// and what cannot be told from a mistake; percentages of spreadsheet programs are read.
func TestPlantedErrorsOfTargets(t *testing.T) {
	t.Parallel()
	st := province(t, testkit.SQLite(t))
	apply(t, st, bulk.Targets(), targetHeader+"9/KH,2026,TTHC,,,80,,,\n9/KH,2026,TTHC,,,85,,,\n")
	for _, test := range []struct {
		line string
		want []string
	}{
		{"9/KH,2026,TTHC,administrative-procedures,,at-least,80.00,,,,,", nil},
		{",26,TTHC,,,,90,,,,,", []string{`2 plan required ""`, `2 year number "26"`}},
		{"8/KH,2026,PAR,,,more,90,,,,,", []string{`2 indicator one-of "PAR"`, `2 comparator one-of "more"`}},
		{"8/KH,2026,FIELD,,,,90,,,,,", []string{`2 service_field required ""`}},
		{"8/KH,2026,SIPAS,,dat-dai,,90,,,,,", []string{`2 service_field no-field "dat-dai"`}},
		{"8/KH,2026,FIELD,,khong-ro,,,,,,,", []string{`2 service_field unknown-field "khong-ro"`, `2 target_percent percent ""`}},
		{"8/KH,2026,FIELD,public-services,dat-dai,above,100,,,,sở,", []string{`2 scope one-of "public-services"`, `2 target_percent percent "100"`, `2 agency unknown-agency "sở"`}},
		{"8/KH,2026, rank:  par index,published-rank,,,20,,,,,", nil},
		{"8/KH,2026,RANK:PAPI,administrative-procedures,dat-dai,above,1,,,,,", []string{`2 scope one-of "administrative-procedures"`, `2 service_field no-field "dat-dai"`, `2 target_percent number "1"`}},
		{"8/KH,2026,RANK:,,,,20.5,,,,,", []string{`2 indicator one-of "RANK:"`}},
		{"8/KH,2026,RANK:PAPI,,,,20.5,,,,,", []string{`2 target_percent number "20.5"`}},
		{"8/KH,2026,TTHC,,,,90.125," + strings.Repeat("ă", 201) + ",a\x01,,,", []string{`2 target_percent percent "90.125"`, `2 lead_agency too-long`, `2 note_vi character "a\x01"`}},
		{"9/KH,2026,TTHC,,,,90,,,,,", []string{`2 target_percent which-target "90"`}},
		{"8/KH,2026,TTHC,,,,90,,,,,\n8/KH,2026,tthc,,,at-least,90.0,,x,,,", []string{`3 target_percent target-twice "90"`}},
	} {
		plan := judge(t, bulk.Targets(), st, []byte(strings.Join(bulk.Targets().Columns, ",")+"\n"+test.line+"\n"))
		got := told(t, plan)
		if len(got) != len(test.want) || plan.Wrong != len(got) {
			t.Errorf("%s: %q", test.line, got)
			continue
		}
		for i, want := range test.want {
			if !strings.HasPrefix(got[i], want) {
				t.Errorf("%s: %s, want %s", test.line, got[i], want)
			}
		}
	}
	apply(t, st, bulk.Targets(), string(office(t,
		`<row r="1"><c t="str"><v>plan</v></c><c t="str"><v>year</v></c><c t="str"><v>indicator</v></c><c t="str"><v>target_percent</v></c></row>
		<row r="2"><c t="str"><v>8/KH</v></c><c><v>2027</v></c><c t="str"><v>SIPAS</v></c><c s="3"><v>0.875</v></c></row>`)))
	if diff := cmp.Diff([]string{"8/KH,2027,SIPAS,,at-least,87.5,,,"}, ofYear(t, st, "2027")); diff != "" {
		t.Error(diff)
	}
	const rank = targetHeader + "8/KH,2028,rank: par index,,above,20,,,\n"
	apply(t, st, bulk.Targets(), rank)
	if diff := cmp.Diff([]string{"8/KH,2028,RANK:PAR INDEX,,above,20,,,"}, ofYear(t, st, "2028")); diff != "" {
		t.Error(diff)
	}
	if again := judge(t, bulk.Targets(), st, []byte(rank)); again.Unchanged != 1 || again.Wrong != 0 {
		t.Errorf("a rank once more: %+v", again)
	}
}
