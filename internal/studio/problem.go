package studio

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"sipas/internal/agency"
	"sipas/internal/exchange/draft"
	"sipas/internal/message"
	"sipas/internal/reach"
	"sipas/internal/registry"
	"sipas/internal/survey"
)

// Problem is one thing that keeps a draft from being published, or that its author should
// know before.
type Problem struct {
	Element  Key
	Field    string // "" is all of the element
	Language string
	Code     string // one of the constants here, of package survey or of package registry
	Value    string // what is at fault: as it was typed, or what the element is called that it names
	Blocks   bool
	Said     *draft.Problem // what a file said; then Code is ProblemReported
}

// The codes of problems that only drafts have; `studio.problem.<code>` of the catalogues
// says each, as it does the faults of definitions.
const (
	ProblemNoSection       = "no-section"     // a question before the first section
	ProblemUnread          = "unread"         // it is no number, no list of numbers
	ProblemLanguage        = "language"       // no tag of one
	ProblemManyLanguages   = "many-languages" // more than there may be
	ProblemNoTranslation   = "no-translation"
	ProblemReported        = "reported" // a file said something
	ProblemCodeTaken       = "code-taken"
	ProblemNewer           = "newer-version" // was published since the draft began
	ProblemConditionUnread = "condition-unread"
	ProblemConditionGone   = "condition-gone"
	ProblemConditionLater  = "condition-later"
	ProblemValueGone       = "condition-value-gone"
	ProblemHeadlineGone    = "headline-gone"

	// These only warn.
	ProblemUnreachable   = "unreachable"
	ProblemSectionScored = "section-not-scored"
	ProblemNothingScored = "nothing-scored"
	ProblemAlike         = "alike"
)

// Text is the sentence.
func (p Problem) Text(printer message.Printer) string {
	if p.Said != nil {
		return p.Said.Text(printer)
	}
	return printer.T("studio.problem."+p.Code, "value", p.Value, "language", p.Language)
}

// Blocking are the problems that keep from publishing.
func Blocking(problems []Problem) []Problem {
	return slices.DeleteFunc(slices.Clone(problems), func(p Problem) bool { return !p.Blocks })
}

// Problems lists what is wrong with a draft, in the order of the survey, what blocks
// first. Published are the versions that have its code, and what they are to the draft
// its Info says; nil where there are none.
func (d *Draft) Problems(info Info, published []*survey.Version) []Problem {
	b := d.build()
	problems := b.problems
	for _, f := range registry.Faults(b.definition) {
		problems = append(problems, b.problem(f))
	}
	problems = append(problems, b.kinship(info, published)...)
	for _, e := range d.Reports() {
		p := Problem{Element: e.Key, Code: ProblemReported, Blocks: e.Fields["blocks"] != "", Said: &draft.Problem{}}
		_ = json.Unmarshal([]byte(e.Fields["said"]), p.Said) // From wrote it
		problems = append(problems, p)
	}
	problems = append(problems, b.warnings()...)
	place := map[Key]int{Whole: -1}
	for _, key := range d.keys() { // parts after all questions
		if place[key] = 2 * len(place); d.elements[key].In != "" {
			place[key] = place[d.elements[key].In] + 1
		}
	}
	slices.SortStableFunc(problems, func(a, b Problem) int {
		if a.Blocks != b.Blocks {
			return map[bool]int{true: -1, false: 1}[a.Blocks]
		}
		return place[a.Element] - place[b.Element]
	})
	return problems
}

