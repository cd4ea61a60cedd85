package score

import (
	"testing"

	"pgregory.net/rapid"
)

func TestParseTarget(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Target{
		"85": 8500, "87.5": 8750, "87,25": 8725, " 85 % ": 8500, "0": 0, "100": 10000, "100.00": 10000, "84.05": 8405, "085": 8500,
	} {
		if got, err := ParseTarget(text); got != want || err != nil {
			t.Errorf("ParseTarget(%q) = %d, %v; want %d", text, got, err, want)
		}
	}
	for _, text := range []string{
		"", "%", "-5", "+5", "100.01", "101", "85.", ".5", "85.125", "8,5.2", "8.5.", "1e1", "0x10", "NaN", "٨٥", "Tháng 12", "99999999999999999999", "85%%",
	} {
		if got, err := ParseTarget(text); err == nil {
			t.Errorf("ParseTarget(%q) = %d, want an error", text, got)
		}
	}
}

func TestTargetRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		target := Target(rapid.Int64Range(0, 10000).Draw(t, "target"))
		for _, printed := range []string{target.Number().Rounded(2), target.Number().Percent("vi", 2), target.Number().Percent("en", 2)} {
			if got, err := ParseTarget(printed); got != target || err != nil {
				t.Fatalf("%d prints %s and reads %d, %v", target, printed, got, err)
			}
		}
	})
}

func figure(t interface{ Helper() }, satisfied, n int64) Index {
	t.Helper()
	return SingleQuestion.Overall(Tally{Headline: Counts{0, 0, n - satisfied, 0, satisfied, 0}})
}

func TestJudge(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		satisfied, n int64
		target       Target
		above        bool
		minN         int64
		want         Standing
		beyond       bool
		gap          string
	}{
		{16999, 20000, 8500, false, 30, Missed, false, "−0,01"}, // 84.995, printed 85%
		{17000, 20000, 8500, false, 30, Met, false, "0"},
		{17001, 20000, 8500, false, 30, Met, false, "0,01"},
		{17000, 20000, 8500, true, 30, Missed, false, "0"}, // "trên 85%" is not 85%
		{17001, 20000, 8500, true, 30, Met, false, "0,01"},
		{29, 29, 8500, true, 30, NotEnoughData, false, "15"},
		{18000, 20000, 8500, false, 30, Met, true, "5"},
		{16000, 20000, 8500, false, 30, Missed, true, "−5"},
		{29, 29, 8500, false, 30, NotEnoughData, false, "15"},
		{30, 30, 8500, false, 30, Met, true, "15"},
		{25, 30, 9000, false, 30, Missed, false, "−6,67"},
		{0, 0, 8500, false, 30, NotEnoughData, false, ""},
		{0, 0, 0, false, 0, NotEnoughData, false, ""},
		{1, 1, 8500, false, 0, Met, false, "15"},
	} {
		x := figure(t, row.satisfied, row.n)
		v := Judge(x, row.target, row.above, row.minN)
		gap := ""
		if v.HasGap {
			gap = v.Gap.Decimal("vi", 2)
		}
		if v.Standing != row.want || v.BeyondChance != row.beyond || gap != row.gap {
			t.Errorf("%d of %d against %d: %+v, gap %s; want %s, %v, %s", row.satisfied, row.n, row.target, v, gap, row.want, row.beyond, row.gap)
		}
	}
	if got := figure(t, 16999, 20000).Display(2); got != "85%" {
		t.Errorf("84.995 prints %s", got)
	}
	if v := Judge(Index{Method: MeanScore, N: 50, HasData: true, Value: number(t, "4.2"), HasInterval: true, Low: 4, High: 4.4}, 420, false, 30); v.Standing != Met {
		t.Errorf("a mean score of 4.2 against 4.20: %+v", v)
	}
}

// TestJudgeIsExact decides with integers alone: satisfied*10000 >= target*n, > for above.
func TestJudgeIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(1, 1_000_000).Draw(t, "n")
		target := rapid.Int64Range(0, 10000).Draw(t, "target")
		near := min(n, max(0, n*target/10000+rapid.Int64Range(-1, 1).Draw(t, "off")))
		above, want := rapid.Bool().Draw(t, "above"), Missed
		if near*10000 > target*n || near*10000 == target*n && !above {
			want = Met
		}
		v := Judge(figure(t, near, n), Target(target), above, 1)
		if v.Standing != want {
			t.Fatalf("%d of %d against %d: %s, want %s", near, n, target, v.Standing, want)
		}
		if v.BeyondChance && v.Gap.value().Sign() == 0 {
			t.Fatal("no gap is beyond chance")
		}
	})
}
