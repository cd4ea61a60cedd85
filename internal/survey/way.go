package survey

// Way is a way through a version: what was answered decides what is asked next.
type Way struct{ reader *reader }

// Begin begins the way of a submission, whose answers are added while it goes on.
func (a Accepting) Begin(s Submission) Way {
	field, _ := a.Point.FieldFor(s.FieldKey, a.Scopes)
	return Way{&reader{version: a.Version, point: a.Point, submission: s, response: &Response{FieldKey: field}}}
}

// Asks tells whether the answers before ask for one: those of a version in their order.
func (w Way) Asks(p Part) bool {
	asks := w.reader.asks(p)
	if !asks && !p.Reserved {
		w.reader.hide(p)
	}
	return asks
}

// Shows tells whether the answers so far fulfil a condition.
func (w Way) Shows(c *Condition) bool { return w.reader.shown(c) }
