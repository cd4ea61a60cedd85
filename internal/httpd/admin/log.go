package admin

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"sipas/internal/agency"
	"sipas/internal/audit"
	"sipas/internal/civil"
	"sipas/internal/httpd"
	"sipas/internal/textfile"
)

// logPages are the log as a page and as a file.
type logPages struct{ *side }

// logPage shows who changed what, the newest first.
type logPage struct {
	Author, From, Until string
	Nouns               []httpd.Choice
	Lines               []logLine
	Older               string // address of those before, "" if there are none
	File                string // address of all that are asked for, as CSV
	Narrowed            bool
}

// logLine is one change.
type logLine struct {
	Number  int64
	At      string
	Author  string
	Via     string
	Action  string
	Subject string
	Changes []change
}

// change is what one thing was and is.
type change struct{ What, Before, After string }

const (
	logPath    = "/quan-tri/nhat-ky"
	logPerPage = 100
	logInFile  = 20_000 // entries in one file, the newest: some ten megabytes
)

// nouns are what changes are about, as actions begin.
func nouns() []string {
	return []string{"user", "token", "entry-link", "survey", "draft", "campaign", "service-point", "agency", "procedure", "files", "target", "published-index", "publication", "response", "setting", "tallies", "reform", "official", "serving", "entry-batch"}
}

func (s logPages) showLog(r *httpd.Request) error {
	f, address, err := s.logAsked(r)
	if err != nil {
		return err
	}
	if below := r.Query("truoc"); below != "" {
		if f.Below, err = strconv.ParseInt(below, 10, 64); err != nil || f.Below < 1 {
			return fmt.Errorf("entry %.20q: %w", below, httpd.ErrQuery)
		}
	}
	f.Limit, f.Newest = logPerPage+1, true
	entries, err := s.k.Audit.List(r.Context(), f)
	if err != nil {
		return err
	}
	p := r.NewPage("log", nil)
	noun := r.Query("loai")
	data := logPage{
		Author: f.Author, From: r.Query("tu"), Until: r.Query("den-ngay"), File: address(logPath + ".csv"),
		Narrowed: f.Author != "" || noun != "" || !f.From.IsZero() || !f.Until.IsZero(),
	}
	for _, n := range nouns() {
		data.Nouns = append(data.Nouns, httpd.Choice{Value: n, Text: p.T("log.about-" + n), Chosen: n == noun})
	}
	slices.Reverse(entries)
	if len(entries) > logPerPage {
		entries = entries[:logPerPage]
		data.Older = address(logPath, "truoc", entries[logPerPage-1].Number)
	}
	for _, e := range entries {
		data.Lines = append(data.Lines, s.logLine(p, e))
	}
	p.Data = data
	return r.Show(http.StatusOK, "desk/log", p)
}

// logAsked reads what entries are asked for, and gives the address of another page
// that asks for the same.
func (s logPages) logAsked(r *httpd.Request) (f audit.Filter, address func(path string, more ...any) string, err error) {
	f.Author = strings.TrimSpace(httpd.Cut(r.Query("ai"), 200))
	noun := r.Query("loai")
	if noun != "" {
		if !slices.Contains(nouns(), noun) {
			return f, nil, fmt.Errorf("kind of change %.40q: %w", noun, httpd.ErrQuery)
		}
		f.Action = noun + "."
	}
	if f.From, err = s.dayAsked(r.Query("tu")); err != nil {
		return f, nil, err
	}
	if f.Until, err = s.dayAsked(r.Query("den-ngay")); err != nil {
		return f, nil, err
	}
	if !f.Until.IsZero() {
		f.Until = f.Until.AddDate(0, 0, 1)
	}
	asked := []any{"ai", f.Author, "loai", noun, "tu", r.Query("tu"), "den-ngay", r.Query("den-ngay")}
	return f, func(path string, more ...any) string {
		return httpd.AddressOf(path, append(slices.Clone(asked), more...)...)
	}, nil
}

// dayAsked is when a day begins here, the zero time for none.
func (s logPages) dayAsked(day string) (time.Time, error) {
	if day == "" {
		return time.Time{}, nil
	}
	known, _ := civil.ReadDay(day)
	at, err := time.ParseInLocation(time.DateOnly, known, s.k.Zone)
	if err != nil {
		return time.Time{}, fmt.Errorf("day %.20q: %w", day, httpd.ErrQuery)
	}
	return at, nil
}

