package survey

// Submission is what a client sent, decoded but not trusted.
type Submission struct {
	ID        string // a UUID that the client made when the form was opened
	Version   string // the public id of the version that was shown
	Campaign  string // by which it was shown, as the form named it; empty: none
	Language  string
	FieldKey  string           // the service field the citizen chose; empty: did not say
	Procedure string           // the procedure the citizen named; free text, empty: did not say
	Answers   map[string]Value // by address
}

// Value is one untrusted answer: exactly one of the three is set, according to
// Kind.
type Value struct {
	Kind    ValueKind
	Level   int    // or any other whole number
	Text    string // a text, a date, or the key of a single choice
	Choices []string
}

// ValueKind says what kind of thing a client sent.
type ValueKind int

// The kinds of values.
const (
	ValueLevel   ValueKind = iota + 1 // a whole number
	ValueText                         // a string
	ValueChoices                      // a list of strings
)
