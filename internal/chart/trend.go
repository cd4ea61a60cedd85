package chart

import (
	"html/template"
	"math"
)

// Trend is an index over the months of a year, against a target line. Months
// without a figure break the line; it is never drawn across them, nor to a month that
// cannot be compared with the one before.
type Trend struct {
	Title, Desc string
	Points      []Point
	HasTarget   bool
	Target      Tick
	// Low and High are the ends of the vertical scale; both 0 lets the chart
	// choose them (see Range). A line, unlike a bar, need not start at 0; the
	// ends are labelled.
	Low, High           float64
	LowLabel, HighLabel string
}

// Point is one month.
type Point struct {
	Label string // below the axis, for example "T5"
	State State
	Value float64
	Print string // beside the point, for example "82,2%"
	// Changed marks that something has changed since the point before, and Breaks that
	// the two cannot be compared.
	Changed, Breaks bool
}

// State says whether a month has a figure.
type State int

// The states of a point.
const (
	Empty  State = iota // nobody answered
	Shown               // Value holds
	Hidden              // too few people: a hollow mark at the foot, without height
)

// Range is the vertical scale that holds all points and the target: whole tens.
func Range(t Trend) (low, high float64) {
	low, high = 100, 0
	add := func(x float64) {
		low, high = min(low, percent(x)), max(high, percent(x))
	}
	for _, p := range t.Points {
		if p.State == Shown {
			add(p.Value)
		}
	}
	if t.HasTarget {
		add(t.Target.Value)
	}
	if low > high {
		return 0, 100
	}
	low, high = math.Floor(low/10)*10, math.Ceil(high/10)*10
	if high-low < 20 {
		low = max(0, high-20)
		high = low + 20
	}
	return low, high
}

// plot places points: x in percent, y in pixels.
type plot struct {
	top, bottom, low, high float64
	n                      int
}

func (p plot) x(i int) float64 { return (float64(i) + 0.5) * 100 / float64(max(p.n, 1)) }

func (p plot) y(value float64) float64 {
	part := (percent(value) - p.low) / (p.high - p.low)
	return p.bottom - min(max(part, 0), 1)*(p.bottom-p.top)
}

func (t Trend) plot(top, bottom float64) plot {
	low, high := t.Low, t.High
	if low >= high {
		low, high = Range(t)
	}
	return plot{top, bottom, low, high, len(t.Points)}
}

// SVG draws the trend with labels, 150 pixels high.
func (t Trend) SVG() template.HTML {
	p := t.plot(16, 122)
	d := draw("trend", 150, t.Title, t.Desc)
	last := t.last()
	labelLeft := last < 0 || last > len(t.Points)/3 // away from the last value's label
	for _, edge := range []struct {
		y     float64
		label string
	}{{p.top, t.HighLabel}, {p.bottom, t.LowLabel}} {
		d.line("chart-grid", 0, edge.y, 100, edge.y)
		taken := t.HasTarget && labelLeft && math.Abs(p.y(t.Target.Value)-edge.y) < 14
		if edge.label != "" && !taken {
			d.text("chart-scale", 0, 0, edge.y-4, start, edge.label)
		}
	}
	for i, point := range t.Points {
		d.text("chart-month", p.x(i), 0, p.bottom+18, middle, point.Label)
	}
	if t.HasTarget {
		y := p.y(t.Target.Value)
		d.line("chart-target-line", 0, y, 100, y)
		if labelLeft {
			d.text("chart-label", 0, 0, y-4, start, t.Target.Label)
		} else {
			d.text("chart-label", 100, 0, y-4, end, t.Target.Label)
		}
	}
	t.changes(d, p)
	t.curve(d, p)
	t.marks(d, p, 3, func(int) bool { return true })
	if last >= 0 {
		x, y := p.x(last), p.y(t.Points[last].Value)
		dy := -8.0
		if t.HasTarget && p.y(t.Target.Value) <= y {
			dy = 17 // on the side away from the target line
		}
		if y+dy > p.bottom-2 {
			dy = -8
		}
		at := middle
		switch {
		case x > 90:
			x, at = 100, end
		case x < 10:
			x, at = 0, start
		}
		d.text("chart-value", x, 0, y+dy, at, t.Points[last].Print)
	}
	return d.done()
}

// Sparkline draws the line alone, 30 pixels high, for a cell of a table.
func (t Trend) Sparkline() template.HTML {
	p := t.plot(4, 24)
	d := draw("sparkline", 30, t.Title, t.Desc)
	if t.HasTarget {
		d.line("chart-target-line", 0, p.y(t.Target.Value), 100, p.y(t.Target.Value))
	}
	t.changes(d, p)
	t.curve(d, p)
	// A point needs a mark where no line reaches it, and the newest gets one.
	last := t.last()
	t.marks(d, p, 2, func(i int) bool { return i == last || !t.joined(i) && !t.joined(i+1) })
	return d.done()
}

func (t Trend) shown(i int) bool {
	return i >= 0 && i < len(t.Points) && t.Points[i].State == Shown
}

// last is the newest month with a figure, -1 if there is none.
func (t Trend) last() int {
	for i := len(t.Points) - 1; i >= 0; i-- {
		if t.shown(i) {
			return i
		}
	}
	return -1
}

// joined tells whether a line leads to a point from the one before.
func (t Trend) joined(i int) bool { return t.shown(i-1) && t.shown(i) && !t.Points[i].Breaks }

// changes draws where something has changed.
func (t Trend) changes(d *drawing, p plot) {
	for i, point := range t.Points {
		if i > 0 && (point.Changed || point.Breaks) {
			x := (p.x(i-1) + p.x(i)) / 2
			d.line("chart-change", x, p.top, x, p.bottom)
		}
	}
}

func (t Trend) curve(d *drawing, p plot) {
	for i := 1; i < len(t.Points); i++ {
		if t.joined(i) {
			d.line("chart-line", p.x(i-1), p.y(t.Points[i-1].Value), p.x(i), p.y(t.Points[i].Value))
		}
	}
}

func (t Trend) marks(d *drawing, p plot, radius float64, marked func(i int) bool) {
	for i, point := range t.Points {
		switch point.State {
		case Shown:
			if marked(i) {
				d.dot("chart-point", p.x(i), p.y(point.Value), radius)
			}
		case Hidden:
			d.dot("chart-hidden", p.x(i), p.bottom-radius-1, radius)
		case Empty:
		}
	}
}
