package studio

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sipas/internal/fault"
	"sipas/internal/survey"
)

// Doing is what an operation does.
type Doing string

// The doings.
const (
	DoAdd       Doing = "add"
	DoSet       Doing = "set"
	DoMove      Doing = "move"
	DoDuplicate Doing = "duplicate"
	DoRemove    Doing = "remove"
	DoRestore   Doing = "restore"
	DoTranslate Doing = "translate"
)

// whole tells whether it is about all of an element.
func (do Doing) whole() bool { return do == DoAdd || do == DoRemove || do == DoRestore }

// Operation is one change that somebody asks for.
type Operation struct {
	Sent    string `json:"sent,omitempty"` // a name of the sender's own, so that sending it again does nothing; "": none
	Base    int    `json:"base"`           // the revision that its author looked at
	Do      Doing  `json:"do"`
	Element Key    `json:"element,omitempty"` // of all but add
	// Of set: a field, of a text its language, and what it is to be.
	Field    string `json:"field,omitempty"`
	Language string `json:"language,omitempty"`
	Value    string `json:"value,omitempty"`
	// Of add: what sort of thing, of which question, and the fields of each new one by
	// their cells; without any, one is made that has none.
	Kind  Kind                `json:"kind,omitempty"`
	In    Key                 `json:"in,omitempty"`
	Items []map[string]string `json:"items,omitempty"`
	// Of add, move and duplicate: behind which element; "" is first. A duplicate stands
	// behind what it is of.
	After Key `json:"after,omitempty"`
	// Of move, duplicate and remove of a section: its questions, too.
	Whole bool `json:"whole,omitempty"`
	// Of translate, with Language: the texts in it.
	Texts []Translated `json:"texts,omitempty"`
}

// The keys of what is refused, each `problem.<key>` of the catalogues.
const (
	RefusedUnknown  = "draft-unknown"  // there is no such element, field, kind or doing
	RefusedGone     = "draft-gone"     // it was removed, or it is part of what was
	RefusedThere    = "draft-there"    // it is there already
	RefusedTooMuch  = "draft-too-much" // there would be too much of it
	RefusedNothing  = "draft-nothing"  // there is nothing to undo
	RefusedRevision = "draft-revision" // there is no such revision, or it is too old
)

func refuse(where, key string) error {
	return &fault.Invalid{Problems: []fault.Problem{{Where: where, Key: key}}}
}

func tooMuch(where string, most int) error {
	return &fault.Invalid{Problems: []fault.Problem{{Where: where, Key: RefusedTooMuch, Limit: strconv.Itoa(most)}}}
}

// Apply makes an operation on the newest revision and returns what it did; nothing, where
// all is already so. Errors: *Conflict; *fault.Invalid. Then nothing was done.
func (d *Draft) Apply(op Operation) ([]Effect, error) {
	if op.Base < 0 || op.Base > d.Revision || len(d.Past) > 0 && op.Base < d.Past[0].Number-1 || len(d.Past) == 0 && op.Base < d.Revision {
		return nil, refuse("base", RefusedRevision)
	}
	switch op.Do {
	case DoAdd:
		return d.add(op)
	case DoTranslate:
		return d.translate(op)
	}
	is := d.elements[op.Element]
	if is == nil {
		return nil, refuse("element", RefusedUnknown)
	}
	plan, err := d.plan(op, is)
	if err != nil {
		return nil, err
	}
	if err := d.conflict(plan, op.Base); err != nil {
		return nil, err
	}
	if err := d.possible(op, is); err != nil {
		return nil, err
	}
	if op.Do == DoDuplicate {
		return d.duplicate(plan)
	}
	return d.carry(plan), nil
}

