package published_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sipas/internal/published"
	"sipas/internal/score"
	"sipas/internal/target"
)

func TestProblems(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		change func(i *published.Index)
		want   []string
	}{
		{func(*published.Index) {}, nil},
		{func(i *published.Index) { i.Value = "" }, nil},
		{func(i *published.Index) { i.Rank, i.Of = 0, 0 }, nil},
		{func(i *published.Index) { i.Of, i.Day = 0, "" }, nil},
		{func(i *published.Index) { i.Value, i.Rank, i.Of = "", 0, 0 }, []string{"value published-empty"}},
		{func(i *published.Index) { i.Value, i.Rank = "83.94567", 35 }, []string{"value published-value", "of published-of"}},
		{func(i *published.Index) { i.Value, i.Rank = "-1", -1 }, []string{"value published-value", "rank published-rank"}},
		{func(i *published.Index) { i.Rank = 0 }, []string{"of published-of"}},
		{func(i *published.Index) { i.Name, i.Year = "papi", 1999 }, []string{"index published-name", "year target-year"}},
		{func(i *published.Index) { i.Source, i.Day = " ", "2026-02-30" }, []string{"source required", "day published-day"}},
		{func(i *published.Index) { i.Source = strings.Repeat("ă", 201) }, []string{"source too-long"}},
	} {
		i := published.Index{Name: "PAPI", Year: 2025, Value: "43.15", Rank: 18, Of: 34, Source: "Báo cáo PAPI 2025", Day: "2026-04-10"}
		c.change(&i)
		var got []string
		for _, p := range i.Problems() {
			got = append(got, p.Where+" "+p.Key)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%+v: %q, want %q", i, got, c.want)
		}
	}
}

// TestJudge: a rank answers the target of its index, year and agency; the first is best.
func TestJudge(t *testing.T) {
	t.Parallel()
	all := []published.Index{{Name: "PAPI", Year: 2025, Value: "40"}, {Name: "PAPI", Year: 2025, AgencyID: 7, Rank: 1}, {Name: "PAPI", Year: 2025, Rank: 20}}
	for _, c := range []struct {
		index string
		year  int
		by    target.Comparator
		rank  int
		want  string
	}{
		{"papi", 2025, target.AtLeast, 20, "met true"}, {"PAPI", 2025, target.AtLeast, 19, "missed true"},
		{"PAPI", 2025, target.Above, 20, "missed true"}, {"PAPI", 2025, target.Above, 21, "met true"},
		{"PAPI", 2026, target.AtLeast, 20, " false"}, {"PCI", 2025, target.AtLeast, 20, " false"},
	} {
		aim := target.Target{Indicator: target.RankOf(c.index), Year: c.year, Comparator: c.by, Percent: 100 * c.rank}
		index, ok := published.Answers(all, aim)
		var standing score.Standing
		if ok {
			standing = index.Judge(aim)
		}
		if got := fmt.Sprint(standing, " ", ok); got != c.want {
			t.Errorf("%+v: %s, want %s", aim, got, c.want)
		}
	}
}
