package survey

// field is the kind of the question for which service the citizen came. Its
// answer is no answer among the others: it decides where they count.
type field struct{ plain }

const typeField QuestionType = "field"

func (kinds) Field() Kind { return field{} }

func (field) name() QuestionType { return typeField }
func (field) named() string      { return string(typeField) }

func (field) check(v *validator, at string, q Question) {
	if q.Key != string(typeField) {
		v.of("key").add(at, FaultKeyNamed, string(typeField), "the question of this type has the key %q", typeField)
	}
}

func (field) implied() (Question, bool) {
	return Question{Key: string(typeField), Type: typeField}, true
}

func (field) parts(q Question) []Part {
	return []Part{{Question: q, Required: q.Required, Reserved: true}}
}

// given is the field that the citizen chose. Where there is nothing to choose
// nobody is asked, and the answer is known.
func (field) given(r *reader, p Part) (Value, bool) {
	v := Value{Kind: ValueText, Text: r.submission.FieldKey}
	return v, v.Text != "" || len(r.point.FieldKeys) < 2 && r.shown(p.Question.Show)
}

func (field) shape(Question) Shape { return Shape{Fields: true} }
