// Package history is who did what to one thing, in the reader's words: for the page of
// whatever administrators keep.
package history

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"sipas/internal/access"
	"sipas/internal/audit"
	"sipas/internal/httpd"
)

// History is what was done to a thing, the newest first: for the part "history".
type History struct {
	Events []Event
	Older  string // address of those before, "" if there are none
}

// Event is one change in words.
type Event struct {
	At, Author, Via, What string
	Changes               []Change
}

// Change is what one column was and is, "" for nothing.
type Change struct{ Label, Before, After string }

// Before is the parameter of an address that asks for what was done before an entry;
// a route whose page has a history asks for it.
const Before = "truoc"

const eventsPerPage = 20

// Readable tells whether the caller may read what was done, and by whom, to a thing that
// they may see.
func Readable(r *httpd.Request) bool { return r.May(access.ManagePoints) || r.May(access.ReadLog) }

// Of is what was done to the thing that entries are about, with what each has changed as
// tell tells it. The path is that of its page.
func Of(r *httpd.Request, k *httpd.Kernel, p httpd.Page, about []audit.About, path string, tell func(audit.Entry) []Change) (*History, error) {
	f := audit.Filter{About: about, Limit: eventsPerPage + 1, Newest: true}
	if below := r.Query(Before); below != "" {
		var err error
		if f.Below, err = strconv.ParseInt(below, 10, 64); err != nil || f.Below < 1 {
			return nil, fmt.Errorf("entry %.20q: %w", below, httpd.ErrQuery)
		}
	}
	entries, err := k.Audit.List(r.Context(), f)
	if err != nil {
		return nil, err
	}
	slices.Reverse(entries)
	h := &History{}
	if len(entries) > eventsPerPage {
		entries = entries[:eventsPerPage]
		h.Older = httpd.AddressOf(path, Before, entries[eventsPerPage-1].Number) + "#lich-su"
	}
	for _, e := range entries {
		h.Events = append(h.Events, Event{
			At: e.At.In(k.Zone).Format("15:04 02/01/2006"), Author: e.Author.Name, Via: p.T("log.via-" + e.Author.Via),
			What: p.Action(e.Action), Changes: tell(e),
		})
	}
	return h, nil
}

// Differences are the columns that are not the same before and after, each with its label.
func Differences(columns []string, label func(column string) string, before, after map[string]string) (list []Change) {
	for _, column := range columns {
		if before[column] != after[column] {
			list = append(list, Change{label(column), before[column], after[column]})
		}
	}
	return list
}

// Text is what an entry says where that is a text.
func Text(said any) (text string) {
	raw, _ := said.(json.RawMessage)
	_ = json.Unmarshal(raw, &text) // "" where it is none
	return text
}
