// Package strictjson reads JSON that strangers send: what is said twice, of
// another type or not Unicode is a problem with its place, and no text is mended.
package strictjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"

	"sipas/internal/fault"
	"sipas/internal/survey"
)

// ErrMalformed says that a body is not what its type says.
var ErrMalformed = errors.New("malformed body")

// MaxMembers bounds the members of one object, so that a small body cannot ask
// for a long list of problems. A survey has at most 200 questions.
const MaxMembers = 256

// Decoder walks over the tokens of a body that is valid JSON. After a
// failure it reads no further.
type Decoder struct {
	body     []byte
	json     *json.Decoder
	problems []fault.Problem
	failure  error
}

// NewDecoder reads the opening brace of a body that is one JSON object,
// and nothing else.
func NewDecoder(body []byte) (*Decoder, error) {
	if !json.Valid(body) {
		return nil, fmt.Errorf("not JSON: %w", ErrMalformed)
	}
	d := &Decoder{body: body, json: json.NewDecoder(bytes.NewReader(body))}
	d.json.UseNumber()
	if token, _ := d.next("body"); token != json.Delim('{') {
		return nil, fmt.Errorf("not an object: %w", ErrMalformed)
	}
	return d, nil
}

// Read reads a body that is one JSON object, and calls read for each member. It reads its
// value, or says that there is no such member. Errors are those of NewDecoder and Err.
func Read(body []byte, read func(d *Decoder, key string) bool) error {
	d, err := NewDecoder(body)
	if err != nil {
		return err
	}
	d.Members("body", "", func(key string) {
		if !read(d, key) {
			d.Add(fault.Shortened(key), fault.ProblemUnknownField)
			d.Value(key)
		}
	})
	return d.Err()
}

// Err is what came of reading: nil, ErrMalformed or *fault.Invalid.
func (d *Decoder) Err() error {
	switch {
	case d.failure != nil:
		return d.failure
	case len(d.problems) > 0:
		return &fault.Invalid{Problems: d.problems[:min(len(d.problems), fault.MaxProblems)]}
	}
	return nil
}

// Add notes a problem: its place, and one of survey's problem keys.
func (d *Decoder) Add(where, key string) {
	d.problems = append(d.problems, fault.Problem{Where: where, Key: key})
}

func (d *Decoder) fail(why string) {
	d.failure = fmt.Errorf("%s: %w", why, ErrMalformed)
}

// next reads a token. The standard decoder replaces what is not Unicode; here
// it is a problem instead, and sound is false.
func (d *Decoder) next(where string) (token json.Token, sound bool) {
	from := d.json.InputOffset()
	token, err := d.json.Token()
	if err != nil {
		d.fail(err.Error())
		return nil, false
	}
	if _, isText := token.(string); isText && !wellFormed(d.body[from:d.json.InputOffset()]) {
		d.Add(where, fault.ProblemBadUTF8)
		return token, false
	}
	return token, true
}

// Members reads the rest of an object whose brace has been read, and calls read
// for each member, which must read its value. in says where the object stands,
// prefix is put before the keys of its members.
func (d *Decoder) Members(in, prefix string, read func(key string)) {
	seen := map[string]bool{}
	for n := 0; d.failure == nil && d.json.More(); n++ {
		if n == MaxMembers {
			d.fail("too many members in " + in)
			return
		}
		token, sound := d.next(in)
		key, _ := token.(string)
		switch {
		case !sound:
			d.Value(in)
		case seen[key]:
			d.Add(prefix+fault.Shortened(key), fault.ProblemDuplicateKey)
			d.Value(prefix)
		default:
			seen[key] = true
			read(key)
		}
	}
	d.next(in) // the closing brace
}

// Object reads a value that must be an object, like Members.
func (d *Decoder) Object(in, prefix string, read func(key string)) {
	token, _ := d.next(in)
	if token != json.Delim('{') {
		d.skip(token)
		d.Add(in, fault.ProblemWrongType)
		return
	}
	d.Members(in, prefix, read)
}

// List reads a value that must be a list of at most so many, and calls read for each of
// them, which must read its value.
func (d *Decoder) List(where string, most int, read func(at string)) {
	token, _ := d.next(where)
	if token != json.Delim('[') {
		d.skip(token)
		d.Add(where, fault.ProblemWrongType)
		return
	}
	for n := 0; d.failure == nil && d.json.More(); n++ {
		if n == most {
			d.fail("too many in " + where)
			return
		}
		read(where + "." + strconv.Itoa(n))
	}
	d.next(where) // the closing bracket
}

// Whole reads a value that must be a whole number.
func (d *Decoder) Whole(where string) int {
	v := d.Value(where)
	if v.Kind != survey.ValueLevel {
		d.Add(where, fault.ProblemWrongType)
	}
	return v.Level
}

// Flag reads a value that must be true or false.
func (d *Decoder) Flag(where string) bool {
	token, _ := d.next(where)
	flag, is := token.(bool)
	if !is {
		d.skip(token)
		d.Add(where, fault.ProblemWrongType)
	}
	return flag
}

// Text reads a value that must be a string.
func (d *Decoder) Text(where string) string {
	v := d.Value(where)
	if v.Kind != survey.ValueText {
		d.Add(where, fault.ProblemWrongType)
	}
	return v.Text
}

// Value reads one answer: a whole number, a string or a list of strings.
// Anything else is read to its end and has no kind.
func (d *Decoder) Value(where string) survey.Value {
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

func (d *Decoder) list(where string) survey.Value {
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
func (d *Decoder) skip(token json.Token) {
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
