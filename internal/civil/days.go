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
