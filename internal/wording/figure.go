package wording

import (
	"strings"

	"sipas/internal/chart"
	"sipas/internal/report"
	"sipas/internal/score"
)

// Figure is a figure as it is printed.
type Figure struct {
	Withheld  bool // of an edition: see report.Figure
	Empty     bool // nobody answered, or fewer than k wait
	N         string
	Value     string // "82,2%"
	Low, High string // of the 95 % interval, "" without one
	Standings []Standing
	Bullet    *chart.Bullet // nil where there is nothing to draw
}

// Standing is how a figure stands against one target.
type Standing struct {
	Standing  score.Standing
	Word      string // "Đạt"
	Target    string // "85%", "trên 85%"
	Gap       string // "−2,8", "" without a figure
	Plan      string // number and date of the source document
	Lead      string
	Note      string
	Inherited bool
	ByChance  bool // there is a standing, and chance explains the difference
}

// Sign is the mark of the standing, beside its word and whatever colour a medium
// gives it: nobody has to see colours.
func (s Standing) Sign() string {
	switch s.Standing {
	case score.Met:
		return "✓"
	case score.Missed:
		return "✗"
	case score.NotEnoughData:
	}
	return "–"
}

// figure prints a figure and its standings, without drawing it.
func (w Words) figure(f report.Figure, targets []report.TargetStanding) Figure {
	out := Figure{Withheld: f.Withheld, Empty: !f.Withheld && !f.Index.HasData}
	for _, t := range targets {
		out.Standings = append(out.Standings, w.standing(t, f))
	}
	if !f.HasFigure() {
		return out
	}
	out.N = w.Count(f.N)
	out.Value = f.Index.DisplayIn(w.Language, decimals(f, targets))
	if f.Index.HasInterval {
		unit, precise := "", usualDecimals
		if f.Index.Method.IsPercent() {
			unit = "%"
		}
		if f.Rounded {
			precise = sipasDecimals
		}
		out.Low, out.High = score.FormatFloat(w.Language, f.Index.Low, precise)+unit, score.FormatFloat(w.Language, f.Index.High, precise)+unit
	}
	return out
}

func (w Words) standing(t report.TargetStanding, f report.Figure) Standing {
	s := Standing{
		Standing: t.Standing, Word: w.T("standing." + string(t.Standing)), Target: w.Target(t.Target), Plan: w.Plan(t.Plan), Lead: t.LeadAgency,
		Note: t.Note.In(w.Language), Inherited: t.Inherited, ByChance: t.Standing != score.NotEnoughData && !t.BeyondChance,
	}
	if t.HasGap {
		s.Gap = w.gap(t.Gap, usually(f))
	}
	return s
}

// Figures have one decimal; those of the SIPAS method two, as they are
// published. What was rounded to two is not rounded again.
const usualDecimals, sipasDecimals = 1, 2

func usually(f report.Figure) int {
	if f.Index.Method == score.Sipas2023 || f.Rounded {
		return sipasDecimals
	}
	return usualDecimals
}

// monthly is with how many decimals the figure of a month is printed.
func monthly(f report.Figure) int {
	if f.Rounded {
		return sipasDecimals
	}
	return usualDecimals
}

// decimals is with how many a figure is printed: more than usual where it
// would otherwise look equal to a target that it is not equal to.
func decimals(f report.Figure, targets []report.TargetStanding) int {
	n, value := usually(f), f.Index.Value
	for _, t := range targets {
		target := score.Target(t.Percent).Number()
		for n < 4 && value.Cmp(target) != 0 && value.Rounded(n) == target.Rounded(n) {
			n++
		}
	}
	return n
}

// gap is a difference in points with its sign, with as many decimals as its
// figure usually has, or as many as it takes not to print as 0.
func (w Words) gap(n score.Number, decimals int) string {
	for decimals < 4 && n.Cmp(score.Number{}) != 0 && strings.Trim(n.Rounded(decimals), "-0.") == "" {
		decimals++
	}
	text := n.Decimal(w.Language, decimals)
	if n.Cmp(score.Number{}) > 0 {
		text = "+" + text
	}
	return text
}

// decimal prints an estimate, such as a bound, with one decimal.
func (w Words) decimal(f float64) string { return score.FormatFloat(w.Language, f, usualDecimals) }
