package survey

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"

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
	var texts []string
	for _, f := range d.Faults() {
		texts = append(texts, f.Text)
	}
	return texts
}

// Faults lists the same, for whoever tells it in another way.
func (d Definition) Faults() []Fault {
	v := validator{languages: d.Languages, questions: map[string]Question{}, parts: map[string]Part{}}
	v.key("key", d.Key)
	if !slices.Contains(d.Languages, agency.FallbackLanguage) {
		v.of("languages").add("languages", FaultNoVietnamese, agency.FallbackLanguage, "must contain %q", agency.FallbackLanguage)
	}
	v.of("title").text("title", d.Title)
	v.of("intro").optional("intro", d.Intro)
	v.of("source").optional("source", d.Source)
	for i, t := range d.Unverified {
		v.place.Remark = i + 1
		v.of("unverified").text("unverified", t)
	}
	v.place.Remark = 0
	if d.Method == "" {
		v.of("method").add("method", FaultNoMethod, "", "is missing")
	}
	if len(d.Sections) == 0 {
		v.of("").add("sections", FaultNoSections, "", "is empty")
	}
	sections := map[string]bool{}
	for i, s := range d.Sections {
		at := "section " + s.Key
		v.place = Place{Section: i + 1}
		v.onlyKey(at, s.Key, sections)
		v.of("title").text(at+" title", s.Title)
		v.of("stem").optional(at+" stem", s.Stem)
		for j, q := range s.Questions {
			v.place = Place{Section: i + 1, Question: j + 1}
			v.question(q)
		}
	}
	v.place = Place{}
	v.whole(d)
	return v.found
}

// whole checks what all questions are together.
func (v *validator) whole(d Definition) {
	switch n := len(v.questions); {
	case n == 0:
		v.add("sections", FaultNoQuestions, "", "must hold 1 to %d questions", maxQuestions)
	case n > maxQuestions:
		v.add("sections", FaultManyQuestions, strconv.Itoa(maxQuestions), "must hold 1 to %d questions", maxQuestions)
	}
	if len(v.parts) > maxParts {
		v.add("sections", FaultManyAnswers, strconv.Itoa(maxParts), "ask for more than %d answers", maxParts)
	}
	if d.Headline == "" {
		return
	}
	if kind, known := kindOf(v.questions[d.Headline].Type); !known || !kind.heads() {
		v.of("headline").add("headline", FaultHeadline, d.Headline, "must name a scale5 question")
	}
	// Its levels are shown as they were given.
	if q := v.questions[d.Headline]; len(q.Satisfied) > 0 || !q.Scores() {
		v.of("headline").add("headline", FaultHeadlineJudged, d.Headline, "has neither satisfied nor scored")
	}
}

// validator collects what is wrong with a definition.
type validator struct {
	languages []string
	questions map[string]Question // those seen so far
	parts     map[string]Part     // and their answers, by address
	place     Place               // what is being checked
	found     []Fault
}

// of says which field is checked next.
func (v *validator) of(field string) *validator {
	v.place.Field, v.place.Language = field, ""
	return v
}

func (v *validator) add(where, code, value, format string, args ...any) {
	v.found = append(v.found, Fault{v.place, code, value, where + ": " + fmt.Sprintf(format, args...)})
}

func (v *validator) key(where, key string) {
	if !keyPattern.MatchString(key) {
		v.of("key").add(where, FaultKeyForm, key, "key %q must match %s", key, keyPattern)
	}
}

// onlyKey checks a key that none of those seen so far may have.
func (v *validator) onlyKey(where, key string, seen map[string]bool) {
	v.key(where, key)
	if seen[key] {
		v.of("key").add(where, FaultKeyTwice, key, "occurs twice")
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
		if v.place.Language = l; t[l] == "" {
			v.add(where, FaultNoText, l, "has no text in %q", l)
		}
	}
	for _, l := range slices.Sorted(maps.Keys(t)) {
		v.place.Language = l
		if !slices.Contains(v.languages, l) {
			v.add(where, FaultForeignText, l, "has a text in %q, which is not among the survey's languages", l)
		}
		if key := textProblem(t[l], maxTextLength); key != "" {
			v.add(where, key, strconv.Itoa(maxTextLength), "text in %q: %s", l, key)
		}
	}
	v.place.Language = ""
}

func (v *validator) question(q Question) {
	at := "question " + q.Key
	v.key(at, q.Key)
	if _, twice := v.questions[q.Key]; twice {
		v.of("key").add(at, FaultKeyTwice, q.Key, "occurs twice")
	}
	v.of("text").text(at, q.Text)
	v.of("short").optional(at+" short", q.Short)
	kind, known := kindOf(q.Type)
	if !known {
		v.of("type").add(at, FaultType, string(q.Type), "unknown type %q", q.Type)
		kind = plain{}
	}
	for _, property := range q.properties() {
		if known && !slices.Contains(kind.uses(), property) {
			v.of(property).add(at, FaultProperty, property, "%s does not belong to this type", property)
		}
	}
	v.of("no_opinion_text").optional(at+" no_opinion_text", q.NoOpinionText)
	if len(q.NoOpinionText) > 0 && !q.NoOpinion {
		v.add(at, FaultNoOpinionText, "", "no_opinion_text needs no_opinion")
	}
	kind.check(v.of(""), at, q)
	v.of("show")
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
		{"random_order", q.RandomOrder},
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
