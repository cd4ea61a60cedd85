package score

import (
	"math"
	"math/big"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestQuestion(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		counts Counts
		want   string
	}{
		{Counts{0, 1, 1, 1, 1, 1}, "40%"},
		{Counts{99, 0, 0, 1, 1, 0}, "50%"},
		{Counts{0, 5, 0, 0, 0, 0}, "0%"},
		{Counts{99}, ""},
		{Counts{0, -1, 0, 0, 5, 0}, ""},
		{Counts{0, 0, 0, 298, 60, 42}, "25,50%"},
	} {
		if got := Sipas2023.Question(row.counts).Display(2); got != row.want {
			t.Errorf("%v = %q, want %q", row.counts, got, row.want)
		}
	}
	x := MeanScore.Question(Counts{3, 0, 0, 1, 1, 2})
	if got := x.Display(2); got != "4,25" || x.N != 4 {
		t.Errorf("mean score = %s of %d", got, x.N)
	}
}

// TestMethodsDiffer scores one hand-made cell by every rule.
func TestMethodsDiffer(t *testing.T) {
	t.Parallel()
	people := [][]int{{5, 5, -1}, {4, 0, -1}, {2, 4, 5}, {3, 1, -1}, {0, -1, -1}}
	tally := Tally{
		Questions: make([]Counts, 3), Returning: 2, ReturnAsked: 3,
		Expectation: ExpectationOf(120).Add(ExpectationOf(70)),
	}
	for _, levels := range people {
		tally.People = tally.People.Add(PersonOf(levels))
		for q, level := range levels {
			if level >= 0 {
				tally.Questions[q][level]++
			}
		}
	}
	tally.People = tally.People.Add(PointsOf([]int{2, 1, 0})).Add(PointsOf([]int{2, -1, 2}))
	tally.Headline = tally.Questions[1]
	want := map[Method]string{
		Sipas2023:       "72,22%", // (2/4 + 2/3 + 1/1) / 3
		Pooled:          "62,50%", // 5/8
		MeanScore:       "3,63",   // 29/8
		AllSatisfied:    "50%",    // the first two of four
		ExpectationMean: "95%",
		ReturnIntent:    "66,67%",
		Points210:       "70%", // 7 of 10
		SingleQuestion:  "66,67%",
	}
	n := map[Method]int64{ExpectationMean: 2, ReturnIntent: 3, Points210: 2, SingleQuestion: 3}
	for _, m := range Methods() {
		x := m.Overall(tally)
		if got := x.Display(2); got != want[m] || x.Method != m {
			t.Errorf("%s = %s by %s, want %s", m, got, x.Method, want[m])
		}
		if w, ok := n[m]; x.N != w && (ok || x.N != 4) {
			t.Errorf("%s: n = %d", m, x.N)
		}
		if nothing := m.Overall(Tally{}); nothing.HasData || nothing.HasInterval || nothing.Display(2) != "" {
			t.Errorf("%s of nothing = %+v", m, nothing)
		}
	}
	if x := Method("mine").Overall(tally); x.HasData {
		t.Errorf("an unknown rule gives %s", x.Display(2))
	}
	if x := AllSatisfied.Section(tally.Questions); x.Method != Sipas2023 {
		t.Errorf("a section beside all-satisfied is labelled %s", x.Method)
	}
}

func TestParseMethod(t *testing.T) {
	t.Parallel()
	for _, m := range Methods() {
		if got, err := ParseMethod(string(m)); got != m || err != nil {
			t.Errorf("ParseMethod(%s) = %s, %v", m, got, err)
		}
	}
	if m, err := ParseMethod(""); m != Sipas2023 || err != nil {
		t.Errorf("default = %s, %v", m, err)
	}
	if _, err := ParseMethod("SIPAS-2023"); err == nil {
		t.Error("a wrong key passes")
	}
}

func TestPointClasses(t *testing.T) {
	t.Parallel()
	scale := PointScale{OutOf: 18, Classes: []PointClass{{"excellent", 15}, {"good", 12}, {"fair", 9}, {"average", 6}, {"weak", 0}}}
	for points, want := range map[int64]string{18: "excellent", 15: "excellent", 14: "good", 12: "good", 9: "fair", 8: "average", 5: "weak", 0: "weak"} {
		x := Points210.Overall(Tally{People: People{PointsN: 1, Points: points, MaxPoints: 18}})
		if got := scale.Class(x); got != want {
			t.Errorf("%d points are %q, want %q", points, got, want)
		}
	}
	if got := scale.Class(Index{Method: Points210}); got != "" {
		t.Errorf("no data is %q", got)
	}
	if got := PointsQuestion(PointCounts{1, 1, 2}).Display(1); got != "62,5%" {
		t.Errorf("question = %s", got)
	}
	if PointsQuestion(PointCounts{}).HasData {
		t.Error("no answers have an index")
	}
}

func TestPersonOf(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		levels []int
		want   People
	}{
		{[]int{5, 4, 0, -1}, People{N: 1, AllSatisfied: 1, ShareSum: ShareUnit, ShareSqSum: ShareUnit * ShareUnit}},
		{[]int{5, 3, 1}, People{N: 1, ShareSum: ShareUnit / 3, ShareSqSum: ShareUnit / 3 * ShareUnit / 3}},
		{[]int{5, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, People{N: 1, ShareSum: 4265, ShareSqSum: 4265 * 4265}}, // 55440/13 = 4264.6
		{[]int{0, -1}, People{}},
		{[]int{6, -2, 99}, People{}},
		{nil, People{}},
	} {
		if diff := cmp.Diff(row.want, PersonOf(row.levels)); diff != "" {
			t.Errorf("PersonOf(%v): %s", row.levels, diff)
		}
	}
	if got := PointsOf([]int{-1, 3}); got != (People{}) {
		t.Errorf("PointsOf of no answers = %+v", got)
	}
	for n := 1; n <= 12; n++ {
		if ShareUnit%n != 0 {
			t.Errorf("a share of %d answers is not exact", n)
		}
	}
}

