package survey

import (
	"strings"

	"sipas/internal/agency"
)

// Definition is a designed survey, before it is published. Its JSON is what is
// stored of a version, its YAML what a survey file says.
type Definition struct {
	Key       string      `json:"key"`
	Languages []string    `json:"languages"`
	Title     agency.Text `json:"title"`
	Intro     agency.Text `json:"intro,omitempty"`
	// Source names what the survey follows, and Unverified what of it nobody could
	// check. No form shows them. A version without them is stored as it was before
	// there were any.
	Source     agency.Text   `json:"source,omitempty"`
	Unverified []agency.Text `json:"unverified,omitempty"`
	Method     string        `json:"method"`
	Headline   string        `json:"headline,omitempty"` // a question whose index is the survey's index; empty: the method's overall
	Sections   []Section     `json:"sections"`
}

// Section groups the questions of one factor.
type Section struct {
	Key   string      `json:"key"`
	Title agency.Text `json:"title"`
	// Stem begins the sentence that each scale question of the section ends:
	// "How satisfied are you with" the seats. Empty: the questions are whole.
	Stem      agency.Text `json:"stem,omitempty"`
	Questions []Question  `json:"questions"`
}

// Question is one thing asked. Which properties it may have depends on its
// type: see Kind.
type Question struct {
	Key       string       `json:"key"`
	Type      QuestionType `json:"type"`
	Required  bool         `json:"required,omitempty"`
	Text      agency.Text  `json:"text"`
	Short     agency.Text  `json:"short,omitempty"`                        // a label for charts; empty: Text
	NoOpinion bool         `json:"no_opinion,omitempty" yaml:"no_opinion"` // of a scale: level 0 is offered
	// NoOpinionText is what level 0 is called; empty: "no opinion".
	NoOpinionText agency.Text `json:"no_opinion_text,omitempty" yaml:"no_opinion_text"`
	// Satisfied are the levels of a scale that count as satisfied; empty: the
	// upper ones, 4 and 5 of five, 3 of three.
	Satisfied []int `json:"satisfied,omitempty"`
	// Scored false leaves the answers of a scale out of every index.
	Scored  *bool    `json:"scored,omitempty"`
	Rows    []Row    `json:"rows,omitempty"`   // of a grid, each with a scale of its own
	Levels  int      `json:"levels,omitempty"` // of the scale of a grid: 5 or 3; 0: 5
	Choices []Choice `json:"choices,omitempty"`
	// RandomOrder shows the choices in another order to each citizen, "other" last.
	RandomOrder bool        `json:"random_order,omitempty" yaml:"random_order"`
	MaxChoices  int         `json:"max_choices,omitempty" yaml:"max_choices"` // 0: all
	MaxLength   int         `json:"max_length,omitempty" yaml:"max_length"`   // of a text, in runes
	Min         *int        `json:"min,omitempty"`                            // of a number
	Max         *int        `json:"max,omitempty"`
	Unit        agency.Text `json:"unit,omitempty"` // what a number counts
	From        string      `json:"from,omitempty"` // of a date, 2006-01-02
	To          string      `json:"to,omitempty"`
	Show        *Condition  `json:"show,omitempty"`
}

// Scores tells whether the answers of the question, if they are levels, count in
// the index.
func (q Question) Scores() bool { return q.Scored == nil || *q.Scored }

// Row is one thing that a grid asks about.
type Row struct {
	Key   string      `json:"key"`
	Text  agency.Text `json:"text"`
	Short agency.Text `json:"short,omitempty"` // a label for charts; empty: Text
}

// QuestionType says what an answer looks like: it names a Kind.
type QuestionType string

// Choice is one possible answer of a question with choices.
type Choice struct {
	Key  string      `json:"key"`
	Text agency.Text `json:"text"`
	// Note is said to whoever chooses it, such as where to report a bribe. One
	// that names HotlineMark is said only where there is a hotline.
	Note agency.Text `json:"note,omitempty"`
	// Points is what the choice is worth in the method points-210: 2, 1 or 0.
	// Either all choices of a question have points or none.
	Points *int `json:"points,omitempty"`
	// Other lets whoever chooses it say what in a text.
	Other bool `json:"other,omitempty"`
}

// Pointed tells whether the choices of the question are worth points.
func (q Question) Pointed() bool { return len(q.Choices) > 0 && q.Choices[0].Points != nil }

// HotlineMark stands in a note for the hotline of the agency.
const HotlineMark = "{hotline}"

// NoteIn gives the note in a language with the hotline put in; "" where there
// is nothing to say.
func (c Choice) NoteIn(language, hotline string) string {
	note := c.Note.In(language)
	if hotline == "" && strings.Contains(note, HotlineMark) {
		return ""
	}
	return strings.ReplaceAll(note, HotlineMark, hotline)
}