// plan are the effects that an operation would have. Of a duplicate they name what is
// duplicated, as if it were added.
func (d *Draft) plan(op Operation, is *Element) ([]Effect, error) {
	keys := []Key{is.Key}
	if op.Whole && is.Kind == KindSection && op.Do != DoRestore {
		keys = append(keys, d.section(is.Key)...)
	}
	switch op.Do {
	case DoSet:
		if !settable(is.Kind, op.Field, op.Language) {
			return nil, refuse("field", RefusedUnknown)
		}
		value, err := clean(op.Value)
		cell := Cell(op.Field, op.Language)
		if err == nil && d.bytes-sizeOf(cell, is.Fields[cell])+sizeOf(cell, value) > MostBytes {
			err = tooMuch("value", MostBytes)
		}
		return []Effect{{Do: DoSet, Element: is.Key, Cell: cell, Now: value}}, err
	case DoMove:
		return d.moves(keys, is, op.After)
	case DoRemove, DoRestore, DoDuplicate:
		var plan []Effect
		for _, key := range keys {
			if !d.elements[key].Gone || len(keys) == 1 {
				plan = append(plan, Effect{Do: op.Do, Element: key})
			}
		}
		return plan, nil
	}
	return nil, refuse("do", RefusedUnknown)
}

// moves puts elements behind another, in their order.
func (d *Draft) moves(keys []Key, is *Element, after Key) ([]Effect, error) {
	if to := d.elements[after]; after != "" && (to == nil || to.list() != is.list() || slices.Contains(keys, after)) {
		return nil, refuse("after", RefusedUnknown)
	}
	var plan []Effect
	for _, key := range keys {
		plan = append(plan, Effect{Do: DoMove, Element: key, Now: string(after)})
		after = key
	}
	return plan, nil
}

// possible tells why an operation cannot be, whoever did what before.
func (d *Draft) possible(op Operation, is *Element) error {
	switch {
	case is.Key == Whole && op.Do != DoSet:
		return refuse("element", RefusedUnknown)
	case is.Kind == KindReport && op.Do != DoRemove && op.Do != DoRestore:
		return refuse("element", RefusedUnknown)
	case is.In != "" && !d.Here(is.In):
		return refuse("element", RefusedGone)
	case op.Do == DoRestore && !is.Gone:
		return refuse("element", RefusedThere)
	case op.Do != DoRestore && is.Gone:
		return refuse("element", RefusedGone)
	}
	return nil
}

// carry carries effects out, but those that would change nothing.
func (d *Draft) carry(plan []Effect) []Effect {
	var done []Effect
	for _, e := range plan {
		if e = d.do(e); e.Do.whole() || e.Was != e.Now {
			done = append(done, e)
		}
	}
	return done
}

// add makes new elements, in their order.
func (d *Draft) add(op Operation) ([]Effect, error) {
	if len(op.Items) == 0 {
		op.Items = []map[string]string{nil}
	}
	made := list{op.In, op.Kind}
	if op.Kind == KindSection {
		made.Of = KindQuestion
	}
	in, to := d.elements[op.In], d.elements[op.After]
	switch {
	case !slices.Contains([]Kind{KindSection, KindQuestion, KindChoice, KindRow, KindRemark}, op.Kind):
		return nil, refuse("kind", RefusedUnknown)
	case op.Kind.within() != (op.In != ""), op.Kind.within() && (in == nil || in.Kind != KindQuestion):
		return nil, refuse("in", RefusedUnknown)
	case op.After != "" && (to == nil || to.list() != made):
		return nil, refuse("after", RefusedUnknown)
	}
	if err := d.conflict([]Effect{{Do: DoAdd, In: op.In}}, op.Base); err != nil {
		return nil, err
	}
	if op.In != "" && !d.Here(op.In) {
		return nil, refuse("in", RefusedGone)
	}
	var plan []Effect
	codes := d.codes()
	for _, item := range op.Items {
		key := d.next(plan)
		plan = append(plan, Effect{Do: DoAdd, Element: key, Kind: op.Kind, In: op.In, Now: string(op.After)})
		op.After = key
		fields, err := d.itemFields(op, item, codes)
		if err != nil {
			return nil, err
		}
		for _, cell := range sortedKeys(fields) {
			plan = append(plan, Effect{Do: DoSet, Element: key, Cell: cell, Now: fields[cell]})
		}
	}
	if err := d.roomFor(plan); err != nil {
		return nil, err
	}
	return d.carry(plan), nil
}

