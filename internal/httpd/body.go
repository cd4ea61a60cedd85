package httpd

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"sipas/internal/strictjson"
)

// Sent is the body of a request.
type Sent struct {
	x    *exchange
	read *read
}

// read is a body that was read, or why it could not be.
type read struct {
	fields   url.Values
	document []byte
	err      error
}

// body reads what was sent, once.
func (s *Sent) body() *read {
	if s.read == nil {
		s.read = &read{}
		switch s.x.route.Body.kind {
		case "JSON":
			s.read.document, s.read.err = s.readJSON()
		case "file":
			s.read.fields, s.read.document, s.read.err = s.readFile()
		default:
			s.read.fields, s.read.err = s.readForm()
		}
	}
	return s.read
}

// carries holds handlers to the table of routes.
func (s *Sent) carries(kind string, whole bool) {
	if b := s.x.route.Body; b.kind != kind || b.whole != whole {
		panic(fmt.Sprintf("route %s %s has a body of %s", s.x.route.Method, s.x.route.Path, b))
	}
}

// Fields are those of a form, of which a handler reads what its route declares.
type Fields struct {
	x      *exchange
	values url.Values
}

// Get is the value of a field, "" if it was not sent.
func (f Fields) Get(name string) string {
	f.x.declared(name)
	return f.values.Get(name)
}

// All are the values of a field that may be sent several times.
func (f Fields) All(name string) []string {
	f.x.declared(name)
	return f.values[name]
}

// Fields reads a FormBody. Errors: ErrMediaType, strictjson.ErrMalformed,
// *http.MaxBytesError.
func (s *Sent) Fields() (Fields, error) {
	s.carries("form", false)
	b := s.body()
	return Fields{s.x, b.fields}, b.err
}

// Answers reads an AnswersBody; nil with the errors of Fields.
func (s *Sent) Answers() (url.Values, error) {
	s.carries("form", true)
	b := s.body()
	return b.fields, b.err
}

// File reads a FileBody: its file, empty where none was chosen, and its other
// fields. Errors: those of Fields.
func (s *Sent) File() ([]byte, Fields, error) {
	s.carries("file", false)
	b := s.body()
	return b.document, Fields{s.x, b.fields}, b.err
}

// JSON reads a JSONBody. Errors: ErrMediaType, strictjson.ErrMalformed.
func (s *Sent) JSON() ([]byte, error) {
	s.carries("JSON", true)
	b := s.body()
	return b.document, b.err
}

// member is a field of what was sent that names something. Of JSON it is a
// text in the object; the handler judges the rest of the document.
func (s *Sent) member(name string) (string, error) {
	b := s.body()
	if b.err != nil || s.x.route.Body.kind != "JSON" {
		return b.fields.Get(name), b.err
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(b.document, &members); err != nil {
		return "", fmt.Errorf("%w: %w", strictjson.ErrMalformed, err)
	}
	var text string
	if err := json.Unmarshal(members[name], &text); err != nil {
		return "", nil //nolint:nilerr // what is no text names nothing
	}
	return text, nil
}

// readForm reads a form-encoded body, and nothing from the address.
func (s *Sent) readForm() (url.Values, error) {
	c := s.x.c
	mediaType, _, err := mime.ParseMediaType(c.ContentType())
	if err != nil || mediaType != "application/x-www-form-urlencoded" || c.GetHeader("Content-Encoding") != "" {
		return nil, ErrMediaType
	}
	body, err := io.ReadAll(c.Request.Body)
	if err != nil {
		return nil, sentWrong(err)
	}
	fields, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, strictjson.ErrMalformed // the parser's own words would repeat what was typed
	}
	return fields, nil
}

// fieldBytes bounds a field beside a file.
const fieldBytes = 4 << 10

// readFile reads a form with one file, in memory: the route bounds it.
func (s *Sent) readFile() (fields url.Values, file []byte, err error) {
	parts, err := s.x.c.Request.MultipartReader()
	if err != nil {
		return nil, nil, ErrMediaType
	}
	fields = url.Values{}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return fields, file, nil
		}
		if err != nil {
			return nil, nil, sentWrong(err)
		}
		if part.FileName() != "" {
			if file != nil {
				return nil, nil, strictjson.ErrMalformed
			}
			if file, err = io.ReadAll(part); err != nil {
				return nil, nil, sentWrong(err)
			}
			continue
		}
		value, err := io.ReadAll(io.LimitReader(part, fieldBytes+1))
		if err != nil || len(value) > fieldBytes || len(fields) > maxFields {
			return nil, nil, sentWrong(err)
		}
		fields.Add(part.FormName(), string(value))
	}
}

// maxFields is how many fields stand beside a file.
const maxFields = 20

// sentWrong is why a body cannot be read, without what was in it.
func sentWrong(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return err
	}
	return strictjson.ErrMalformed
}

// readJSON reads a body that says that it is JSON and is not compressed: what a
// compressed body unpacks to has no bound.
func (s *Sent) readJSON() ([]byte, error) {
	given, encoding := s.x.c.GetHeader("Content-Type"), s.x.c.GetHeader("Content-Encoding")
	kind, parameters, err := mime.ParseMediaType(given)
	charset := parameters["charset"]
	switch {
	case err != nil, kind != "application/json", charset != "" && !strings.EqualFold(charset, "utf-8"):
		return nil, fmt.Errorf("content type %.60q: %w", given, ErrMediaType)
	case encoding != "":
		return nil, fmt.Errorf("content encoding %.60q: %w", encoding, ErrMediaType)
	}
	body, err := io.ReadAll(s.x.c.Request.Body)
	if err != nil {
		return nil, fmt.Errorf("read body: %w: %w", strictjson.ErrMalformed, err)
	}
	return body, nil
}

// IdempotencyKey reads the header of a draft standard, by which it is a text in
// quotation marks; most clients leave them out. Two of them name two
// submissions, and count as none: ErrKeyMissing.
func (s *Sent) IdempotencyKey() (string, error) {
	key := ""
	if keys := s.x.c.Request.Header.Values("Idempotency-Key"); len(keys) == 1 {
		key = strings.TrimSpace(keys[0])
	}
	if inner, quoted := strings.CutPrefix(key, `"`); quoted && strings.HasSuffix(inner, `"`) {
		key = strings.TrimSuffix(inner, `"`)
	}
	if key == "" {
		return "", ErrKeyMissing
	}
	return key, nil
}
