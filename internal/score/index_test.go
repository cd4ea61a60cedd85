package score

import (
	"math"
	"math/big"
	"slices"
	"strings"
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
		Expectation: expectationOf(120).Add(expectationOf(70)),
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
	tally.Criteria = []PointCounts{{0, 3, 1}, {}, {1, 0, 1}}
	tally.Headline = tally.Questions[1]
	want := map[Method]string{
		Sipas2023:       "72,22%", // (2/4 + 2/3 + 1/1) / 3
		Pooled:          "62,50%", // 5/8
		MeanScore:       "3,63",   // 29/8
		AllSatisfied:    "50%",    // the first two of four
		ExpectationMean: "95%",
		ReturnIntent:    "66,67%",
		Points210:       "2,3", // 1.25 is 1.3, and 1
		PointsRatio:     "70%", // 7 of 10
		SingleQuestion:  "66,67%",
	}
	n := map[Method]int64{ExpectationMean: 2, ReturnIntent: 3, Points210: 4, PointsRatio: 2, SingleQuestion: 3}
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

// TestPointsByTheCircular: each criterion is rounded half up to one decimal
// before it is added, what was not judged is left out, and the thresholds are
// those of articles 13 to 15.
func TestPointsByTheCircular(t *testing.T) {
	t.Parallel()
	for counts, want := range map[PointCounts]string{
		{1, 1, 2}: "1,3", {0, 0, 3}: "2", {3, 0, 0}: "0", {1, 2, 0}: "0,7", {19, 1, 0}: "0,1", {20, 1, 0}: "0", {0, 7, 1}: "1,1", {}: "", {-1, 1, 1}: "",
	} {
		if got := Criterion(counts).Display(1); got != want {
			t.Errorf("%v is %q, want %q", counts, got, want)
		}
	}
	// 1.25 + 1.25 is 2.6 by the circular, not 2.5; the third was not judged.
	if x := Points210.Overall(Tally{Criteria: []PointCounts{{0, 3, 1}, {0, 3, 1}, {}}}); x.Value.Rounded(2) != "2.60" || x.N != 4 || x.HasInterval {
		t.Errorf("%+v", x)
	}

	scales, source, err := PointScales()
	if err != nil || len(scales) != 2 || source == "" {
		t.Fatal(scales, source, err)
	}
	// so many tenths of a point from the first criteria: each of 20 files with 2 points is a tenth
	give := func(scale PointScale, tenths int64) map[string]PointCounts {
		judged := map[string]PointCounts{}
		for _, key := range scale.Criteria {
			own := min(tenths, 20)
			judged[key] = PointCounts{20 - own, 0, own}
			tenths -= own
		}
		return judged
	}
	for i, thresholds := range []map[int64]string{
		{180: "xuất sắc", 150: "xuất sắc", 149: "tốt", 120: "tốt", 119: "khá", 90: "khá", 89: "trung bình", 60: "trung bình", 59: "yếu", 0: "yếu"},
		{
			100: "hoàn thành 100% nhiệm vụ", 50: "hoàn thành 100% nhiệm vụ", 49: "hoàn thành từ 70% đến dưới 100% nhiệm vụ",
			35: "hoàn thành từ 70% đến dưới 100% nhiệm vụ", 34: "hoàn thành dưới 70% nhiệm vụ", 0: "hoàn thành dưới 70% nhiệm vụ",
		},
	} {
		for tenths, want := range thresholds {
			class, x, leftOut, ok := scales[i].Class(give(scales[i], tenths))
			if class != want || !ok || len(leftOut) != 0 || x.Value.Cmp(NumberOf(float64(tenths)/10)) != 0 {
				t.Errorf("%s with %d tenths: %s, %s points, left out %v; want %s", scales[i].Of, tenths, class, x.Display(1), leftOut, want)
			}
		}
	}
	citizens := map[string]PointCounts{"1": {0, 0, 1}, "3": {0, 0, 1}, "4": {0, 1, 0}, "7": {0, 1, 0}}
	if class, x, leftOut, _ := scales[0].Class(citizens); class != "trung bình" || x.Display(1) != "6" || strings.Join(leftOut, "") != "25689" {
		t.Errorf("the citizens' part: %s, %s, left out %v", class, x.Display(1), leftOut)
	}
	if _, _, _, ok := scales[0].Class(nil); ok {
		t.Error("a class of nothing")
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
		e, f := expectationOf(a[0]%200), expectationOf(b[0]%200)
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
