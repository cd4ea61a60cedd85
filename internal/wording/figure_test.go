package wording

import (
	"io/fs"
	"testing"

	"sipas/internal/message"
	"sipas/internal/report"
	"sipas/internal/score"
	"sipas/internal/target"
	"sipas/web"
)

func words(t testing.TB, language string) Words {
	t.Helper()
	locales, err := fs.Sub(web.Files, "locales")
	if err != nil {
		t.Fatal(err)
	}
	catalogues, err := message.Load(locales)
	if err != nil {
		t.Fatal(err)
	}
	return New(catalogues.For(language))
}

// TestFigureNeverLooksLikeTheTargetItMisses: rounding may not hide what the
// sign beside it says.
func TestFigureNeverLooksLikeTheTargetItMisses(t *testing.T) {
	t.Parallel()
	vi, en := words(t, "vi"), words(t, "en")
	for _, test := range []struct {
		method             score.Method
		satisfied, all     int64
		target             int
		value, gap, gapEng string
		word               string
	}{
		{score.SingleQuestion, 822, 1000, 8500, "82,2%", "−2,8", "−2.8", "✗"},
		{score.SingleQuestion, 85, 100, 8500, "85%", "0", "0", "✓"},
		{score.SingleQuestion, 849999, 1000000, 8500, "84,9999%", "−0,0001", "−0.0001", "✗"},
		{score.SingleQuestion, 84996, 100000, 8500, "84,996%", "−0,004", "−0.004", "✗"},
		{score.SingleQuestion, 8504, 10000, 8500, "85,04%", "+0,04", "+0.04", "✓"},
		{score.SingleQuestion, 29, 29, 8500, "100%", "+15", "+15", "–"},
		{score.Sipas2023, 8796, 10000, 9000, "87,96%", "−2,04", "−2.04", "✗"},
	} {
		counts := score.Counts{0, 0, test.all - test.satisfied, 0, test.satisfied, 0}
		x := test.method.Overall(score.Tally{Headline: counts, Questions: []score.Counts{counts}})
		targets := []report.TargetStanding{{
			Target: target.Target{Percent: test.target}, Verdict: score.Judge(x, score.Target(test.target), false, score.DefaultMinN),
		}}
		got := vi.figure(report.Figure{N: x.N, Index: x}, targets)
		if got.Value != test.value || got.Standings[0].Gap != test.gap || got.Standings[0].Sign() != test.word {
			t.Errorf("%d of %d: %s %s %s, want %s %s %s", test.satisfied, test.all, got.Value, got.Standings[0].Gap, got.Standings[0].Sign(), test.value, test.gap, test.word)
		}
		if got := en.figure(report.Figure{N: x.N, Index: x}, targets).Standings[0].Gap; got != test.gapEng {
			t.Errorf("%d of %d in English: %s, want %s", test.satisfied, test.all, got, test.gapEng)
		}
	}
}

// TestWithheldFigureHasNothing: not a number of it leaves the reporter's hands,
// and none is printed even if one did.
func TestWithheldFigureHasNothing(t *testing.T) {
	t.Parallel()
	w := words(t, "vi")
	x := score.SingleQuestion.Overall(score.Tally{Headline: score.Counts{0, 0, 1, 0, 3, 0}})
	f := report.Figure{N: 4, Withheld: true, Index: x}
	got := w.figure(f, nil)
	if got.N != "" || got.Value != "" || got.Low != "" || !got.Withheld || got.Empty || w.bullet("x", f, nil, true) != nil {
		t.Errorf("%+v", got)
	}
}

// TestTheRuleIsSaid: which rule protects those who answered is said of live boards
// and of editions, each the one that they were made by.
func TestTheRuleIsSaid(t *testing.T) {
	t.Parallel()
	w := words(t, "vi")
	for withholds, want := range map[bool]string{
		false: "Số liệu tăng theo từng nhóm 7 người để không ai bị nhận ra.",
		true:  "Số liệu của nhóm dưới 7 người không hiển thị cho ai, kể cả những số có thể dùng để suy ra nhóm đó.",
	} {
		if said := w.Board(&report.Board{SmallCell: 7, Withholds: withholds}).Methods; said[len(said)-1] != want {
			t.Errorf("withholds %v: %q", withholds, said)
		}
	}
}
