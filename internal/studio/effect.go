package studio

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// Author is who made a revision. Who is not the same does not undo it.
type Author struct {
	UserID int64 // 0: no account
	Name   string
}

// Revision is an operation that was made.
type Revision struct {
	Number  int
	Author  Author
	At      time.Time
	Undoes  int // the revision that it takes back; 0: none
	Effects []Effect
}

// Effect is one thing that a revision did.
type Effect struct {
	Do      Doing  `json:"do"` // never duplicate, which adds, nor translate, which sets
	Element Key    `json:"element"`
	Kind    Kind   `json:"kind,omitempty"` // of what is added
	In      Key    `json:"in,omitempty"`   // of what is added
	Cell    string `json:"cell,omitempty"` // what is set
	// Was and Now are the texts of what is set, and of what is moved or added the
	// element that it stands behind; "" is first.
	Was string `json:"was,omitempty"`
	Now string `json:"now,omitempty"`
	// Of is the text in Vietnamese that a translation was made of, where another stood
	// there when it came.
	Of string `json:"of,omitempty"`
}

// Place is the field that is set, and of a text its language.
func (e Effect) Place() (field, language string) { return SplitCell(e.Cell) }

// inverse is the effect that takes this one back.
func (e Effect) inverse() Effect {
	e.Was, e.Now, e.Of = e.Now, e.Was, ""
	switch e.Do {
	case DoAdd, DoRestore:
		return Effect{Do: DoRemove, Element: e.Element}
	case DoRemove:
		return Effect{Do: DoRestore, Element: e.Element}
	}
	return e
}

// inverses take effects back, the last first.
func inverses(effects []Effect) []Effect {
	back := make([]Effect, len(effects))
	for i, e := range effects {
		back[len(effects)-1-i] = e.inverse()
	}
	return back
}

// do carries an effect out, and returns it with what it replaces.
func (d *Tree) do(e Effect) Effect {
	is := d.elements[e.Element]
	switch e.Do {
	case DoAdd:
		is = &Element{Key: e.Element, Kind: e.Kind, In: e.In, Fields: map[string]string{}}
		d.elements[e.Element] = is
		d.put(is, Key(e.Now))
	case DoSet:
		e.Was = is.Fields[e.Cell]
		d.bytes -= sizeOf(e.Cell, e.Was)
		d.bytes += sizeOf(e.Cell, e.Now)
		if e.Now == "" {
			delete(is.Fields, e.Cell)
		} else {
			is.Fields[e.Cell] = e.Now
		}
	case DoMove:
		keys := d.lists[is.list()]
		at := slices.Index(keys, e.Element)
		e.Was = ""
		if at > 0 {
			e.Was = string(keys[at-1])
		}
		d.lists[is.list()] = slices.Delete(keys, at, at+1)
		d.put(is, Key(e.Now))
	case DoRemove, DoRestore:
		is.Gone = e.Do == DoRemove
	}
	return e
}

func sizeOf(cell, text string) int {
	if text == "" {
		return 0
	}
	return len(cell) + len(text)
}

// put puts an element behind another.
func (d *Tree) put(e *Element, after Key) {
	keys := d.lists[e.list()]
	d.lists[e.list()] = slices.Insert(keys, slices.Index(keys, after)+1, e.Key)
}

// redo carries out a revision that was made before.
func (d *Draft) redo(r Revision) error {
	for _, e := range r.Effects {
		if d.elements[e.Element] == nil != (e.Do == DoAdd) {
			return fmt.Errorf("revision %d does not fit: %s of %q", r.Number, e.Do, e.Element)
		}
		d.do(e)
	}
	d.Revision, d.Past = r.Number, append(d.Past, r)
	return nil
}

// At is the draft as it was at a revision of Past, or one before the first of it.
func (d *Draft) At(revision int) (*Draft, bool) {
	back := &Draft{d.clone(), d.Revision, d.Past}
	for n := len(d.Past); n > 0 && d.Past[n-1].Number > revision; n-- {
		for _, e := range inverses(d.Past[n-1].Effects) {
			back.do(e)
		}
		back.Revision, back.Past = d.Past[n-1].Number-1, slices.Clip(d.Past[:n-1])
	}
	return back, back.Revision == revision
}

func (d *Tree) clone() *Tree {
	c := &Tree{make(map[Key]*Element, len(d.elements)), make(map[list][]Key, len(d.lists)), d.bytes}
	for key, e := range d.elements {
		copied := *e
		copied.Fields = maps.Clone(e.Fields)
		c.elements[key] = &copied
	}
	for at, keys := range d.lists {
		c.lists[at] = slices.Clone(keys)
	}
	return c
}
