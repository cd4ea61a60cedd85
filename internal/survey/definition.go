package survey

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"sipas/internal/agency"
)

// Definition is a designed survey, before it is published.
type Definition struct {
	Key       string      `json:"key"`
	Languages []string    `json:"languages"`
	Title     agency.Text `json:"title"`
	Intro     agency.Text `json:"intro,omitempty"`
	Method    string      `json:"method"`
	Headline  string      `json:"headline,omitempty"` // a question whose index is the survey's index; empty: the method's overall
	Sections  []Section   `json:"sections"`
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

// Question is one thing asked.
type Question struct {
	Key       string       `json:"key"`
	Type      QuestionType `json:"type"`
	Required  bool         `json:"required,omitempty"`
	Text      agency.Text  `json:"text"`
	Short     agency.Text  `json:"short,omitempty"`      // a label for charts; empty: Text
	NoOpinion bool         `json:"no_opinion,omitempty"` // scale5: level 0 is offered
	// NoOpinionText is what level 0 is called; empty: "no opinion".
	NoOpinionText agency.Text `json:"no_opinion_text,omitempty"`
	Choices       []Choice    `json:"choices,omitempty"`
	MaxChoices    int         `json:"max_choices,omitempty"` // multi; 0: all
	MaxLength     int         `json:"max_length,omitempty"`  // text, in runes
	Show          *Condition  `json:"show,omitempty"`
}

// QuestionType says what an answer looks like.
type QuestionType string

// The question types.
const (
	TypeScale  QuestionType = "scale5" // a level 1 to 5, or 0 where "no opinion" is offered
	TypeSingle QuestionType = "single" // one choice
	TypeMulti  QuestionType = "multi"  // any number of choices up to MaxChoices
	TypeText   QuestionType = "text"   // free text up to MaxLength runes
)

// Choice is one possible answer of a single or multi question.
type Choice struct {
	Key  string      `json:"key"`
	Text agency.Text `json:"text"`
	// Note is said to whoever chooses it, such as where to report a bribe. One
	// that names HotlineMark is said only where there is a hotline.
	Note agency.Text `json:"note,omitempty"`
	// Points is what the choice is worth in the method points-210: 2, 1 or 0.
	// Either all choices of a single question have points or none.
	Points *int `json:"points,omitempty"`
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

// Condition shows a question only if an earlier scale or single question was
// answered with one of the listed levels or choices.
type Condition struct {
	Question string   `json:"question"`
	In       []string `json:"in"`
}

// DefaultMaxLength bounds a free text whose question sets no bound, in runes.
const DefaultMaxLength = 2000

const (
	maxQuestions  = 200
	maxChoices    = 100
	maxTextLength = 10000
)

var keyPattern = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)

// Validate reports everything that would keep the definition from being
// published: each problem says where it is and what is wrong, in English, for
// the author of the file.
func (d Definition) Validate() []string {
	v := validator{languages: d.Languages, questions: map[string]Question{}}
	v.key("key", d.Key)
	if !slices.Contains(d.Languages, agency.FallbackLanguage) {
		v.add("languages", "must contain %q", agency.FallbackLanguage)
	}
	v.text("title", d.Title)
	if len(d.Intro) > 0 {
		v.text("intro", d.Intro)
	}
	if d.Method == "" {
		v.add("method", "is missing")
	}
	if len(d.Sections) == 0 {
		v.add("sections", "is empty")
	}
	sections := map[string]bool{}
	for _, s := range d.Sections {
		at := "section " + s.Key
		v.key(at, s.Key)
		if sections[s.Key] {
			v.add(at, "occurs twice")
		}
		sections[s.Key] = true
		v.text(at+" title", s.Title)
		if len(s.Stem) > 0 {
			v.text(at+" stem", s.Stem)
		}
		for _, q := range s.Questions {
			v.question(q)
		}
	}
	if len(v.questions) == 0 || len(v.questions) > maxQuestions {
		v.add("sections", "must hold 1 to %d questions", maxQuestions)
	}
	if d.Headline != "" && v.questions[d.Headline].Type != TypeScale {
		v.add("headline", "must name a scale5 question")
	}
	return v.found
}

// validator collects what is wrong with a definition.
type validator struct {
	languages []string
	questions map[string]Question // those seen so far
	found     []string
}

func (v *validator) add(where, format string, args ...any) {
	v.found = append(v.found, where+": "+fmt.Sprintf(format, args...))
}

func (v *validator) key(where, key string) {
	if !keyPattern.MatchString(key) {
		v.add(where, "key %q must match %s", key, keyPattern)
	}
}

func (v *validator) text(where string, t agency.Text) {
	for _, l := range v.languages {
		if t[l] == "" {
			v.add(where, "has no text in %q", l)
		}
	}
	for l, s := range t {
		if !slices.Contains(v.languages, l) {
			v.add(where, "has a text in %q, which is not among the survey's languages", l)
		}
		if key := textProblem(s, maxTextLength); key != "" {
			v.add(where, "text in %q: %s", l, key)
		}
	}
}

func (v *validator) question(q Question) {
	at := "question " + q.Key
	v.key(at, q.Key)
	if _, twice := v.questions[q.Key]; twice {
		v.add(at, "occurs twice")
	}
	v.text(at, q.Text)
	if len(q.Short) > 0 {
		v.text(at+" short", q.Short)
	}
	switch q.Type {
	case TypeScale:
		v.none(at, "choices", len(q.Choices) > 0)
	case TypeSingle, TypeMulti:
		v.choices(at, q)
	case TypeText:
		v.none(at, "choices", len(q.Choices) > 0)
		if q.Key == ProcedureQuestion {
			v.add(at, "the key is kept for the procedure that a person names")
		}
		if q.MaxLength < 0 || q.MaxLength > maxTextLength {
			v.add(at, "max_length must be 1 to %d", maxTextLength)
		}
	default:
		v.add(at, "unknown type %q", q.Type)
	}
	v.none(at, "no_opinion", q.NoOpinion && q.Type != TypeScale)
	if len(q.NoOpinionText) > 0 {
		v.text(at+" no_opinion_text", q.NoOpinionText)
		if !q.NoOpinion {
			v.add(at, "no_opinion_text needs no_opinion")
		}
	}
	v.none(at, "max_choices", q.MaxChoices != 0 && q.Type != TypeMulti)
	v.none(at, "max_length", q.MaxLength != 0 && q.Type != TypeText)
	v.condition(at, q.Show)
	v.questions[q.Key] = q
}

func (v *validator) none(where, what string, present bool) {
	if present {
		v.add(where, "%s does not belong to this type", what)
	}
}

func (v *validator) choices(at string, q Question) {
	if len(q.Choices) < 2 || len(q.Choices) > maxChoices {
		v.add(at, "must offer 2 to %d choices", maxChoices)
	}
	if q.MaxChoices < 0 || q.MaxChoices > len(q.Choices) {
		v.add(at, "max_choices must be 1 to the number of choices")
	}
	seen := map[string]bool{}
	for _, c := range q.Choices {
		where := at + " choice " + c.Key
		v.key(where, c.Key)
		if seen[c.Key] {
			v.add(where, "occurs twice")
		}
		seen[c.Key] = true
		v.text(where, c.Text)
		if len(c.Note) > 0 {
			v.text(where+" note", c.Note)
		}
		for l, note := range c.Note {
			if strings.ContainsAny(strings.ReplaceAll(note, HotlineMark, ""), "{}") {
				v.add(where, "note in %q: braces hold nothing but %s", l, HotlineMark)
			}
		}
		if c.Points != nil && (*c.Points < 0 || *c.Points > 2 || q.Type != TypeSingle) {
			v.add(where, "points must be 2, 1 or 0, and belong to a single question")
		}
		if (c.Points == nil) != (q.Choices[0].Points == nil) {
			v.add(where, "either all choices have points or none")
		}
	}
}

func (v *validator) condition(at string, c *Condition) {
	if c == nil {
		return
	}
	q, known := v.questions[c.Question]
	if !known {
		v.add(at, "show names question %q, which does not come before it", c.Question)
		return
	}
	var possible []string
	switch q.Type {
	case TypeScale:
		possible = []string{"0", "1", "2", "3", "4", "5"}
	case TypeSingle:
		for _, ch := range q.Choices {
			possible = append(possible, ch.Key)
		}
	case TypeMulti, TypeText:
		v.add(at, "show must name a scale5 or single question")
		return
	}
	if len(c.In) == 0 {
		v.add(at, "show lists no answers")
	}
	for _, in := range c.In {
		if !slices.Contains(possible, in) {
			v.add(at, "show lists %q, which question %q cannot have", in, c.Question)
		}
	}
}
