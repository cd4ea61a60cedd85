package draft

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"sipas/internal/survey"
)

// Symbol is what a name of a file stands for in conditions.
type Symbol struct {
	Question *Question         // nil: nothing that could be asked, see Gone
	Gone     string            // what it was
	Row      string            // of a grid, its key
	Item     string            // the choice of several that it stands for, which is "Y" when taken
	Codes    map[string]string // what answers are called in the file -> level or key of a choice
	Order    []string          // the keys of the choices, or levels, in order
	Levels   bool              // Order are levels; the others are no opinion
	Zero     bool              // 0 is one of them
	Numbers  bool              // it is answered with a number
	Several  bool              // with several choices
}

// maxAsked bounds numbers, as surveys do.
const maxAsked = 1_000_000_000

// failure says why a condition has no counterpart: the key of a problem, and what
// it is about.
type failure struct{ key, detail string }

// translated is a condition, or that it always or never holds.
type translated struct {
	condition survey.Condition
	constant  Op // Always, Never; else All
}

// translator turns one condition into the terms of a survey.
type translator struct {
	find  func(name string) (Symbol, bool)
	place int  // of the question that is shown
	zero  bool // what was not answered compares as 0 there
	loose bool // what was not answered counts differently
}

// condition translates an expression, or its negation. What was not answered is
// "" elsewhere, so that != holds; here it fulfils nothing.
func (t *translator) condition(e Expr, negated bool) (translated, failure) {
	switch e.Op {
	case Always, Never:
		if negated {
			e.Op = Always + Never - e.Op
		}
		return translated{constant: e.Op}, failure{}
	case Not:
		return t.condition(e.Of[0], !negated)
	case All, Any:
		return t.list(e, negated)
	}
	return t.leaf(e, negated)
}

func (t *translator) list(e Expr, negated bool) (translated, failure) {
	op := e.Op
	if negated {
		op = All + Any - op
	}
	var below []survey.Condition
	for _, of := range e.Of {
		c, wrong := t.condition(of, negated)
		switch {
		case wrong.key != "":
			return c, wrong
		case c.constant == Always && op == Any, c.constant == Never && op == All:
			return c, failure{}
		case c.constant == Always || c.constant == Never:
			continue
		}
		below = append(below, c.condition)
	}
	below = merged(below, op)
	switch {
	case len(below) == 0 && op == All:
		return translated{constant: Always}, failure{}
	case len(below) == 0:
		return translated{constant: Never}, failure{}
	case len(below) == 1:
		return translated{below[0], All}, failure{}
	case op == All:
		return translated{survey.Condition{All: below}, All}, failure{}
	}
	return translated{survey.Condition{Any: below}, All}, failure{}
}

// merged puts conditions together that are one: lists within lists of the same
// sort, answers of one question, both bounds of a number.
func merged(list []survey.Condition, op Op) []survey.Condition {
	var out []survey.Condition
	for _, c := range list {
		inner := c.All
		if op == Any {
			inner = c.Any
		}
		if inner != nil {
			out = append(out, inner...)
			continue
		}
		out = append(out, c)
	}
	for i := 0; i < len(out); i++ {
		for j := i + 1; j < len(out); j++ {
			a, b := &out[i], out[j]
			switch {
			case a.Question == "" || a.Question != b.Question:
				continue
			case op == Any && len(a.In) > 0 && len(b.In) > 0:
				a.In = slices.Clone(a.In)
				for _, in := range b.In {
					if !slices.Contains(a.In, in) {
						a.In = append(a.In, in)
					}
				}
			case op == All && a.AtLeast != nil && a.AtMost == nil && b.AtLeast == nil && b.AtMost != nil && *a.AtLeast <= *b.AtMost:
				a.AtMost = b.AtMost
			case op == All && a.AtMost != nil && a.AtLeast == nil && b.AtMost == nil && b.AtLeast != nil && *b.AtLeast <= *a.AtMost:
				a.AtLeast = b.AtLeast
			default:
				continue
			}
			out = slices.Delete(out, j, j+1)
			j--
		}
	}
	return out
}

// Simple writes a condition as translations are: lists of one, and lists within
// lists of the same sort, are taken apart.
func Simple(c survey.Condition) survey.Condition {
	list, op := c.All, All
	if list == nil {
		list, op = c.Any, Any
	}
	if list == nil {
		return c
	}
	var below []survey.Condition
	for _, inner := range list {
		below = append(below, Simple(inner))
	}
	switch below = merged(below, op); {
	case len(below) == 1:
		return below[0]
	case op == All:
		return survey.Condition{All: below}
	}
	return survey.Condition{Any: below}
}

