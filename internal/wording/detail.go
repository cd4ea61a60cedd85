package wording

import (
	"cmp"
	"slices"
	"strconv"

	"sipas/internal/chart"
	"sipas/internal/report"
	"sipas/internal/score"
)

// Detail is what stands behind a row.
type Detail struct {
	Factors  []Bar // weakest first
	Drivers  []Driver
	Aim      string // what the drivers are held against
	Reasons  []Bar
	Spread   *chart.Levels // the levels as one bar; nil: they are not shown
	Levels   []Level
	Months   []Month
	Changes  []string // what the line of the months does not join, and since when
	Withheld bool     // some of it is
}

// Bar is one bar of a list.
type Bar struct {
	Label, Value, N string
	At              float64 // percent of the width
}

// Driver is what one factor takes away from the figure.
type Driver struct {
	Label, Value string
	Gain         string // points
}

// Level is the share of one level of the headline question.
type Level struct {
	Level          int // 1 to 5
	Name, N, Share string
}

// Month is one month in figures.
type Month struct {
	Month           int // 1 to 12
	Value, N        string
	Withheld, Empty bool
}

// mostDrivers is how many things to mend first are named; more is a list
// nobody follows.
const mostDrivers = 3

func (w Words) detail(r report.Row) Detail {
	precise := usually(r.Figure)
	d := Detail{Aim: r.Index.DisplayIn(w.Language, precise)}
	if aim, missed := r.Aim(); missed {
		d.Aim = aim.Percent(w.Language, 2)
	}
	for _, f := range r.Factors {
		if f.Withheld || !f.Index.HasData {
			d.Withheld = d.Withheld || f.Withheld
			continue
		}
		d.Factors = append(d.Factors, Bar{
			Label: f.Label.In(w.Language), Value: f.Index.DisplayIn(w.Language, precise), N: w.Count(f.N), At: width(f.Index),
		})
	}
	slices.SortStableFunc(d.Factors, func(a, b Bar) int { return cmp.Compare(a.At, b.At) })
	for _, driver := range r.Drivers {
		gain := driver.Gain.Decimal(w.Language, usualDecimals)
		at := slices.IndexFunc(r.Factors, func(f report.Factor) bool { return f.Key == driver.Key })
		if at >= 0 && gain != "0" && len(d.Drivers) < mostDrivers {
			d.Drivers = append(d.Drivers, Driver{
				r.Factors[at].Label.In(w.Language), driver.Index.DisplayIn(w.Language, precise), gain,
			})
		}
	}
	most := 0.0
	for _, reason := range r.Reasons {
		if reason.N > 0 {
			most = max(most, reason.Share.Float())
			d.Reasons = append(d.Reasons, Bar{
				Label: reason.Label.In(w.Language), Value: reason.Share.Percent(w.Language, usualDecimals), N: w.Count(reason.N), At: reason.Share.Float(),
			})
		}
	}
	for i := range d.Reasons { // the most frequent comes first and is as wide as the place
		d.Reasons[i].At *= 100 / most
	}
	d.Spread, d.Levels = w.levels(w.Indicator(r.Indicator, r.FieldName), r.Levels)
	for _, m := range r.Trend {
		month := Month{Month: m.Month % 100, Withheld: m.Withheld, Empty: !m.Withheld && !m.Index.HasData}
		if m.HasFigure() {
			month.Value, month.N = m.Index.DisplayIn(w.Language, monthly(m.Figure)), w.Count(m.N)
		}
		d.Months = append(d.Months, month)
		switch {
		case m.Breaks:
			d.Changes = append(d.Changes, w.T("board.months-break", "n", m.Month%100))
		case m.Changed:
			d.Changes = append(d.Changes, w.T("board.months-changed", "n", m.Month%100))
		}
	}
	return d
}

// levels draws and lists the distribution over the five levels; nothing if it
// is not shown.
func (w Words) levels(name string, counts score.Counts) (*chart.Levels, []Level) {
	all := counts.Valid()
	if all == 0 {
		return nil, nil
	}
	bar := chart.Levels{Title: w.T("board.levels") + ": " + name}
	var list []Level
	for level := 1; level <= 5; level++ {
		share, _ := score.Ratio(counts[level], all)
		bar.Shares[level-1] = chart.Share{Percent: share.Float(), Label: share.Percent(w.Language, 0)}
		list = append(list, Level{level, w.T("level." + strconv.Itoa(level)), w.Count(counts[level]), share.Percent(w.Language, usualDecimals)})
	}
	return &bar, list
}

// width is an index as a share of the whole width of a bar.
func width(x score.Index) float64 {
	if x.Method.IsPercent() {
		return x.Value.Float()
	}
	if x.Method == score.Points210 {
		return x.Value.Float() * 50 // a criterion's 0 to 2
	}
	return (x.Value.Float() - 1) * 25 // levels 1 to 5
}
