package httpd

import (
	"html/template"
	"strconv"
	"strings"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/report"
	"sipas/internal/score"
	"sipas/internal/target"
)

// figureView is a figure as pages print it. Of a hidden one nothing is known,
// not even how many people it would be about.
type figureView struct {
	Hidden    bool
	Empty     bool // nobody answered
	N         string
	Value     string // "82,2%"
	Low, High string // of the 95 % interval, "" without one
	Standings []standingView
	Bullet    template.HTML // "" where there is nothing to draw
}

// standingView is how a figure stands against one target.
type standingView struct {
	Standing  score.Standing
	Target    string // "85%", "trên 85%"
	Gap       string // "−2,8", "" without a figure
	Plan      string // number and date of the source document
	Lead      string
	Note      string
	Inherited bool
	ByChance  bool // there is a standing, and chance explains the difference
}

// Sign is the mark of the standing. The page says it in words beside it, and its
// Class in colour: nobody has to see colours.
func (v standingView) Sign() string {
	switch v.Standing {
	case score.Met:
		return "✓"
	case score.Missed:
		return "✗"
	case score.NotEnoughData:
	}
	return "–"
}

// Class is the style of the standing.
func (v standingView) Class() string {
	switch v.Standing {
	case score.Met:
		return "met"
	case score.Missed:
		return "missed"
	case score.NotEnoughData:
	}
	return "unsure"
}

// figure prints a figure and its standings, without drawing it.
func (p page) figure(f report.Figure, targets []report.TargetStanding) figureView {
	v := figureView{Hidden: f.Hidden, Empty: !f.Hidden && !f.Index.HasData}
	for _, t := range targets {
		v.Standings = append(v.Standings, p.standing(t, f))
	}
	if !f.HasFigure() {
		return v
	}
	v.N = p.Count(f.N)
	v.Value = f.Index.DisplayIn(p.Language, decimals(f, targets))
	if f.Index.HasInterval {
		unit, precise := "", usualDecimals
		if f.Index.Method.IsPercent() {
			unit = "%"
		}
		if f.Rounded {
			precise = sipasDecimals
		}
		v.Low, v.High = score.FormatFloat(p.Language, f.Index.Low, precise)+unit, score.FormatFloat(p.Language, f.Index.High, precise)+unit
	}
	return v
}

func (p page) standing(t report.TargetStanding, f report.Figure) standingView {
	v := standingView{
		Standing: t.Standing, Target: p.target(t.Target), Plan: p.plan(t.Plan), Lead: t.LeadAgency,
		Note: t.Note.In(p.Language), Inherited: t.Inherited, ByChance: t.Standing != score.NotEnoughData && !t.BeyondChance,
	}
	if t.HasGap {
		v.Gap = p.gap(t.Gap, usually(f))
	}
	return v
}

// target says what is to be reached, or passed.
func (p page) target(t target.Target) string {
	percent := score.Target(t.Percent).Number().Percent(p.Language, 2)
	if t.Comparator == target.Above {
		return p.T("board.target-above", "target", percent)
	}
	return percent
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
func (p page) gap(n score.Number, decimals int) string {
	for decimals < 4 && n.Cmp(score.Number{}) != 0 && strings.Trim(n.Rounded(decimals), "-0.") == "" {
		decimals++
	}
	text := n.Decimal(p.Language, decimals)
	if n.Cmp(score.Number{}) > 0 {
		text = "+" + text
	}
	return text
}

// decimal prints an estimate, such as a bound, with one decimal.
func (p page) decimal(f float64) string { return score.FormatFloat(p.Language, f, usualDecimals) }

// plan names a source document: plans are kept as "3612/KH-UBND 2021-09-29".
func (p page) plan(text string) string {
	number, day, ok := strings.Cut(text, " ")
	parts := strings.Split(day, "-")
	if !ok || len(parts) != 3 {
		return text
	}
	return p.T("board.plan", "number", number, "date", parts[2]+"/"+parts[1]+"/"+parts[0])
}

// indicator names what a row is about.
func (p page) indicator(kind target.IndicatorKind, field agency.Text) string {
	if kind == target.IndicatorField {
		return field.In(p.Language)
	}
	return p.T("indicator." + string(kind))
}

// period names a period with its year.
func (p page) period(of civil.Period) string {
	return p.T("period."+periodName(of), "year", of.Year, "number", of.Number)
}

// periodName tells the halves of a year apart, which have names of their own.
func periodName(p civil.Period) string {
	if p.Kind == civil.Half {
		return string(p.Kind) + "-" + strconv.Itoa(p.Number)
	}
	return string(p.Kind)
}
