package studio

import (
	"fmt"

	"sipas/internal/fault"
)

// Conflict says that somebody changed the same thing meanwhile. Nothing was done.
type Conflict struct {
	Mine   Effect   // what was to be done; of a text, Now is what was typed
	Theirs Effect   // what was done, and whose author had not seen it
	By     Revision // that did it
}

// Error says whose change it is, for logs.
func (c *Conflict) Error() string {
	return fmt.Sprintf("%s of %s meets revision %d", c.Mine.Do, c.Mine.Element, c.By.Number)
}

// Unwrap gives the kind.
func (c *Conflict) Unwrap() error { return fault.ErrConflict }

// conflict finds what was done after a revision, but not taken back since then, to the
// same as effects are about to do.
func (d *Draft) conflict(effects []Effect, base int) error {
	cancelled := map[int]bool{}
	for i := len(d.Past) - 1; i >= 0 && d.Past[i].Number > base; i-- {
		r := d.Past[i]
		if !cancelled[r.Number] && r.Undoes > base {
			cancelled[r.Number], cancelled[r.Undoes] = true, true
		}
		if cancelled[r.Number] {
			continue
		}
		for _, theirs := range r.Effects {
			for _, mine := range effects {
				if d.meet(mine, theirs) {
					return &Conflict{mine, theirs, r}
				}
			}
		}
	}
	return nil
}

// meet tells whether two effects are about the same: the same field or the place of the
// same element, or all of an element that the other is about, or is part of.
func (d *Draft) meet(a, b Effect) bool {
	if a.Element != b.Element {
		return a.Do.whole() && d.in(b) == a.Element || b.Do.whole() && d.in(a) == b.Element
	}
	if a.Do == DoSet && b.Do == DoSet && a.Cell == b.Cell && a.Now == b.Now && d.elements[a.Element].Fields[a.Cell] == a.Now {
		return false // both say the same
	}
	return a.Do.whole() || b.Do.whole() || a.Do == b.Do && a.Cell == b.Cell
}

// in is the question that the element of an effect is part of, "" for none.
func (d *Tree) in(e Effect) Key {
	if is := d.elements[e.Element]; is != nil && is.In != "" {
		return is.In
	}
	if e.In != "" {
		return e.In
	}
	return "-"
}
