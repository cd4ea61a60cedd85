package httpd

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"

	"sipas/internal/survey"
)

// maxMembers bounds the members of one object, so that a small body cannot ask
// for a long list of problems. A survey has at most 200 questions.
const maxMembers = 256

// serverFields are what a client must not say, because the system knows better
// or because it must not be known at all.
var serverFields = map[string]bool{
	"id": true, "submission": true, "submission_id": true, "response_id": true, "idempotency_key": true,
	"created_at": true, "received_at": true, "submitted_at": true, "at": true, "day": true, "month": true, "time": true,
	"ip": true, "address": true, "user_agent": true, "device": true, "user_id": true,
	"agency": true, "agency_id": true, "judged_agency_id": true,
	"code": true, "point": true, "service_point": true, "service_point_id": true,
	"version_id": true, "channel": true, "status": true, "receipt": true, "fingerprint": true,
	"score": true, "scale": true, "points": true, "percent": true,
}

// decodeSubmission reads the body of a response sent as JSON, strictly: what is
// not asked for, said twice or of another type is refused, and no text is
// mended. Errors: errMalformed if it is not one JSON object, *survey.Invalid
// with every problem found. Whether an answer fits its question is not its
// business: a value that no question can have becomes a survey.Value without a
// kind.
func decodeSubmission(body []byte) (survey.Submission, error) {
	d, err := newStrictDecoder(body)
	if err != nil {
		return survey.Submission{}, err
	}
	s := survey.Submission{Language: survey.FallbackLanguage, Answers: map[string]survey.Value{}}
	d.members("body", "", func(key string) { d.member(key, &s) })
	return s, d.err()
}

// strictDecoder walks over the tokens of a body that is valid JSON. After a
// failure it reads no further.
type strictDecoder struct {
	body     []byte
	json     *json.Decoder
	problems []survey.Problem
	failure  error
}

// newStrictDecoder reads the opening brace of a body that is one JSON object,
// and nothing else.
func newStrictDecoder(body []byte) (*strictDecoder, error) {
	if !json.Valid(body) {
		return nil, fmt.Errorf("not JSON: %w", errMalformed)
	}
	d := &strictDecoder{body: body, json: json.NewDecoder(bytes.NewReader(body))}
	d.json.UseNumber()
	if token, _ := d.next("body"); token != json.Delim('{') {
		return nil, fmt.Errorf("not an object: %w", errMalformed)
	}
	return d, nil
}

// err is what came of reading: nil, errMalformed or *survey.Invalid.
func (d *strictDecoder) err() error {
	switch {
	case d.failure != nil:
		return d.failure
	case len(d.problems) > 0:
		return &survey.Invalid{Problems: d.problems[:min(len(d.problems), survey.MaxProblems)]}
	}
	return nil
}

func (d *strictDecoder) add(where, key string) {
	d.problems = append(d.problems, survey.Problem{Where: where, Key: key})
}

func (d *strictDecoder) fail(why string) {
	d.failure = fmt.Errorf("%s: %w", why, errMalformed)
}

// next reads a token. The standard decoder replaces what is not Unicode; here
// it is a problem instead, and sound is false.
func (d *strictDecoder) next(where string) (token json.Token, sound bool) {
	from := d.json.InputOffset()
	token, err := d.json.Token()
	if err != nil {
		d.fail(err.Error())
		return nil, false
	}
	if _, isText := token.(string); isText && !wellFormed(d.body[from:d.json.InputOffset()]) {
		d.add(where, survey.ProblemBadUTF8)
		return token, false
	}
	return token, true
}

// members reads the rest of an object whose brace has been read, and calls read
// for each member, which must read its value. in says where the object stands,
// prefix is put before the keys of its members.
func (d *strictDecoder) members(in, prefix string, read func(key string)) {
	seen := map[string]bool{}
	for n := 0; d.failure == nil && d.json.More(); n++ {
		if n == maxMembers {
			d.fail("too many members in " + in)
			return
		}
		token, sound := d.next(in)
		key, _ := token.(string)
		switch {
		case !sound:
			d.value(in)
		case seen[key]:
			d.add(prefix+survey.Shortened(key), survey.ProblemDuplicateKey)
			d.value(prefix)
		default:
			seen[key] = true
			read(key)
		}
	}
	d.next(in) // the closing brace
}

