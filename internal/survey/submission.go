package survey

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"sipas/internal/agency"
	"sipas/internal/civil"
	"sipas/internal/fault"
)

// Submission is what a client sent, decoded but not trusted.
type Submission struct {
	ID        string // a UUID that the client made when the form was opened
	Version   string // the public id of the version that was shown
	Language  string
	FieldKey  string // the service field the citizen chose; empty: did not say
	Procedure string // the procedure the citizen named; free text, empty: did not say
	Answers   map[string]Value
}

// Value is one untrusted answer: exactly one of the three is set, according to
// Kind.
type Value struct {
	Kind    ValueKind
	Level   int
	Text    string // a text, or the key of a single choice
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

// Response is one accepted submission: never edited, and holding nothing that
// says who gave it.
type Response struct {
	ID             string // the submission id; unique within the service point
	ServicePointID int64
	AgencyID       int64 // whose work is judged
	FieldKey       string
	VersionID      int64
	Channel        agency.Channel
	Language       string
	At             time.Time // UTC, whole microseconds
	Day            string    // the civil day at the place, 2006-01-02
	Scale          string    // a digit for each scale question of the version; '.' where unanswered
	Choices        []ChosenAnswer
	Points         []int // of the chosen answers, in the method points-210
	Texts          []TextAnswer
	Receipt        agency.Code
	Fingerprint    string // hex; equal for equal content under the same id
}

// Month is the civil month as a number, 202511 for November 2025.
func (r Response) Month() int { return civil.MonthOf(r.Day) }

// Levels gives the answers of the scale questions in published order: 0 to 5,
// or -1 where unanswered.
func (r Response) Levels() []int { return LevelsOf(r.Scale) }

// LevelsOf reads a Scale string.
func LevelsOf(scale string) []int {
	levels := make([]int, len(scale))
	for i := range len(scale) {
		levels[i] = -1
		if c := scale[i]; c >= '0' && c <= '5' {
			levels[i] = int(c - '0')
		}
	}
	return levels
}

// ChosenAnswer is the choices of one single or multi question, in the order of
// the definition.
type ChosenAnswer struct {
	Question string
	Choices  []string
}

// TextAnswer is one free text.
type TextAnswer struct {
	Question string
	Text     string
}

// ProcedureQuestion is the reserved key under which the procedure a citizen
// named is kept among the free texts.
const ProcedureQuestion = "procedure"

const maxProcedureLength = 200

// Accepting is where and when a submission is accepted.
type Accepting struct {
	Point   agency.ServicePoint
	Version *Version
	Scopes  map[string]agency.FieldScope // of every service field
	At      time.Time
	Zone    *time.Location
}

// Accept checks a submission against the version it answers. It returns the
// response, or *Invalid with every problem found. The submission id must have
// been read by ParseID, and all texts be in Unicode form NFC.
func (a Accepting) Accept(s Submission) (Response, error) {
	var ps problems
	id, ok := ParseID(s.ID)
	if !ok {
		ps.add("submission", fault.ProblemSubmissionID)
	}
	if s.Version != a.Version.Name() {
		ps.add("version", fault.ProblemUnknownVersion)
		return Response{}, ps.err()
	}
	if !slices.Contains(a.Version.Definition.Languages, s.Language) {
		ps.add("language", fault.ProblemUnknownLanguage)
	}
	field, ok := a.Point.FieldFor(s.FieldKey, a.Scopes)
	if !ok {
		ps.add("field", fault.ProblemNotOffered)
	}
	r := Response{
		ID: id, ServicePointID: a.Point.ID, AgencyID: a.Point.JudgedID, FieldKey: field,
		VersionID: a.Version.ID, Channel: a.Point.Channel, Language: s.Language,
		At: a.At.UTC().Truncate(time.Microsecond), Day: a.At.In(a.Zone).Format(time.DateOnly),
	}
	answers := answerReader{version: a.Version, given: s.Answers, problems: &ps}
	answers.read(&r)
	if s.Procedure != "" {
		if key := textProblem(s.Procedure, maxProcedureLength); key != "" {
			ps.text("procedure", key, maxProcedureLength)
		}
		if text := trimmed(s.Procedure); text != "" {
			r.Texts = append(r.Texts, TextAnswer{Question: ProcedureQuestion, Text: text})
		}
	}
	if err := ps.err(); err != nil {
		return Response{}, err
	}
	r.Points = a.Version.Points(r.Choices)
	r.Receipt = agency.NewCode()
	r.Fingerprint = fingerprint(r)
	return r, nil
}

// answerReader turns the given answers into those of a response.
type answerReader struct {
	version  *Version
	given    map[string]Value
	problems *problems
}

func (a answerReader) read(r *Response) {
	for key := range a.given {
		if _, known := a.version.Question(key); !known {
			a.problems.add("answers."+fault.Shortened(key), fault.ProblemUnknownQuestion)
		}
	}
	// The order of a map is random; the order of problems should not be.
	slices.SortFunc(*a.problems, func(x, y fault.Problem) int { return strings.Compare(x.Where, y.Where) })
	scale := make([]byte, 0, len(a.version.Scale()))
	for _, q := range a.version.Questions() {
		if q.Type == TypeScale {
			scale = append(scale, '.')
		}
		value, answered := a.given[q.Key]
		shown := a.shown(q)
		where := "answers." + q.Key
		switch {
		case answered && !shown:
			a.problems.add(where, fault.ProblemHidden)
			continue
		case !answered && shown && q.Required:
			a.problems.add(where, fault.ProblemRequired)
			continue
		case !answered:
			continue
		}
		switch q.Type {
		case TypeScale:
			if level, ok := a.level(q, where, value); ok {
				scale[len(scale)-1] = byte('0' + level)
			}
		case TypeSingle, TypeMulti:
			if chosen := a.choices(q, where, value); len(chosen) > 0 {
				r.Choices = append(r.Choices, ChosenAnswer{Question: q.Key, Choices: chosen})
			}
		case TypeText:
			if text := a.text(q, where, value); text != "" {
				r.Texts = append(r.Texts, TextAnswer{Question: q.Key, Text: text})
			}
		}
	}
	r.Scale = string(scale)
}

// shown tells whether the answers given so far show a question.
func (a answerReader) shown(q Question) bool {
	if q.Show == nil {
		return true
	}
	value, answered := a.given[q.Show.Question]
	earlier, _ := a.version.Question(q.Show.Question)
	if !answered || !a.shown(earlier) {
		return false
	}
	if value.Kind == ValueLevel {
		return slices.Contains(q.Show.In, strconv.Itoa(value.Level))
	}
	return value.Kind == ValueText && slices.Contains(q.Show.In, value.Text)
}

func (a answerReader) level(q Question, where string, v Value) (int, bool) {
	switch {
	case v.Kind != ValueLevel:
		a.problems.add(where, fault.ProblemWrongType)
	case v.Level < 0 || v.Level > 5:
		a.problems.over(where, fault.ProblemOutOfScale, "1-5")
	case v.Level == 0 && !q.NoOpinion:
		a.problems.add(where, fault.ProblemNoOpinion)
	default:
		return v.Level, true
	}
	return 0, false
}

// choices returns the chosen keys in the order of the definition.
func (a answerReader) choices(q Question, where string, v Value) []string {
	given := v.Choices
	switch {
	case q.Type == TypeSingle && v.Kind == ValueText:
		given = []string{v.Text}
	case q.Type == TypeMulti && v.Kind == ValueChoices:
	default:
		a.problems.add(where, fault.ProblemWrongType)
		return nil
	}
	most := len(q.Choices)
	if q.MaxChoices > 0 {
		most = q.MaxChoices
	}
	if len(given) > most {
		a.problems.over(where, fault.ProblemTooManyChoices, strconv.Itoa(most))
		return nil
	}
	seen := map[string]bool{}
	for _, key := range given {
		if seen[key] {
			a.problems.add(where, fault.ProblemDuplicateChoice)
			return nil
		}
		if !slices.ContainsFunc(q.Choices, func(c Choice) bool { return c.Key == key }) {
			a.problems.add(where, fault.ProblemUnknownChoice)
			return nil
		}
		seen[key] = true
	}
	if q.Required && len(given) == 0 {
		a.problems.add(where, fault.ProblemRequired)
	}
	var chosen []string
	for _, c := range q.Choices {
		if seen[c.Key] {
			chosen = append(chosen, c.Key)
		}
	}
	return chosen
}

func (a answerReader) text(q Question, where string, v Value) string {
	if v.Kind != ValueText {
		a.problems.add(where, fault.ProblemWrongType)
		return ""
	}
	most := q.MaxLength
	if most == 0 {
		most = DefaultMaxLength
	}
	if key := textProblem(v.Text, most); key != "" {
		a.problems.text(where, key, most)
		return ""
	}
	text := trimmed(v.Text)
	if q.Required && text == "" {
		a.problems.add(where, fault.ProblemRequired)
	}
	return text
}

// fingerprint hashes what the citizen said, salted with the submission id, so
// that it can tell a replay from a conflict and nothing else.
func fingerprint(r Response) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\x00%d\x00%s\x00%s", r.ID, r.VersionID, r.FieldKey, r.Scale)
	for _, c := range r.Choices {
		fmt.Fprintf(h, "\x00c%s\x01%s", c.Question, strings.Join(c.Choices, "\x01"))
	}
	for _, t := range r.Texts {
		fmt.Fprintf(h, "\x00t%s\x01%s", t.Question, t.Text)
	}
	return fmt.Sprintf("%x", h.Sum(nil)[:16])
}
