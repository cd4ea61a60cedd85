package survey

import (
	"fmt"
	"regexp"
	"slices"

	"sipas/internal/agency"
)

const (
	maxQuestions  = 200
	maxChoices    = 100
	maxTextLength = 10000
	// maxParts bounds the answers of one response: no more could be sent.
	maxParts = 250
)

var keyPattern = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)

// Validate reports everything that would keep the definition from being
// published: each problem says where it is and what is wrong, in English, for
// the author of the file.
func (d Definition) Validate() []string {
	v := validator{languages: d.Languages, questions: map[string]Question{}, parts: map[string]Part{}}
	v.key("key", d.Key)
	if !slices.Contains(d.Languages, agency.FallbackLanguage) {
		v.add("languages", "must contain %q", agency.FallbackLanguage)
	}
	v.text("title", d.Title)
	v.optional("intro", d.Intro)
	v.optional("source", d.Source)
	for _, t := range d.Unverified {
		v.text("unverified", t)
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
		v.onlyKey(at, s.Key, sections)
		v.text(at+" title", s.Title)
		v.optional(at+" stem", s.Stem)
		for _, q := range s.Questions {
			v.question(q)
		}
	}
	if len(v.questions) == 0 || len(v.questions) > maxQuestions {
		v.add("sections", "must hold 1 to %d questions", maxQuestions)
	}
	if len(v.parts) > maxParts {
		v.add("sections", "ask for more than %d answers", maxParts)
	}
	if d.Headline != "" {
		if kind, known := kindOf(v.questions[d.Headline].Type); !known || !kind.heads() {
			v.add("headline", "must name a scale5 question")
		}
		// Its levels are shown as they were given.
		if q := v.questions[d.Headline]; len(q.Satisfied) > 0 || !q.Scores() {
			v.add("headline", "has neither satisfied nor scored")
		}
	}
	return v.found
}

// validator collects what is wrong with a definition.
type validator struct {
	languages []string
	questions map[string]Question // those seen so far
	parts     map[string]Part     // and their answers, by address
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

// onlyKey checks a key that none of those seen so far may have.
func (v *validator) onlyKey(where, key string, seen map[string]bool) {
	v.key(where, key)
	if seen[key] {
		v.add(where, "occurs twice")
	}
	seen[key] = true
}

// optional checks a text that may be missing altogether.
func (v *validator) optional(where string, t agency.Text) {
	if len(t) > 0 {
		v.text(where, t)
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
	v.optional(at+" short", q.Short)
	kind, known := kindOf(q.Type)
	if !known {
		v.add(at, "unknown type %q", q.Type)
		kind = plain{}
	}
	for _, property := range q.properties() {
		if known && !slices.Contains(kind.uses(), property) {
			v.add(at, "%s does not belong to this type", property)
		}
	}
	v.optional(at+" no_opinion_text", q.NoOpinionText)
	if len(q.NoOpinionText) > 0 && !q.NoOpinion {
		v.add(at, "no_opinion_text needs no_opinion")
	}
	kind.check(v, at, q)
	if q.Show != nil {
		v.condition(at, *q.Show, 0)
	}
	v.questions[q.Key] = q
	for _, p := range partsOf(q) {
		v.parts[p.Key()] = p
	}
}

// properties lists those of the question that not every kind has.
func (q Question) properties() []string {
	var has []string
	for _, p := range []struct {
		name    string
		present bool
	}{
		{"choices", len(q.Choices) > 0},
		{"no_opinion", q.NoOpinion},
		{"satisfied", len(q.Satisfied) > 0},
		{"scored", q.Scored != nil},
		{"rows", len(q.Rows) > 0},
		{"levels", q.Levels != 0},
		{"max_choices", q.MaxChoices != 0},
		{"max_length", q.MaxLength != 0},
		{"min", q.Min != nil},
		{"max", q.Max != nil},
		{"unit", len(q.Unit) > 0},
		{"from", q.From != ""},
		{"to", q.To != ""},
	} {
		if p.present {
			has = append(has, p.name)
		}
	}
	return has
}
