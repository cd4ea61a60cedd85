package score_test

import (
	"slices"
	"testing"

	"sipas/internal/score"
)

// By hand: notary 90 of 100 satisfied, 200 files; land 30 of 60, 600 files; a field
// without files. (200 × 90 + 600 × 50) / 800 = 60, where all answers together give
// 120 of 160 = 75.
func TestAMixIsWeightedByFiles(t *testing.T) {
	t.Parallel()
	of := func(satisfied, other int64) score.Index {
		return score.SingleQuestion.Question(score.Counts{0, 0, other, 0, satisfied, 0})
	}
	notary := score.MixPart{Key: "chung-thuc", Weight: 200, Index: of(90, 10)}
	land := score.MixPart{Key: "dat-dai", Weight: 600, Index: of(30, 30)}
	idle := score.MixPart{Key: "xay-dung", Index: of(0, 1)}
	value, lacking, ok := score.Mix([]score.MixPart{notary, land, idle}, 30)
	if !ok || len(lacking) > 0 || value.Rounded(2) != "60.00" {
		t.Errorf("%s %v %v", value.Rounded(2), lacking, ok)
	}
	if plain := of(120, 40); plain.Value.Rounded(2) != "75.00" {
		t.Errorf("all together %s", plain.Value.Rounded(2))
	}
	// A third is not rounded on its way: (1 × 100/3 + 2 × 100/3) / 3 = 100/3.
	third := of(10, 20)
	value, _, ok = score.Mix([]score.MixPart{{Key: "a", Weight: 1, Index: third}, {Key: "b", Weight: 2, Index: third}}, 30)
	if !ok || value.Cmp(third.Value) != 0 {
		t.Errorf("thirds give %s, %v", value.Rounded(6), ok)
	}

	for what, test := range map[string]struct {
		parts   []score.MixPart
		least   int64
		lacking []string
	}{
		"too few of one":      {[]score.MixPart{notary, {Key: "dat-dai", Weight: 1, Index: of(29, 0)}}, 30, []string{"dat-dai"}},
		"nobody said of one":  {[]score.MixPart{{Key: "dat-dai", Weight: 1}, notary}, 1, []string{"dat-dai"}},
		"nothing was handled": {[]score.MixPart{idle}, 1, nil},
		"nothing":             {nil, 1, nil},
	} {
		if _, lacking, ok := score.Mix(test.parts, test.least); ok || !slices.Equal(lacking, test.lacking) {
			t.Errorf("%s: %v %v", what, lacking, ok)
		}
	}
}
