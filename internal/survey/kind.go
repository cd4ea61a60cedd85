package survey

import (
	"reflect"
	"slices"
	"sync"

	"sipas/internal/agency"
)

// Kind is all that the program knows of one kind of question. Each has a file
// of its own here, a template, and words in the catalogues where it needs some.
type Kind interface {
	// name is the type of its questions.
	name() QuestionType
	// named is the only key that such a question may have, "" where it may have any.
	named() string
	// uses lists the properties of a definition that belong to the kind.
	uses() []string
	// check reports what is wrong with its part of a definition.
	check(v *validator, at string, q Question)
	// heads tells whether the index of such a question can be a survey's index.
	heads() bool
	// implied is the question that is part of every survey, where it does not ask
	// one of this kind itself.
	implied() (q Question, is bool)
	// parts lists the answers that a question takes.
	parts(q Question) []Part
	// typed reads what was written or chosen in a form.
	typed(p Part, written string) Value
	// given finds the value for a part.
	given(r *reader, p Part) (v Value, answered bool)
	// read turns an untrusted value into what is kept of it.
	read(r *reader, p Part, v Value)
	// value gives what was kept as a client would send it again.
	value(p Part, r Response) (v Value, answered bool)
	// number is the number that an answer counts as, beside how often it was given.
	number(p Part, r Response) (n int, counted bool)
	// asked says what a condition may ask of a part.
	asked(p Part) (a asked, possible bool)
	// judge says what the levels of an answer mean for an index.
	judge(q Question) judgement
	// shape is what a form needs to ask the question.
	shape(q Question) Shape
}

// kinds has a method for each kind, beside the kind, that makes it. So the list
// of them needs no second place, nor anything that runs before the program.
type kinds struct{}

// allKinds are the kinds in the order of their methods' names, looked for once.
var allKinds = sync.OnceValue(func() []Kind {
	methods := reflect.ValueOf(kinds{})
	list := make([]Kind, methods.NumMethod())
	for i := range list {
		list[i] = methods.Method(i).Interface().(func() Kind)()
	}
	return list
})

func kindOf(t QuestionType) (Kind, bool) {
	for _, k := range allKinds() {
		if k.name() == t {
			return k, true
		}
	}
	return nil, false
}

// Types lists the types that questions can have.
func Types() []QuestionType {
	var types []QuestionType
	for _, k := range allKinds() {
		types = append(types, k.name())
	}
	return types
}

// Part is one answer of a question, with an address of its own.
type Part struct {
	Question Question
	Text     agency.Text
	Short    agency.Text // a label for charts; empty: Text
	Below    string      // what follows the question's key in the address; "" for its main answer
	Required bool        // where the question is shown
	Show     *Condition  // when this part is asked, besides the question's own condition
	Several  bool        // it is a list
	Most     int         // characters, of a text beside choices
	Free     bool        // it is a text of the citizen's, which exports leave out
	Scale    bool        // it is a level, kept as one digit
	Reserved bool        // it stands beside the other answers, under its own name

	kind      Kind
	item      int // the place of the digit
	judgement judgement
}

// partsOf lists the answers that a question takes.
func partsOf(q Question) []Part {
	kind, known := kindOf(q.Type)
	if !known {
		return nil
	}
	parts := kind.parts(q)
	for i := range parts {
		p := &parts[i]
		p.kind = kind
		if p.Below == "" {
			p.Text, p.Short = q.Text, q.Short
		}
	}
	return parts
}

// Key is the address of the answer: `question` or `question.below`.
func (p Part) Key() string {
	if p.Below == "" {
		return p.Question.Key
	}
	return p.Question.Key + "." + p.Below
}

// Label is what the answer is called in charts and tables.
func (p Part) Label() agency.Text {
	if len(p.Short) > 0 {
		return p.Short
	}
	return p.Text
}

// where names the answer in a problem.
func (p Part) where() string {
	if p.Reserved {
		return p.Key()
	}
	return "answers." + p.Key()
}

// Typed reads the fields of a form for this answer. Nothing written, or nothing
// chosen, is no answer; one answer given twice is not well formed.
func (p Part) Typed(fields []string) (v Value, answered, once bool) {
	if p.Several {
		chosen := slices.DeleteFunc(slices.Clone(fields), func(s string) bool { return s == "" })
		return Value{Kind: ValueChoices, Choices: chosen}, len(chosen) > 0, true
	}
	if len(fields) != 1 {
		return Value{}, false, false
	}
	if fields[0] == "" {
		return Value{}, false, true
	}
	return p.kind.typed(p, fields[0]), true, true
}

// Shape is what a form needs to know to ask a question, besides its texts. What
// does not apply is zero.
type Shape struct {
	Levels    int   // of a scale: 1 to Levels
	Rows      []Row // each with such a scale
	NoOpinion bool
	Choices   []Choice
	Several   bool     // choices may be taken together
	Values    []string // to choose from that need no words of the survey's
	Most      int      // choices, where not all may be taken, or characters of a text
	Text      bool     // it is answered in the citizen's own words
	Min, Max  *int     // of a number
	Unit      agency.Text
	Day       bool   // it is a date
	From, To  string // of a date
	Limits    string // of a number or date, as people read them
	Fields    bool   // it is one of the service fields
}

// Shape is what a form needs to know to ask the question.
func (q Question) Shape() Shape {
	if k, known := kindOf(q.Type); known {
		return k.shape(q)
	}
	return Shape{}
}

// plain is a kind with one answer and nothing special; others begin with it.
type plain struct{}

func (plain) name() QuestionType                  { return "" }
func (plain) named() string                       { return "" }
func (plain) uses() []string                      { return nil }
func (plain) check(*validator, string, Question)  {}
func (plain) heads() bool                         { return false }
func (plain) implied() (Question, bool)           { return Question{}, false }
func (plain) parts(q Question) []Part             { return []Part{{Question: q, Required: q.Required}} }
func (plain) typed(_ Part, written string) Value  { return Value{Kind: ValueText, Text: written} }
func (plain) read(*reader, Part, Value)           {}
func (plain) value(Part, Response) (Value, bool)  { return Value{}, false }
func (plain) number(Part, Response) (int, bool)   { return 0, false }
func (plain) asked(Part) (a asked, possible bool) { return asked{}, false }
func (plain) judge(Question) judgement            { return judgement{} }
func (plain) shape(Question) Shape                { return Shape{} }

func (plain) given(r *reader, p Part) (Value, bool) {
	v, answered := r.submission.Answers[p.Key()]
	return v, answered
}
