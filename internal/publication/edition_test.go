package publication_test

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sipas/internal/agency"
	"sipas/internal/publication"
	"sipas/internal/report"
	"sipas/internal/score"
	"sipas/internal/target"
	"sipas/internal/testkit"
)

var noon = time.Date(2025, 12, 31, 5, 0, 0, 0, time.UTC)

var update = flag.Bool("update", false, "write the golden files")

func stored(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func readEdition(t *testing.T, content []byte) (publication.Edition, *report.Board) {
	t.Helper()
	edition, err := publication.ReadEdition(content)
	if err != nil {
		t.Fatal(err)
	}
	board, err := edition.Board()
	if err != nil {
		t.Fatal(err)
	}
	return edition, board
}

// TestEditionsAnswerAsTheyDid: whatever its format, an edition gives programs
// the very document that they got when it was published.
func TestEditionsAnswerAsTheyDid(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		for name, published := range map[string]publication.Publication{
			"edition-rounded": {Year: 2024, Period: "H1"}, "edition-exact": {Year: 2025, Period: "Y"}, "edition-numbered": {Year: 2026, Period: "Y"},
		} {
			if err := st.PublishRaw(t.Context(), published.Year, published.Period, stored(t, name), noon, "x"); err != nil {
				t.Fatal(err)
			}
		}
		list, err := publication.New(st.DB, report.New(st.Store, report.Options{}), nil).Published(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for i, name := range []string{"edition-exact", "edition-exact", "edition-rounded"} { // the newest year first
			got, err := json.MarshalIndent(list[i].Document, "", " ")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(stored(t, name+".api")), string(got)+"\n"); diff != "" {
				t.Errorf("%s, -then +now:\n%s", name, diff)
			}
		}
	})
}

// TestEditionIsWrittenAs: what is written under a format's number never
// changes. A change of this golden needs the next number.
func TestEditionIsWrittenAs(t *testing.T) {
	t.Parallel()
	_, board := readEdition(t, stored(t, "edition-exact"))
	got, err := json.MarshalIndent(publication.EditionOf(board), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(filepath.Join("testdata", "edition-groups.json"), append(got, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(stored(t, "edition-groups")), string(got)+"\n"); diff != "" {
		t.Error(diff)
	}
}

// TestOldEditionsAreBoards: what old editions left unsaid or said otherwise is
// on their boards as boards say it.
func TestOldEditionsAreBoards(t *testing.T) {
	t.Parallel()
	edition, board := readEdition(t, stored(t, "edition-rounded"))
	if edition.Format != 1 || board.Period.Part() != "H1" || board.SmallCell != 5 || board.MinSample != 30 {
		t.Errorf("format %d, %+v", edition.Format, board.Query)
	}
	land, health, points := board.Rows[0], board.Rows[1], board.Rows[2]
	if land.Method != score.SingleQuestion || points.Method != score.PointsRatio || points.Index.Method != score.PointsRatio {
		t.Errorf("methods %s and %s: points were a ratio then", land.Method, points.Method)
	}
	if !land.Rounded || !land.Factors[0].Rounded || !land.Trend[1].Rounded || land.Index.Value.Rounded(4) != "27.8500" {
		t.Errorf("it has two decimals: %+v", land.Figure)
	}
	for i, want := range []report.TargetStanding{
		{Target: target.Target{Percent: 2900, Plan: "1/KH 2024-01-02", LeadAgency: "Sở", Note: agency.Text{"en": "reached by the start of 2017"}}, Verdict: score.Verdict{Standing: score.Missed}},
		{Target: target.Target{Percent: 8500, Plan: "1/KH 2024-01-02", LeadAgency: "Sở", Note: agency.Text{"vi": "mức phấn đấu"}}, Verdict: score.Verdict{Standing: score.Missed, BeyondChance: true}},
		{Target: target.Target{Percent: 2005, Plan: "2/KH"}, Verdict: score.Verdict{Standing: score.Met, BeyondChance: true}},
	} {
		got := land.Targets[i]
		if !got.HasGap {
			t.Errorf("target %d has no gap", i)
		}
		want.Comparator, want.Gap, want.HasGap = target.AtLeast, got.Gap, true
		if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b score.Number) bool { return a.Cmp(b) == 0 })); diff != "" {
			t.Errorf("target %d: -want +got\n%s", i, diff)
		}
	}
	if got := len(land.Trend); got != 12 || land.Trend[1].N != 1200 || !land.Trend[2].Withheld || land.Trend[0].HasFigure() {
		t.Errorf("%d months: %+v", got, land.Trend)
	}
	if !health.Withheld || health.N != 0 || health.HasFigure() || !health.WordingChanged {
		t.Errorf("hidden: %+v", health)
	}
	if f := board.Finding; f.Met != 1 || f.Missed != 2 || f.NotEnough != 1 || f.Worst == nil || f.Worst.Target != 1 || f.Worst.Factor.Key != "result" {
		t.Errorf("finding: %+v", f)
	}

	edition, board = readEdition(t, stored(t, "edition-exact"))
	if edition.Format != 2 || board.Rows[1].Rounded || board.Rows[3].Method != score.Points210 || board.Rows[1].Targets[1].Comparator != target.Above {
		t.Errorf("format %d, %+v", edition.Format, board.Rows)
	}
}

// TestUnknownEditions: what cannot be read is refused with what is wrong, and
// never shown as something else.
func TestUnknownEditions(t *testing.T) {
	t.Parallel()
	testkit.EachStore(t, func(t *testing.T, st *testkit.Place) {
		newer := strings.Replace(string(stored(t, "edition-numbered")), `"format": 3`, `"format": 5`, 1)
		if _, err := publication.ReadEdition([]byte(newer)); !errors.Is(err, publication.ErrNewerEdition) || !strings.Contains(err.Error(), "format 5") {
			t.Errorf("newer: %v", err)
		}
		for _, bad := range []string{"", "[]", `{"format":"3"}`, `{"rows":[{"targets":[{"note":7}]}]}`, `{"rows":[{"n":"many"}]}`} {
			if e, err := publication.ReadEdition([]byte(bad)); err == nil || errors.Is(err, publication.ErrNewerEdition) {
				t.Errorf("%s: %+v, %v", bad, e, err)
			}
		}
		if err := st.PublishRaw(t.Context(), 2026, "Y", []byte(newer), noon, "x"); err != nil {
			t.Fatal(err)
		}
		if list, err := publication.New(st.DB, report.New(st.Store, report.Options{}), nil).Published(t.Context()); !errors.Is(err, publication.ErrNewerEdition) || !strings.Contains(err.Error(), "publication 1") {
			t.Errorf("%+v, %v", list, err)
		}
	})
}
