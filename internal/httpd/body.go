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

// sent is a body that was read, or why it could not be.
type sent struct {
	fields   url.Values
	document []byte
	err      error
}

// body reads what was sent, once.
func (r *Request) body() *sent {
	if r.sent == nil {
		r.sent = &sent{}
		if r.route.Body.kind == "JSON" {
			r.sent.document, r.sent.err = r.readJSON()
		} else {
			r.sent.fields, r.sent.err = r.readForm()
		}
	}
	return r.sent
}

// carries holds handlers to the table of routes.
func (r *Request) carries(kind string, whole bool) {
	if b := r.route.Body; b.kind != kind || b.whole != whole {
		panic(fmt.Sprintf("route %s %s has a body of %s", r.route.Method, r.route.Path, b))
	}
}

// Fields are those of a form, of which a handler reads what its route declares.
type Fields struct {
	r      *Request
	values url.Values
}

// Get is the value of a field, "" if it was not sent.
func (f Fields) Get(name string) string {
	f.r.declared(name)
	return f.values.Get(name)
}

// Fields reads a FormBody. Errors: ErrMediaType, strictjson.ErrMalformed,
// *http.MaxBytesError.
func (r *Request) Fields() (Fields, error) {
	r.carries("form", false)
	b := r.body()
	return Fields{r, b.fields}, b.err
}

// Answers reads an AnswersBody; nil with the errors of Fields.
func (r *Request) Answers() (url.Values, error) {
	r.carries("form", true)
	b := r.body()
	return b.fields, b.err
}

// JSON reads a JSONBody. Errors: ErrMediaType, strictjson.ErrMalformed.
func (r *Request) JSON() ([]byte, error) {
	r.carries("JSON", true)
	b := r.body()
	return b.document, b.err
}

// member is a field of what was sent that names something. Of JSON it is a
// text in the object; the handler judges the rest of the document.
func (r *Request) member(name string) (string, error) {
	b := r.body()
	if b.err != nil || r.route.Body.kind != "JSON" {
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
func (r *Request) readForm() (url.Values, error) {
	c := r.c
	mediaType, _, err := mime.ParseMediaType(c.ContentType())
	if err != nil || mediaType != "application/x-www-form-urlencoded" || c.GetHeader("Content-Encoding") != "" {
		return nil, ErrMediaType
	}
	if err := c.Request.ParseForm(); err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return nil, err
		}
		return nil, strictjson.ErrMalformed // the parser's own words would repeat what was typed
	}
	return c.Request.PostForm, nil
}

// readJSON reads a body that says that it is JSON and is not compressed: what a
// compressed body unpacks to has no bound.
func (r *Request) readJSON() ([]byte, error) {
	given, encoding := r.c.GetHeader("Content-Type"), r.c.GetHeader("Content-Encoding")
	kind, parameters, err := mime.ParseMediaType(given)
	charset := parameters["charset"]
	switch {
	case err != nil, kind != "application/json", charset != "" && !strings.EqualFold(charset, "utf-8"):
		return nil, fmt.Errorf("content type %.60q: %w", given, ErrMediaType)
	case encoding != "":
		return nil, fmt.Errorf("content encoding %.60q: %w", encoding, ErrMediaType)
	}
	body, err := io.ReadAll(r.c.Request.Body)
	if err != nil {
		return nil, fmt.Errorf("read body: %w: %w", strictjson.ErrMalformed, err)
	}
	return body, nil
}

// IdempotencyKey reads the header of a draft standard, by which it is a text in
// quotation marks; most clients leave them out. Two of them name two
// submissions, and count as none: ErrKeyMissing.
func (r *Request) IdempotencyKey() (string, error) {
	key := ""
	if keys := r.c.Request.Header.Values("Idempotency-Key"); len(keys) == 1 {
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
