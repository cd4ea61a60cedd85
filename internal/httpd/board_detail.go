package httpd

import (
	"html/template"
	"slices"

	"sipas/internal/report"
	"sipas/internal/score"
)

// detailView is what opens below a row.
type detailView struct {
	Factors []barView // weakest first
	Drivers []driverView
	Aim     string // what the drivers are held against
	Reasons []barView
	Spread  template.HTML // the levels as one bar
	Levels  []levelView
	Months  []monthView
	Hidden  bool // some of it is hidden
}

// barView is one bar of a list.
type barView struct {
	Label string
	Value string
	N     string
	At    float64 // percent of the width
}

// driverView is what one factor takes away from the figure.
type driverView struct {
	Label, Value string
	Gain         string // points
}

// monthView is one month in figures.
type monthView struct {
	Month         int // 1 to 12
	Value, N      string
	Hidden, Empty bool
}

func (v *boardView) detail(r report.Row) detailView {
	p := v.page
	precise := usually(r.Figure)
	d := detailView{Aim: r.Index.DisplayIn(p.Language, precise)}
	if aim, missed := r.Aim(); missed {
		d.Aim = aim.Percent(p.Language, 2)
	}
	for _, f := range r.Factors {
		if f.Hidden || !f.Index.HasData {
			d.Hidden = d.Hidden || f.Hidden
			continue
		}
		d.Factors = append(d.Factors, barView{
			Label: f.Label.In(p.Language), Value: f.Index.DisplayIn(p.Language, precise), N: p.Count(f.N), At: width(f.Index),
		})
	}
	slices.SortStableFunc(d.Factors, weakestFirst)
	for _, driver := range r.Drivers {
		gain := driver.Gain.Decimal(p.Language, usualDecimals)
		at := slices.IndexFunc(r.Factors, func(f report.Factor) bool { return f.Key == driver.Key })
		if at >= 0 && gain != "0" && len(d.Drivers) < mostDrivers {
			d.Drivers = append(d.Drivers, driverView{
				r.Factors[at].Label.In(p.Language), driver.Index.DisplayIn(p.Language, precise), gain,
			})
		}
	}
	most := 0.0
	for _, reason := range r.Reasons {
		d.Hidden = d.Hidden || reason.Hidden
		if !reason.Hidden && reason.N > 0 {
			most = max(most, reason.Share.Float())
			d.Reasons = append(d.Reasons, barView{
				Label: reason.Label.In(p.Language), Value: reason.Share.Percent(p.Language, usualDecimals), N: p.Count(reason.N), At: reason.Share.Float(),
			})
		}
	}
	for i := range d.Reasons { // the most frequent comes first and is as wide as the place
		d.Reasons[i].At *= 100 / most
	}
	d.Spread, d.Levels = p.levels(p.indicator(r.Indicator, r.FieldName), r.Levels)
	for _, m := range r.Trend {
		month := monthView{Month: m.Month % 100, Hidden: m.Hidden, Empty: !m.Hidden && !m.Index.HasData}
		if m.HasFigure() {
			month.Value, month.N = m.Index.DisplayIn(p.Language, monthly(m.Figure)), p.Count(m.N)
		}
		d.Months = append(d.Months, month)
	}
	return d
}

// mostDrivers is how many things to mend first are named; more is a list
// nobody follows.
const mostDrivers = 3

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
