package score

import (
	"encoding/json"
	"math"
	"math/big"
	"os"
	"testing"
)

func number(t *testing.T, decimal string) Number {
	t.Helper()
	r, ok := new(big.Rat).SetString(decimal)
	if !ok {
		t.Fatalf("%q is not a number", decimal)
	}
	return Number{r}
}

type reference struct {
	Ratios []struct {
		Name    string
		Num     int64
		Den     int64
		Printed string
	} `json:"ratio_rows"`
	Aggregations []struct {
		Name   string
		Blocks []struct {
			Items int64
			Index json.Number
		}
		Overall string
	} `json:"aggregation_rows"`
	Yamane []struct {
		Population int64
		Error      float64
		N          int64
	}
}

func readReference(t *testing.T) reference {
	t.Helper()
	text, err := os.ReadFile("testdata/reference.json")
	if err != nil {
		t.Fatal(err)
	}
	var ref reference
	if err := json.Unmarshal(text, &ref); err != nil {
		t.Fatal(err)
	}
	if len(ref.Ratios) < 6 || len(ref.Aggregations) < 1 || len(ref.Yamane) < 1 {
		t.Fatal("reference.json has lost rows")
	}
	return ref
}

func TestPublishedRatios(t *testing.T) {
	t.Parallel()
	for _, row := range readReference(t).Ratios {
		value, ok := Ratio(row.Num, row.Den)
		if got := value.Percent("vi", 1); !ok || got != row.Printed {
			t.Errorf("%s: %d/%d prints %s, published %s", row.Name, row.Num, row.Den, got, row.Printed)
		}
	}
	for _, row := range []struct {
		num, den int64
		want     string
	}{{102, 400, "25,5%"}, {358, 400, "89,5%"}, {161, 301, "53,5%"}} {
		value, _ := Ratio(row.num, row.den)
		if got := value.Percent("vi", 1); got != row.want {
			t.Errorf("%d/%d prints %s, published %s", row.num, row.den, got, row.want)
		}
	}
}

// TestPublishedAggregation holds the inferred rule against published results. The blocks are printed with two decimals, so the mean
// over the indicators is only known within half a hundredth: for 2024 the printed blocks themselves give 83.933, and the published
// 83.94 lies inside what their rounding allows. The plain mean of the two blocks does not get there whatever the rounding.
func TestPublishedAggregation(t *testing.T) {
	t.Parallel()
	fits := func(mean Number, published string) bool {
		off := mean.Sub(number(t, published)).value()
		return off.Abs(off).Cmp(number(t, "0.01").value()) <= 0 // rounding of the blocks plus rounding of the result
	}
	mean := func(values []Number, weights ...int64) Number {
		m, ok := weightedMean(values, weights)
		if !ok {
			t.Fatal("no mean")
		}
		return m
	}
	blocks := readReference(t).Aggregations[0].Blocks
	values := []Number{number(t, blocks[0].Index.String()), number(t, blocks[1].Index.String())}
	national := mean(values, blocks[0].Items, blocks[1].Items)
	if got := national.Rounded(3); got != "83.933" {
		t.Errorf("national 2024 from printed blocks = %s", got)
	}
	if !fits(national, "83.94") {
		t.Error("national 2024: a mean over 51 indicators does not fit 83.94")
	}
	if fits(mean(values, 1, 1), "83.94") {
		t.Error("national 2024: a mean of the block means fits too, so the published figure no longer tells the rules apart")
	}
	upper := mean([]Number{values[0].Sub(number(t, "-0.005")), values[1].Sub(number(t, "-0.005"))}, 32, 19)
	if got := upper.Percent("vi", 2); got != readReference(t).Aggregations[0].Overall+"%" {
		t.Errorf("national 2024 with the blocks at the top of their rounding = %s", got)
	}

	hanoi := mean([]Number{number(t, "86.51"), number(t, "86.49")}, 32, 19)
	if got := hanoi.Percent("vi", 2); got != "86,50%" {
		t.Errorf("Hà Nội 2024 = %s, published 86.50", got)
	}
	var factors []Number
	for _, f := range []string{"83.00", "83.02", "83.12", "83.03", "82.27"} {
		factors = append(factors, number(t, f))
	}
	if fits(mean(factors, 1, 1, 1, 1, 1), "82.66") {
		t.Error("national 2023: a mean of the factor means must not fit")
	}
}

// TestMeanOverIndicators makes the national figure of 2024 from 51 questions: 32 at 83.844 and 19 at 84.094, which print as published.
func TestMeanOverIndicators(t *testing.T) {
	t.Parallel()
	var questions []Counts
	for i := range 51 {
		satisfied := int64(83844)
		if i >= 32 {
			satisfied = 84094
		}
		questions = append(questions, Counts{7, 100_000 - satisfied, 0, 0, satisfied, 0})
	}
	for _, row := range []struct {
		questions []Counts
		want      string
	}{{questions[:32], "83,84%"}, {questions[32:], "84,09%"}, {questions, "83,94%"}} {
		x := Sipas2023.Overall(Tally{Questions: row.questions})
		if got := x.Display(2); got != row.want || x.N != 100_000 {
			t.Errorf("index of %d questions = %s of n=%d, published %s", len(row.questions), got, x.N, row.want)
		}
	}
}

func TestPublishedYamane(t *testing.T) {
	t.Parallel()
	for _, row := range readReference(t).Yamane {
		n, err := SampleSize(row.Population, int64(math.Round(row.Error*10000)))
		if err != nil || n != row.N {
			t.Errorf("sample of %d = %d, %v; published %d", row.Population, n, err, row.N)
		}
	}
	for _, row := range []struct{ population, hundredths, want int64 }{
		{0, 500, 0}, {1, 500, 1}, {400, 500, 200}, {math.MaxInt64, 500, 400}, {10, 10000, 1},
	} {
		if n, err := SampleSize(row.population, row.hundredths); err != nil || n != row.want {
			t.Errorf("SampleSize(%d, %d) = %d, %v; want %d", row.population, row.hundredths, n, err, row.want)
		}
	}
	for _, bad := range [][2]int64{{-1, 500}, {10, 0}, {10, -5}, {10, 10001}} {
		if n, err := SampleSize(bad[0], bad[1]); err == nil {
			t.Errorf("SampleSize(%d, %d) = %d, want an error", bad[0], bad[1], n)
		}
	}
}

// TestPublishedParts: the parts of a single-choice item are printed as they are, and here they do add to 100.
func TestPublishedParts(t *testing.T) {
	t.Parallel()
	sum := new(big.Rat)
	for _, part := range []int64{9006, 898, 96} {
		value, _ := Ratio(part, 10000)
		sum.Add(sum, number(t, value.Rounded(2)).value())
	}
	if got := sum.FloatString(2); got != "100.00" {
		t.Errorf("parts add to %s", got)
	}
}