// member reads a value of the outermost object.
func (d *strictDecoder) member(key string, s *survey.Submission) {
	switch key {
	case "version":
		s.Version = d.text(key)
	case "language":
		s.Language = d.text(key)
	case "field":
		s.FieldKey = d.text(key)
	case "procedure":
		s.Procedure = d.text(key)
	case "answers":
		d.answers(s)
	case commentKey:
		d.answer(key, key, s)
	default:
		problem := survey.ProblemUnknownField
		if serverFields[key] {
			problem = survey.ProblemServerField
		}
		d.add(survey.Shortened(key), problem)
		d.value(key)
	}
}

// commentKey is the question whose answer may stand beside the others.
const commentKey = "comment"

func (d *strictDecoder) answers(s *survey.Submission) {
	token, _ := d.next("answers")
	if token != json.Delim('{') {
		d.skip(token)
		d.add("answers", survey.ProblemWrongType)
		return
	}
	d.members("answers", "answers.", func(key string) { d.answer("answers."+survey.Shortened(key), key, s) })
}

func (d *strictDecoder) answer(where, key string, s *survey.Submission) {
	value := d.value(where)
	if _, twice := s.Answers[key]; twice {
		d.add(where, survey.ProblemDuplicateKey)
		return
	}
	s.Answers[key] = value
}

// text reads a value that must be a string.
func (d *strictDecoder) text(where string) string {
	v := d.value(where)
	if v.Kind != survey.ValueText {
		d.add(where, survey.ProblemWrongType)
	}
	return v.Text
}

// value reads one answer: a whole number, a string or a list of strings.
// Anything else is read to its end and has no kind.
func (d *strictDecoder) value(where string) survey.Value {
	token, _ := d.next(where)
	switch token := token.(type) {
	case json.Number:
		if level, ok := whole(token.String()); ok {
			return survey.Value{Kind: survey.ValueLevel, Level: level}
		}
	case string:
		return survey.Value{Kind: survey.ValueText, Text: token}
	case json.Delim:
		if token == '[' {
			return d.list(where)
		}
		d.skip(token)
	}
	return survey.Value{}
}

func (d *strictDecoder) list(where string) survey.Value {
	v := survey.Value{Kind: survey.ValueChoices, Choices: []string{}}
	for d.failure == nil && d.json.More() {
		token, _ := d.next(where)
		text, ok := token.(string)
		if !ok {
			d.skip(token)
			v.Kind = 0
		}
		v.Choices = append(v.Choices, text)
	}
	d.next(where) // the closing bracket
	if v.Kind == 0 {
		return survey.Value{}
	}
	return v
}

// skip reads to the end of the object or list that a token opened. It does not
// recurse: the depth of a body is up to its sender.
func (d *strictDecoder) skip(token json.Token) {
	for depth := opens(token); depth > 0 && d.failure == nil; {
		inner, err := d.json.Token()
		if err != nil {
			d.fail(err.Error())
			return
		}
		depth += opens(inner)
	}
}

// opens counts 1 for an opening bracket, -1 for a closing one, 0 for the rest.
func opens(token json.Token) int {
	switch token {
	case json.Delim('{'), json.Delim('['):
		return 1
	case json.Delim('}'), json.Delim(']'):
		return -1
	}
	return 0
}

// whole reads a number that is written as a whole one: 5, and not 5.0, 1e1 or
// -0. A number too large for an int is some other large number, out of every
// scale.
func whole(literal string) (int, bool) {
	n, err := strconv.Atoi(literal)
	return n, err == nil && strconv.Itoa(n) == literal || errors.Is(err, strconv.ErrRange)
}

// wellFormed tells whether a JSON string, as written, is UTF-8 and escapes
// UTF-16 surrogates in pairs only.
func wellFormed(raw []byte) bool {
	if !utf8.Valid(raw) {
		return false
	}
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' {
			continue
		}
		unit, escaped := codeUnit(raw[i:])
		if !escaped {
			i++ // an escape of one character
			continue
		}
		i += 5
		if unit>>10 == 0xdc00>>10 {
			return false
		}
		if unit>>10 == 0xd800>>10 {
			if low, _ := codeUnit(raw[i+1:]); low>>10 != 0xdc00>>10 {
				return false
			}
			i += 6
		}
	}
	return true
}

// codeUnit reads an escape like \u1ea1.
func codeUnit(raw []byte) (unit uint64, ok bool) {
	if len(raw) < 6 || raw[0] != '\\' || raw[1] != 'u' {
		return 0, false
	}
	unit, err := strconv.ParseUint(string(raw[2:6]), 16, 16)
	return unit, err == nil
}
