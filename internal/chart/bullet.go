package chart

import (
	"cmp"
	"html/template"
	"slices"

	"sipas/internal/score"
)

// Bullet is one index against its targets: a bar from 0 to 100, a tick for each
// target, and below the bar its interval. The bar starts at 0: cut off, it would
// make small differences look large.
type Bullet struct {
	Title, Desc string
	HasValue    bool // false draws the empty track
	Value       float64
	HasInterval bool
	Low, High   float64
	Targets     []Tick
	Standing    score.Standing // the colour of the bar; any other than the three is neutral
}

// Tick is a target with its label, for example 85 and "85".
type Tick struct {
	Value float64
	Label string
}

// SVG draws the bullet, 46 pixels high.
func (b Bullet) SVG() template.HTML {
	const top, thick, below = 16, 14, 39
	d := draw("bullet", 46, b.Title, b.Desc)
	d.rect("chart-track", 0, top, 100, thick)
	if b.HasValue {
		d.rect("chart-bar "+standingClass(b.Standing), 0, top, percent(b.Value), thick)
	}
	ticks := slices.Clone(b.Targets)
	slices.SortStableFunc(ticks, func(x, y Tick) int { return cmp.Compare(x.Value, y.Value) })
	for i, t := range ticks {
		x := percent(t.Value)
		d.line("chart-target-edge", x, top-4, x, top+thick+4)
		d.line("chart-target", x, top-4, x, top+thick+4)
		// Two labels stand on the outer sides of their ticks; between more there
		// is no room.
		switch last := i == len(ticks)-1; {
		case i > 0 && !last:
		case last && (len(ticks) > 1 && x <= 95 || x <= 90):
			d.text("chart-label", x, 4, 11, start, t.Label)
		case last && len(ticks) > 1 && ticks[0].Value > 85:
			// The first label stands to the left, and to the right is no room.
			d.text("chart-label", 100, 0, 11, end, t.Label)
		default:
			d.text("chart-label", x, -4, 11, end, t.Label)
		}
	}
	if b.HasValue && b.HasInterval {
		low, high, class := percent(b.Low), percent(b.High), standingClass(b.Standing)
		d.line("chart-interval "+class, low, below, high, below)
		d.line("chart-interval "+class, low, below-4, low, below+4)
		d.line("chart-interval "+class, high, below-4, high, below+4)
		d.dot("chart-dot "+class, percent(b.Value), below, 3.5)
	}
	return d.done()
}

func standingClass(s score.Standing) string {
	switch s {
	case score.Met, score.Missed, score.NotEnoughData:
		return "chart-" + string(s)
	}
	return "chart-neutral"
}
