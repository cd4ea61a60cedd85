package studio

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"

	"sipas/internal/survey"
)

// A condition in a field is the JSON of survey.Condition, in which elements stand for
// questions, rows and choices: {"question":"e5.e9"}. What is not there begins with lost,
// which no code does.
const lost = "?"

// readCondition reads one from a field.
func readCondition(typed string) (*survey.Condition, error) {
	in := json.NewDecoder(strings.NewReader(typed))
	in.DisallowUnknownFields()
	var c survey.Condition
	if err := in.Decode(&c); err != nil {
		return nil, err
	}
	if _, err := in.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is something behind it")
	}
	return &c, nil
}

// written is the JSON of a condition, with < and > as they are.
func written(c survey.Condition) string {
	var out bytes.Buffer
	in := json.NewEncoder(&out)
	in.SetEscapeHTML(false)
	if err := in.Encode(c); err != nil {
		return ""
	}
	return strings.TrimSpace(out.String())
}

// naming is how the names in a condition become others: of an answer, and of a value of
// it.
type naming struct {
	answer func(address string) string
	value  func(address, value string) string
}

// rename gives a condition with other names.
func (n naming) rename(c survey.Condition) survey.Condition {
	if len(c.In) > 0 {
		c.In = slices.Clone(c.In)
		for i, in := range c.In {
			c.In[i] = n.value(c.Question, in)
		}
	}
	if c.Question != "" {
		c.Question = n.answer(c.Question)
	}
	c.All, c.Any = n.all(c.All), n.all(c.Any)
	return c
}

func (n naming) all(some []survey.Condition) []survey.Condition {
	if some == nil {
		return nil
	}
	renamed := make([]survey.Condition, len(some))
	for i, c := range some {
		renamed[i] = n.rename(c)
	}
	return renamed
}

// renamed is a condition of a copy: where it names what was copied with it, it names the
// copies.
func renamed(typed string, copies map[Key]Key) string {
	c, err := readCondition(typed)
	if err != nil {
		return typed
	}
	copied := func(name string) string {
		if key, is := copies[Key(name)]; is {
			return string(key)
		}
		return name
	}
	return written(naming{
		answer: func(address string) string {
			question, below, part := strings.Cut(address, ".")
			if question = copied(question); part {
				question += "." + copied(below)
			}
			return question
		},
		value: func(_, value string) string { return copied(value) },
	}.rename(*c))
}

// Depends lists the questions whose conditions name an element, or a part of it.
func (d *Tree) Depends(on Key) []*Element {
	var depend []*Element
	for _, e := range d.Outline() {
		c, err := readCondition(e.Fields["show"])
		if err != nil {
			continue
		}
		names := false
		note := func(name string) {
			is := d.elements[Key(name)]
			names = names || is != nil && (is.Key == on || is.In == on)
		}
		naming{
			answer: func(address string) string {
				question, below, _ := strings.Cut(address, ".")
				note(question)
				note(below)
				return address
			},
			value: func(_, value string) string { note(value); return value },
		}.rename(*c)
		if names {
			depend = append(depend, e)
		}
	}
	return depend
}

// coded are the names that a condition has once it is published.
func (d *Tree) coded() naming {
	code := func(key Key, in Key) string {
		if e := d.elements[key]; e != nil && d.Here(key) && e.In == in {
			return e.Fields["code"]
		}
		return lost + string(key)
	}
	return naming{
		answer: func(address string) string {
			question, below, part := strings.Cut(address, ".")
			name := code(Key(question), "")
			if part {
				name += "." + code(Key(below), Key(question))
			}
			return name
		},
		value: func(address, value string) string {
			question, _, _ := strings.Cut(address, ".")
			if e := d.elements[Key(value)]; e != nil && e.Kind == KindChoice {
				return code(e.Key, Key(question))
			}
			return value
		},
	}
}

// keyed are the names that a condition of a definition has in the draft made of it.
func (d *Tree) keyed() naming {
	find := func(code string, among ...[]*Element) string {
		for _, e := range slices.Concat(among...) {
			if e.Kind != KindSection && e.Fields["code"] == code {
				return string(e.Key)
			}
		}
		return lost + code
	}
	return naming{
		answer: func(address string) string {
			question, below, part := strings.Cut(address, ".")
			name := find(question, d.Outline())
			if part {
				name += "." + find(below, d.Rows(Key(name)), d.Choices(Key(name)))
			}
			return name
		},
		value: func(address, value string) string {
			question, _, _ := strings.Cut(address, ".")
			choices := d.Choices(Key(find(question, d.Outline())))
			if len(choices) > 0 {
				return find(value, choices)
			}
			return value
		},
	}
}