func (s logPages) logLine(p httpd.Page, e audit.Entry) logLine {
	return logLine{
		Number: e.Number, At: e.At.In(s.k.Zone).Format("15:04 02/01/2006"), Author: e.Author.Name, Via: p.T("log.via-" + e.Author.Via),
		Action: p.Action(e.Action), Subject: subjectOf(p, e.Subject), Changes: changesOf(p, e.Before, e.After),
	}
}

// subjectOf names what an entry is about, such as "agency/xa-cu", in the reader's words,
// with its code or number behind. What was done says it all of whole lists.
func subjectOf(p httpd.Page, subject string) string {
	noun, id, _ := strings.Cut(subject, "/")
	switch {
	case noun == "list" || noun == "texts":
		return ""
	case !p.Has("log.about-" + noun):
		return subject // of an entry that another release wrote
	case noun == "setting" && p.Has("log.setting-"+id):
		id = p.T("log.setting-" + id)
	}
	return strings.TrimSpace(p.T("log.about-"+noun) + " " + id)
}

// changesOf are the members that are not the same before and after.
func changesOf(p httpd.Page, before, after any) []change {
	was, is := members(before), members(after)
	var names []string
	for name := range was {
		names = append(names, name)
	}
	for name := range is {
		if _, both := was[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var list []change
	for _, name := range names {
		if was[name] != is[name] {
			what := name // of an entry that another release wrote
			if p.Has("log.key." + name) {
				what = p.T("log.key." + name)
			}
			list = append(list, change{what, inWords(p, name, was[name]), inWords(p, name, is[name])})
		}
	}
	return list
}

// inWords says the value of a member to the reader.
func inWords(p httpd.Page, name, value string) string {
	day, err := time.Parse(time.DateOnly, value)
	switch {
	case err == nil:
		return day.Format("2/1/2006")
	case value == "true":
		return p.T("official.yes")
	case value == "false":
		return p.T("official.no")
	case name == "role" && p.Has("role."+value):
		return p.T("role." + value)
	case name == "kind" && p.Has("kind."+value):
		return p.T("kind." + value)
	case name == "comparator" && p.Has("comparator."+value):
		return p.T("comparator." + value)
	case name == "channel" && value != "":
		return p.Channel(agency.Channel(value))
	}
	return value
}

// members are those of an entry's object as texts; what is no object is one
// without a name.
func members(v any) map[string]string {
	raw, _ := v.(json.RawMessage)
	if len(raw) == 0 {
		return nil
	}
	var object map[string]json.RawMessage
	if json.Unmarshal(raw, &object) != nil {
		return map[string]string{"": string(raw)}
	}
	texts := map[string]string{}
	for name, value := range object {
		var text string
		if json.Unmarshal(value, &text) != nil {
			text = string(value)
		}
		texts[name] = text
	}
	return texts
}

// giveLog gives the entries that are asked for as CSV, the oldest first, to be read
// by spreadsheet programs.
func (s logPages) giveLog(r *httpd.Request) error {
	f, _, err := s.logAsked(r)
	if err != nil {
		return err
	}
	f.Limit, f.Newest = logInFile, true
	entries, err := s.k.Audit.List(r.Context(), f)
	if err != nil {
		return err
	}
	var file bytes.Buffer
	file.WriteString("\ufeff")
	out := csv.NewWriter(&file)
	write := func(cells ...string) {
		for i, c := range cells {
			cells[i] = textfile.Guard(c)
		}
		_ = out.Write(cells) // a buffer takes everything
	}
	write("number", "at", "author", "via", "action", "subject", "before", "after", "hash")
	for _, e := range entries {
		write(strconv.FormatInt(e.Number, 10), e.At.In(s.k.Zone).Format(time.RFC3339), e.Author.Name, e.Author.Via, e.Action, e.Subject, raw(e.Before), raw(e.After), e.Hash)
	}
	out.Flush()
	r.Set("Content-Disposition", `attachment; filename="nhat-ky.csv"`)
	r.WriteFile("text/csv; charset=utf-8", file.Bytes())
	return nil
}

func raw(v any) string {
	text, _ := v.(json.RawMessage)
	return string(text)
}
