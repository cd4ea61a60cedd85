package score

import (
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestFormats(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		value    string
		decimals int
		vi, en   string
	}{
		{"83.94", 2, "83,94%", "83.94%"},
		{"83.9", 2, "83,90%", "83.90%"},
		{"86.5025", 2, "86,50%", "86.50%"},
		{"40", 1, "40%", "40%"},
		{"39.967", 1, "40%", "40%"},
		{"40.04", 1, "40%", "40%"},
		{"40.05", 1, "40,1%", "40.1%"},
		{"84.995", 2, "85%", "85%"},
		{"100", 2, "100%", "100%"},
		{"0", 2, "0%", "0%"},
		{"0.004", 2, "0%", "0%"},
		{"-2.75", 1, "−2,8%", "−2.8%"},
		{"-0.004", 2, "0%", "0%"},
		{"12.5", 0, "13%", "13%"},
		{"-12.5", -1, "−13%", "−13%"},
	} {
		n := number(t, row.value)
		if got := n.Percent("vi", row.decimals); got != row.vi {
			t.Errorf("%s in Vietnamese = %s, want %s", row.value, got, row.vi)
		}
		if got := n.Percent("en", row.decimals); got != row.en {
			t.Errorf("%s in English = %s, want %s", row.value, got, row.en)
		}
	}
	if got := number(t, "82.2").Decimal("vi", 1); got != "82,2" {
		t.Errorf("82.2 = %s", got)
	}
}

func TestFormatFloat(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		f        float64
		decimals int
		vi, en   string
	}{
		{82.25, 2, "82,25", "82.25"}, {82.5, 2, "82,50", "82.50"}, {40, 1, "40", "40"}, {-2.75, 2, "−2,75", "−2.75"}, {92.66, 1, "92,7", "92.7"},
	} {
		if vi, en := FormatFloat("vi", row.f, row.decimals), FormatFloat("en", row.f, row.decimals); vi != row.vi || en != row.en {
			t.Errorf("FormatFloat(%v, %d) = %s and %s, want %s and %s", row.f, row.decimals, vi, en, row.vi, row.en)
		}
	}
}

func TestFormatCount(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{
		0: "0", 7: "7", 999: "999", 1000: "1.000", 4213: "4.213", 70737: "70.737", 123456: "123.456", 1234567: "1.234.567", -4213: "−4.213",
		-1 << 63: "−9.223.372.036.854.775.808",
	} {
		if got := FormatCount("vi", n); got != want {
			t.Errorf("FormatCount(vi, %d) = %s, want %s", n, got, want)
		}
		if got := FormatCount("en", n); got != strings.ReplaceAll(want, ".", ",") {
			t.Errorf("FormatCount(en, %d) = %s", n, got)
		}
	}
}

func TestNoNumberFromNothing(t *testing.T) {
	t.Parallel()
	if _, ok := Ratio(0, 0); ok {
		t.Error("0 of 0 has a percentage")
	}
	if _, ok := NewNumber(1, 0); ok {
		t.Error("1/0 is a number")
	}
	for _, weights := range [][]int64{{}, {0}, {-1}, {1, 1}} {
		if _, ok := weightedMean([]Number{{}}, weights); ok {
			t.Errorf("weights %v have a mean", weights)
		}
	}
}

// TestRoundingHalfAwayFromZero computes the rounding a second time, in integers: (2*|a|*10^d + b) / 2b with the sign put back.
func TestRoundingHalfAwayFromZero(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		num := rapid.Int64Range(-1_000_000, 1_000_000).Draw(t, "num")
		den := rapid.OneOf(rapid.SampledFrom([]int64{8, 200, 2000, 2_000_000}), rapid.Int64Range(1, 1_000_000)).Draw(t, "den")
		decimals := rapid.IntRange(0, 4).Draw(t, "decimals")
		power := int64(1)
		for range decimals {
			power *= 10
		}
		whole := (2*max(num, -num)*power + den) / (2 * den)
		if num < 0 {
			whole = -whole
		}
		n, _ := NewNumber(num, den)
		got, ok := new(big.Rat).SetString(n.Rounded(decimals))
		if !ok || got.Cmp(big.NewRat(whole, power)) != 0 {
			t.Fatalf("%d/%d to %d decimals = %s, want %d/%d", num, den, decimals, n.Rounded(decimals), whole, power)
		}
	})
}

// weightedMean is the mean of the values with integer weights: blocks of indicators by their number of indicators, strata by
// their population. The second result is false for lists of different length, a negative weight, or no weight at all.
func weightedMean(values []Number, weights []int64) (Number, bool) {
	if len(values) != len(weights) {
		return Number{}, false
	}
	sum, all := new(big.Rat), new(big.Rat)
	for i, v := range values {
		if weights[i] < 0 {
			return Number{}, false
		}
		w := new(big.Rat).SetInt64(weights[i])
		all.Add(all, w)
		sum.Add(sum, w.Mul(w, v.value()))
	}
	if all.Sign() == 0 {
		return Number{}, false
	}
	return Number{sum.Quo(sum, all)}, true
}
