package civil

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