func drawForm(t *rapid.T) [][]int {
	questions := rapid.IntRange(1, 14).Draw(t, "questions")
	return rapid.SliceOfN(rapid.SliceOfN(rapid.IntRange(-1, 5), questions, questions), 0, 60).Draw(t, "people")
}

func count(people [][]int) Tally {
	var tally Tally
	for _, levels := range people {
		if tally.Questions == nil {
			tally.Questions = make([]Counts, len(levels))
		}
		tally.People = tally.People.Add(PersonOf(levels))
		for q, level := range levels {
			if level >= 0 {
				tally.Questions[q][level]++
			}
		}
	}
	if len(tally.Questions) > 0 {
		tally.Headline = tally.Questions[0]
	}
	return tally
}

// TestAnyForm: whatever people answer, the order of people and of parts does not matter, figures stay on their scale, the interval
// holds its figure and is never a point, and people can be taken out again.
func TestAnyForm(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		people := drawForm(t)
		tally := count(people)
		shuffled := count(rapid.Permutation(people).Draw(t, "shuffled"))
		cut := rapid.IntRange(0, len(people)).Draw(t, "cut")
		left, right := count(people[:cut]), count(people[cut:])
		for q := range right.Questions {
			if q < len(left.Questions) {
				right.Questions[q] = right.Questions[q].Add(left.Questions[q])
			}
		}
		if right.Questions == nil {
			right.Questions = left.Questions
		}
		right.People = right.People.Add(left.People)
		if len(right.Questions) > 0 {
			right.Headline = right.Questions[0]
		}
		if back := right.People.Sub(left.People).Add(left.People).Sub(tally.People); back != (People{}) {
			t.Fatalf("taking people out leaves %+v", back)
		}
		for _, m := range []Method{Sipas2023, Pooled, MeanScore, AllSatisfied, SingleQuestion} {
			x := m.Overall(tally)
			for _, y := range []Index{m.Overall(shuffled), m.Overall(right)} {
				if diff := cmp.Diff(x, y, cmp.Comparer(func(a, b Number) bool { return a.Cmp(b) == 0 })); diff != "" {
					t.Fatalf("%s depends on the order: %s", m, diff)
				}
			}
			checkIndex(t, x)
			for _, c := range tally.Questions {
				checkIndex(t, m.Question(c))
			}
		}
	})
}

func checkIndex(t *rapid.T, x Index) {
	t.Helper()
	if !x.HasData {
		if x.N != 0 || x.HasInterval {
			t.Fatalf("no data, but %+v", x)
		}
		return
	}
	least, most := 0.0, 100.0
	if x.Method == MeanScore {
		least, most = 1, 5
	}
	value := x.Value.Float()
	if !x.HasInterval || x.N < 1 || value < least || value > most || x.Low < least || x.High > most || x.Low > value || x.High < value || x.High-x.Low < 1e-6 {
		t.Fatalf("impossible figure %+v = %v", x, value)
	}
}

func TestTakingOutCounts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) (c Counts) {
			copy(c[:], rapid.SliceOfN(rapid.Int64Range(0, math.MaxInt32), 6, 6).Draw(t, name))
			return c
		}
		a, b := draw("a"), draw("b")
		if a.Add(b).Sub(b) != a || a.Add(b) != b.Add(a) {
			t.Fatal("Sub does not undo Add")
		}
		if s := a.Add(b); s.Valid() != a.Valid()+b.Valid() || s.Satisfied() != a.Satisfied()+b.Satisfied() {
			t.Fatal("Valid or Satisfied is not additive")
		}
		e, f := ExpectationOf(a[0]%200), ExpectationOf(b[0]%200)
		if e.Add(f).Sub(f) != e {
			t.Fatal("Sub does not undo Add of expectations")
		}
	})
}

// TestSipasIsTheMeanOfQuestions recomputes the default rule in another way: over one common denominator.
func TestSipasIsTheMeanOfQuestions(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		questions := count(drawForm(t)).Questions
		used := slices.DeleteFunc(slices.Clone(questions), func(c Counts) bool { return c.Valid() == 0 })
		x := Sipas2023.Section(questions)
		if len(used) == 0 {
			if x.HasData {
				t.Fatal("an index of nothing")
			}
			return
		}
		common := big.NewInt(1)
		for _, c := range used {
			common.Mul(common, big.NewInt(c.Valid()))
		}
		sum := new(big.Int)
		for _, c := range used {
			part := new(big.Int).Mul(common, big.NewInt(100*c.Satisfied()))
			sum.Add(sum, part.Quo(part, big.NewInt(c.Valid())))
		}
		want := new(big.Rat).SetFrac(sum, common.Mul(common, big.NewInt(int64(len(used)))))
		if x.Value.value().Cmp(want) != 0 {
			t.Fatalf("mean = %s, want %s", x.Value.Rounded(4), want.FloatString(4))
		}
	})
}
