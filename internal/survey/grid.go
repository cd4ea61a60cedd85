package survey

import "strconv"

const typeGrid QuestionType = "grid"

// grid is the kind of a question that asks for a level of each of its rows. Each
// row is an answer of its own and counts like a scale question.
type grid struct{ plain }

const maxRows = 50

func (kinds) Grid() Kind { return grid{} }

func (grid) name() QuestionType { return typeGrid }

func (g grid) uses() []string { return append(scale{}.uses(), "rows", "levels") }

// scale is the one that each row has.
func (grid) scale(q Question) scale {
	if q.Levels != 3 { // of a draft they may be anything
		return scale{levels: 5}
	}
	return scale{levels: 3}
}

func (g grid) check(v *validator, at string, q Question) {
	if q.Levels != 0 && q.Levels != 3 && q.Levels != 5 {
		v.of("levels").add(at, FaultLevels, "", "levels must be 5 or 3")
		return
	}
	g.scale(q).check(v, at, q)
	if len(q.Rows) < 1 || len(q.Rows) > maxRows {
		v.of("rows").add(at, FaultRows, strconv.Itoa(maxRows), "must have 1 to %d rows", maxRows)
	}
	seen := map[string]bool{}
	defer func() { v.place.Row = 0 }()
	for i, row := range q.Rows {
		v.place.Row = i + 1
		where := at + " row " + row.Key
		v.onlyKey(where, row.Key, seen)
		v.of("text").text(where, row.Text)
		v.of("short").optional(where+" short", row.Short)
	}
}

func (grid) parts(q Question) []Part {
	parts := make([]Part, len(q.Rows))
	for i, row := range q.Rows {
		parts[i] = Part{Question: q, Below: row.Key, Text: row.Text, Short: row.Short, Required: q.Required, Scale: true}
	}
	return parts
}

func (grid) typed(_ Part, written string) Value { return typedNumber(written) }

func (g grid) read(r *reader, p Part, v Value) { g.scale(p.Question).read(r, p, v) }

func (g grid) value(p Part, r Response) (Value, bool) { return g.scale(p.Question).value(p, r) }

func (g grid) asked(p Part) (asked, bool) { return g.scale(p.Question).asked(p) }

func (g grid) judge(q Question) judgement { return g.scale(q).judge(q) }

func (g grid) shape(q Question) Shape {
	s := g.scale(q).shape(q)
	s.Rows = q.Rows
	return s
}
