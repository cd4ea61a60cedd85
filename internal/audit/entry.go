package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"sipas/internal/db"
)

// How an author reached the program.
const (
	Web         = "web"
	API         = "api"
	CommandLine = "command-line"
	Program     = "program" // by itself: a chore, the demo
)

// Author is who changes something.
type Author struct {
	UserID int64  // 0: no account (a token, the command line, the program)
	Name   string // of the account, the label of the token, or the operating system's user of the command line
	Via    string // Web, API, CommandLine or Program
}

// Entry is one change that somebody made.
type Entry struct {
	Number  int64 // 1, 2, ... without a gap; set by Append
	At      time.Time
	Author  Author
	Action  string // noun.verb: "service-point.close"
	Subject string // what was changed, as people name it: "service-point/7K3MQ9TB"
	// Before and After are what is marshalled as JSON; nil: nothing there. Never
	// a secret, a hash of one, or what a citizen wrote. A file is its Content.
	// Read back, they are json.RawMessage.
	Before, After any
	Hash          string // of the entry and all before it, hexadecimal; set by Append
}

// Noting makes an entry of a change that is under way, by its author and at its time.
type Noting func(action, subject string, before, after any) Entry

// Content stands in an entry for a file or a long text: what it was can be
// proved by whoever has it.
type Content struct {
	Bytes  int    `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// ContentOf is the Content of a text.
func ContentOf(text []byte) Content {
	sum := sha256.Sum256(text)
	return Content{len(text), hex.EncodeToString(sum[:])}
}

// row is an entry as it is stored.
type row struct {
	Number  int64
	Format  int64
	At      int64
	UserID  int64
	Author  string
	Via     string
	Action  string
	Subject string
	Before  *string
	After   *string
	Hash    string
}

func (row) TableName() string { return "audit_entries" }

// alike tells whether rows say something of the same things.
func (r row) alike(o row) bool {
	return (r.Before == nil) == (o.Before == nil) && (r.After == nil) == (o.After == nil)
}

// textColumns is how many texts a row may have.
const textColumns = 7

// columns are those of rows that are alike.
func columns(rows []row) []db.Column {
	number := func(name string, of func(row) int64) db.Column { return db.Numbers(name, rows, of) }
	text := func(name string, of func(row) string) db.Column { return db.Texts(name, rows, of) }
	all := []db.Column{
		number("number", func(r row) int64 { return r.Number }), number("format", func(r row) int64 { return r.Format }),
		number("at", func(r row) int64 { return r.At }), number("user_id", func(r row) int64 { return r.UserID }),
		text("author", func(r row) string { return r.Author }), text("via", func(r row) string { return r.Via }),
		text("action", func(r row) string { return r.Action }), text("subject", func(r row) string { return r.Subject }),
		text("hash", func(r row) string { return r.Hash }),
	}
	if rows[0].Before != nil {
		all = append(all, text("before", func(r row) string { return *r.Before }))
	}
	if rows[0].After != nil {
		all = append(all, text("after", func(r row) string { return *r.After }))
	}
	return all
}

var actionForm = regexp.MustCompile(`^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$`)

// row is the entry as it will be stored, without number and hash. An entry that
// says too little is an error: of the change, which is then not made.
func (e Entry) row() (r row, err error) {
	switch {
	case e.At.IsZero():
		return r, errors.New("an entry needs a time")
	case e.Author.Name == "" || !slices.Contains([]string{Web, API, CommandLine, Program}, e.Author.Via):
		return r, fmt.Errorf("an entry needs an author; %+v is none", e.Author)
	case !actionForm.MatchString(e.Action):
		return r, fmt.Errorf("%q is no action; it has the form noun.verb", e.Action)
	case e.Subject == "":
		return r, errors.New("an entry needs a subject")
	}
	r = row{
		Format: format, At: db.Micros(e.At), UserID: e.Author.UserID, Author: storable(e.Author.Name),
		Via: e.Author.Via, Action: e.Action, Subject: storable(e.Subject),
	}
	if r.Before, err = marshalled(e.Before); err == nil {
		r.After, err = marshalled(e.After)
	}
	return r, err
}

// storable is a text that both databases keep as it is: the operating system's
// user may be called anything.
func storable(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}

// marshalled is a value as JSON for people: <, > and & stay.
func marshalled(v any) (*string, error) {
	if v == nil {
		return nil, nil
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return nil, err
	}
	text := strings.TrimSuffix(out.String(), "\n")
	return &text, nil
}

func (r row) domain() (Entry, error) {
	return Entry{
		Number: r.Number, At: db.FromMicros(r.At), Author: Author{r.UserID, r.Author, r.Via}, Action: r.Action,
		Subject: r.Subject, Before: unmarshalled(r.Before), After: unmarshalled(r.After), Hash: r.Hash,
	}, nil
}

func unmarshalled(text *string) any {
	if text == nil {
		return nil
	}
	return json.RawMessage(*text)
}