// itemFields are the fields of a new element, with a code of its own.
func (d *Draft) itemFields(op Operation, item map[string]string, codes codes) (map[string]string, error) {
	fields := map[string]string{}
	for cell, value := range item {
		field, language := SplitCell(cell)
		if !settable(op.Kind, field, language) || cell != Cell(field, language) {
			return nil, refuse("items", RefusedUnknown)
		}
		var err error
		if fields[cell], err = clean(value); err != nil {
			return nil, err
		}
	}
	if fields["code"] == "" && op.Kind != KindRemark {
		named := survey.NamedKey(survey.QuestionType(fields["type"]))
		if op.Kind != KindQuestion || named == "" {
			named = codes.fresh(op.Kind, op.In, "")
		}
		fields["code"] = named
	}
	return fields, nil
}

// next is the key of the next element that effects make.
func (d *Draft) next(plan []Effect) Key {
	n := len(d.elements)
	for _, e := range plan {
		if e.Do == DoAdd {
			n++
		}
	}
	return Key("e" + strconv.Itoa(n))
}

// duplicate copies elements, each behind the last of them, with their parts. The copies
// have codes of their own; conditions among them are about the copies.
func (d *Draft) duplicate(of []Effect) ([]Effect, error) {
	var sources []*Element
	for _, e := range of {
		sources = append(sources, d.elements[e.Element])
	}
	after := sources[len(sources)-1].Key
	var plan []Effect
	copies, codes := map[Key]Key{}, d.codes()
	copyOf := func(e *Element, in, after Key) {
		key := d.next(plan)
		copies[e.Key] = key
		plan = append(plan, Effect{Do: DoAdd, Element: key, Kind: e.Kind, In: in, Now: string(after)})
		for _, cell := range sortedKeys(e.Fields) {
			value := e.Fields[cell]
			if cell == "code" && in == e.In {
				value = codes.fresh(e.Kind, in, value)
			}
			plan = append(plan, Effect{Do: DoSet, Element: key, Cell: cell, Now: value})
		}
	}
	for _, e := range sources {
		copyOf(e, e.In, after)
		after = copies[e.Key]
		for _, parts := range [][]*Element{d.Choices(e.Key), d.Rows(e.Key)} {
			var last Key
			for _, part := range parts {
				copyOf(part, after, last)
				last = copies[part.Key]
			}
		}
	}
	for i, e := range plan {
		if e.Cell == "show" {
			plan[i].Now = renamed(e.Now, copies)
		}
	}
	if err := d.roomFor(plan); err != nil {
		return nil, err
	}
	return d.carry(plan), nil
}

// codes are those that are taken, by what has a right to them.
type codes map[string]bool

func (d *Draft) codes() codes {
	taken := codes{}
	for _, e := range d.elements {
		taken[codePlace(e.Kind, e.In)+e.Fields["code"]] = true
	}
	return taken
}

func codePlace(kind Kind, in Key) string { return fmt.Sprintf("%s %s ", kind, in) }

// fresh takes a code that nothing has, made of another or of the kind's first letter.
func (c codes) fresh(kind Kind, in Key, of string) string {
	begin, first := string(kind[:1]), 1
	if of != "" {
		begin, first = strings.TrimRight(of, "0123456789"), 2
		if !strings.HasSuffix(begin, "-") {
			begin = of + "-"
		}
	}
	for n := first; ; n++ {
		number := strconv.Itoa(n)
		code := strings.ToValidUTF8(begin[:min(len(begin), mostCode-len(number))], "") + number
		if !c[codePlace(kind, in)+code] {
			c[codePlace(kind, in)+code] = true
			return code
		}
	}
}

// mostCode is how long a code may be.
const mostCode = 40