// problem is a fault of the definition, with what it is about as people know it.
func (b *built) problem(f survey.Fault) Problem {
	p := Problem{Element: b.element(f.Place), Field: f.Field, Language: f.Language, Code: f.Code, Value: f.Value, Blocks: true}
	if p.Field == "key" {
		p.Field = "code"
	}
	if _, known := b.elements[p.Element]; known && !slices.ContainsFunc(FieldsOf(b.elements[p.Element].Kind), func(f Field) bool { return f.Name == p.Field }) {
		p.Field = "" // choices and rows are elements
	}
	name, gone := strings.CutPrefix(f.Value, lost)
	switch {
	case f.Code == survey.FaultNoText && f.Language != agency.FallbackLanguage:
		p.Code = ProblemNoTranslation
	case f.Code == survey.FaultKeyNamed:
		p.Value = survey.NamedKey(survey.QuestionType(b.elements[p.Element].Fields["type"]))
	case f.Code == survey.FaultHeadline && gone:
		p.Code, p.Value = ProblemHeadlineGone, b.called(name)
	case f.Code == survey.FaultConditionQuestion:
		if p.Code = ProblemConditionLater; strings.Contains(f.Value, lost) {
			p.Code = ProblemConditionGone
		}
		p.Value = b.called(lostIn(f.Value))
	case f.Code == survey.FaultConditionValue && gone:
		p.Code, p.Value = ProblemValueGone, b.called(name)
	case strings.HasPrefix(f.Code, "condition-") && f.Code != survey.FaultConditionValue:
		p.Value = b.called(f.Value)
	}
	return p
}

// lostIn is the name of the element that is not there in the address of an answer; the
// address itself where all is.
func lostIn(address string) string {
	question, below, _ := strings.Cut(address, ".")
	for _, name := range []string{question, below} {
		if key, gone := strings.CutPrefix(name, lost); gone {
			return key
		}
	}
	return address
}

// called is what people call an element, by its key or code; other names stay.
func (d *Tree) called(name string) string {
	e := d.elements[Key(name)]
	question, _, _ := strings.Cut(name, ".")
	for _, one := range d.Outline() {
		if e == nil && one.Kind == KindQuestion && one.Fields["code"] == question {
			e = one
		}
	}
	if e == nil {
		return name
	}
	if text := e.Text("text", agency.FallbackLanguage); text != "" {
		return text
	}
	return e.Fields["code"]
}

// kinship is what is wrong between a draft and what is published under its code.
func (b *built) kinship(info Info, published []*survey.Version) []Problem {
	if len(published) == 0 {
		return nil
	}
	newest := published[len(published)-1]
	code := newest.Definition.Key
	switch {
	case code != b.elements[Whole].Fields["code"]:
	case info.Continues != code:
		return []Problem{{Element: Whole, Field: "code", Code: ProblemCodeTaken, Value: code, Blocks: true}}
	case newest.Number > info.FromVersion:
		return []Problem{{Element: Whole, Code: ProblemNewer, Value: newest.Name()}}
	}
	return nil
}

// warnings are what may be published, and is probably not meant.
func (b *built) warnings() []Problem {
	var problems []Problem
	v := survey.NewVersion(0, 0, time.Time{}, b.definition)
	for _, at := range reach.Unreachable(b.definition) {
		problems = append(problems, Problem{Element: b.element(at), Field: "show", Code: ProblemUnreachable})
	}
	scored := v.Definition.Method == "" || slices.ContainsFunc(v.Questions(), survey.Question.Pointed)
	for i, s := range b.definition.Sections {
		asked, counts := false, false
		for _, q := range s.Questions {
			if q.Shape().Levels > 0 && len(v.PartsOf(q)) > 0 {
				asked, counts = true, counts || q.Scores()
			}
		}
		if asked && !counts {
			problems = append(problems, Problem{Element: b.sections[i], Code: ProblemSectionScored})
		}
		scored = scored || counts
	}
	if !scored && len(v.Questions()) > 0 {
		problems = append(problems, Problem{Element: Whole, Field: "method", Code: ProblemNothingScored})
	}
	for _, e := range b.Outline() {
		for _, parts := range [][]*Element{b.Choices(e.Key), b.Rows(e.Key)} {
			seen := map[string]bool{}
			for _, part := range parts {
				text := strings.ToLower(strings.Join(strings.Fields(part.Fields["text@vi"]), " "))
				if text != "" && seen[text] {
					problems = append(problems, Problem{Element: part.Key, Field: "text", Language: agency.FallbackLanguage, Code: ProblemAlike, Value: part.Fields["text@vi"]})
				}
				seen[text] = true
			}
		}
	}
	return problems
}
