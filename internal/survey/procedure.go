package survey

// ProcedureQuestion is the reserved key under which the procedure a citizen
// named is kept among the free texts.
const ProcedureQuestion = "procedure"

const (
	typeProcedure      QuestionType = ProcedureQuestion
	maxProcedureLength              = 200
)

// procedure is the kind of the question about which procedure the citizen came.
type procedure struct{ text }

func (kinds) Procedure() Kind { return procedure{} }

func (procedure) name() QuestionType { return typeProcedure }
func (procedure) named() string      { return ProcedureQuestion }
func (procedure) uses() []string     { return nil }

func (procedure) check(v *validator, at string, q Question) {
	if q.Key != ProcedureQuestion {
		v.of("key").add(at, FaultKeyNamed, string(typeProcedure), "the question of this type has the key %q", typeProcedure)
	}
}

func (procedure) implied() (Question, bool) {
	return Question{Key: ProcedureQuestion, Type: typeProcedure}, true
}

func (procedure) parts(q Question) []Part {
	return []Part{{Question: q, Required: q.Required, Free: true, Reserved: true}}
}

func (procedure) given(r *reader, _ Part) (Value, bool) {
	v := Value{Kind: ValueText, Text: r.submission.Procedure}
	return v, v.Text != ""
}

func (k procedure) read(r *reader, p Part, v Value) { r.freeText(p, v, k.shape(p.Question).Most) }

func (procedure) shape(Question) Shape { return Shape{Text: true, Most: maxProcedureLength} }
