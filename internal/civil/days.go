package civil

import "time"

// dayForms are how people write days.
var dayForms = []string{time.DateOnly, "2/1/2006", "2-1-2006", "2.1.2006"}

// ReadDay reads a civil day as people write it, "2006-01-02" or "2/1/2006". ok is false
// for what is none, or long ago.
func ReadDay(typed string) (day string, ok bool) {
	for _, form := range dayForms {
		if at, err := time.Parse(form, typed); err == nil && at.Year() >= 1900 {
			return at.Format(time.DateOnly), true
		}
	}
	return "", false
}

// MonthsBefore is the day so many months before another; the last of its month where that
// has no such day.
func MonthsBefore(day string, months int) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	first := time.Date(at.Year(), at.Month()-time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	return first.AddDate(0, 0, min(at.Day(), first.AddDate(0, 1, -1).Day())-1).Format(time.DateOnly)
}

// Days is a span of civil days, both included, as 2006-01-02; "" is unbounded.
type Days struct{ From, To string }

// last is after every civil day, as text.
const last = "9999-12-31"

// Bounds are the first and last day, also where none is set.
func (d Days) Bounds() (from, to string) {
	if d.To == "" {
		return d.From, last
	}
	return d.From, d.To
}
