// Package revision changes what is kept by forms that several people may have open: what
// one has done to it meanwhile stays, and where both changed the same, both are shown.
package revision

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	"sipas/internal/bulk"
	"sipas/internal/httpd"
	"sipas/internal/registry"
)

// ErrNotKept ends a change that is not to be made after all.
var ErrNotKept = errors.New("nothing is changed")

// Cells reads fields of a form as cells of a list.
func Cells(fields httpd.Fields, names []string) map[string]string {
	cells := map[string]string{}
	for _, name := range names {
		cells[name] = strings.TrimSpace(strings.Join(fields.All(name), ";"))
	}
	return cells
}

// Opened is the hidden field that says what another showed: see the part "opened".
func Opened(name string) string { return "was." + name }

// WithOpened are the names of fields with those of the hidden ones that say what they
// showed when the form was opened.
func WithOpened(names []string) []string {
	all := slices.Clone(names)
	for _, name := range names {
		all = append(all, Opened(name))
	}
	return all
}

// Merge lays what was typed over what is kept now: what was not touched since the form
// was opened stays as somebody else has left it. Both are the fields that they have
// changed too, and to something else. A form that does not say what it showed is
// taken as it is.
func Merge(fields httpd.Fields, typed, now map[string]string) (merged map[string]string, both []string) {
	merged = map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(typed)) {
		opened, value := fields.All(Opened(name)), typed[name]
		if len(opened) > 0 && value != opened[0] && now[name] != opened[0] && value != now[name] {
			both = append(both, name)
		}
		if len(opened) > 0 && value == opened[0] {
			value = now[name]
		}
		merged[name] = value
	}
	return merged, both
}

// Of is what is changed by a form.
type Of struct {
	// Now reads what is kept at that moment, as the form shows it.
	Now func(c *registry.Change) (map[string]string, error)
	// Keep keeps the form, unless something is wrong with it.
	Keep func(c *registry.Change, merged map[string]string) ([]httpd.Wrong, error)
	// Said is what is kept at that moment, by field, in the reader's words.
	Said func(now map[string]string) map[string]string
}

// Keep keeps what was changed in a form, of a thing as it is at that moment. Of
// ErrNotKept the form tells what is wrong.
func Keep(r *httpd.Request, fields httpd.Fields, typed map[string]string, of Of) (form httpd.Typed, status int, err error) {
	status = http.StatusUnprocessableEntity
	err = r.Change(func(c *registry.Change) error {
		now, err := of.Now(c)
		if err != nil {
			return err
		}
		merged, both := Merge(fields, typed, now)
		form = httpd.Typed{Values: merged, Opened: now}
		if len(both) > 0 {
			status = http.StatusConflict
			form.Problems = changedSince(r, of.Said(now), both)
			return ErrNotKept
		}
		form.Problems, err = of.Keep(c, merged)
		if err == nil && len(form.Problems) > 0 {
			err = ErrNotKept
		}
		return err
	})
	return form, status, err
}

// changedSince says of fields what somebody else has made of them.
func changedSince(r *httpd.Request, said map[string]string, both []string) (list []httpd.Wrong) {
	for _, name := range both {
		key := "desk.changed-since"
		if said[name] == "" {
			key = "desk.emptied-since"
		}
		list = append(list, httpd.Wrong{Where: name, Text: r.Printer().T(key, "value", said[name])})
	}
	return list
}

// Chosen are values in words: of those that were chosen among others, the texts of these.
func Chosen(values map[string]string, choices map[string][]httpd.Choice) map[string]string {
	said := map[string]string{}
	for name, value := range values {
		if among, chosen := choices[name]; chosen {
			var texts []string
			for _, c := range among {
				if c.Chosen {
					texts = append(texts, strings.TrimLeft(c.Text, "\u00a0"))
				}
			}
			value = strings.Join(texts, ", ")
		}
		said[name] = value
	}
	return said
}

// Mistakes are what is wrong with a form, by its fields.
func Mistakes(r *httpd.Request, wrong []bulk.Problem) (list []httpd.Wrong) {
	for _, w := range wrong {
		list = append(list, httpd.Wrong{Where: w.Column, Text: w.Text(r.Printer())})
	}
	return list
}
