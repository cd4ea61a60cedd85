package score

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestWilson compares with values computed to 40 digits from the closed formula.
func TestWilson(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		part, of  int64
		low, high float64
	}{
		{102, 400, 21.4756700879, 29.9904323344},
		{358, 400, 86.1109014913, 92.1376272563},
		{161, 301, 47.8450981306, 59.0437286325},
		{0, 10, 0, 27.7532799863},
		{10, 10, 72.2467200137, 100},
		{1, 1, 20.6549314377, 100},
		{0, 1, 0, 79.3450685623},
	} {
		x := SingleQuestion.Overall(Tally{Headline: Counts{0, row.of - row.part, 0, 0, 0, row.part}})
		if math.Abs(x.Low-row.low) > 2e-6 || math.Abs(x.High-row.high) > 2e-6 {
			t.Errorf("%d of %d: %v to %v, want %v to %v", row.part, row.of, x.Low, x.High, row.low, row.high)
		}
	}
}

func TestStudent(t *testing.T) {
	t.Parallel()
	for freedom, want := range map[float64]float64{1: 12.706205, 2: 4.302653, 3: 3.182446, 4: 2.776445, 5: 2.570582, 10: 2.228139, 29: 2.045230, 100: 1.983972, 1e9: z} {
		if got := student(freedom); math.Abs(got/want-1) > 0.002 {
			t.Errorf("t with %v degrees of freedom = %v, want %v", freedom, got, want)
		}
	}
}

// width is that of the overall interval of people who answer several questions.
func width(people [][]int) float64 {
	x := Sipas2023.Overall(count(people))
	return x.High - x.Low
}

// TestPeopleAreTheSample: what one person answers to four questions is worth between one answer and four.
func TestPeopleAreTheSample(t *testing.T) {
	t.Parallel()
	yesOrNo := func(yes, of int) float64 {
		x := SingleQuestion.Overall(Tally{Headline: Counts{0, int64(of - yes), 0, 0, int64(yes), 0}})
		return x.High - x.Low
	}
	var block, alike, opposed [][]int
	for i := range 200 {
		if i%4 == 0 {
			block = append(block, []int{1, 1, 1, 1})
		} else {
			block = append(block, []int{5, 5, 5, 5})
		}
		alike = append(alike, []int{5, 5, 5, 1})
		opposed = append(opposed, [][]int{{5, 5, 5, 1}, {1, 5, 5, 5}, {5, 1, 5, 5}, {5, 5, 5, 5}, {5, 5, 1, 1}}[i%5])
	}
	one, four := yesOrNo(150, 200), yesOrNo(600, 800)
	if got := width(block); math.Abs(got-one) > 1e-5 {
		t.Errorf("people who answer all alike: width %v, want that of one answer each, %v", got, one)
	}
	if got := width(alike); math.Abs(got-one) > 1e-5 {
		t.Errorf("nobody differs: width %v, want %v", got, one)
	}
	if got := width(opposed); math.Abs(got-four) > 1e-5 {
		t.Errorf("answers that balance: width %v, want not less than that of independent answers, %v", got, four)
	}
	low, high := wilson(0.5, 1)
	if got := width([][]int{{5, 5, 1, 1}}); math.Abs(got-100*(high-low)) > 1e-5 {
		t.Errorf("one person: width %v, want that of one answer, %v", got, 100*(high-low))
	}
}

// TestRareQuestionWidens: a question that few answered makes the mean over questions less certain, however many people there are.
func TestRareQuestionWidens(t *testing.T) {
	t.Parallel()
	common, rare := Counts{0, 0, 0, 200, 800, 0}, Counts{0, 0, 0, 1, 4, 0}
	many := Sipas2023.Section([]Counts{common, common})
	few := Sipas2023.Section([]Counts{common, rare})
	if few.High-few.Low < 3*(many.High-many.Low) {
		t.Errorf("with the rare question %v to %v, without %v to %v", few.Low, few.High, many.Low, many.High)
	}
	if pooled := Pooled.Section([]Counts{common, rare}); pooled.High-pooled.Low > 0.5*(few.High-few.Low) {
		t.Errorf("pooled: %v to %v", pooled.Low, pooled.High)
	}
}

// TestCoverage draws samples of correlated answers with a fixed seed and counts how often the interval holds the truth. A Wilson
// interval over answers, as if they were independent, would do so far less often.
func TestCoverage(t *testing.T) {
	t.Parallel()
	const samples, truth = 2000, 80.0
	for _, people := range []int{8, 30, 200} {
		random := rand.New(rand.NewPCG(1, uint64(people)))
		var held, naive, scores int
		for range samples {
			answers := make([][]int, people)
			for i := range answers {
				mood := 0.6
				if random.Float64() < 0.5 {
					mood = 1
				}
				answers[i] = make([]int, 10)
				for q := range answers[i] {
					answers[i][q] = 2
					if random.Float64() < mood {
						answers[i][q] = 4
					}
				}
			}
			tally := count(answers)
			if x := Sipas2023.Overall(tally); x.Low <= truth && truth <= x.High {
				held++
			}
			tally.Questions = tally.Questions[:1]
			if x := MeanScore.Overall(tally); x.Low <= 3.6 && 3.6 <= x.High {
				scores++
			}
			n := float64(people * 10)
			p := Pooled.Overall(count(answers)).Value.Float() / 100
			if low, high := wilson(p, n); low <= truth/100 && truth/100 <= high {
				naive++
			}
		}
		share := func(n int) float64 { return float64(n) / samples }
		t.Logf("%d people: %.3f; mean score of one question %.3f; as if independent %.3f", people, share(held), share(scores), share(naive))
		if share(held) < 0.94 || share(scores) < 0.93 || share(naive) > 0.90 {
			t.Errorf("%d people: the interval holds the truth in %.3f, the mean score's in %.3f, the naive one in %.3f", people, share(held), share(scores), share(naive))
		}
	}
}

func TestExpectationInterval(t *testing.T) {
	t.Parallel()
	var e Expectation
	for _, answer := range []int64{80, 90, 100, 110, 120} {
		e = e.Add(expectationOf(answer))
	}
	x := ExpectationMean.Overall(Tally{Expectation: e})
	if half := 2.776445 * math.Sqrt(250.0/5); math.Abs(x.Low-(100-half)) > 0.02 || math.Abs(x.High-(100+half)) > 0.02 {
		t.Errorf("%v to %v, want 100 ± %v", x.Low, x.High, half)
	}
	alone := ExpectationMean.Overall(Tally{Expectation: expectationOf(100)})
	if !alone.HasData || alone.HasInterval {
		t.Errorf("one answer: %+v", alone)
	}
}

// expectationOf is what one answer adds.
func expectationOf(answer int64) Expectation {
	return Expectation{N: 1, Sum: answer, SqSum: answer * answer}
}
