package survey

import (
	"bytes"
	"slices"
	"strings"
	"time"

	"sipas/internal/agency"
	"sipas/internal/fault"
)

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
	answers := reader{version: a.Version, point: a.Point, submission: s, problems: &ps, response: &r}
	answers.read()
	if err := ps.err(); err != nil {
		return Response{}, err
	}
	a.Version.Judge(&r)
	r.Receipt = agency.NewCode()
	r.Fingerprint = fingerprint(r)
	return r, nil
}

// reader turns the given answers into those of a response.
type reader struct {
	version    *Version
	point      agency.ServicePoint
	submission Submission
	problems   *problems
	response   *Response
	scale      []byte
	hidden     map[string]bool // answers that are not asked for, by address
}

func (r *reader) read() {
	for address := range r.submission.Answers {
		if _, known := r.version.Part(address); !known {
			r.problems.add("answers."+fault.Shortened(address), fault.ProblemUnknownQuestion)
		}
	}
	// The order of a map is random; the order of problems should not be.
	slices.SortFunc(*r.problems, func(x, y fault.Problem) int { return strings.Compare(x.Where, y.Where) })
	r.scale = bytes.Repeat([]byte{'.'}, len(r.version.Scale()))
	for _, p := range r.version.Parts() {
		value, answered := p.kind.given(r, p)
		shown := r.asks(p)
		switch {
		case answered && !shown:
			r.problems.add(p.where(), fault.ProblemHidden)
		case !answered && shown && p.Required:
			r.problems.add(p.where(), fault.ProblemRequired)
		case answered:
			p.kind.read(r, p, value)
		}
		if !shown && !p.Reserved {
			r.hide(p)
		}
	}
	r.response.Scale = string(r.scale)
}

// asks tells whether the answers so far ask for one.
func (r *reader) asks(p Part) bool { return r.shown(p.Question.Show) && r.shown(p.Show) }

func (r *reader) shown(c *Condition) bool {
	return c == nil || situation{r.version, r.point.Channel, r.response.FieldKey, r.answer}.fulfils(*c)
}

// answer finds an answer of a question that is shown. Conditions name earlier
// questions only.
func (r *reader) answer(address string) (Value, bool) {
	v, answered := r.submission.Answers[address]
	return v, answered && !r.hidden[address]
}

func (r *reader) hide(p Part) {
	if r.hidden == nil {
		r.hidden = map[string]bool{}
	}
	r.hidden[p.Key()] = true
}

// level keeps a level.
func (r *reader) level(p Part, level int) { r.scale[p.item] = byte('0' + level) }

// choose keeps choices, which are counted.
func (r *reader) choose(p Part, keys ...string) {
	r.response.Choices = append(r.response.Choices, ChosenAnswer{Question: p.Question.Key, Choices: keys})
}

// keep keeps a number or date, which is not counted.
func (r *reader) keep(p Part, value string) {
	r.response.Values = append(r.response.Values, KeptValue{Question: p.Question.Key, Value: value})
}
