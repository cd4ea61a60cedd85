package survey

import (
	"strconv"

	"sipas/internal/fault"
)

// TypeText is free text up to MaxLength runes.
const TypeText QuestionType = "text"

// DefaultMaxLength bounds a free text whose question sets no bound, in runes.
const DefaultMaxLength = 2000

// text is the kind of a question that is answered in the citizen's own words.
type text struct{ plain }

func (kinds) Text() Kind { return text{} }

func (text) name() QuestionType { return TypeText }
func (text) uses() []string     { return []string{"max_length"} }

func (text) check(v *validator, at string, q Question) {
	if q.Key == ProcedureQuestion {
		v.of("key").add(at, FaultKeyKept, q.Key, "the key is kept for the procedure that a person names")
	}
	if q.MaxLength < 0 || q.MaxLength > maxTextLength {
		v.of("max_length").add(at, FaultMaxLength, strconv.Itoa(maxTextLength), "max_length must be 1 to %d", maxTextLength)
	}
}

func (text) parts(q Question) []Part { return []Part{{Question: q, Required: q.Required, Free: true}} }

func (text) typed(_ Part, written string) Value {
	return Value{Kind: ValueText, Text: CleanText(written)}
}

func (k text) read(r *reader, p Part, v Value) { r.freeText(p, v, k.shape(p.Question).Most) }

func (text) shape(q Question) Shape {
	if q.MaxLength == 0 {
		q.MaxLength = DefaultMaxLength
	}
	return Shape{Text: true, Most: q.MaxLength}
}

// freeText keeps a text of the citizen's, where there is anything to see in it.
func (r *reader) freeText(p Part, v Value, most int) {
	if v.Kind != ValueText {
		r.problems.add(p.where(), fault.ProblemWrongType)
		return
	}
	if key := textProblem(v.Text, most); key != "" {
		r.problems.text(p.where(), key, most)
		return
	}
	seen := trimmed(v.Text)
	switch {
	case seen != "":
		r.response.Texts = append(r.response.Texts, TextAnswer{Question: p.Question.Key, Text: seen})
	case p.Required:
		r.problems.add(p.where(), fault.ProblemRequired)
	}
}
