package app_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// conversation is what a program is asked from outside, and what the program of
// a release answered. It names no type of the program, which may all change.
type conversation struct {
	Keys      map[string]string `json:"keys"`  // by the names that questions have for them
	Texts     map[string]int    `json:"texts"` // each free text, and how often it was given
	Questions []question        `json:"questions"`
	answers   map[string]reply  // by the question
}

// question is one of: a document, a page, an answer sent again, a sign-in, a
// command.
type question struct {
	Get      string          `json:"get,omitempty"`
	Page     string          `json:"page,omitempty"`
	Post     string          `json:"post,omitempty"`
	SignIn   string          `json:"sign_in,omitempty"`
	Run      string          `json:"run,omitempty"`
	As       string          `json:"as,omitempty"`   // the key that the caller has
	Link     string          `json:"link,omitempty"` // the key of an entry link
	Key      string          `json:"key,omitempty"`  // of the submission
	Body     json.RawMessage `json:"body,omitempty"`
	Password string          `json:"password,omitempty"`
}

// reply is a status or an exit code, and a document, the percentages of a page,
// lines of text, or nothing. How a refusal is worded may change.
type reply struct {
	Status int `json:"status"`
	Body   any `json:"body,omitempty"`
}

const answersFile = "answers.json.gz"

func readConversation(t *testing.T, folder string) *conversation {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(folder, "questions.json"))
	if err != nil {
		t.Fatal(err)
	}
	c := &conversation{answers: map[string]reply{}}
	if err := json.Unmarshal(content, c); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, answersFile)
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) && *update {
		return c
	}
	if err := exactly(unpacked(t, path), &c.answers); err != nil {
		t.Fatal(err)
	}
	return c
}

// write keeps the answers, those recorded before and the new ones.
func (c *conversation) write(t *testing.T, folder string) {
	t.Helper()
	content, err := json.MarshalIndent(c.answers, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Write(append(content, '\n'))
	if err := errors.Join(err, w.Close(), os.WriteFile(filepath.Join(folder, answersFile), packed.Bytes(), 0o600)); err != nil {
		t.Fatal(err)
	}
}

// check compares an answer with the release's.
func (c *conversation) check(t *testing.T, q question, got reply) {
	t.Helper()
	name := string(asJSON(t, q))
	want, recorded := c.answers[name]
	if !recorded {
		if !*update {
			t.Errorf("%s has no recorded answer: see the README of the release", name)
		}
		c.answers[name] = got
		return
	}
	sinceAdded(want.Body, got.Body)
	figures, _ := want.Body.([]any)
	if shown, ok := got.Body.([]any); ok && q.Page != "" { // whatever else the page shows now
		got.Body = slices.DeleteFunc(shown, func(one any) bool { return !slices.Contains(figures, one) })
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-release +now):\n%s", name, diff)
	}
}

// recorded is the release's answer, if there is one.
func (c *conversation) recorded(t *testing.T, q question) (r reply, ok bool) {
	t.Helper()
	r, ok = c.answers[string(asJSON(t, q))]
	return r, ok
}

// sinceAdded takes out of documents what they have since a release, which did not
// say it: from and to of a period. How many cells there are is the program's own affair.
func sinceAdded(want, got any) {
	switch got := got.(type) {
	case map[string]any:
		before, ok := want.(map[string]any)
		for _, name := range []string{"from", "to"} {
			if _, said := before[name]; ok && !said {
				delete(got, name)
			}
		}
		if _, counted := before["drift"]; counted {
			got["cells"] = before["cells"]
		}
	case []any:
		if before, ok := want.([]any); ok && len(before) == len(got) {
			for i := range got {
				sinceAdded(before[i], got[i])
			}
		}
	}
}

func (c *conversation) ask(t *testing.T, q question, database, base string) reply {
	t.Helper()
	if q.Run != "" {
		p := program(t, database, strings.Fields(q.Run)...)
		if strings.HasPrefix(q.Run, "export") { // whose order is drawn anew each time
			return reply{p.code, sortedLines(p.stdout)}
		}
		return reply{p.code, document(p.stdout)}
	}
	header := http.Header{}
	if q.As != "" {
		header.Set("Authorization", "Bearer "+c.Keys[q.As])
	}
	if q.Link != "" {
		header.Set("Entry-Link", c.Keys[q.Link])
	}
	method, path, body := http.MethodGet, q.Get+q.Page, ""
	switch {
	case q.Post != "":
		method, path, body = http.MethodPost, q.Post, string(q.Body)
		header.Set("Idempotency-Key", q.Key)
		header.Set("Content-Type", "application/json")
	case q.SignIn != "":
		method, path, body = http.MethodPost, "/dang-nhap", url.Values{"login": {q.SignIn}, "password": {q.Password}}.Encode()
		header.Set("Sec-Fetch-Site", "same-origin")
		header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	status, text := send(t, method, base+path, header, body)
	switch {
	case status >= http.StatusBadRequest, q.SignIn != "":
		return reply{Status: status}
	case q.Page != "":
		return reply{status, percentages(text)}
	}
	return reply{status, document(text)}
}

func send(t *testing.T, method, address string, header http.Header, body string) (status int, content string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = header
	client := http.Client{Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	all, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(all)
}

// document is JSON with its numbers as they are written, or else a text.
func document(text string) any {
	var value any
	if exactly([]byte(text), &value) != nil {
		return text
	}
	return value
}

func exactly(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return err
	}
	if d.More() {
		return errors.New("there is more than one value")
	}
	return nil
}

func asJSON(t *testing.T, value any) []byte {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

var (
	tag        = regexp.MustCompile(`<[^>]*>`)
	percentage = regexp.MustCompile(`[0-9]+,[0-9]+%`)
)

// percentages lists those with decimals that a page says, sorted, each once:
// sentences of the page that hold a whole one may change.
func percentages(page string) []any {
	found := percentage.FindAllString(tag.ReplaceAllString(page, " "), -1)
	slices.Sort(found)
	list := []any{}
	for _, one := range slices.Compact(found) {
		list = append(list, one)
	}
	return list
}

func sortedLines(text string) any {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	slices.Sort(lines)
	list := make([]any, len(lines))
	for i, line := range lines {
		list[i] = line
	}
	return list
}

// ran is what came of a command.
type ran struct {
	code           int
	stdout, stderr string
}

// all is everything that it said.
func (r ran) all() (code int, said string) { return r.code, r.stdout + r.stderr }

// program runs a command of the program on a database to its end.
func program(t *testing.T, database string, args ...string) ran {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // a server that started would not end
	defer cancel()
	var stdout, stderr strings.Builder
	command := exec.CommandContext(ctx, path, args...)
	command.Env = append(os.Environ(), "SIPAS_DATABASE_URL="+database, "SIPAS_SECRET=0123456789abcdef0123456789abcdef", "TZ=UTC")
	command.Stdout, command.Stderr = &stdout, &stderr
	var exit *exec.ExitError
	if err := command.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return ran{command.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}
