package httpd

import (
	"html/template"

	"sipas/internal/chart"
	"sipas/internal/report"
	"sipas/internal/score"
	"sipas/internal/target"
)

// bullet draws a percentage against its targets, "" for figures that are none.
func (p page) bullet(name string, f report.Figure, targets []report.TargetStanding, labels bool) template.HTML {
	if !f.HasFigure() || !f.Index.Method.IsPercent() {
		return ""
	}
	b := chart.Bullet{
		HasValue: true, Value: f.Index.Value.Float(), HasInterval: f.Index.HasInterval, Low: f.Index.Low, High: f.Index.High,
	}
	b.Title = name + ": " + f.Index.DisplayIn(p.Language, decimals(f, targets))
	for _, t := range targets {
		tick := chart.Tick{Value: score.Target(t.Percent).Number().Float()}
		if labels {
			tick.Label = p.tick(t.Target)
		}
		b.Targets = append(b.Targets, tick)
		b.Standing = hardest(b.Standing, t.Standing)
	}
	return b.SVG()
}

// hardest is the colour of a bar with several targets: met only if all are.
func hardest(a, b score.Standing) score.Standing {
	if a == "" || a == score.Met {
		return b
	}
	return a
}

// months turns the months of a row into points of a line.
func (p page) months(r report.Row) []chart.Point {
	points := make([]chart.Point, 0, len(r.Trend))
	for _, m := range r.Trend {
		points = append(points, p.month(m.Month%100, m.Figure))
	}
	return points
}

func (p page) month(n int, f report.Figure) chart.Point {
	point := chart.Point{Label: p.T("board.month", "n", n)}
	switch {
	case f.Hidden:
		point.State = chart.Hidden
	case f.HasFigure() && f.Index.Method.IsPercent():
		point.State, point.Value, point.Print = chart.Shown, f.Index.Value.Float(), f.Index.DisplayIn(p.Language, monthly(f))
	}
	return point
}

// monthly is with how many decimals the figure of a month is printed.
func monthly(f report.Figure) int {
	if f.Rounded {
		return sipasDecimals
	}
	return usualDecimals
}

// trend is a year's line against the highest target; ok is false if no month
// is shown.
func (p page) trend(name string, points []chart.Point, targets []chart.Tick) (t chart.Trend, ok bool) {
	t = chart.Trend{Points: points}
	first, last := -1, -1
	for i, point := range points {
		if point.State == chart.Shown {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	if first < 0 {
		return t, false
	}
	for _, target := range targets {
		if !t.HasTarget || target.Value > t.Target.Value {
			t.HasTarget, t.Target = true, target
		}
	}
	t.Low, t.High = chart.Range(t)
	t.LowLabel, t.HighLabel = p.decimal(t.Low)+"%", p.decimal(t.High)+"%"
	t.Title = p.T("board.trend-text", "name", name, "from", points[first].Print, "first", first+1, "to", points[last].Print, "last", last+1)
	return t, true
}

func (p page) ticks(targets []report.TargetStanding) []chart.Tick {
	var ticks []chart.Tick
	for _, t := range targets {
		ticks = append(ticks, chart.Tick{Value: score.Target(t.Percent).Number().Float(), Label: p.tick(t.Target)})
	}
	return ticks
}

// tick is a target where there is room for a number: "85%", ">85%".
func (p page) tick(t target.Target) string {
	percent := score.Target(t.Percent).Number().Percent(p.Language, 2)
	if t.Comparator == target.Above {
		return ">" + percent
	}
	return percent
}

// levelView is the share of one level of the headline question.
type levelView struct {
	Level    int // 1 to 5
	N, Share string
}

// levels draws and lists the distribution over the five levels; nothing if it
// is not shown.
func (p page) levels(name string, counts score.Counts) (template.HTML, []levelView) {
	all := counts.Valid()
	if all == 0 {
		return "", nil
	}
	bar := chart.Levels{Title: p.T("board.levels") + ": " + name}
	var list []levelView
	for level := 1; level <= 5; level++ {
		share, _ := score.Ratio(counts[level], all)
		bar.Shares[level-1] = chart.Share{Percent: share.Float(), Label: share.Percent(p.Language, 0)}
		list = append(list, levelView{level, p.Count(counts[level]), share.Percent(p.Language, usualDecimals)})
	}
	return bar.SVG(), list
}