var opposite = map[string]string{"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}

func (t *translator) leaf(e Expr, negated bool) (translated, failure) {
	if e.Left.Kind == Call && e.Left.Text == "count-selected" && len(e.Left.Args) == 1 && e.Right.Kind == Number &&
		(e.Cmp == ">" && e.Right.Text == "0" || e.Cmp == ">=" && e.Right.Text == "1") { // it is answered
		e = Expr{Op: Compare, Left: e.Left.Args[0], Cmp: "!=", Right: Operand{Kind: String}}
	}
	if e.Left.Kind != Ref || !e.Right.literal() {
		return translated{}, failure{ProblemConditionUnread, ""}
	}
	s, known := t.find(e.Left.Text)
	switch {
	case !known:
		return translated{}, failure{ProblemConditionName, e.Left.Text}
	case s.Question == nil:
		return translated{}, failure{ProblemConditionGone, e.Left.Text + " (" + s.Gone + ")"}
	case s.Question.place >= t.place:
		return translated{}, failure{ProblemConditionLater, e.Left.Text}
	}
	value := strings.TrimSpace(e.Right.Text)
	if e.Op == Holds {
		e.Cmp = "="
	}
	if negated {
		e.Cmp = opposite[e.Cmp]
	}
	c, wrong := t.compare(s, e, value)
	ordered := strings.ContainsAny(e.Cmp, "<>")
	if !s.Question.always() && (e.Cmp == "!=" && value != "" || ordered && negated || t.zero && strings.HasPrefix(e.Cmp, "<")) {
		t.loose = true
	}
	return c, wrong
}

// compare translates one comparison of an answer with a value.
func (t *translator) compare(s Symbol, e Expr, value string) (translated, failure) {
	name := e.Left.Text
	cannot := failure{ProblemConditionKind, name}
	c := survey.Condition{Question: s.Question.Key}
	if s.Row != "" {
		c.Question += "." + s.Row
	}
	switch {
	case s.Item != "": // ticked, or not
		if (value == "Y" || value == "1") && e.Cmp == "=" || value == "" && e.Cmp == "!=" {
			c.In = []string{s.Item}
			return translated{c, All}, failure{}
		}
		return translated{}, cannot
	case s.Order == nil && !s.Numbers:
		return translated{}, cannot
	case value == "" && e.Cmp == "!=": // it is answered
		if s.Numbers {
			least := -maxAsked
			c.AtLeast = &least
		} else {
			c.In = slices.Clone(s.Order)
		}
		return translated{c, All}, failure{}
	case value == "":
		return translated{}, cannot
	case s.Several && (e.Op != Holds || e.Cmp != "="): // exactly these, or none of these
		return translated{}, cannot
	case s.Numbers:
		return t.number(c, e.Cmp, value, cannot)
	}
	return t.choice(c, s, e.Cmp, value, cannot)
}

// number compares with a number.
func (t *translator) number(c survey.Condition, cmp, value string, cannot failure) (translated, failure) {
	n, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsNaN(n) || math.Abs(n) > maxAsked {
		return translated{}, failure{ProblemConditionValue, cannot.detail + " " + value}
	}
	up, down := int(math.Ceil(n)), int(math.Floor(n))
	whole := up == down
	switch cmp {
	case "=", "!=":
		if !whole {
			return translated{}, failure{ProblemConditionValue, cannot.detail + " " + value}
		}
		if cmp == "!=" {
			below, above := down-1, up+1
			return translated{survey.Condition{Any: []survey.Condition{{Question: c.Question, AtMost: &below}, {Question: c.Question, AtLeast: &above}}}, All}, failure{}
		}
		c.AtLeast, c.AtMost = &up, &down
	case ">":
		up = down + 1
		c.AtLeast = &up
	case ">=":
		c.AtLeast = &up
	case "<":
		down = up - 1
		c.AtMost = &down
	case "<=":
		c.AtMost = &down
	}
	return translated{c, All}, failure{}
}

// choice compares with one of the answers that are offered.
func (t *translator) choice(c survey.Condition, s Symbol, cmp, value string, cannot failure) (translated, failure) {
	if cmp == "=" || cmp == "!=" {
		key, known := s.Codes[value]
		if !known {
			return translated{}, failure{ProblemConditionValue, cannot.detail + " " + value}
		}
		c.In = []string{key}
		if cmp == "!=" {
			c.In = slices.DeleteFunc(slices.Clone(s.Order), func(o string) bool { return o == key })
		}
		return translated{c, All}, failure{}
	}
	bound, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return translated{}, failure{ProblemConditionValue, cannot.detail + " " + value}
	}
	if s.Levels && bound == math.Trunc(bound) && math.Abs(bound) < 100 {
		n := int(bound)
		switch cmp {
		case ">":
			n++
		case "<":
			n--
		}
		if c.AtMost = &n; strings.HasPrefix(cmp, ">") {
			c.AtLeast, c.AtMost = &n, nil
		}
		if !slices.ContainsFunc(s.Order, func(level string) bool {
			l, _ := strconv.Atoi(level)
			return (l > 0 || s.Zero) && (c.AtLeast == nil || l >= n) && (c.AtMost == nil || l <= n)
		}) {
			return translated{}, failure{ProblemConditionNever, cannot.detail}
		}
		return translated{c, All}, failure{}
	}
	for code, key := range s.Codes {
		n, err := strconv.ParseFloat(code, 64)
		if err == nil && (cmp == "<" && n < bound || cmp == "<=" && n <= bound || cmp == ">" && n > bound || cmp == ">=" && n >= bound) {
			c.In = append(c.In, key)
		}
	}
	if len(c.In) == 0 {
		return translated{}, failure{ProblemConditionNever, cannot.detail}
	}
	slices.SortFunc(c.In, func(a, b string) int { return slices.Index(s.Order, a) - slices.Index(s.Order, b) })
	return translated{c, All}, failure{}
}

// depth is how deep a condition is nested, as surveys count.
func depth(c survey.Condition) int {
	deepest := 0
	for _, below := range slices.Concat(c.All, c.Any) {
		deepest = max(deepest, depth(below)+1)
	}
	return deepest
}
