package wording

import (
	"sipas/internal/chart"
	"sipas/internal/report"
	"sipas/internal/score"
)

// bullet draws a percentage against its targets; nil for figures that are none.
func (w Words) bullet(name string, f report.Figure, targets []report.TargetStanding, labels bool) *chart.Bullet {
	if !f.HasFigure() || !f.Index.Method.IsPercent() {
		return nil
	}
	b := chart.Bullet{
		Title:    name + ": " + f.Index.DisplayIn(w.Language, decimals(f, targets)),
		HasValue: true, Value: f.Index.Value.Float(), HasInterval: f.Index.HasInterval, Low: f.Index.Low, High: f.Index.High,
	}
	for _, t := range targets {
		tick := chart.Tick{Value: score.Target(t.Percent).Number().Float()}
		if labels {
			tick.Label = w.tick(t.Target)
		}
		b.Targets = append(b.Targets, tick)
		b.Standing = hardest(b.Standing, t.Standing)
	}
	return &b
}

// hardest is the colour of a bar with several targets: met only if all are.
func hardest(a, b score.Standing) score.Standing {
	if a == "" || a == score.Met {
		return b
	}
	return a
}

// trend is a year's line against the highest target; nil if no month is shown.
func (w Words) trend(name string, r report.Row) *chart.Trend {
	var t chart.Trend
	first, last := -1, -1
	for i, m := range r.Trend {
		point := w.month(m)
		t.Points = append(t.Points, point)
		if point.State == chart.Shown {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	if first < 0 {
		return nil
	}
	for _, target := range r.Targets {
		at := score.Target(target.Percent).Number().Float()
		if !t.HasTarget || at > t.Target.Value {
			t.HasTarget, t.Target = true, chart.Tick{Value: at, Label: w.tick(target.Target)}
		}
	}
	t.Low, t.High = chart.Range(t)
	t.LowLabel, t.HighLabel = w.decimal(t.Low)+"%", w.decimal(t.High)+"%"
	t.Title = w.T("board.trend-text", "name", name, "from", t.Points[first].Print, "first", first+1, "to", t.Points[last].Print, "last", last+1)
	return &t
}

func (w Words) month(m report.Month) chart.Point {
	point := chart.Point{Label: w.T("board.month", "n", m.Month%100), Changed: m.Changed, Breaks: m.Breaks}
	switch {
	case m.Withheld:
		point.State = chart.Hidden
	case m.HasFigure() && m.Index.Method.IsPercent():
		point.State, point.Value, point.Print = chart.Shown, m.Index.Value.Float(), m.Index.DisplayIn(w.Language, monthly(m.Figure))
	}
	return point
}
