package province

import (
	"errors"
	"net/http"
	"strings"

	"sipas/internal/bulk"
	"sipas/internal/httpd"
	"sipas/internal/registry"
)

// errNotKept ends a change that is not to be made after all.
var errNotKept = errors.New("nothing is changed")

// typed reads fields of a form as cells of a list.
func typed(fields httpd.Fields, names []string) map[string]string {
	cells := map[string]string{}
	for _, name := range names {
		cells[name] = strings.TrimSpace(strings.Join(fields.All(name), ";"))
	}
	return cells
}

// revision is a change of something that is kept, by a form that several may have open.
type revision struct {
	// now reads what is kept at that moment, as the form shows it.
	now func(c *registry.Change) (map[string]string, error)
	// keep keeps the form, unless something is wrong with it.
	keep func(c *registry.Change, merged map[string]string) ([]httpd.Wrong, error)
	// choices are those of the fields that are chosen, as they are shown of values.
	choices func(values map[string]string) map[string][]httpd.Choice
}

// revise keeps what was changed in a form, of a thing as it is at that moment: what
// somebody else has done to it since the form was opened stays, and where both changed
// the same, both are shown. Of errNotKept the form tells what is wrong.
func revise(r *httpd.Request, fields httpd.Fields, typed map[string]string, of revision) (form httpd.Typed, status int, err error) {
	status = http.StatusUnprocessableEntity
	err = r.Change(func(c *registry.Change) error {
		now, err := of.now(c)
		if err != nil {
			return err
		}
		merged, both := httpd.Merge(fields, typed, now)
		form = httpd.Typed{Values: merged, Opened: now}
		if len(both) > 0 {
			status = http.StatusConflict
			form.Problems = changedSince(r, of.choices(now), now, both)
			return errNotKept
		}
		form.Problems, err = of.keep(c, merged)
		if err == nil && len(form.Problems) > 0 {
			err = errNotKept
		}
		return err
	})
	return form, status, err
}

// changedSince says of fields what somebody else has made of them.
func changedSince(r *httpd.Request, choices map[string][]httpd.Choice, now map[string]string, both []string) (list []httpd.Wrong) {
	for _, name := range both {
		value := now[name]
		if among, chosen := choices[name]; chosen {
			var texts []string
			for _, c := range among {
				if c.Chosen {
					texts = append(texts, strings.TrimLeft(c.Text, "\u00a0"))
				}
			}
			value = strings.Join(texts, ", ")
		}
		key := "desk.changed-since"
		if value == "" {
			key = "desk.emptied-since"
		}
		list = append(list, httpd.Wrong{Where: name, Text: r.Printer().T(key, "value", value)})
	}
	return list
}

// mistakes are what is wrong with a form, by its fields.
func mistakes(r *httpd.Request, wrong []bulk.Problem) (list []httpd.Wrong) {
	for _, w := range wrong {
		list = append(list, httpd.Wrong{Where: w.Column, Text: w.Text(r.Printer())})
	}
	return list
}
